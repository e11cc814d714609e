//! Every option once: name, type, default, bounds, one line of text.

mod value;

pub use value::Value;

/// Something about an option that the caller should be told, though the server goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// names the option, what was given and what was done
    pub message: String,
}
