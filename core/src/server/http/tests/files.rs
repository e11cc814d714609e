//! Static files, and files as answers.

use super::*;

fn root() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("sub")).unwrap();
    for (name, text) in [("a.txt", "a small file"), ("sub/index.html", "index"), (".hidden", "h"), ("empty.css", "")] {
        std::fs::write(root.path().join(name), text).unwrap();
    }
    std::fs::write(root.path().join("long.bin"), vec![b'x'; 300_000]).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", root.path().join("passwd")).unwrap();
    root
}

fn options(root: &tempfile::TempDir) -> Vec<(&'static str, Value)> {
    vec![
        ("enable_static_handler", Value::Bool(true)),
        ("document_root", Value::from(root.path().to_str().unwrap())),
        ("http_index_files", Value::from("index.html")),
    ]
}

fn program(_: &Server, request: Request, mut response: Response) {
    response.end(&[b"program ", request.path()].concat()).unwrap();
}

#[test]
fn files_are_sent_with_their_types() {
    for mode in BOTH {
        let root = root();
        let server = serve(mode, &options(&root), program);
        let mut client = server.connect();
        let mut get = |path: &str| {
            client.write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).unwrap();
            answer(&mut client)
        };
        let (head, body) = get("/a.txt");
        assert!(head.contains("\r\nContent-Type: text/plain\r\n") && head.contains("\r\nLast-Modified: "), "{head}");
        assert_eq!(body, "a small file");
        let (head, body) = get("/empty.css");
        assert!(head.contains("Content-Type: text/css\r\nContent-Length: 0\r\n"), "{head}");
        assert_eq!(body, "");
        assert_eq!(get("/long.bin").1.len(), 300_000);
        assert_eq!(get("/sub/").1, "index");
        assert!(get("/sub?x").0.contains("\r\nLocation: /sub/?x\r\n"));
        assert_eq!(get("/other").1, "program /other");
    }
}

#[test]
fn nothing_outside_of_the_root_is_sent() {
    for mode in BOTH {
        let root = root();
        let server = serve(mode, &options(&root), program);
        let mut client = server.connect();
        for path in [
            "/../etc/passwd",
            "/%2e%2e/etc/passwd",
            "/sub/..%2f../etc/passwd",
            "/a.txt%00.html",
            "/passwd",
            "//etc/passwd",
            "/sub/%2e./a.txt",
        ] {
            client.write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).unwrap();
            let (head, body) = answer(&mut client);
            assert!(!body.contains("root:"), "{path}");
            assert!(head.starts_with("HTTP/1.1 400 ") || body.starts_with("program "), "{path}: {head}");
        }
    }
}

#[test]
fn options_of_the_server_as_a_whole_are_the_programs() {
    for mode in BOTH {
        let root = root();
        let server = serve(mode, &options(&root), program);
        let mut client = server.connect();
        client.write_all(b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert_eq!(answer(&mut client).1, "program *");
    }
}

#[test]
fn a_part_of_a_file_is_sent() {
    for mode in BOTH {
        let root = root();
        let server = serve(mode, &options(&root), program);
        let mut client = server.connect();
        let mut get = |headers: &str| {
            client.write_all(format!("GET /a.txt HTTP/1.1\r\nHost: a\r\n{headers}\r\n").as_bytes()).unwrap();
            answer(&mut client)
        };
        let (head, body) = get("Range: bytes=2-6\r\n");
        assert!(head.starts_with("HTTP/1.1 206 ") && head.contains("\r\nContent-Range: bytes 2-6/12\r\n"), "{head}");
        assert_eq!(body, "small");
        let (head, _) = get("Range: bytes=12-\r\n");
        assert!(head.starts_with("HTTP/1.1 416 ") && head.contains("\r\nContent-Range: bytes */12\r\n"), "{head}");
        let (head, _) = get("");
        let tag = head.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap();
        assert!(get(&format!("If-None-Match: {tag}\r\n")).0.starts_with("HTTP/1.1 304 "));
        assert_eq!(get(&format!("Range: bytes=0-0\r\nIf-Range: {tag}\r\n")).1, "a");
        assert_eq!(get("Range: bytes=0-0\r\nIf-Range: \"other\"\r\n").1.len(), 12);
    }
}

#[test]
fn files_are_read_only() {
    for mode in BOTH {
        let root = root();
        let server = serve(mode, &options(&root), program);
        let mut client = server.connect();
        client.write_all(b"DELETE /a.txt HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let (head, _) = answer(&mut client);
        assert!(head.starts_with("HTTP/1.1 405 ") && head.contains("\r\nAllow: GET, HEAD\r\n"), "{head}");
        client.write_all(b"POST /b.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").unwrap();
        assert_eq!(answer(&mut client).1, "program /b.txt");
    }
}

#[test]
fn a_program_sends_a_file() {
    for mode in BOTH {
        let server = serve(mode, &[], |_, _, mut response| {
            assert!(response.send_file(b"/nowhere/at/all", 0, 0).is_err());
            response.send_file(b"/etc/passwd", 1, 5).unwrap();
        });
        let mut client = server.connect();
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let (head, body) = answer(&mut client);
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        assert_eq!(body.as_bytes(), &std::fs::read("/etc/passwd").unwrap()[1..6]);
    }
}
