//! `docs/options.md` holds the table as the code has it.

use crate::config::{OPTIONS, markdown};
use std::path::Path;

const BEGIN: &str = "<!-- made from core/src/config by UPDATE_DOCS=1 cargo test -p swoole-core; do not edit -->\n";
const END: &str = "<!-- end of what is made -->\n";

#[test]
fn the_manual_holds_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/options.md");
    let page = std::fs::read_to_string(&path).expect("docs/options.md");
    let begin = page.find(BEGIN).expect("begin mark") + BEGIN.len();
    let end = page.find(END).expect("end mark");
    let fresh = format!("{}\n{}\n{}", &page[..begin], markdown(), &page[end..]);
    if page == fresh {
        return;
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, fresh).expect("docs/options.md can be written");
    } else {
        panic!("docs/options.md is stale: run UPDATE_DOCS=1 cargo test -p swoole-core");
    }
}

#[test]
fn every_row_has_four_cells() {
    for line in markdown().lines().filter(|line| line.starts_with('|')) {
        assert_eq!(line.matches('|').count(), 5, "{line}");
    }
    for def in OPTIONS {
        assert!(def.doc.ends_with('.') || def.doc.ends_with(".)"), "{}", def.name);
    }
}
