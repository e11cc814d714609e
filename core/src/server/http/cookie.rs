//! Cookies that an answer sets (RFC 6265).

use crate::error::Result;

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
        todo!()
    }
}
