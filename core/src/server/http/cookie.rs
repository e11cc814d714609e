//! Cookies that an answer sets (RFC 6265).

use super::head::invalid;
use crate::error::Result;
use crate::protocol::http1::date;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// When a cookie goes along with a request that another site has caused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SameSite {
    Strict,
    Lax,
    None,
}

/// A cookie to be set. What is empty or None is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cookie {
    /// its name: a token
    pub name: Vec<u8>,
    /// its value; empty deletes the cookie
    pub value: Vec<u8>,
    /// seconds since 1970; 0: until the browser ends
    pub expires: i64,
    /// the path that it is for
    pub path: Vec<u8>,
    /// the domain that it is for
    pub domain: Vec<u8>,
    /// over TLS only
    pub secure: bool,
    /// not for the page's scripts
    pub http_only: bool,
    /// see there
    pub same_site: Option<SameSite>,
    /// Low, Medium or High
    pub priority: Vec<u8>,
    /// kept apart for each site that the page is in (CHIPS)
    pub partitioned: bool,
    /// the value goes out as it is; else it is urlencoded
    pub raw: bool,
}

impl Cookie {
    /// The value of its `Set-Cookie` header. Errors: `InvalidParams` (its name, path or domain cannot be in one; a raw value neither).
    pub fn line(&self) -> Result<Vec<u8>> {
        check("name", &self.name, b"=")?;
        if self.name.is_empty() {
            return Err(invalid("a cookie needs a name".into()));
        }
        check("path", &self.path, b"")?;
        check("domain", &self.domain, b"")?;
        let mut line =
            Vec::with_capacity(self.name.len() + self.value.len() + self.path.len() + self.domain.len() + 80);
        line.extend_from_slice(&self.name);
        line.push(b'=');
        if self.value.is_empty() {
            line.extend_from_slice(b"deleted; expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0");
        } else if self.raw {
            check("value", &self.value, b"")?;
            line.extend_from_slice(&self.value);
        } else {
            percent_encode(&self.value, ENCODED).for_each(|piece| line.extend_from_slice(piece.as_bytes()));
        }
        if self.expires > 0 && !self.value.is_empty() {
            line.extend_from_slice(b"; expires=");
            line.extend_from_slice(&date::format(self.expires as u64));
        }
        for (name, value) in [(&b"; path="[..], &self.path), (b"; domain=", &self.domain)] {
            if !value.is_empty() {
                line.extend_from_slice(name);
                line.extend_from_slice(value);
            }
        }
        if self.secure {
            line.extend_from_slice(b"; secure");
        }
        if self.http_only {
            line.extend_from_slice(b"; HttpOnly");
        }
        match self.same_site {
            Some(SameSite::Strict) => line.extend_from_slice(b"; SameSite=Strict"),
            Some(SameSite::Lax) => line.extend_from_slice(b"; SameSite=Lax"),
            Some(SameSite::None) => line.extend_from_slice(b"; SameSite=None"),
            None => {}
        }
        match &self.priority[..] {
            [] => {}
            known if [&b"Low"[..], b"Medium", b"High"].iter().any(|name| known.eq_ignore_ascii_case(name)) => {
                line.extend_from_slice(b"; Priority=");
                line.extend_from_slice(known);
            }
            other => {
                return Err(invalid(format!(
                    "a cookie's priority is Low, Medium or High, not {:?}",
                    String::from_utf8_lossy(other)
                )));
            }
        }
        if self.partitioned {
            line.extend_from_slice(b"; Partitioned");
        }
        Ok(line)
    }
}

/// What is encoded in a value: all but letters, digits and `-_.~`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Whether `text` can stand in a cookie: no separators, no white space, no control characters, none of `besides`.
fn check(what: &str, text: &[u8], besides: &[u8]) -> Result<()> {
    let bad = |byte: &u8| matches!(byte, b',' | b';' | b' ') || byte.is_ascii_control() || besides.contains(byte);
    if !text.iter().any(bad) {
        return Ok(());
    }
    Err(invalid(format!(
        "a cookie's {what} cannot hold commas, semicolons, white space{} or control characters: {:?}; it is not set",
        if besides.is_empty() { "" } else { ", equals signs" },
        String::from_utf8_lossy(text)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(change: impl Fn(&mut Cookie)) -> std::result::Result<String, ()> {
        let mut cookie = Cookie { name: b"a".to_vec(), value: b"b c;".to_vec(), ..Cookie::default() };
        change(&mut cookie);
        cookie.line().map(|line| String::from_utf8(line).unwrap()).map_err(|_| ())
    }

    #[test]
    fn a_cookie_has_its_attributes() {
        assert_eq!(line(|_| ()).unwrap(), "a=b%20c%3B");
        let all = line(|c| {
            (c.expires, c.path, c.domain) = (784_111_777, b"/x".to_vec(), b"example.org".to_vec());
            (c.secure, c.http_only, c.partitioned) = (true, true, true);
            (c.same_site, c.priority) = (Some(SameSite::Lax), b"High".to_vec());
        });
        assert_eq!(
            all.unwrap(),
            "a=b%20c%3B; expires=Sun, 06 Nov 1994 08:49:37 GMT; path=/x; domain=example.org; secure; HttpOnly; SameSite=Lax; Priority=High; Partitioned"
        );
        assert!(line(|c| c.value.clear()).unwrap().starts_with("a=deleted; expires=Thu, 01 Jan 1970 00:00:01 GMT"));
        assert_eq!(line(|c| (c.raw, c.value) = (true, b"x+y".to_vec())).unwrap(), "a=x+y");
    }

    #[test]
    fn nothing_in_a_cookie_ends_it_early() {
        for text in [&b"a;b"[..], b"a\r\nb", b"a\0", b"a b", b"a,b"] {
            assert!(line(|c| c.name = text.to_vec()).is_err());
            assert!(line(|c| c.path = text.to_vec()).is_err());
            assert!(line(|c| c.domain = text.to_vec()).is_err());
            assert!(line(|c| (c.raw, c.value) = (true, text.to_vec())).is_err());
            assert!(line(|c| c.priority = text.to_vec()).is_err());
        }
        assert!(line(|c| c.name = b"a=b".to_vec()).is_err());
        assert!(line(|c| c.name.clear()).is_err());
    }
}
