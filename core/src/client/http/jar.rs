//! The cookies of one client (RFC 6265): those that the program has set, and those of answers.

use super::request::Pairs;
use crate::error::{Error, ErrorKind, Result};
use std::time::{Duration, SystemTime};

/// Most cookies that a server can leave here; the oldest goes.
const MOST: usize = 256;
/// Longest line of a cookie that is taken.
const LONGEST: usize = 8 << 10;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cookie {
    name: Vec<u8>,
    value: Vec<u8>,
    /// to which targets it is sent
    path: Vec<u8>,
    /// over TLS only
    secure: bool,
    expires: Option<SystemTime>,
}

/// Where a cookie comes from, or goes to.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// its name
    pub host: &'a str,
    /// path and query
    pub target: &'a [u8],
    /// it is asked over TLS
    pub secure: bool,
}

impl<'a> Site<'a> {
    fn path(&self) -> &'a [u8] {
        self.target.split(|byte| *byte == b'?').next().unwrap_or_default()
    }
}

/// Cookies, the one that came last behind the others.
#[derive(Debug, Default)]
pub struct Jar(Vec<Cookie>);

impl Jar {
    /// Holds these from now on, for all targets.
    pub fn set(&mut self, cookies: Pairs) -> Result<()> {
        let may_be = |bytes: &[u8]| !bytes.iter().any(|byte| byte.is_ascii_control() || *byte == b';');
        let bad = cookies
            .iter()
            .find(|(name, value)| name.is_empty() || name.contains(&b'=') || !may_be(name) || !may_be(value));
        if let Some((name, _)) = bad {
            let name = String::from_utf8_lossy(name);
            return Err(Error::new(
                ErrorKind::InvalidParams,
                format!(
                    "{name:?} cannot be a cookie: in a name or value there can be no semicolon and no control character; encode the value"
                ),
            ));
        }
        let cookies = cookies.into_iter();
        self.0 = cookies
            .map(|(name, value)| Cookie { name, value, path: b"/".to_vec(), secure: false, expires: None })
            .collect();
        Ok(())
    }

    /// Takes the value of a `Set-Cookie` header, if it is for that site.
    pub fn take(&mut self, line: &[u8], site: Site<'_>, now: SystemTime) {
        if let Some(cookie) = parse(line, site, now) {
            self.0.retain(|old| old.name != cookie.name || old.path != cookie.path);
            if cookie.expires.is_none_or(|at| at > now) {
                if self.0.len() >= MOST {
                    self.0.remove(0);
                }
                self.0.push(cookie);
            }
        }
    }

    /// Names and values of all that have not expired; of several with one name the last.
    pub fn pairs(&self, now: SystemTime) -> Pairs {
        let mut pairs = Pairs::new();
        for cookie in self.0.iter().filter(|cookie| cookie.expires.is_none_or(|at| at > now)) {
            match pairs.iter_mut().find(|(name, _)| *name == cookie.name) {
                Some((_, value)) => value.clone_from(&cookie.value),
                None => pairs.push((cookie.name.clone(), cookie.value.clone())),
            }
        }
        pairs
    }

    /// The value of the `Cookie` header for that site: longer paths first. None: there is nothing to send.
    pub fn header(&self, site: Site<'_>, now: SystemTime) -> Option<Vec<u8>> {
        let mut sent: Vec<&Cookie> = self.0.iter().filter(|cookie| cookie.is_for(site, now)).collect();
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let lines: Vec<Vec<u8>> = sent.iter().map(|cookie| [&cookie.name[..], b"=", &cookie.value].concat()).collect();
        (!lines.is_empty()).then(|| lines.join(&b"; "[..]))
    }
}

impl Cookie {
    fn is_for(&self, site: Site<'_>, now: SystemTime) -> bool {
        let behind = site.path().strip_prefix(&self.path[..]);
        let on_path = behind.is_some_and(|rest| rest.is_empty() || rest[0] == b'/' || self.path.ends_with(b"/"));
        on_path && (site.secure || !self.secure) && self.expires.is_none_or(|at| at > now)
    }
}

/// RFC 6265, 5.2 and 5.3. None: it is no cookie, or not of that host.
fn parse(line: &[u8], site: Site<'_>, now: SystemTime) -> Option<Cookie> {
    if line.len() > LONGEST || line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return None;
    }
    let mut parts = line.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let (name, value) = halves(parts.next()?);
    let value = value?;
    if name.is_empty() {
        return None;
    }
    let mut cookie = Cookie {
        name: name.to_vec(),
        value: value.to_vec(),
        path: default_path(site.path()),
        secure: false,
        expires: None,
    };
    let mut age = None;
    for part in parts {
        let (key, value) = halves(part);
        let value = value.unwrap_or_default();
        match key.to_ascii_lowercase().as_slice() {
            b"path" if value.starts_with(b"/") => cookie.path = value.to_vec(),
            b"path" => cookie.path = default_path(site.path()),
            b"secure" => cookie.secure = true,
            b"expires" => cookie.expires = date(value).or(cookie.expires),
            b"max-age" => age = std::str::from_utf8(value).ok().and_then(|text| text.parse::<i64>().ok()).or(age),
            b"domain" if !value.is_empty() && !is_in_domain(site.host, value) => return None,
            _ => {}
        }
    }
    if let Some(seconds) = age {
        let seconds = u64::try_from(seconds).unwrap_or(0);
        // What is too far away never comes.
        cookie.expires = now.checked_add(Duration::from_secs(seconds.min(1 << 40)));
    }
    Some(cookie)
}

/// What is before and behind the equals sign, without the space around it.
fn halves(part: &[u8]) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(b'=', part) {
        Some(at) => (part[..at].trim_ascii(), Some(part[at + 1..].trim_ascii())),
        None => (part, None),
    }
}

/// The directory of the path that was asked for (RFC 6265, 5.1.4).
fn default_path(path: &[u8]) -> Vec<u8> {
    match memchr::memrchr(b'/', path) {
        Some(at @ 1..) => path[..at].to_vec(),
        _ => b"/".to_vec(),
    }
}

/// RFC 6265, 5.1.3.
fn is_in_domain(host: &str, domain: &[u8]) -> bool {
    let domain = domain.strip_prefix(b".").unwrap_or(domain);
    let (host, domain) = (host.as_bytes().to_ascii_lowercase(), domain.to_ascii_lowercase());
    match host.strip_suffix(&domain[..]) {
        Some(b"") => true,
        Some(front) => {
            front.ends_with(b".") && domain.contains(&b'.') && !host.iter().all(|b| b.is_ascii_digit() || *b == b'.')
        }
        None => false,
    }
}

/// A date as HTTP writes it, or with dashes, as many servers do.
fn date(text: &[u8]) -> Option<SystemTime> {
    let text = std::str::from_utf8(text).ok()?;
    httpdate::parse_http_date(text).or_else(|_| httpdate::parse_http_date(&text.replace('-', " "))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn site(target: &str) -> Site<'_> {
        Site { host: "www.example.com", target: target.as_bytes(), secure: false }
    }

    /// What is sent to a target after these lines came from `/a/b?c`.
    fn sent(lines: &[&str], to: &str) -> String {
        let now = NOW + Duration::from_secs(1_000_000_000);
        let mut jar = Jar::default();
        lines.iter().for_each(|line| jar.take(line.as_bytes(), site("/a/b?c"), now));
        String::from_utf8(jar.header(site(to), now).unwrap_or_default()).unwrap()
    }

    #[test]
    fn cookies_go_back_to_their_path() {
        assert_eq!(sent(&["x=1", "y=2; path=/"], "/a/d"), "x=1; y=2");
        assert_eq!(sent(&["x=1", "y=2; Path=/"], "/ab"), "y=2");
        assert_eq!(sent(&["x = 1 2 ; HttpOnly; SameSite=Lax"], "/a"), "x=1 2");
        assert_eq!(sent(&["x=1; path=/"], "/?a=/b"), "x=1");
    }

    #[test]
    fn a_cookie_replaces_the_one_before_and_expires() {
        assert_eq!(sent(&["x=1", "x=2"], "/a/"), "x=2");
        assert_eq!(sent(&["x=1", "x=; Max-Age=0"], "/a/"), "");
        assert_eq!(sent(&["x=1", "x=; expires=Thu, 01-Jan-1970 00:00:01 GMT"], "/a/"), "");
        assert_eq!(sent(&["x=1; expires=Thu, 01 Jan 1970 00:00:01 GMT; max-age=9"], "/a/"), "x=1", "max-age rules");
        assert_eq!(sent(&["x=1; expires=yesterday"], "/a/"), "x=1");
    }

    #[test]
    fn cookies_of_others_are_not_taken() {
        assert_eq!(sent(&["x=1; domain=example.com"], "/a/"), "x=1");
        assert_eq!(sent(&["x=1; Domain=.Example.com"], "/a/"), "x=1");
        for line in ["x=1; domain=example.org", "x=1; domain=com", "x=1; domain=ample.com", "x", "=1", "x=\u{1}", ""] {
            assert_eq!(sent(&[line], "/a/"), "", "{line}");
        }
    }

    #[test]
    fn secure_ones_go_over_tls_only() {
        let mut jar = Jar::default();
        jar.take(b"x=1; Secure", Site { secure: true, ..site("/") }, NOW);
        assert_eq!(jar.header(site("/"), NOW), None);
        assert_eq!(jar.header(Site { secure: true, ..site("/") }, NOW), Some(b"x=1".to_vec()));
    }

    #[test]
    fn those_of_the_program_are_checked() {
        let mut jar = Jar::default();
        jar.set(vec![(b"a".to_vec(), b"b c".to_vec())]).unwrap();
        for (name, value) in [("", "x"), ("a", "b;c"), ("a", "b\r\nc"), ("a=", ""), ("a\0", "")] {
            assert!(jar.set(vec![(name.into(), value.into())]).is_err());
        }
        assert_eq!(jar.pairs(NOW), [(b"a".to_vec(), b"b c".to_vec())], "a refusal changes nothing");
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_server_sets_cannot_become_another_header(
            lines in proptest::collection::vec(proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40), 0..8),
            parts in proptest::collection::vec("[ab=;, ]{1,8}|path=/|max-age=-?[0-9]{0,20}|expires=.{0,30}|domain=[.a-z]{0,12}", 0..8),
        ) {
            let mut jar = Jar::default();
            lines.iter().for_each(|line| jar.take(line, site("/"), NOW));
            jar.take(parts.join(";").as_bytes(), site("/"), NOW);
            let header = jar.header(site("/"), NOW).unwrap_or_default();
            assert!(!header.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t'), "{header:?}");
        }
    }
}
