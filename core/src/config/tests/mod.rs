//! Tests of the options.

mod finish;
mod manual;
mod noise;
mod set;

use super::{ClientSettings, PortSettings, Scope, ServerSettings, Value, Warning, find};
use crate::error::Result;

/// Settings of a server, of one port and of a client, set as the engine does it: by name, whoever's it is.
#[derive(Debug, Clone, Default, PartialEq)]
struct Whole {
    server: ServerSettings,
    port: PortSettings,
    client: ClientSettings,
}

impl Whole {
    fn set(&mut self, name: &str, value: &Value) -> Result<Vec<Warning>> {
        match find(name).map(|def| def.scope) {
            Some(Scope::Port) => self.port.set(name, value),
            Some(Scope::Client) => self.client.set(name, value),
            _ => self.server.set(name, value),
        }
    }

    /// Sets what must be taken without a word.
    fn with(mut self, name: &str, value: impl Into<Value>) -> Whole {
        assert_eq!(self.set(name, &value.into()), Ok(vec![]), "{name}");
        self
    }
}

fn text(text: &str) -> Value {
    Value::from(text)
}
