//! Media types by the suffix of a file's name: those that are registered, and what a program has added or changed.
//!
//! A process has its own additions, and its children those that it had when they were forked.

use parking_lot::{Mutex, const_mutex};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// The type of what is not known.
pub const UNKNOWN: &str = "application/octet-stream";

/// By suffix, in lower case: another type, or None: the suffix has none.
static CHANGES: Mutex<BTreeMap<String, Option<String>>> = const_mutex(BTreeMap::new());
/// Whether there are any: most programs change nothing.
static CHANGED: AtomicBool = AtomicBool::new(false);

/// What stands behind the last dot of a name; a name without a dot is a suffix itself.
fn suffix(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or_default();
    name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase()
}

fn registered(suffix: &str) -> Option<&'static str> {
    mime_guess::from_ext(suffix).first_raw()
}

/// The type of a file of that name; None: it is not known.
pub fn find(name: &[u8]) -> Option<Cow<'static, str>> {
    let suffix = suffix(std::str::from_utf8(name).ok()?);
    if CHANGED.load(Relaxed)
        && let Some(change) = CHANGES.lock().get(&suffix)
    {
        return change.clone().map(Cow::Owned);
    }
    registered(&suffix).map(Cow::Borrowed)
}

/// As [`find`]; [`UNKNOWN`] if it is not known.
pub fn of(name: &[u8]) -> Cow<'static, str> {
    find(name).unwrap_or(Cow::Borrowed(UNKNOWN))
}

/// Gives a suffix a type in the place of what it has.
pub fn set(name: &str, kind: &str) {
    change(name, Some(kind.to_owned()));
}

/// Gives a suffix a type; false: it has one.
pub fn add(name: &str, kind: &str) -> bool {
    let is_new = find(name.as_bytes()).is_none();
    if is_new {
        set(name, kind);
    }
    is_new
}

/// Takes a suffix's type away; false: it has none.
pub fn delete(name: &str) -> bool {
    let is_there = find(name.as_bytes()).is_some();
    if is_there {
        change(name, None);
    }
    is_there
}

fn change(name: &str, kind: Option<String>) {
    CHANGES.lock().insert(suffix(name), kind);
    CHANGED.store(true, Relaxed);
}

/// All suffixes with their types, by suffix.
pub fn list() -> BTreeMap<String, Cow<'static, str>> {
    let known = mime_guess::get_extensions("*", "*").unwrap_or_default();
    let mut all: BTreeMap<_, _> =
        known.iter().filter_map(|suffix| Some(((*suffix).to_owned(), Cow::Borrowed(registered(suffix)?)))).collect();
    for (suffix, kind) in CHANGES.lock().iter() {
        match kind {
            Some(kind) => all.insert(suffix.clone(), Cow::Owned(kind.clone())),
            None => all.remove(suffix),
        };
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_types_of_their_suffixes() {
        assert_eq!(of(b"/a.b/index.HTML"), "text/html");
        assert_eq!(of(b"style.css"), "text/css");
        assert_eq!(of(b"/a.css/no_suffix"), UNKNOWN);
        assert_eq!(of(b"a.\xff"), UNKNOWN);
        assert!(list().len() > 500, "all are known");
    }

    #[test]
    fn a_program_adds_and_takes_away() {
        assert!(add("rsx", "application/x-rs"));
        assert!(!add("a.rsx", "text/plain"), "it is known now");
        assert_eq!(of(b"a.rsx"), "application/x-rs");
        set("RSX", "text/x-rs");
        assert_eq!(list()["rsx"], "text/x-rs");
        assert!(delete("rsx") && !delete("rsx"));
        assert_eq!(of(b"a.rsx"), UNKNOWN);
        assert!(!list().contains_key("rsx"));
    }
}
