//! Types of options: what a value must be, and how lenient that is read.
//!
//! PHP programmers mix `1`, `true`, `"1"` and `1.0`; all of them are taken where they can only mean
//! one thing. Anything else is refused, with what was given and what is allowed.

use super::value::Value;
use super::{SniCertificate, Warning};
use crate::error::{Error, ErrorKind, Result};
use crate::log::{self, Level, Rotation};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::time::Duration;

/// What a number counts, for messages and the manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// things
    Count,
    /// bytes
    Bytes,
    /// seconds that the kernel takes as a whole number only
    Seconds,
}

/// What happens to a number out of bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// it is an error
    Refuse,
    /// the nearest bound is taken, with a warning
    Clamp,
}

/// Type and bounds of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// true or false
    Bool,
    /// a whole number
    Int {
        /// least value
        min: i64,
        /// greatest value
        max: i64,
        /// what it counts
        unit: Unit,
        /// what happens to other values
        outside: Outside,
    },
    /// false or 0 for off, true for `on`, or a number up to `max`
    Switch {
        /// what true stands for
        on: i64,
        /// greatest value
        max: i64,
        /// what it counts
        unit: &'static str,
    },
    /// a number of bytes; 0 or less for as many as an `int` counts
    BytesOrUnlimited,
    /// seconds, with or without a fraction
    Seconds,
    /// milliseconds
    Milliseconds,
    /// text
    Text,
    /// a path
    Path,
    /// one to eight bytes
    Eof,
    /// a letter of PHP's pack() that stands for a whole number of at most 32 bits
    LengthType,
    /// a list of numbers from 0
    Numbers,
    /// certificates by the names that clients ask for
    SniCertificates,
    /// a list of texts
    Texts,
    /// something that can be called
    Callable,
    /// a log level
    Level,
    /// a rotation of the log file
    Rotation,
    /// a date format of strftime
    DateFormat,
}

pub(super) const fn count(min: i64, max: i64) -> Kind {
    Kind::Int { min, max, unit: Unit::Count, outside: Outside::Refuse }
}
pub(super) const fn whole_seconds(min: i64, max: i64) -> Kind {
    Kind::Int { min, max, unit: Unit::Seconds, outside: Outside::Refuse }
}
pub(super) const fn clamped(min: i64, max: i64) -> Kind {
    Kind::Int { min, max, unit: Unit::Count, outside: Outside::Clamp }
}
pub(super) const fn bytes(min: i64, max: i64) -> Kind {
    Kind::Int { min, max, unit: Unit::Bytes, outside: Outside::Refuse }
}
pub(super) const fn clamped_bytes(min: i64, max: i64) -> Kind {
    Kind::Int { min, max, unit: Unit::Bytes, outside: Outside::Clamp }
}
pub(super) const fn switch(on: i64, max: i64, unit: &'static str) -> Kind {
    Kind::Switch { on, max, unit }
}

/// Time beyond this is of no use to anybody, and would overflow the timers' arithmetic.
const MAX_SECONDS: i64 = i32::MAX as i64;
const LENGTH_TYPES: &[u8] = b"cCsSnvlLNV";
const EOF_MAX: usize = 8;

/// A value that has been checked, on its way into its field.
#[derive(Debug)]
pub(super) enum Checked {
    Flag(bool),
    Number(i64),
    Time(Duration),
    Bytes(Vec<u8>),
    Numbers(Vec<usize>),
    SniCertificates(Vec<SniCertificate>),
    Texts(Vec<String>),
}

impl Kind {
    /// What is allowed, in words that follow "allowed is".
    pub fn allowed(&self) -> String {
        match self {
            Kind::Bool => "true or false".into(),
            Kind::Int { min, max, unit, .. } => {
                let what = match unit {
                    Unit::Count => "a whole number",
                    Unit::Bytes => "a number of bytes",
                    Unit::Seconds => "a whole number of seconds",
                };
                if *max == i64::MAX { format!("{what} from {min}") } else { format!("{what} from {min} to {max}") }
            }
            Kind::Switch { unit, .. } => format!("false, or a number of {unit}"),
            Kind::BytesOrUnlimited => "a number of bytes".into(),
            Kind::Seconds => "a number of seconds from 0".into(),
            Kind::Milliseconds => "a number of milliseconds from 0".into(),
            Kind::Text => "text".into(),
            Kind::Path => "a path".into(),
            Kind::Eof => format!("text of 1 to {EOF_MAX} bytes"),
            Kind::LengthType => "one of the letters c C s S n v l L N V".into(),
            Kind::Numbers => "a list of whole numbers from 0".into(),
            Kind::SniCertificates => "a list of names, each with ssl_cert_file and ssl_key_file".into(),
            Kind::Texts => "a list of texts".into(),
            Kind::Callable => "something that can be called".into(),
            Kind::Level => format!("one of {}", Level::ALL.map(|l| format!("{} {}", l as u8, l.name())).join(", ")),
            Kind::Rotation => {
                format!("one of {}", Rotation::ALL.map(|r| format!("{} {}", r as u8, r.name())).join(", "))
            }
            Kind::DateFormat => format!("a strftime format of 1 to {} bytes on one line", log::MAX_DATE_FORMAT),
        }
    }

    /// Checks a value; the warning says what was clamped.
    pub(super) fn check(&self, name: &str, value: &Value) -> Result<(Checked, Option<Warning>)> {
        if let Kind::Int { min, max, outside: Outside::Clamp, .. } = *self
            && let Some(number) = whole(value)
        {
            let taken = number.clamp(min, max);
            let warning = (taken != number).then(|| {
                Warning::new(format!(
                    "option \"{name}\": {number} was given, allowed is {}; {taken} is used",
                    self.allowed()
                ))
            });
            return Ok((Checked::Number(taken), warning));
        }
        match self.read(value) {
            Some(checked) => Ok((checked, None)),
            None => Err(Error::new(
                ErrorKind::InvalidParams,
                format!("option \"{name}\": {} was given, allowed is {}", value.describe(), self.allowed()),
            )),
        }
    }

    fn read(&self, value: &Value) -> Option<Checked> {
        match *self {
            Kind::Bool => flag(value).map(Checked::Flag),
            Kind::Int { min, max, .. } => whole(value).filter(|n| (min..=max).contains(n)).map(Checked::Number),
            Kind::Switch { on, max, .. } => match whole(value) {
                Some(number) => (0..=max).contains(&number).then_some(Checked::Number(number)),
                None => flag(value).map(|flag| Checked::Number(if flag { on } else { 0 })),
            },
            Kind::BytesOrUnlimited => {
                let limit = i64::from(i32::MAX);
                whole(value).map(|n| Checked::Number(if n <= 0 { limit } else { n }))
            }
            Kind::Seconds => time(value, 1.0),
            Kind::Milliseconds => time(value, 1000.0),
            Kind::Text => text(value).filter(|t| std::str::from_utf8(t).is_ok()).map(Checked::Bytes),
            Kind::Path => text(value).map(Checked::Bytes),
            Kind::Eof => match value {
                Value::Str(eof) if (1..=EOF_MAX).contains(&eof.len()) => Some(Checked::Bytes(eof.clone())),
                _ => None,
            },
            Kind::LengthType => match value {
                Value::Str(t) if t.len() == 1 && LENGTH_TYPES.contains(&t[0]) => Some(Checked::Bytes(t.clone())),
                _ => None,
            },
            Kind::Numbers => numbers(value).map(Checked::Numbers),
            Kind::SniCertificates => sni_certificates(value).map(Checked::SniCertificates),
            Kind::Texts => texts(value).map(Checked::Texts),
            Kind::Callable => match value {
                Value::Callable => Some(Checked::Flag(true)),
                Value::Bool(false) => Some(Checked::Flag(false)),
                _ => None,
            },
            Kind::Level => choice(value, Level::ALL.map(|l| (l as u8, l.name())).as_slice()),
            Kind::Rotation => choice(value, Rotation::ALL.map(|r| (r as u8, r.name())).as_slice()),
            Kind::DateFormat => match value {
                Value::Str(format) => {
                    let format = std::str::from_utf8(format).ok()?;
                    log::check_date_format(format).ok()?;
                    Some(Checked::Bytes(format.into()))
                }
                _ => None,
            },
        }
    }
}

/// A whole number: an int, a float without a fraction, or such a number in text.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(n) => Some(*n),
        Value::Float(f) => whole_float(*f),
        Value::Str(text) => {
            let text = numeric(text)?;
            text.parse().ok().or_else(|| whole_float(text.parse().ok()?))
        }
        _ => None,
    }
}

fn whole_float(f: f64) -> Option<i64> {
    // every whole number up to 2^53 is exact in a float; beyond it nobody meant a certain one
    (f.fract() == 0.0 && f.abs() <= 9_007_199_254_740_992.0).then_some(f as i64)
}

/// The text of a decimal number, without the white space that PHP allows around it. Rules out
/// what Rust would read besides: "inf", "nan".
fn numeric(text: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(text).ok()?.trim_ascii();
    text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')).then_some(text)
}

fn flag(value: &Value) -> Option<bool> {
    if let Some(number) = whole(value) {
        return match number {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        };
    }
    match value {
        Value::Bool(b) => Some(*b),
        Value::Str(text) => {
            let is_one_of = |words: &[&str]| words.iter().any(|w| text.eq_ignore_ascii_case(w.as_bytes()));
            if is_one_of(&["true", "on", "yes"]) {
                Some(true)
            } else if is_one_of(&["false", "off", "no", ""]) {
                Some(false)
            } else {
                None
            }
        }
        _ => None,
    }
}

fn time(value: &Value, units_per_second: f64) -> Option<Checked> {
    let number = match value {
        Value::Int(n) => *n as f64,
        Value::Float(f) => *f,
        Value::Str(text) => numeric(text)?.parse().ok()?,
        _ => return None,
    };
    let seconds = number / units_per_second;
    // `contains` also rules out NaN
    if !(0.0..=MAX_SECONDS as f64).contains(&seconds) {
        return None;
    }
    Duration::try_from_secs_f64(seconds).ok().map(Checked::Time)
}

/// Text without a NUL byte, which no path or name can hold; a number is taken as its digits.
fn text(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Str(text) if !text.contains(&0) => Some(text.clone()),
        Value::Int(n) => Some(n.to_string().into_bytes()),
        _ => None,
    }
}

fn numbers(value: &Value) -> Option<Vec<usize>> {
    let number = |v: &Value| whole(v).and_then(|n| usize::try_from(n).ok());
    match value {
        Value::List(list) => list.iter().map(number).collect(),
        Value::Str(text) if text.is_empty() => Some(Vec::new()),
        // C has no list
        Value::Str(text) => text.split(|b| *b == b',').map(|part| number(&Value::Str(part.to_vec()))).collect(),
        one => number(one).map(|n| vec![n]),
    }
}

fn sni_certificates(value: &Value) -> Option<Vec<SniCertificate>> {
    let path = |value: Option<&Value>| text(value?).filter(|t| !t.is_empty()).map(|t| OsString::from_vec(t).into());
    match value {
        Value::Map(pairs) => {
            let one = |(host, value): &(Vec<u8>, Value)| {
                let Value::Map(options) = value else { return None };
                let of = |name: &str| options.iter().find(|(key, _)| key == name.as_bytes()).map(|(_, value)| value);
                let known = ["ssl_cert_file", "ssl_key_file", "ssl_passphrase"];
                if options.iter().any(|(key, _)| !known.iter().any(|k| k.as_bytes() == key)) {
                    return None;
                }
                let passphrase = match of("ssl_passphrase") {
                    Some(given) => Some(String::from_utf8(text(given)?).ok()?),
                    None => None,
                };
                let host = String::from_utf8(host.clone()).ok()?;
                let (cert_file, key_file) = (path(of("ssl_cert_file"))?, path(of("ssl_key_file"))?);
                Some(SniCertificate { host, cert_file, key_file, passphrase })
            };
            pairs.iter().map(one).collect()
        }
        Value::List(list) if list.is_empty() => Some(Vec::new()),
        Value::Str(text) if text.is_empty() => Some(Vec::new()),
        // C has no map
        Value::Str(text) => {
            let text = std::str::from_utf8(text).ok().filter(|text| !text.contains('\0'))?;
            let one = |part: &str| {
                let (host, files) = part.trim().split_once('=')?;
                let (cert_file, key_file) = files.split_once(';')?;
                let (cert_file, key_file) = (cert_file.into(), key_file.into());
                Some(SniCertificate { host: host.to_owned(), cert_file, key_file, passphrase: None })
            };
            text.split(',').map(one).collect()
        }
        _ => None,
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    let one = |v: &Value| text(v).and_then(|text| String::from_utf8(text).ok()).filter(|text| !text.is_empty());
    match value {
        Value::List(list) => list.iter().map(one).collect(),
        Value::Str(text) if text.is_empty() => Some(Vec::new()),
        // C has no list
        Value::Str(text) => {
            text.split(|b| *b == b',').map(|part| one(&Value::Str(part.trim_ascii().to_vec()))).collect()
        }
        _ => None,
    }
}

fn choice(value: &Value, all: &[(u8, &str)]) -> Option<Checked> {
    let number = whole(value);
    let found = all.iter().find(|(n, name)| {
        number == Some(i64::from(*n)) || matches!(value, Value::Str(text) if text.eq_ignore_ascii_case(name.as_bytes()))
    })?;
    Some(Checked::Number(i64::from(found.0)))
}

/// A type that an option's field can have. A value of another sort than the field's leaves the
/// field alone: the table would be wrong, which a test tells.
pub(super) trait Field {
    fn store(checked: Checked, field: &mut Self);
}

impl Field for Duration {
    fn store(checked: Checked, field: &mut Self) {
        match checked {
            Checked::Time(time) => *field = time,
            Checked::Number(seconds) => *field = Duration::from_secs(seconds.unsigned_abs()),
            _ => {}
        }
    }
}

macro_rules! fields {
    ($($(#[$why:meta])? $type:ty: $pattern:pat => $value:expr;)*) => {
        $(impl Field for $type {
            fn store(checked: Checked, field: &mut Self) {
                if let $pattern = checked && let Some(value) = $value {
                    *field = value;
                }
            }
        })*
    };
}

fields! {
    bool: Checked::Flag(flag) => Some(flag);
    u8: Checked::Number(n) => n.try_into().ok();
    i32: Checked::Number(n) => n.try_into().ok();
    u32: Checked::Number(n) => n.try_into().ok();
    u64: Checked::Number(n) => n.try_into().ok();
    usize: Checked::Number(n) => n.try_into().ok();
    Option<u32>: Checked::Number(n) => u32::try_from(n).ok().map(|n| (n != 0).then_some(n));
    String: Checked::Bytes(text) => String::from_utf8(text).ok();
    Option<String>: Checked::Bytes(text) => String::from_utf8(text).ok().map(|t| (!t.is_empty()).then_some(t));
    Option<PathBuf>: Checked::Bytes(path) => Some((!path.is_empty()).then(|| OsString::from_vec(path).into()));
    PathBuf: Checked::Bytes(path) => (!path.is_empty()).then(|| OsString::from_vec(path).into());
    Vec<u8>: Checked::Bytes(bytes) => Some(bytes);
    char: Checked::Bytes(bytes) => bytes.first().map(|b| char::from(*b));
    Vec<usize>: Checked::Numbers(numbers) => Some(numbers);
    Vec<SniCertificate>: Checked::SniCertificates(list) => Some(list);
    Vec<String>: Checked::Texts(texts) => Some(texts);
    Level: Checked::Number(n) => Level::from_number(n);
    Rotation: Checked::Number(n) => Rotation::from_number(n);
}
