//! What a request asks for (RFC 9112, 3.2): the forms of a target, and hosts.

/// A target, taken apart; nothing is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    /// host and port, if the target is a whole URI; they are in force then, not the `Host` header (RFC 9112, 3.2.2)
    pub authority: Option<&'a [u8]>,
    /// the path: begins with a slash, or is the `*` of `OPTIONS *`
    pub path: &'a [u8],
    /// what stands behind the question mark
    pub query: &'a [u8],
}

impl<'a> Target<'a> {
    /// Takes a target apart. None: it is none of an origin server's (no path, no URI of http or https, a bad host, a fragment).
    pub fn parse(target: &'a [u8]) -> Option<Target<'a>> {
        if memchr::memchr3(b'#', b' ', b'\t', target).is_some() {
            return None;
        }
        let (authority, rest) = match target {
            [b'/', ..] => (None, target),
            b"*" => return Some(Target { authority: None, path: target, query: b"" }),
            _ => {
                let rest = scheme(target)?;
                let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
                let authority = &rest[..end];
                if authority.is_empty() || !is_host(authority) {
                    return None;
                }
                (Some(authority), &rest[end..])
            }
        };
        let (path, query) = match memchr::memchr(b'?', rest) {
            Some(at) => (&rest[..at], &rest[at + 1..]),
            None => (rest, &b""[..]),
        };
        Some(Target { authority, path: if path.is_empty() { b"/" } else { path }, query })
    }
}

/// What stands behind `http://` or `https://`.
fn scheme(target: &[u8]) -> Option<&[u8]> {
    [&b"http://"[..], b"https://"].into_iter().find_map(|scheme| {
        let (front, rest) = target.split_at_checked(scheme.len())?;
        front.eq_ignore_ascii_case(scheme).then_some(rest)
    })
}

/// Whether it is a host, with a port perhaps, as in a `Host` header (RFC 3986, 3.2.2); also empty.
pub fn is_host(bytes: &[u8]) -> bool {
    let (host, port) = match bytes {
        [b'[', rest @ ..] => {
            let Some(end) = memchr::memchr(b']', rest) else { return false };
            let address = rest[..end].iter().all(|byte| is_name_byte(*byte) || *byte == b':');
            if end == 0 || !address {
                return false;
            }
            (&b""[..], &rest[end + 1..])
        }
        _ => bytes.split_at(memchr::memchr(b':', bytes).unwrap_or(bytes.len())),
    };
    let port = match port {
        [] => true,
        [b':', digits @ ..] => digits.len() <= 5 && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    port && host.iter().all(|byte| is_name_byte(*byte))
}

/// Unreserved, a percent sign, or a delimiter that a name may have.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(target: &str) -> Option<(Option<&str>, &str, &str)> {
        let text = |bytes| std::str::from_utf8(bytes).unwrap();
        Target::parse(target.as_bytes()).map(|t| (t.authority.map(text), text(t.path), text(t.query)))
    }

    #[test]
    fn the_forms_of_targets() {
        assert_eq!(parsed("/a/b?c=d?e"), Some((None, "/a/b", "c=d?e")));
        assert_eq!(parsed("//a"), Some((None, "//a", "")));
        assert_eq!(parsed("*"), Some((None, "*", "")));
        assert_eq!(parsed("http://h:80/a?b"), Some((Some("h:80"), "/a", "b")));
        assert_eq!(parsed("HTTPS://[::1]?b"), Some((Some("[::1]"), "/", "b")));
        assert_eq!(parsed("http://h"), Some((Some("h"), "/", "")));
        for bad in ["", "a", "a/b", "h:80", "http:///a", "http://me@h/", "ftp://h/", "/a#b", "/a b", "/\t", "?a", "**"]
        {
            assert_eq!(parsed(bad), None, "{bad}");
        }
    }

    #[test]
    fn hosts() {
        for good in ["", "a", "a.b-c_d:80", "1.2.3.4", "[::1]", "[fe80::1%25eth0]:8080", "a:", "xn--a"] {
            assert!(is_host(good.as_bytes()), "{good}");
        }
        for bad in [
            "a b", "a/b", "a@b", "a:b", "a:1:2", "[::1", "[]", "[::1]a", "a:123456", "a\u{e4}", "a?", "a#", "::1",
            "a\\b",
        ] {
            assert!(!is_host(bad.as_bytes()), "{bad}");
        }
    }
}
