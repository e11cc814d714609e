use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

fn field(name: &str) -> Disposition {
    Disposition { name: name.into(), ..Disposition::default() }
}

/// All parts with their data, and what came of the form: its end, or an error.
type Parsed = (Vec<(Disposition, Vec<u8>)>, Result<bool, Malformed>);

fn parsed(boundary: &[u8], pieces: &[&[u8]]) -> Parsed {
    let limits = Limits { parts: 5, head: 200 };
    let (mut parser, mut parts, mut is_open) = (Parser::new(boundary, limits), Vec::new(), false);
    for piece in pieces {
        let mut from = 0;
        loop {
            let (used, event) = match parser.next(&piece[from..]) {
                Ok(next) => next,
                Err(error) => return (parts, Err(error)),
            };
            from += used;
            match event {
                Event::More => break,
                Event::Part(part) => {
                    assert!(!is_open);
                    parts.push((part, Vec::new()));
                    is_open = true;
                }
                Event::Data(data) => {
                    assert!(is_open && !data.is_empty());
                    parts.last_mut().unwrap().1.extend_from_slice(data);
                }
                Event::PartEnd => assert!(std::mem::take(&mut is_open)),
                Event::End => return (parts, Ok(true)),
            }
        }
        assert_eq!(from, piece.len());
        assert!(parser.memory() <= 400, "{} bytes are held", parser.memory());
    }
    (parts, Ok(parser.is_ended()))
}

/// The parts of a well-formed form, worked out in the most naive way.
fn naive(boundary: &[u8], body: &[u8]) -> Vec<Vec<u8>> {
    let delimiter = [b"\r\n--", boundary].concat();
    let body = [b"\r\n", body].concat();
    let ends: Vec<usize> = (0..body.len()).filter(|at| body[*at..].starts_with(&delimiter)).collect();
    let blank = |bytes: &[u8]| (0..bytes.len()).find(|at| bytes[*at..].starts_with(b"\r\n\r\n")).unwrap() + 4;
    ends.windows(2).map(|pair| &body[pair[0]..pair[1]]).map(|part| part[blank(part)..].to_vec()).collect()
}

/// Data that nearly is a boundary.
fn data() -> impl Strategy<Value = Vec<u8>> {
    let parts =
        ["\r\n--x", "\r\n--", "\r\n-", "\r", "\n", "-", "y", "\r\n--xx", "z"].map(|part| part.as_bytes().to_vec());
    vec(prop::sample::select(parts.to_vec()), 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn a_form_is_the_same_however_it_is_cut(datas in vec(data(), 0..5), preamble in data(), cuts in vec(1..9usize, 1..20)) {
        let mut body = preamble;
        for (at, data) in datas.iter().enumerate() {
            if at > 0 || !body.is_empty() {
                body.extend_from_slice(b"\r\n");
            }
            body.extend_from_slice(format!("--xyw \t\r\nContent-Disposition: form-data; name={at}\r\n\r\n").as_bytes());
            body.extend_from_slice(data);
        }
        body.extend_from_slice(b"\r\n--xyw--behind it");
        let expected = naive(b"xyw", &body);
        let whole = parsed(b"xyw", &[&body]);
        prop_assert_eq!(&whole.1, &Ok(true));
        prop_assert_eq!(whole.0.iter().map(|(_, data)| data.clone()).collect::<Vec<_>>(), expected.clone());
        let (mut pieces, mut rest, mut cuts) = (Vec::new(), &body[..], cuts.iter().cycle());
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
            pieces.push(piece);
            rest = behind;
        }
        prop_assert_eq!(parsed(b"xyw", &pieces), whole);
        let listed: Vec<_> = parts(&body, b"xyw", Limits::default()).map(|entry| entry.unwrap()).collect();
        prop_assert_eq!(listed.len(), expected.len());
        for (entry, data) in listed.iter().zip(&expected) {
            prop_assert_eq!(entry.content, Content::Bytes(data));
        }
    }

    #[test]
    fn any_bytes_end_the_same_however_they_are_cut(
        pieces in vec(prop::sample::select(vec!["--x", "\r\n", "--", "a: b", ":", " ", "\r", "\n", "\0", "Content-Disposition: form-data; name=\"a\""]), 0..30),
        cut in 1..7usize,
    ) {
        let body = pieces.concat().into_bytes();
        let cut: Vec<&[u8]> = body.chunks(cut).collect();
        prop_assert_eq!(parsed(b"x", &cut), parsed(b"x", &[&body]));
    }
}

#[test]
fn a_part_says_what_it_is() {
    let body = b"--b\r\ncontent-disposition: Form-Data; name=\"a\\\"b\"; filename=\"C:\\dir\\\\f.txt\"\r\nContent-Type: text/plain\r\nX: y\r\n\r\nabc\r\n\
        --b\r\nContent-Disposition: form-data; name=n; filename*=UTF-8''%e2%82%ac%20rates\r\n\r\n\r\n--b\r\n\r\nno name\r\n--b--\r\n";
    let (parts, result) = parsed(b"b", &[body]);
    assert_eq!(result, Ok(true));
    let first = Disposition {
        name: b"a\"b".to_vec(),
        filename: Some(b"C:\\dir\\f.txt".to_vec()),
        content_type: b"text/plain".to_vec(),
    };
    let second = Disposition { name: b"n".to_vec(), filename: Some("\u{20ac} rates".into()), content_type: Vec::new() };
    assert_eq!(parts, [(first, b"abc".to_vec()), (second, Vec::new()), (field(""), b"no name".to_vec())]);
}

#[test]
fn what_is_no_form_is_refused() {
    let bad = |body: &[u8]| matches!(parsed(b"b", &[body]).1, Err(Malformed::Bad(_)));
    for body in [
        &b"--b\n\r\n"[..],
        b"--bc\r\n",
        b"--b x\r\n",
        b"--b-\r\n",
        b"--b\r\r\n",
        b"--b\r\nA: b\n\r\n",
        b"--b\r\nA b\r\n\r\n",
        b"--b\r\nA: b\r\n folded\r\n\r\n",
        b"--b\r\nA : b\r\n\r\n",
        b"--b\r\nA: \0\r\n\r\n",
    ] {
        assert!(bad(body), "{}", body.escape_ascii());
    }
    assert!(bad(&[&b"--b"[..], &[b' '; 100]].concat()));
    for cut_off in [&b""[..], b"--", b"--b", b"--b\r\n", b"--b\r\nA: b\r\n\r\ndata\r\n--b-"] {
        assert_eq!(parsed(b"b", &[cut_off]).1, Ok(false));
        assert!(parts(cut_off, b"b", Limits::default()).last().unwrap().is_err());
    }
}

#[test]
fn what_is_too_much_is_refused() {
    let part = b"--b\r\nA: b\r\n\r\n\r\n";
    assert_eq!(parsed(b"b", &[&part.repeat(5)]).1, Ok(false));
    assert!(matches!(parsed(b"b", &[&part.repeat(6)]).1, Err(Malformed::TooLarge(_))));
    let long = [&b"--b\r\nA: "[..], &[b'a'; 200]].concat();
    assert!(matches!(parsed(b"b", &[&long]).1, Err(Malformed::TooLarge(_))));
}

#[test]
fn boundaries() {
    for (value, expected) in [
        ("multipart/form-data; boundary=abc", Some("abc")),
        ("Multipart/Form-Data ;charset=x; Boundary=\"a b\" ; x=y", Some("a b")),
        ("multipart/form-data; boundary=abc;x", Some("abc")),
        ("multipart/form-data; boundary=", None),
        ("multipart/form-data; boundary=\"a", None),
        ("multipart/form-data; boundary=\"a \"", None),
        ("multipart/form-data", None),
        ("multipart/mixed; boundary=a", None),
        ("text/plain; boundary=a", None),
    ] {
        assert_eq!(boundary(value.as_bytes()), expected.map(str::as_bytes), "{value}");
    }
    assert_eq!(boundary(format!("multipart/form-data; boundary={}", "a".repeat(71)).as_bytes()), None);
}

#[test]
fn a_list_survives_the_way() {
    let file = Disposition { filename: Some(b"f".to_vec()), ..field("b") };
    let mut list = Vec::new();
    write_field(&mut list, &field("a"), b"value");
    write_file(&mut list, &file, b"/tmp/x", 1 << 40);
    let entries: Vec<_> = listed(&list).collect();
    assert_eq!(entries[0], Entry { part: field("a"), content: Content::Bytes(b"value") });
    assert_eq!(entries[1], Entry { part: file, content: Content::File { path: b"/tmp/x", size: 1 << 40 } });
    assert_eq!(entries.len(), 2);
    assert_eq!(listed(&list[..list.len() - 1]).count(), 1);
}
