//! A value as a script or a C program gives it for an option, before it is checked.

/// An option's value as given.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// PHP's null: the option's default
    Null,
    /// true or false
    Bool(bool),
    /// a whole number
    Int(i64),
    /// a number with a fraction
    Float(f64),
    /// bytes; a number in text is taken for a number
    Str(Vec<u8>),
    /// a list of values (keys are dropped)
    List(Vec<Value>),
    /// values by their keys
    Map(Vec<(Vec<u8>, Value)>),
    /// something that can be called; the face that gave it keeps it
    Callable,
    /// something that no option takes; how a message names it
    Other(&'static str),
}

impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Value::Bool(v)
    }
}
impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Value::Int(v)
    }
}
impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Value::Str(v.as_bytes().to_vec())
    }
}
impl From<f64> for Value {
    fn from(v: f64) -> Self {
        Value::Float(v)
    }
}

impl Value {
    /// How a message names the value that was given.
    pub fn describe(&self) -> String {
        match self {
            Value::Null => "null".into(),
            Value::Bool(b) => b.to_string(),
            Value::Int(n) => n.to_string(),
            Value::Float(f) => format!("{f:?}"),
            Value::Str(text) => quoted(&String::from_utf8_lossy(text)),
            Value::List(list) => format!("a list of {}", list.len()),
            Value::Map(pairs) => format!("a list of {}", pairs.len()),
            Value::Callable => "something that can be called".into(),
            Value::Other(what) => (*what).into(),
        }
    }
}

/// Text in quotes, on one line, cut where it gets long.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let cut: String = text.chars().take(LONGEST).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("{cut:?}{more}")
}
