//! `Swoole\WebSocket\Frame` and `CloseFrame`: what goes over a WebSocket.

use super::server::{send_close, send_ping};
use crate::classes::value_or_warn;
use crate::zend::{
    self, ArgInfo, Args, Call, ClassSlot, Default, LONG, Method, NONE, Object, Parent, PropType, STRING, Thrown, arg,
    arg_class, boolean, bytes, end, int, method, no, opt, register_static, returns, static_method,
};
use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendStr, Zval};
use std::borrow::Cow;
use std::ffi::CStr;
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::protocol::websocket::{self, Opcode, close, flag};
use swoole_core::server::{Frame, Server, SessionId};

/// The class's name in signatures.
pub const NAME: &CStr = c"Swoole\\WebSocket\\Frame";

static CLASS: ClassSlot = ClassSlot::new();
static CLOSE: ClassSlot = ClassSlot::new();

/// Most bytes that `unpack()` makes of a compressed frame.
const MOST: usize = 128 << 20;

/// Numbers of the declared properties.
mod slot {
    pub const FD: usize = 0;
    pub const DATA: usize = 1;
    pub const OPCODE: usize = 2;
    pub const FLAGS: usize = 3;
    pub const FINISH: usize = 4;
    pub const CODE: usize = 5;
    pub const REASON: usize = 6;
}

/// `pack()`, as both classes and the server have it.
pub const PACK: &[ArgInfo] = &[
    returns(1, STRING),
    arg_class(c"data", NAME, STRING),
    opt(c"opcode", LONG, c"SWOOLE_WEBSOCKET_OPCODE_TEXT"),
    opt(c"flags", LONG, c"SWOOLE_WEBSOCKET_FLAG_FIN"),
];
/// `unpack()`: a frame, or false.
pub const UNPACK: &[ArgInfo] = &[returns(1, NONE), arg(c"data", STRING)];

const METHODS: &[Method] = &[
    method(c"__toString", to_string, &[returns(0, STRING)]),
    static_method(c"pack", pack, PACK),
    static_method(c"unpack", unpack, UNPACK),
    end(),
];

pub fn register() {
    register_static(&CLASS, NAME_TEXT, Some("swoole_websocket_frame"), Parent::None, METHODS).properties(&[
        ("fd", PropType::INT, Default::Int(0)),
        ("data", PropType::STRING, Default::EmptyString),
        ("opcode", PropType::INT, Default::Int(Opcode::Text as i64)),
        ("flags", PropType::INT, Default::Int(flag::FIN as i64)),
        ("finish", PropType::MIXED, Default::Null),
    ]);
    const NO_METHODS: &[Method] = &[end()];
    let (name, classic) = ("Swoole\\WebSocket\\CloseFrame", "swoole_websocket_closeframe");
    register_static(&CLOSE, name, Some(classic), Parent::Of(&CLASS), NO_METHODS).properties(&[
        ("opcode", PropType::INT, Default::Int(Opcode::Close as i64)),
        ("code", PropType::INT, Default::Int(close::NORMAL as i64)),
        ("reason", PropType::STRING, Default::EmptyString),
    ]);
}

const NAME_TEXT: &str = "Swoole\\WebSocket\\Frame";

/// The object for what has come over a connection.
pub fn make(frame: &Frame<'_>) -> Zval {
    made(frame.session, frame.opcode, frame.flags, frame.data, frame.close)
}

fn made(session: SessionId, opcode: Opcode, flags: u8, data: &[u8], close: Option<(u16, &str)>) -> Zval {
    let class = if opcode == Opcode::Close { &CLOSE } else { &CLASS };
    class.make(|object| {
        object.set_property(slot::FD, int(session));
        object.set_property(slot::OPCODE, int(opcode as u8));
        object.set_property(slot::FLAGS, int(flags));
        object.set_property(slot::FINISH, boolean(flags & flag::FIN != 0));
        match close {
            Some((code, reason)) => {
                object.set_property(slot::CODE, int(code));
                object.set_property(slot::REASON, bytes(reason.as_bytes()));
            }
            None => object.set_property(slot::DATA, bytes(data)),
        }
    })
}

/// The object for what has come to a client with that descriptor.
pub fn received(descriptor: i32, opcode: Opcode, flags: u8, data: &[u8]) -> Zval {
    let close = (opcode == Opcode::Close).then(|| close::parse(data).ok()).flatten();
    made(descriptor.into(), opcode, flags, data, close)
}

/// What a script wants to send: a string with an opcode and flags, or a frame that has all of it.
pub struct Outgoing {
    opcode: i64,
    flags: i64,
    data: ZBox<ZendStr>,
    /// of a close frame; the data counts if it has some
    close: Option<(i64, ZBox<ZendStr>)>,
}

/// Reads `data, opcode, flags`. In the place of the flags the classic API has `bool $finish`, which is the same number.
pub fn read(mut args: Args<'_>) -> Result<Outgoing, Thrown> {
    let first = args.any();
    let (opcode, flags) = (args.long_or(Opcode::Text as i64)?, args.long_or(i64::from(flag::FIN))?);
    match Object::of(first).filter(|object| object.is_a(&CLASS)) {
        Some(frame) => of_frame(frame),
        None => Ok(Outgoing { opcode, flags, data: zend::to_string(first)?, close: None }),
    }
}

fn of_frame(frame: Object<'_>) -> Result<Outgoing, Thrown> {
    let number = |slot| frame.property(slot).coerce_to_long().unwrap_or(0);
    let text = |slot| zend::to_string(&frame.property(slot));
    let mut flags = number(slot::FLAGS);
    // The classic property has the last word where a script has set it.
    let finish = frame.property(slot::FINISH);
    if !finish.is_null() {
        let fin = i64::from(flag::FIN);
        flags = if finish.coerce_to_bool() { flags | fin } else { flags & !fin };
    }
    let close = if frame.is_a(&CLOSE) { Some((number(slot::CODE), text(slot::REASON)?)) } else { None };
    Ok(Outgoing { opcode: number(slot::OPCODE), flags, data: text(slot::DATA)?, close })
}

/// The opcode of that number.
pub fn opcode(number: i64) -> EngineResult<Opcode> {
    u8::try_from(number).ok().and_then(Opcode::from_number).ok_or_else(|| {
        Error::new(
            ErrorKind::WebsocketBadOpcode,
            format!("there is no opcode {number}; see the constants SWOOLE_WEBSOCKET_OPCODE_*"),
        )
    })
}

impl Outgoing {
    /// Sends it over a connection.
    pub fn push(&self, engine: &Server, session: SessionId) -> EngineResult<()> {
        let data = self.data.as_bytes();
        match (opcode(self.opcode)?, &self.close) {
            (Opcode::Close, Some((code, reason))) if data.is_empty() => {
                send_close(engine, session, *code, reason.as_bytes())
            }
            (Opcode::Close, _) => match data {
                [] => send_close(engine, session, close::NORMAL.into(), b""),
                [high, low, reason @ ..] => {
                    send_close(engine, session, u16::from_be_bytes([*high, *low]).into(), reason)
                }
                [_] => Err(Error::new(
                    ErrorKind::WebsocketPackFailed,
                    "the data of a close frame is empty, or a code in two bytes and a reason",
                )),
            },
            (Opcode::Ping, _) if self.flags & i64::from(flag::FIN) != 0 => send_ping(engine, session, data),
            (opcode, _) => engine.push(session, opcode, flags(self.flags)?, data),
        }
    }

    /// Opcode, flags and data, as they go over a connection.
    pub fn parts(&self) -> EngineResult<(Opcode, u8, Cow<'_, [u8]>)> {
        let (opcode, data) = (opcode(self.opcode)?, self.data.as_bytes());
        let data = match &self.close {
            Some((code, reason)) if opcode == Opcode::Close && data.is_empty() => {
                let reason = String::from_utf8_lossy(reason.as_bytes());
                Cow::Owned(close::data(close_code(*code)?, &reason))
            }
            _ => Cow::Borrowed(data),
        };
        Ok((opcode, flags(self.flags)?, data))
    }

    /// Its bytes.
    fn pack(&self) -> EngineResult<Vec<u8>> {
        let (opcode, flags, data) = self.parts()?;
        websocket::pack(opcode, flags, &data)
    }
}

/// The code of a close frame.
pub fn close_code(number: i64) -> EngineResult<u16> {
    u16::try_from(number).map_err(|_| {
        Error::new(
            ErrorKind::InvalidParams,
            format!("the close code {number} does not exist; give 1000, or 3000 to 4999"),
        )
    })
}

/// The flags of a frame.
fn flags(number: i64) -> EngineResult<u8> {
    const ALL: u8 = flag::FIN | flag::COMPRESS | flag::RSV1 | flag::RSV2 | flag::RSV3 | flag::MASK;
    u8::try_from(number).ok().filter(|flags| flags & !ALL == 0).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidParams,
            format!("{number} is no sum of flags of a frame; see the constants SWOOLE_WEBSOCKET_FLAG_*"),
        )
    })
}

/// The bytes of a frame, or an empty string with a warning.
pub fn pack(call: Call<'_>) -> Result<Zval, Thrown> {
    packed(&read(call.args(1, 3)?)?)
}

fn packed(outgoing: &Outgoing) -> Result<Zval, Thrown> {
    Ok(bytes(&value_or_warn(outgoing.pack())?.unwrap_or_default()))
}

fn to_string(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    packed(&of_frame(call.this())?)
}

/// The frame at the front of some bytes; false: it is not whole, or none.
pub fn unpack(call: Call<'_>) -> Result<Zval, Thrown> {
    let data = call.args(1, 1)?.bytes()?;
    Ok(match websocket::unpack(data, MOST).map_err(Error::remember) {
        Ok(frame) if frame.opcode == Opcode::Close => match close::parse(&frame.data) {
            Ok(told) => made(0, frame.opcode, frame.flags, &[], Some(told)),
            Err(refusal) => {
                Error::new(ErrorKind::WebsocketUnpackFailed, refusal.reason).remember();
                no()
            }
        },
        Ok(frame) => made(0, frame.opcode, frame.flags, &frame.data, None),
        Err(_) => no(),
    })
}
