//! HTTP: what a server's callbacks are given and answer, and the event-driven client.

mod fields;
mod form;
mod on;
pub(crate) mod request;
pub(crate) mod response;
mod stay;

pub use fields::{swoole_http_field, swoole_http_pair};
pub use form::*;
pub use on::*;
pub use request::*;
pub use response::*;
