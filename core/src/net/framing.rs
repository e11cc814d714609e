//! From the options of a port or client to its packet protocol.

use crate::config::PortSettings;
use crate::error::Result;
use crate::protocol::{Framing, LengthField, LengthType, Protocol};

/// The protocol that the settings of a port or client ask for.
pub fn protocol_of(settings: &PortSettings) -> Result<Protocol> {
    let eof = || settings.package_eof.clone().into_boxed_slice();
    let framing = if settings.open_eof_split {
        Framing::EofSplit { eof: eof() }
    } else if settings.open_eof_check {
        Framing::EofCheck { eof: eof() }
    } else if settings.has_package_length_func {
        Framing::LengthFunc
    } else if settings.open_length_check {
        Framing::Length(LengthField {
            kind: LengthType::from_char(settings.package_length_type)?,
            offset: settings.package_length_offset,
            body_offset: settings.package_body_offset,
        })
    } else {
        Framing::Raw
    };
    Protocol::new(framing, settings.package_max_length)
}
