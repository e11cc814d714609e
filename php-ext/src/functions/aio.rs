//! Files, names and commands, without waiting for them: `swoole_async_*`, which are the static methods of `Swoole\Async` as well.
//!
//! Runs in: plain scripts, and every process of a server.

use crate::bridge::looping::{self, ask_kept, run_once};
use crate::classes::{refuse, warn_of};
use crate::zend::{
    self, Arg, ArgInfo, BOOL, CALLABLE, Call, Kept, LONG, Method, NULL, STRING, Thrown, VOID, arg, array, fill,
    function, int, no, opt, returns,
};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use swoole_core::aio::{self, Ended, Family};
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::event::Flow;

/// All of them. Not terminated: see [`joined`](crate::zend::joined).
pub const TABLE: &[Method] = &[
    function(c"swoole_async_readfile", read_file, READ_FILE),
    function(c"swoole_async_writefile", write_file, WRITE_FILE),
    function(c"swoole_async_read", read, READ),
    function(c"swoole_async_write", write, WRITE),
    function(
        c"swoole_async_dns_lookup",
        dns_lookup,
        &[returns(2, BOOL), arg(c"domain_name", STRING), arg(c"content", CALLABLE)],
    ),
    function(c"swoole_clear_dns_cache", clear_dns_cache, &[returns(0, VOID)]),
];

pub const READ_FILE: &[ArgInfo] = &[returns(2, BOOL), arg(c"filename", STRING), arg(c"callback", CALLABLE)];
pub const WRITE_FILE: &[ArgInfo] = &[
    returns(2, BOOL),
    arg(c"filename", STRING),
    arg(c"content", STRING),
    opt(c"callback", CALLABLE | NULL, c"null"),
    opt(c"flags", LONG, c"0"),
];
pub const READ: &[ArgInfo] = &[
    returns(2, BOOL),
    arg(c"filename", STRING),
    arg(c"callback", CALLABLE),
    opt(c"chunk_size", LONG, c"65536"),
    opt(c"offset", LONG, c"0"),
];
pub const WRITE: &[ArgInfo] = &[
    returns(2, BOOL),
    arg(c"filename", STRING),
    arg(c"content", STRING),
    opt(c"offset", LONG, c"-1"),
    opt(c"callback", CALLABLE | NULL, c"null"),
];
pub const DNS_LOOKUP: &[ArgInfo] = &[returns(2, BOOL), arg(c"hostname", STRING), arg(c"callback", CALLABLE)];
pub const EXEC: &[ArgInfo] = &[returns(2, BOOL), arg(c"command", STRING), arg(c"callback", CALLABLE)];

/// PHP's FILE_APPEND.
const APPEND: i64 = 8;

/// Most bytes of a command's output that are collected.
const MOST_OUTPUT: usize = 64 << 20;

/// True, or false with a warning: it could not even be begun.
fn begun(result: EngineResult<()>) -> Result<bool, Thrown> {
    match result {
        Ok(()) => Ok(true),
        Err(error) => warn_of(&error.remember()).map(|()| false),
    }
}

/// Errors: a name that no file can have.
fn path(name: &[u8]) -> EngineResult<&Path> {
    if name.is_empty() || name.contains(&0) {
        let found = String::from_utf8_lossy(name);
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!("{found:?} is no name of a file: it is empty or has a zero byte"),
        ));
    }
    Ok(Path::new(OsStr::from_bytes(name)))
}

/// Calls back with the name and what came of it: `false` with a warning if it failed.
fn tell<T>(kept: Kept, name: &[u8], result: EngineResult<T>, value: impl Fn(&T) -> Zval) -> Flow {
    match result {
        Ok(found) => run_once(kept, &[Arg::Bytes(name), Arg::Made(&|| value(&found))]),
        Err(error) => match looping::warn(&error.remember()) {
            Flow::Continue => run_once(kept, &[Arg::Bytes(name), Arg::Made(&no)]),
            leave => leave,
        },
    }
}

/// As [`tell`], where nobody need be told of success.
fn tell_written(kept: Option<Kept>, name: &[u8], result: EngineResult<usize>) -> Flow {
    match (kept, result) {
        (Some(kept), result) => tell(kept, name, result, |written| int(*written as i64)),
        (None, Ok(_)) => Flow::Continue,
        (None, Err(error)) => looping::warn(&error.remember()),
    }
}

/// `callback(string $filename, string|false $content)`
pub fn read_file(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (name, callback) = (args.bytes()?, args.callback()?);
    looping::attend();
    let (kept, own) = (Kept::from(callback), name.to_vec());
    begun(path(name).and_then(|path| {
        aio::read_file(path, Box::new(move |found| tell(kept, &own, found, |content| zend::bytes(content))))
    }))
}

/// `callback(string $filename, int|false $written)`
pub fn write_file(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 4)?;
    let (name, content, callback, flags) = (args.bytes()?, args.bytes()?, args.maybe_callback()?, args.long_or(0)?);
    if flags & !APPEND != 0 {
        return refuse(
            ErrorKind::InvalidParams,
            format!("writing a file with flags {flags} was asked for; use 0, or FILE_APPEND ({APPEND})"),
        );
    }
    looping::attend();
    let (kept, own) = (callback.map(Kept::from), name.to_vec());
    begun(path(name).and_then(|path| {
        let done = Box::new(move |written| tell_written(kept, &own, written));
        aio::write_file(path, content.to_vec(), flags & APPEND != 0, done)
    }))
}

/// `callback(string $filename, string|false $chunk): bool`, which is false when no more is wanted; the last chunk is empty.
pub fn read(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 4)?;
    let (name, callback) = (args.bytes()?, args.callback()?);
    let (chunk, offset) = (args.long_or(65536)?, args.long_or(0)?);
    let (Ok(size), Ok(from)) = (usize::try_from(chunk), u64::try_from(offset)) else {
        return refuse(
            ErrorKind::InvalidParams,
            format!("chunks of {chunk} bytes from offset {offset} were asked for; neither can be negative"),
        );
    };
    looping::attend();
    let (kept, own) = (Kept::from(callback), name.to_vec());
    let step = move |found: EngineResult<&[u8]>| match found {
        Ok(bytes) => goes_on(ask_kept(&kept, &[Arg::Bytes(&own), Arg::Bytes(bytes)], Zval::is_false)),
        Err(error) => match looping::warn(&error.remember()) {
            Flow::Continue => goes_on(ask_kept(&kept, &[Arg::Bytes(&own), Arg::Made(&no)], |_| true)),
            leave => (leave, false),
        },
    };
    begun(path(name).and_then(|path| aio::read(path, size, from, Box::new(step))))
}

/// What the engine does after a chunk whose callback has said whether it was the last one wanted.
fn goes_on(answer: Result<bool, Flow>) -> (Flow, bool) {
    match answer {
        Ok(stop) => (Flow::Continue, !stop),
        Err(flow) => (flow, false),
    }
}

/// `callback(string $filename, int|false $written)`
pub fn write(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 4)?;
    let (name, content, offset, callback) = (args.bytes()?, args.bytes()?, args.long_or(-1)?, args.maybe_callback()?);
    if offset < -1 {
        return refuse(
            ErrorKind::InvalidParams,
            format!("writing at offset {offset} was asked for; use 0 or more, or -1 for the end of the file"),
        );
    }
    looping::attend();
    let (kept, own) = (callback.map(Kept::from), name.to_vec());
    begun(path(name).and_then(|path| {
        let done = Box::new(move |written| tell_written(kept, &own, written));
        aio::write(path, content.to_vec(), u64::try_from(offset).ok(), done)
    }))
}

/// `callback(string $host, string $address)`; the address is empty, and swoole_last_error() says why, if there is none.
pub fn dns_lookup(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (host, callback) = (args.text()?, args.callback()?);
    looping::attend();
    let (kept, own) = (Kept::from(callback), host.clone());
    begun(
        aio::resolve(
            &host,
            Family::V4,
            Box::new(move |found| {
                let address = found.map_err(Error::remember).map_or_else(|_| String::new(), |ip| ip.to_string());
                run_once(kept, &[Arg::Bytes(own.as_bytes()), Arg::Bytes(address.as_bytes())])
            }),
        )
        .map(drop),
    )
}

/// Forgets the answers about names.
pub fn clear_dns_cache(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    aio::clear_name_cache();
    Ok(())
}

/// `callback(string|false $output, array $status)` with 'code' and 'signal' of the command's end.
pub fn exec(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (command, callback) = (args.bytes()?, args.callback()?);
    let Some(command) = std::str::from_utf8(command).ok().filter(|text| !text.is_empty() && !text.contains('\0'))
    else {
        return refuse(
            ErrorKind::InvalidParams,
            "the command is empty, has a zero byte, or is not UTF-8; give a line for /bin/sh",
        );
    };
    looping::attend();
    let kept = Kept::from(callback);
    begun(aio::exec(
        command,
        MOST_OUTPUT,
        Box::new(move |ended| match ended {
            Ok(ended) => run_once(kept, &[Arg::Bytes(&ended.output), Arg::Made(&|| status(&ended))]),
            Err(error) => match looping::warn(&error.remember()) {
                Flow::Continue => {
                    let killed = Ended { output: Vec::new(), code: None, signal: libc::SIGKILL };
                    run_once(kept, &[Arg::Made(&no), Arg::Made(&|| status(&killed))])
                }
                leave => leave,
            },
        }),
    ))
}

fn status(ended: &Ended) -> Zval {
    let mut table = ZendHashTable::with_capacity(2);
    fill(&mut table, [("code", int(ended.code.unwrap_or(-1))), ("signal", int(ended.signal))]);
    array(table)
}
