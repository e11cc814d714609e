//! The manual's tables, made from the table of options.

/// The part of `docs/options.md` that is made from the table.
pub fn markdown() -> String {
    String::new()
}
