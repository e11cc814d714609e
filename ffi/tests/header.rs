//! include/swoole_rs.h is generated and committed; this holds it to the source.

use std::env;
use std::fs;
use std::path::Path;

use swoole_core::error::ErrorKind;

/// The header as the source of this crate gives it.
fn generate() -> String {
    let crate_dir = env!("CARGO_MANIFEST_DIR");
    let mut config = cbindgen::Config::from_root_or_default(crate_dir);
    let version = env!("CARGO_PKG_VERSION");
    let mut parts = version.split('.');
    let mut macros = format!(
        "\n// The header's version; the library's is `swoole_version()`.\n#define SWOOLE_RS_VERSION \"{version}\""
    );
    for name in ["MAJOR", "MINOR", "PATCH"] {
        let part = parts.next().expect("a version has three parts");
        macros += &format!("\n#define SWOOLE_RS_VERSION_{name} {part}");
    }
    config.after_includes = Some(macros);
    let mut header = Vec::new();
    cbindgen::Builder::new()
        .with_crate(crate_dir)
        .with_config(config)
        .generate()
        .expect("ffi/src cannot be turned into a header")
        .write(&mut header);
    String::from_utf8(header).expect("the source is UTF-8")
}

#[test]
fn header_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../include/swoole_rs.h");
    let wanted = generate();
    if env::var_os("UPDATE_HEADER").is_some() {
        fs::create_dir_all(path.parent().expect("it lies in include/")).expect("include/ can be made");
        fs::write(&path, &wanted).expect("include/swoole_rs.h can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "include/swoole_rs.h is stale: run `UPDATE_HEADER=1 cargo test -p swoole-ffi --test header` and commit it"
    );
}

#[test]
fn every_error_number_is_in_the_header() {
    let header = generate();
    for (kind, name) in ErrorKind::ALL {
        let line = format!("{name} = {},", *kind as i32);
        assert!(header.contains(&line), "`{line}` is missing: add it to swoole_result in ffi/src/error.rs");
    }
}
