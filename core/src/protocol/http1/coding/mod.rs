//! Content codings (RFC 9110, 8.4.1): which one a client takes, packing and unpacking.

mod accept;
mod pack;
#[cfg(test)]
mod tests;
mod unpack;

pub use accept::{Accepted, Encoding};
pub use pack::Packer;
pub use unpack::{UnpackError, Unpacker};
