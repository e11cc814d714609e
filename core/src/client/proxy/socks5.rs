//! SOCKS5, RFC 1928, with user name and password as in RFC 1929.

use super::{Login, Step, Target};
use crate::error::ErrorKind;
use std::net::IpAddr;

const VERSION: u8 = 5;
/// Version of the login's own dialog, RFC 1929.
const LOGIN_VERSION: u8 = 1;
const NO_LOGIN: u8 = 0;
const PASSWORD: u8 = 2;
const NO_METHOD: u8 = 0xff;
const CONNECT: u8 = 1;
const V4: u8 = 1;
const NAME: u8 = 3;
const V6: u8 = 4;

/// Which answer is waited for.
#[derive(Debug, Clone, Copy)]
enum Awaits {
    Method,
    Login,
    Reply,
}

#[derive(Debug)]
pub(super) struct Dialog {
    awaits: Awaits,
    login: Option<Vec<u8>>,
    request: Vec<u8>,
    /// what has come of the answer; never more than its 262 bytes and what was fed with its last one
    came: Vec<u8>,
}

type Failure = (ErrorKind, String);

impl Dialog {
    /// With the first bytes to send. Errors: what cannot be said in SOCKS5.
    pub(super) fn start(target: &Target, login: Login) -> Result<(Dialog, Vec<u8>), &'static str> {
        let mut request = vec![VERSION, CONNECT, 0];
        match target.host.parse() {
            Ok(IpAddr::V4(ip)) => {
                request.push(V4);
                request.extend(ip.octets());
            }
            Ok(IpAddr::V6(ip)) => {
                request.push(V6);
                request.extend(ip.octets());
            }
            Err(_) => {
                request.push(NAME);
                counted(&mut request, &target.host).ok_or("SOCKS5 takes host names of at most 255 bytes")?;
            }
        }
        request.extend(target.port.to_be_bytes());
        let login = match login {
            None => None,
            Some((user, password)) => {
                let mut bytes = vec![LOGIN_VERSION];
                let fits = counted(&mut bytes, &user).and_then(|()| counted(&mut bytes, &password));
                fits.ok_or("SOCKS5 takes a socks5_username and a socks5_password of at most 255 bytes each")?;
                Some(bytes)
            }
        };
        let greeting = if login.is_some() { vec![VERSION, 2, NO_LOGIN, PASSWORD] } else { vec![VERSION, 1, NO_LOGIN] };
        Ok((Dialog { awaits: Awaits::Method, login, request, came: Vec::new() }, greeting))
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Step, Failure> {
        self.came.extend_from_slice(bytes);
        match self.awaits {
            Awaits::Method => self.method(),
            Awaits::Login => self.logged_in(),
            Awaits::Reply => self.reply(),
        }
    }

    fn method(&mut self) -> Result<Step, Failure> {
        self.expect_version(VERSION)?;
        let Some(&method) = self.came.get(1) else { return Ok(Step::More) };
        match (method, self.login.take()) {
            (NO_LOGIN, _) => self.go_on(Awaits::Reply),
            (PASSWORD, Some(login)) => {
                self.go_on(Awaits::Login)?;
                Ok(Step::Send(login))
            }
            (NO_METHOD, None) => Err(unsupported("the proxy wants a login: set socks5_username and socks5_password")),
            (NO_METHOD, Some(_)) => Err(unsupported("the proxy takes neither user name and password nor no login")),
            (other, _) => Err(unsupported(&format!("the proxy chose login method {other}, which was not offered"))),
        }
    }

    fn logged_in(&mut self) -> Result<Step, Failure> {
        self.expect_version(LOGIN_VERSION)?;
        match self.came.get(1) {
            None => Ok(Step::More),
            Some(0) => self.go_on(Awaits::Reply),
            Some(status) => Err((
                ErrorKind::Socks5AuthFailed,
                format!("the proxy refused socks5_username or socks5_password (status {status})"),
            )),
        }
    }

    fn reply(&mut self) -> Result<Step, Failure> {
        self.expect_version(VERSION)?;
        // Some proxies say no with fewer bytes than the answer should have.
        match self.came.get(1) {
            None => return Ok(Step::More),
            Some(0) => {}
            Some(&code) => {
                return Err((ErrorKind::Socks5ServerError, format!("the proxy answered {code}: {}", meaning(code))));
            }
        }
        // The address from which the proxy connects follows; nobody wants to know it.
        let Some(&kind) = self.came.get(3) else { return Ok(Step::More) };
        let address = match kind {
            V4 => 4,
            V6 => 16,
            NAME => match self.came.get(4) {
                Some(&length) => 1 + usize::from(length),
                None => return Ok(Step::More),
            },
            other => {
                return Err((
                    ErrorKind::Socks5ServerError,
                    format!("the proxy's answer has an address of kind {other}, which SOCKS5 does not know"),
                ));
            }
        };
        let end = 4 + address + 2;
        if self.came.len() < end {
            return Ok(Step::More);
        }
        let leftover = self.came.split_off(end);
        Ok(Step::Done { leftover })
    }

    fn expect_version(&self, version: u8) -> Result<(), Failure> {
        match self.came.first() {
            Some(&found) if found != version => Err((
                ErrorKind::Socks5UnsupportedVersion,
                format!(
                    "the proxy's answer begins with byte {found}, not with version {version}: this is no SOCKS5 proxy"
                ),
            )),
            _ => Ok(()),
        }
    }

    /// The answer of two bytes is there: asks for the connection. Nothing may follow it, as the next answer has not been asked for.
    fn go_on(&mut self, awaits: Awaits) -> Result<Step, Failure> {
        if self.came.len() > 2 {
            let more = self.came.len() - 2;
            return Err((
                ErrorKind::Socks5ServerError,
                format!("the proxy sent {more} bytes that it was not asked for: this is no SOCKS5 proxy"),
            ));
        }
        self.came.clear();
        self.awaits = awaits;
        Ok(Step::Send(self.request.clone()))
    }
}

fn unsupported(why: &str) -> Failure {
    (ErrorKind::Socks5UnsupportedMethod, why.to_owned())
}

/// Appends a text with its length in one byte in front; None if it is too long for that.
fn counted(bytes: &mut Vec<u8>, text: &str) -> Option<()> {
    bytes.push(u8::try_from(text.len()).ok()?);
    bytes.extend(text.as_bytes());
    Some(())
}

fn meaning(code: u8) -> &'static str {
    match code {
        1 => "general failure",
        2 => "its rules do not allow this connection",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "time to live expired",
        7 => "it does not know the command",
        8 => "it does not know this kind of address",
        _ => "a reason that SOCKS5 does not know",
    }
}
