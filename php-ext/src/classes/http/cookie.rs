//! `Swoole\Http\Cookie`, and cookies as `Response::cookie()` takes them.

use crate::bridge::settings::pairs;
use crate::classes::refuse;
use crate::zend::{
    self, ARRAY, ArgInfo, BOOL, Call, ClassSlot, FALSE, Handlers, LONG, Method, NONE, Object, Payload, STRING, Thrown,
    VOID, arg, boolean, bytes, end, fill, int, method, opt, returns, returns_class,
};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::cell::RefCell;
use std::ffi::CStr;
use swoole_core::error::ErrorKind;
use swoole_core::server::{Cookie, SameSite};

/// The class's name in signatures.
pub const NAME: &CStr = c"Swoole\\Http\\Cookie";

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// The Rust side.
#[derive(std::default::Default)]
pub struct CookieObject(RefCell<Cookie>);

impl Payload for CookieObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }
}

const fn with_text(name: &'static CStr) -> [ArgInfo; 2] {
    [returns_class(1, NAME, 0), arg(name, STRING)]
}

const METHODS: &[Method] = &[
    method(c"__construct", construct, &[returns(0, NONE), opt(c"encode", BOOL, c"true")]),
    method(c"withName", with_name, &with_text(c"name")),
    method(c"withValue", with_value, &[returns_class(0, NAME, 0), opt(c"value", STRING, c"''")]),
    method(c"withExpires", with_expires, &[returns_class(0, NAME, 0), opt(c"expires", LONG, c"0")]),
    method(c"withPath", with_path, &[returns_class(0, NAME, 0), opt(c"path", STRING, c"'/'")]),
    method(c"withDomain", with_domain, &[returns_class(0, NAME, 0), opt(c"domain", STRING, c"''")]),
    method(c"withSecure", with_secure, &[returns_class(0, NAME, 0), opt(c"secure", BOOL, c"false")]),
    method(c"withHttpOnly", with_http_only, &[returns_class(0, NAME, 0), opt(c"httpOnly", BOOL, c"false")]),
    method(c"withSameSite", with_same_site, &[returns_class(0, NAME, 0), opt(c"sameSite", STRING, c"''")]),
    method(c"withPriority", with_priority, &[returns_class(0, NAME, 0), opt(c"priority", STRING, c"''")]),
    method(c"withPartitioned", with_partitioned, &[returns_class(0, NAME, 0), opt(c"partitioned", BOOL, c"false")]),
    method(c"toArray", to_array, &[returns(0, ARRAY)]),
    method(c"toString", to_string, &[returns(0, STRING | FALSE)]),
    method(c"reset", reset, &[returns(0, VOID)]),
    end(),
];

pub fn register() {
    zend::register::<CookieObject>(&CLASS, "Swoole\\Http\\Cookie", Some("swoole_http_cookie"), METHODS);
}

fn change(call: Call<'_>, change: impl FnOnce(&mut Cookie)) -> Result<Zval, Thrown> {
    change(&mut call.payload::<CookieObject>()?.0.borrow_mut());
    Ok(call.this().value())
}

fn construct(call: Call<'_>) -> Result<(), Thrown> {
    let encode = call.args(0, 1)?.bool_or(true)?;
    change(call, |cookie| *cookie = Cookie { raw: !encode, path: b"/".to_vec(), ..Cookie::default() }).map(drop)
}

fn text(call: Call<'_>, min: u32, default: &[u8]) -> Result<Vec<u8>, Thrown> {
    Ok(call.args(min, 1)?.maybe_bytes()?.unwrap_or(default).to_vec())
}

fn with_name(call: Call<'_>) -> Result<Zval, Thrown> {
    let name = text(call, 1, b"")?;
    change(call, |cookie| cookie.name = name)
}

fn with_value(call: Call<'_>) -> Result<Zval, Thrown> {
    let value = text(call, 0, b"")?;
    change(call, |cookie| cookie.value = value)
}

fn with_expires(call: Call<'_>) -> Result<Zval, Thrown> {
    let expires = call.args(0, 1)?.long_or(0)?;
    change(call, |cookie| cookie.expires = expires)
}

fn with_path(call: Call<'_>) -> Result<Zval, Thrown> {
    let path = text(call, 0, b"/")?;
    change(call, |cookie| cookie.path = path)
}

fn with_domain(call: Call<'_>) -> Result<Zval, Thrown> {
    let domain = text(call, 0, b"")?;
    change(call, |cookie| cookie.domain = domain)
}

fn with_secure(call: Call<'_>) -> Result<Zval, Thrown> {
    let secure = call.args(0, 1)?.bool_or(false)?;
    change(call, |cookie| cookie.secure = secure)
}

fn with_http_only(call: Call<'_>) -> Result<Zval, Thrown> {
    let only = call.args(0, 1)?.bool_or(false)?;
    change(call, |cookie| cookie.http_only = only)
}

fn with_same_site(call: Call<'_>) -> Result<Zval, Thrown> {
    let given = text(call, 0, b"")?;
    match same_site(&given)? {
        Ok(same_site) => change(call, |cookie| cookie.same_site = same_site),
        Err(Refused) => Ok(call.this().value()),
    }
}

fn with_priority(call: Call<'_>) -> Result<Zval, Thrown> {
    let priority = text(call, 0, b"")?;
    change(call, |cookie| cookie.priority = priority)
}

fn with_partitioned(call: Call<'_>) -> Result<Zval, Thrown> {
    let partitioned = call.args(0, 1)?.bool_or(false)?;
    change(call, |cookie| cookie.partitioned = partitioned)
}

/// All attributes, by the names that the constructor's parameters of `Response::cookie()` have.
fn to_array(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let cookie = call.payload::<CookieObject>()?.0.borrow().clone();
    let mut table = ZendHashTable::with_capacity(11);
    fill(
        &mut table,
        [
            ("name", bytes(&cookie.name)),
            ("value", bytes(&cookie.value)),
            ("path", bytes(&cookie.path)),
            ("domain", bytes(&cookie.domain)),
            ("sameSite", bytes(cookie.same_site.map_or(b"", same_site_name))),
            ("priority", bytes(&cookie.priority)),
            ("encode", boolean(!cookie.raw)),
            ("expires", int(cookie.expires)),
            ("secure", boolean(cookie.secure)),
            ("httpOnly", boolean(cookie.http_only)),
            ("partitioned", boolean(cookie.partitioned)),
        ],
    );
    Ok(zend::array(table))
}

/// The value of `Set-Cookie`, or false with a warning.
fn to_string(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let cookie = call.payload::<CookieObject>()?.0.borrow().clone();
    Ok(crate::classes::value_or_warn(cookie.line())?.map_or_else(zend::no, |line| bytes(&line)))
}

/// As it was made.
fn reset(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    change(call, |cookie| *cookie = Cookie { raw: cookie.raw, path: b"/".to_vec(), ..Cookie::default() }).map(drop)
}

fn same_site_name(same_site: SameSite) -> &'static [u8] {
    match same_site {
        SameSite::Strict => b"Strict",
        SameSite::Lax => b"Lax",
        SameSite::None => b"None",
    }
}

/// It was warned of.
struct Refused;

fn same_site(given: &[u8]) -> Result<Result<Option<SameSite>, Refused>, Thrown> {
    if given.is_empty() {
        return Ok(Ok(None));
    }
    let all = [SameSite::Strict, SameSite::Lax, SameSite::None];
    match all.into_iter().find(|known| same_site_name(*known).eq_ignore_ascii_case(given)) {
        Some(known) => Ok(Ok(Some(known))),
        None => {
            let found = String::from_utf8_lossy(given).into_owned();
            let message = format!("there is no samesite {found:?}; it is \"Strict\", \"Lax\" or \"None\"");
            refuse(ErrorKind::InvalidParams, message).map(|_| Err(Refused))
        }
    }
}

/// The cookie that a call of `cookie()` or `rawcookie()` describes: by its arguments; by a `Swoole\Http\Cookie` in the place of the name; or by an array in the place of
/// `expires`, as `setcookie()` takes it. None: it was refused with a warning.
pub fn read(call: Call<'_>, raw: bool) -> Result<Option<Cookie>, Thrown> {
    let mut args = call.args(1, 10)?;
    let first = args.any();
    if let Some(object) = Object::of(first)
        && let Some(payload) = object.payload::<CookieObject>()
    {
        return Ok(Some(payload.0.borrow().clone()));
    }
    let name = match first.zend_str() {
        Some(name) => name.as_bytes().to_vec(),
        None => zend::to_string(first)?.as_bytes().to_vec(),
    };
    let mut cookie = Cookie { name, raw, ..Cookie::default() };
    if let Some(value) = args.nullable_string()? {
        cookie.value = value.as_bytes().to_vec();
    }
    let mut site = Vec::new();
    match args.next_array() {
        Some(options) => {
            cookie.path = b"/".to_vec();
            for (key, value) in pairs(options) {
                let name = crate::bridge::settings::name(&key).to_ascii_lowercase();
                let value = value.dereference();
                let text = |value| zend::to_string(value).map(|text| text.as_bytes().to_vec());
                match name.as_str() {
                    "expires" => cookie.expires = value.coerce_to_long().unwrap_or(0),
                    "path" => cookie.path = text(value)?,
                    "domain" => cookie.domain = text(value)?,
                    "secure" => cookie.secure = value.coerce_to_bool(),
                    "httponly" => cookie.http_only = value.coerce_to_bool(),
                    "samesite" => site = text(value)?,
                    "priority" => cookie.priority = text(value)?,
                    "partitioned" => cookie.partitioned = value.coerce_to_bool(),
                    _ => {
                        let message = format!("a cookie has no attribute {name:?}");
                        return refuse(ErrorKind::InvalidParams, message).map(|_| None);
                    }
                }
            }
        }
        None => {
            cookie.expires = args.long_or(0)?;
            cookie.path = args.maybe_bytes()?.unwrap_or(b"/").to_vec();
            cookie.domain = args.maybe_bytes()?.unwrap_or_default().to_vec();
            cookie.secure = args.bool_or(false)?;
            cookie.http_only = args.bool_or(false)?;
            site = args.maybe_bytes()?.unwrap_or_default().to_vec();
            cookie.priority = args.maybe_bytes()?.unwrap_or_default().to_vec();
            cookie.partitioned = args.bool_or(false)?;
        }
    }
    match same_site(&site)? {
        Ok(same_site) => cookie.same_site = same_site,
        Err(Refused) => return Ok(None),
    }
    Ok(Some(cookie))
}
