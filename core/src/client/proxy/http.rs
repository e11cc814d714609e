//! CONNECT over HTTP, RFC 9110 section 9.3.6, with the login of RFC 7617.

use super::{Login, Step, Target, place};
use crate::error::ErrorKind;
use base64::prelude::{BASE64_STANDARD, Engine};

/// Longest head of an answer, in bytes.
pub(super) const LONGEST_HEAD: usize = 16 << 10;
/// Most header fields in it.
const MOST_FIELDS: usize = 128;

#[derive(Debug)]
pub(super) struct Dialog {
    has_login: bool,
    /// what has come of the answer; never more than [`LONGEST_HEAD`] and what was fed with its last byte
    came: Vec<u8>,
}

impl Dialog {
    /// With the request to send. Errors: what cannot be said in HTTP.
    pub(super) fn start(target: &Target, login: Login) -> Result<(Dialog, Vec<u8>), &'static str> {
        let place = place(&target.host, target.port);
        let mut request = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n");
        let has_login = login.is_some();
        if let Some((user, password)) = login {
            if user.contains(':') {
                return Err("a colon cannot be a part of http_proxy_user");
            }
            let login = BASE64_STANDARD.encode(format!("{user}:{password}"));
            request.push_str(&format!("Proxy-Authorization: Basic {login}\r\n"));
        }
        request.push_str("\r\n");
        Ok((Dialog { has_login, came: Vec::new() }, request.into_bytes()))
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Step, (ErrorKind, String)> {
        let bad = |why: String| Err((ErrorKind::HttpProxyBadResponse, why));
        self.came.extend_from_slice(bytes);
        loop {
            let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
            let mut answer = httparse::Response::new(&mut fields);
            let front = &self.came[..self.came.len().min(LONGEST_HEAD)];
            let head = match answer.parse(front) {
                Ok(httparse::Status::Complete(head)) => head,
                Ok(httparse::Status::Partial) if self.came.len() < LONGEST_HEAD => return Ok(Step::More),
                Ok(httparse::Status::Partial) => {
                    return bad(format!("the head of the proxy's answer is longer than {LONGEST_HEAD} bytes"));
                }
                Err(e) => return bad(format!("what the proxy answered is no HTTP ({e})")),
            };
            let code = answer.code.unwrap_or(0);
            let said = format!("the proxy answered {code} {}", answer.reason.unwrap_or(""));
            let refused = |hint: &str| Err((ErrorKind::HttpProxyHandshakeFailed, format!("{}{hint}", said.trim_end())));
            return match code {
                // An answer in between; the true one follows. 101 was not asked for.
                100 | 102..=199 => {
                    self.came.drain(..head);
                    continue;
                }
                // Whatever its fields say, no content follows: from here on it is the peer that speaks.
                200..=299 => Ok(Step::Done { leftover: self.came.split_off(head) }),
                407 if self.has_login => refused(": it does not take http_proxy_user and http_proxy_password"),
                407 => refused(": set http_proxy_user and http_proxy_password"),
                _ => refused(""),
            };
        }
    }
}
