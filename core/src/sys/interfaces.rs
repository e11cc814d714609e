//! Addresses of this machine's network interfaces.

use nix::ifaddrs::{InterfaceAddress, getifaddrs};
use nix::net::if_::InterfaceFlags;
use std::io;
use std::net::IpAddr;

/// Which addresses are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// IPv4
    V4,
    /// IPv6
    V6,
}

impl Family {
    /// The family of an AF_INET (2) or AF_INET6 (10); None for any other.
    pub fn from_number(number: i64) -> Option<Family> {
        match number {
            n if n == i64::from(libc::AF_INET) => Some(Family::V4),
            n if n == i64::from(libc::AF_INET6) => Some(Family::V6),
            _ => None,
        }
    }
}

/// The address of each interface that has one, by the interface's name, in the system's order. The loopback is left out. Of
/// several addresses of an interface it is the first, with IPv6 the first that is not only good for the local link.
pub fn addresses(family: Family) -> io::Result<Vec<(String, IpAddr)>> {
    let mut found: Vec<(String, IpAddr)> = Vec::new();
    for interface in getifaddrs()? {
        let Some(ip) = ip_of(&interface).filter(|ip| ip.is_ipv4() == (family == Family::V4)) else { continue };
        if interface.flags.contains(InterfaceFlags::IFF_LOOPBACK) || ip.is_loopback() {
            continue;
        }
        match found.iter_mut().find(|(name, _)| *name == interface.interface_name) {
            None => found.push((interface.interface_name, ip)),
            Some((_, known)) if is_link_local(*known) && !is_link_local(ip) => *known = ip,
            Some(_) => {}
        }
    }
    Ok(found)
}

/// The hardware address of each interface that has one of six bytes (the loopback's is all zero), by the interface's name.
pub fn hardware_addresses() -> io::Result<Vec<(String, [u8; 6])>> {
    let of_links = getifaddrs()?.filter_map(|interface| {
        let bytes = interface.address.as_ref()?.as_link_addr()?.addr()?;
        Some((interface.interface_name, bytes))
    });
    Ok(of_links.collect())
}

fn ip_of(interface: &InterfaceAddress) -> Option<IpAddr> {
    let address = interface.address.as_ref()?;
    let v4 = address.as_sockaddr_in().map(|v4| IpAddr::V4(v4.ip()));
    v4.or_else(|| address.as_sockaddr_in6().map(|v6| IpAddr::V6(v6.ip())))
}

fn is_link_local(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V6(v6) if v6.is_unicast_link_local())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_of_the_family_asked_for_and_not_the_loopback() {
        for (family, v4) in [(Family::V4, true), (Family::V6, false)] {
            let found = addresses(family).unwrap();
            assert!(found.iter().all(|(_, ip)| ip.is_ipv4() == v4 && !ip.is_loopback()), "{found:?}");
            let mut names: Vec<_> = found.iter().map(|(name, _)| name).collect();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), found.len(), "each interface once: {found:?}");
        }
    }

    #[test]
    fn hardware_addresses_are_what_the_kernel_lists() {
        let found = hardware_addresses().unwrap();
        for (name, bytes) in &found {
            let listed = std::fs::read_to_string(format!("/sys/class/net/{name}/address")).unwrap();
            let text: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(text.join(":"), listed.trim(), "{name}");
        }
    }

    #[test]
    fn only_the_two_internet_families_exist() {
        assert_eq!(Family::from_number(2), Some(Family::V4));
        assert_eq!(Family::from_number(10), Some(Family::V6));
        assert_eq!(Family::from_number(1), None);
    }
}
