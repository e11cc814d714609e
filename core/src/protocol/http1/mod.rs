//! HTTP/1.0 and 1.1 (RFC 9110, RFC 9112), without sockets: requests and answers as bytes, for servers and clients.

pub mod answer;
pub mod brief;
mod chunked;
pub mod coding;
pub mod date;
mod head;
pub mod lex;
pub mod multipart;
pub mod pairs;
pub mod range;
pub mod reader;
mod refusal;
pub mod status;
pub mod target;
#[cfg(test)]
mod tests;

pub use answer::{AnswerHead, AnswerLimits, AnswerReader, AnswerStep, BadAnswer};
pub use brief::{Brief, Method};
pub use coding::Encoding;
pub use range::Range;
pub use reader::{Limits, Progress, Reader, Step};
pub use refusal::Refusal;
pub use target::Target;
