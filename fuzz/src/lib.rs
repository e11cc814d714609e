//! What the fuzz targets share: the oracle of the framers' property tests, and the input shapes.

pub use swoole_core::error::ErrorKind;
pub use swoole_core::protocol::{Framing, LengthField, LengthType, MAX_EOF, Progress, Protocol, Verdict};

#[path = "../../core/src/protocol/tests/oracle.rs"]
pub mod oracle;

pub mod http;
pub mod tls;

/// What a scraper is answered: private in the engine.
#[path = "../../core/src/server/observe/http.rs"]
pub mod metrics;

use libfuzzer_sys::arbitrary::{self, Arbitrary};

/// A stream of packages that end with a mark, and how it arrives.
#[derive(Debug, Arbitrary)]
pub struct Marked<'a> {
    eof: [u8; MAX_EOF],
    eof_length: u8,
    pub max_length: u8,
    pub cuts: Vec<u8>,
    pub stream: &'a [u8],
}

impl Marked<'_> {
    /// The mark; any length is drawn, so that the refused ones are tried too.
    pub fn eof(&self) -> &[u8] {
        &self.eof[..usize::from(self.eof_length) % (MAX_EOF + 1)]
    }
}

/// For framings that have no length function.
pub fn no_function(_: &[u8]) -> isize {
    panic!("this framing must not call the length function")
}
