//! `Swoole\Http\…`: a server of HTTP, its requests and answers.

pub mod cookie;
mod fields;
mod form;
mod parsing;
pub mod request;
pub mod response;
pub mod server;

/// Registers the classes, while the module starts.
pub fn register() {
    cookie::register();
    request::register();
    response::register();
    server::register();
}
