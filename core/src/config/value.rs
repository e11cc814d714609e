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
    /// something that can be called; the face that gave it keeps it
    Callable,
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
