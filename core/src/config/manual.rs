//! The manual's tables, made from the table of options.

use super::check::{Kind, Outside, Unit};
use super::names::{ALIASES, MEANINGLESS, NOT_YET};
use super::table::OPTIONS;
use super::{OptionDef, Scope};

/// The part of `docs/options.md` that is made from the table.
pub fn markdown() -> String {
    let mut page = String::new();
    for (title, scope) in [("Server", Scope::Server), ("Port", Scope::Port), ("Client", Scope::Client)] {
        page += &format!("## {title} options\n\n| option | allowed | default | meaning |\n|---|---|---|---|\n");
        for def in OPTIONS.iter().filter(|def| def.scope == scope) {
            page += &row(def);
        }
        page.push('\n');
    }
    page += "## Other names\n\n";
    for (alias, name) in ALIASES {
        page += &format!("- `{alias}` is `{name}`.\n");
    }
    page += &format!("\nAccepted and without effect yet: {}.\n", list(NOT_YET));
    page += &format!("\nAccepted and without meaning here: {}.\n", list(MEANINGLESS));
    page
}

fn row(def: &OptionDef) -> String {
    let clamped = matches!(def.kind, Kind::Int { outside: Outside::Clamp, .. });
    let allowed = format!("{}{}", def.kind.allowed(), if clamped { "; clamped" } else { "" });
    format!("| `{}` | {allowed} | {} | {} |\n", def.name, default(def), def.doc)
}

fn default(def: &OptionDef) -> String {
    if let Some(description) = def.default.strip_prefix('(') {
        return description.trim_end_matches(')').to_string();
    }
    let text = format!("`{}`", def.default.escape_debug());
    let is_size = matches!(def.kind, Kind::BytesOrUnlimited | Kind::Int { unit: Unit::Bytes, .. });
    match def.default.parse::<u64>() {
        Ok(bytes) if is_size && bytes >= MIB && bytes % MIB == 0 => {
            format!("{text} ({} MiB)", bytes / MIB)
        }
        _ => text,
    }
}

const MIB: u64 = 1 << 20;

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
