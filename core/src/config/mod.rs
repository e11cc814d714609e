//! Every option once: name, type, default, bounds, one line of text ([`OPTIONS`]). Parsing, the
//! settings' fields and defaults, the suggestion for a misspelt name and the manual's table
//! (`docs/options.md`) all come from that table.
//!
//! Who enters: the server, with what a script or a C program gave to `set()`. Each value is checked
//! alone by [`ServerSettings::set`] or [`PortSettings::set`], and all of them together by
//! [`finish`] when the server starts.

mod check;
mod finish;
mod manual;
mod names;
mod table;
mod value;

#[cfg(test)]
mod tests;

pub use check::{Kind, Outside, Unit};
pub use finish::{Environment, finish, finish_port};
pub use manual::markdown;
pub use names::{find, is_accepted_silently};
pub use table::{ClientSettings, OPTIONS, PortSettings, ServerSettings};
pub use value::Value;

use crate::log::LogConfig;
use std::path::{Path, PathBuf};

/// Whose an option is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// the server as a whole
    Server,
    /// one listening port; given to the server, it goes to the primary port
    Port,
    /// a client
    Client,
}

/// One option as the table has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptionDef {
    /// its name, as `set()` takes it
    pub name: &'static str,
    /// whose it is
    pub scope: Scope,
    /// its type and bounds
    pub kind: Kind,
    /// its default as text that `set()` would take. In parentheses it is a description instead:
    /// nothing is set, or [`finish`] computes it
    pub default: &'static str,
    /// one line for the manual
    pub doc: &'static str,
}

impl OptionDef {
    /// The default as a value; None where it is a description.
    fn default_value(&self) -> Option<Value> {
        (!self.default.starts_with('(')).then(|| Value::from(self.default))
    }
}

/// A certificate for clients that ask for a certain name (`ssl_sni_certs`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SniCertificate {
    /// the name, or `*.` and a name
    pub host: String,
    /// its certificates
    pub cert_file: PathBuf,
    /// its key
    pub key_file: PathBuf,
    /// what the key is encrypted with; None: as that of the port, if at all
    pub passphrase: Option<String>,
}

/// Something about an option that the caller should be told, though the server goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// names the option, what was given and what was done
    pub message: String,
}

impl Warning {
    fn new(message: impl Into<String>) -> Warning {
        Warning { message: message.into() }
    }
}

impl ServerSettings {
    /// Where a path leads that workers see, for processes that have not taken on `chroot`.
    pub(crate) fn outside_of_chroot(&self, path: &Path) -> PathBuf {
        match &self.chroot {
            Some(root) => root.join(path.strip_prefix("/").unwrap_or(path)),
            None => path.to_owned(),
        }
    }
}

impl From<&ServerSettings> for LogConfig {
    fn from(server: &ServerSettings) -> LogConfig {
        LogConfig {
            file: server.log_file.clone(),
            level: server.log_level,
            rotation: server.log_rotation,
            date_format: server.log_date_format.clone(),
            microseconds: server.log_date_with_microseconds,
        }
    }
}
