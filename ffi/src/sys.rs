//! What a program may ask of the system, with or without a server.

use std::ffi::{c_char, c_void};

use swoole_core::error::Error;
use swoole_core::sys::interfaces::{self, Family};
use swoole_core::sys::{limits, title};

use crate::error::swoole_result;
use crate::support::args::{Out, OutList, bytes, c_str, fixed_text, invalid};
use crate::support::boundary;

/// An address of one of this machine's network interfaces.
#[repr(C)]
pub struct swoole_local_address {
    /// the interface's name, such as `eth0`; ends with a NUL
    pub name: [c_char; 32],
    /// its address in text; ends with a NUL
    pub address: [c_char; 64],
}

fn addresses(found: Vec<(String, String)>) -> impl Iterator<Item = swoole_local_address> {
    found
        .into_iter()
        .map(|(name, address)| swoole_local_address { name: fixed_text(&name), address: fixed_text(&address) })
}

/// Shows `title` for this process in `ps`, and its first 15 bytes as the process's name in `top`. It
/// is cut to the room that the command line had. `argv` shows the title from then on: copy what is
/// still needed of it before. Any process, main thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_set_process_name(title: *const c_char) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer, NULL or a string as the header asks. It may lie in argv, which is overwritten.
        let title = unsafe { c_str(title, "the title") }?.to_vec();
        title::set(&title).map_err(|e| Error::system("cannot set the process's title", &e))?;
        Ok(())
    })
}

/// Number of processors that this process may run on; at least 1. Any process, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_cpu_num() -> i32 {
    boundary::value(1, || Ok(limits::allowed_cpus().len().max(1) as i32))
}

/// Writes the address of each network interface that has one, the loopback's excepted, to `list`, as
/// many as it has room for (`capacity`), and the number of all there are to `*count`. `list` may be
/// NULL with a `capacity` of 0. `family` is AF_INET or AF_INET6. Any process, any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_get_local_ip(
    family: i32,
    list: *mut swoole_local_address,
    capacity: usize,
    count: *mut usize,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (list, out) = unsafe {
            (
                OutList::new(list, capacity, "the list of addresses")?,
                Out::required(count, "the place for the number of addresses")?,
            )
        };
        let family = Family::from_number(family.into()).ok_or_else(|| {
            invalid(format!(
                "there are no local addresses of family {family}; pass AF_INET ({}) or AF_INET6 ({})",
                libc::AF_INET,
                libc::AF_INET6
            ))
        })?;
        let found = interfaces::addresses(family).map_err(|e| Error::system("cannot list the interfaces", &e))?;
        out.put(found.len());
        list.put(addresses(found.into_iter().map(|(name, ip)| (name, ip.to_string())).collect()));
        Ok(())
    })
}

/// The same for hardware addresses, in the form `02:42:ac:11:00:02`; the loopback's, all zero, is
/// among them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_get_local_mac(
    list: *mut swoole_local_address,
    capacity: usize,
    count: *mut usize,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (list, out) = unsafe {
            (
                OutList::new(list, capacity, "the list of addresses")?,
                Out::required(count, "the place for the number of addresses")?,
            )
        };
        let found = interfaces::hardware_addresses().map_err(|e| Error::system("cannot list the interfaces", &e))?;
        out.put(found.len());
        let text = |bytes: [u8; 6]| bytes.map(|byte| format!("{byte:02x}")).join(":");
        list.put(addresses(found.into_iter().map(|(name, bytes)| (name, text(bytes))).collect()));
        Ok(())
    })
}

/// A number from 0 on for `len` bytes, the same in every process and on every machine, as PHP's
/// function of that name: h * 33 + byte for each of them, from 5381, in 63 bits. Not for secrets. 0
/// with a last error if `data` is NULL and `len` is not 0. Any process, any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_hashcode(data: *const c_void, len: usize) -> i64 {
    boundary::value(0, || {
        // SAFETY: the caller's pointer and length, as the header asks.
        let data = unsafe { bytes(data, len, "the data") }?;
        let hash = data.iter().fold(5381u64, |hash, byte| hash.wrapping_mul(33).wrapping_add((*byte).into()));
        Ok((hash & i64::MAX as u64) as i64)
    })
}
