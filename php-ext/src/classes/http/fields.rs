//! Fields as they stand in a query, a form and a `Cookie` header, read as PHP reads them.

use crate::zend::{Repeated, Variables, max_input_vars, url_decoded};

/// Counts a field. Err: there are more than PHP takes.
pub fn take_one(taken: &mut usize, most: usize) -> Result<(), String> {
    *taken += 1;
    if *taken > most {
        return Err(format!(
            "Input variables exceeded {most}. To increase the limit change max_input_vars in php.ini."
        ));
    }
    Ok(())
}

/// Reads `a=b&c[]=d`. Err: there are more than max_input_vars; those behind are left out.
pub fn read(into: &mut Variables, text: &[u8]) -> Result<(), String> {
    let (most, mut taken) = (max_input_vars(), 0);
    let (mut room, mut room_for_name) = (Vec::new(), Vec::new());
    for part in parts(text, b'&').filter(|part| !part.is_empty()) {
        take_one(&mut taken, most)?;
        let (name, value) = split(part);
        let name = url_decoded(name, true, &mut room_for_name);
        into.field(name, url_decoded(value, true, &mut room), Repeated::Replaces);
    }
    Ok(())
}

/// Reads `a=b; c=d`. Of two cookies of one name the first counts: it is the more specific one (RFC 6265, 5.4).
pub fn read_cookies(into: &mut Variables, text: &[u8]) -> Result<(), String> {
    let (most, mut taken) = (max_input_vars(), 0);
    let mut room = Vec::new();
    for part in parts(text, b';') {
        let (name, value) = split(part.trim_ascii_start());
        if !name.is_empty() {
            take_one(&mut taken, most)?;
            into.field(name, url_decoded(value, false, &mut room), Repeated::Dropped);
        }
    }
    Ok(())
}

fn parts(mut rest: &[u8], between: u8) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        // Fields are short: looking byte by byte is quicker than beginning a search.
        let end = rest.iter().position(|byte| *byte == between).unwrap_or(rest.len());
        let part = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        Some(part)
    })
}

fn split(part: &[u8]) -> (&[u8], &[u8]) {
    match part.iter().position(|byte| *byte == b'=') {
        Some(at) => (&part[..at], &part[at + 1..]),
        None => (part, b""),
    }
}
