//! HTTP: what a server's callbacks are given and answer, and the event-driven client.

mod answer;
mod ask;
mod client;
mod client_set;
mod fields;
mod form;
mod on;
pub(crate) mod request;
pub(crate) mod response;
mod stay;

pub use answer::*;
pub use ask::{swoole_http_client_request, swoole_http_upload};
pub use client::*;
pub use client_set::*;
pub use fields::{swoole_http_field, swoole_http_pair};
pub use form::*;
pub use on::*;
pub use request::*;
pub use response::*;
