//! However a stream is cut, it is what the oracle says of the whole of it.

mod answers;
mod oracle;
mod properties;
mod reader;

use super::brief::flag;
use super::{Limits, Method, Reader, Step, multipart};
