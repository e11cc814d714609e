use super::*;
use crate::server::WorkerKind;
use std::collections::{BTreeMap, BTreeSet};

/// What a strict reader of the format makes of a page: type and samples (labels, value) of each family. Panics at what is not allowed.
fn parse(page: &str) -> BTreeMap<String, (String, BTreeMap<String, f64>)> {
    let name_fits = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == ':')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':')
    };
    let mut families = BTreeMap::new();
    let (mut helped, mut present): (Option<String>, Option<String>) = (None, None);
    assert!(page.ends_with('\n'));
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').expect("a help text");
            assert!(name_fits(name) && !help.is_empty() && !families.contains_key(name), "{line}");
            helped = Some(name.to_owned());
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a type");
            assert!(matches!(kind, "counter" | "gauge"), "{line}");
            assert_eq!(helped.take().as_deref(), Some(name), "help and type go together");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            families.insert(name.to_owned(), (kind.to_owned(), BTreeMap::new()));
            present = Some(name.to_owned());
        } else {
            let end = line.find(['{', ' ']).expect("a name");
            let name = &line[..end];
            assert_eq!(present.as_deref(), Some(name), "samples follow their own type");
            let (labels, rest) =
                if line[end..].starts_with('{') { labels(&line[end..]) } else { (String::new(), &line[end..]) };
            let value: f64 = rest.strip_prefix(' ').expect("one space").parse().expect("a number");
            let samples = &mut families.get_mut(name).expect("declared").1;
            assert!(samples.insert(labels, value).is_none(), "twice: {line}");
        }
    }
    families
}

/// The labels at the front of `text`, as `a=x,b=y`, unescaped; and what is behind them.
fn labels(text: &str) -> (String, &str) {
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1);
    let mut quoted = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quoted => match chars.next().expect("an escaped character").1 {
                'n' => out.push('\n'),
                c @ ('\\' | '"') => out.push(c),
                c => panic!("\\{c} is no escape"),
            },
            '"' => quoted = !quoted,
            '}' if !quoted => return (out, &text[at + 1..]),
            c => out.push(c),
        }
    }
    panic!("labels without an end: {text}")
}

fn worker(id: i32, kind: WorkerKind) -> WorkerFigures {
    WorkerFigures {
        id,
        pid: 100 + id,
        kind,
        status: WorkerStatus::Busy,
        requests: 10,
        responses: 20,
        busy_micros: 1_000_002,
        busy_for: 500_000,
        queue_depth: 30,
        ring_used: 40,
        ring_capacity: 50,
        tasking: 60,
        restarts: 70,
    }
}

#[test]
fn a_page_is_read_back_as_it_was_meant() {
    let stats = [Stat { name: "connection_num", value: 7 }, Stat { name: "accept_count", value: i64::MAX }];
    let page = render(Mode::Base, &stats, &[worker(0, WorkerKind::Event), worker(3, WorkerKind::Task)]);
    let families = parse(&page);
    let value = |name: &str, labels: &str| families[name].1[labels];
    assert_eq!(value("swoole_connections", ""), 7.0);
    assert_eq!(value("swoole_accepted_total", ""), i64::MAX as f64);
    assert_eq!(families["swoole_accepted_total"].0, "counter");
    assert_eq!(value("swoole_worker_requests_total", "worker=0,type=event"), 10.0);
    assert_eq!(value("swoole_worker_busy_seconds_total", "worker=3,type=task"), 1.000002);
    assert_eq!(value("swoole_worker_awake_seconds", "worker=3,type=task"), 0.5);
    assert_eq!(value("swoole_info", &format!("version={},mode=base", env!("CARGO_PKG_VERSION"))), 1.0);
    let left_out = "a figure that stats() does not have is left out";
    assert!(!families.contains_key("swoole_closed_total"), "{left_out}");
    assert_eq!(WORKER.len() + 3, families.len());
}

#[test]
fn labels_and_help_are_escaped() {
    let mut page = Page(String::new());
    page.family("x", Gauge, "a\\b\nc");
    page.sample("x", &[("l", "q\"b\\s\nn}")], 1);
    assert_eq!(page.0, "# HELP swoole_x a\\\\b\\nc\n# TYPE swoole_x gauge\nswoole_x{l=\"q\\\"b\\\\s\\nn}\"} 1\n");
    assert_eq!(parse(&page.0)["swoole_x"].1["l=q\"b\\s\nn}"], 1.0);
}

#[test]
fn the_manual_names_each_figure() {
    let manual =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/figures.md")).expect("the manual");
    for (key, name, ..) in SERVER {
        assert!(manual.contains(&format!("\n| `{key}` | `swoole_{name}` | ")), "{key}: {name}");
    }
    for (name, ..) in WORKER {
        assert!(manual.contains(&format!("` | `swoole_worker_{name}` | ")), "worker: {name}");
    }
}

#[test]
fn no_name_is_used_twice() {
    let names: Vec<_> =
        SERVER.iter().map(|row| row.1.to_owned()).chain(WORKER.iter().map(|row| format!("worker_{}", row.0))).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

#[test]
fn a_server_without_workers_makes_a_page_too() {
    assert_eq!(parse(&render(Mode::Process, &[], &[])).len(), WORKER.len() + 1);
}
