//! What a line looks like.

use super::{Identity, Level};
use crate::error::{Error, ErrorKind, Result};
use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, FixedOffset};
use std::fmt::Write;

/// Longest date format, in bytes.
pub const MAX_DATE_FORMAT: usize = 128;

/// A date format, parsed.
pub(super) struct Format {
    date: Vec<Item<'static>>,
    microseconds: bool,
}

/// Whether strftime would understand the format. Errors: `InvalidParams`.
pub fn check_date_format(format: &str) -> Result<()> {
    Format::new(format, false).map(drop)
}

impl Format {
    pub(super) fn new(format: &str, microseconds: bool) -> Result<Format> {
        let refused = |found: &str| {
            Error::new(
                ErrorKind::InvalidParams,
                format!("date format {format:?} of the log {found}; give one like \"%F %T\""),
            )
        };
        if format.is_empty() || format.len() > MAX_DATE_FORMAT {
            return Err(refused(&format!("has {} bytes, allowed is 1 to {MAX_DATE_FORMAT}", format.len())));
        }
        if format.contains(char::is_control) {
            return Err(refused("has a control character"));
        }
        let date: Vec<Item<'static>> = StrftimeItems::new(format).map(Item::to_owned).collect();
        if date.contains(&Item::Error) {
            return Err(refused("has a % that strftime does not know"));
        }
        Ok(Format { date, microseconds })
    }

    /// One record with its line break.
    pub(super) fn line(&self, now: &DateTime<FixedOffset>, who: Identity, level: Level, message: &str) -> String {
        let mut line = String::with_capacity(message.len() + 64);
        line.push('[');
        // a String takes everything; what the date's items could refuse was refused by `new`
        let _ = write!(line, "{}", now.format_with_items(self.date.iter()));
        if self.microseconds {
            let _ = write!(line, ".{:06}", now.timestamp_subsec_micros());
        }
        let (pid, level) = (std::process::id(), level.name());
        let _ = write!(line, " {}{pid}.{}]\t{level}\t", who.role, who.worker);
        push_message(&mut line, message);
        line.push('\n');
        line
    }
}

fn push_message(line: &mut String, message: &str) {
    for c in message.trim_end_matches(['\r', '\n']).chars() {
        match c {
            '\n' => line.push_str("\n\t"),
            '\t' => line.push(c),
            c if c.is_control() => line.extend(c.escape_default()),
            c => line.push(c),
        }
    }
}
