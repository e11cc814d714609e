//! Frames: head, mask and data.

use super::{MAX_CONTROL, Mask, Opcode, Refusal, broken, deflate, flag, mask};
use crate::error::{Error, ErrorKind, Result};

/// The head of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// what it is
    pub opcode: Opcode,
    /// `FIN`, `RSV1` to `RSV3`, `MASK`, see [`flag`]
    pub flags: u8,
    /// its mask, if it has one
    pub mask: Option<Mask>,
    /// bytes of its data
    pub length: u64,
    /// bytes of the head itself
    pub size: usize,
}

/// The bits of a frame's first byte.
const BITS: [(u8, u8); 4] = [(0x80, flag::FIN), (0x40, flag::RSV1), (0x20, flag::RSV2), (0x10, flag::RSV3)];

impl Head {
    /// Bytes of the longest head.
    pub const MAX: usize = 14;

    /// The head at the front of `bytes`; None if it is not whole yet. Refused: what no frame may be, whoever sends it.
    pub fn parse(bytes: &[u8]) -> std::result::Result<Option<Head>, Refusal> {
        let [first, second, rest @ ..] = bytes else { return Ok(None) };
        let Some(opcode) = Opcode::from_number(first & 15) else { return broken("a frame has an unknown opcode") };
        let mut flags = BITS.iter().filter(|(bit, _)| first & bit != 0).fold(0, |flags, (_, flag)| flags | flag);
        let short = second & 127;
        if opcode.is_control() {
            if usize::from(short) > MAX_CONTROL {
                return broken("a control frame has more than 125 bytes");
            }
            if flags & flag::FIN == 0 {
                return broken("a control frame is a part of a message");
            }
        }
        let (length, rest) = match short {
            126 => {
                let Some((bytes, rest)) = rest.split_first_chunk::<2>() else { return Ok(None) };
                (u16::from_be_bytes(*bytes).into(), rest)
            }
            127 => {
                let Some((bytes, rest)) = rest.split_first_chunk::<8>() else { return Ok(None) };
                (u64::from_be_bytes(*bytes), rest)
            }
            short => (short.into(), rest),
        };
        if short == 126 && length < 126 || short == 127 && !(0x10000..1 << 63).contains(&length) {
            return broken("a frame's length is written in a wrong way");
        }
        let (mask, rest) = match second & 128 {
            0 => (None, rest),
            _ => {
                let Some((mask, rest)) = rest.split_first_chunk::<4>() else { return Ok(None) };
                flags |= flag::MASK;
                (Some(*mask), rest)
            }
        };
        Ok(Some(Head { opcode, flags, mask, length, size: bytes.len() - rest.len() }))
    }
}

/// The head of a frame with data of `length` bytes, and how many bytes of it count. Of `flags`, `FIN` and `RSV1` to `RSV3` are looked at.
pub fn head(opcode: Opcode, flags: u8, mask: Option<Mask>, length: usize) -> ([u8; Head::MAX], usize) {
    let mut head = [0; Head::MAX];
    head[0] = BITS.iter().filter(|(_, flag)| flags & flag != 0).fold(opcode as u8, |byte, (bit, _)| byte | bit);
    let mut size = match length {
        0..126 => {
            head[1] = length as u8;
            2
        }
        126..0x10000 => {
            head[1] = 126;
            head[2..4].copy_from_slice(&(length as u16).to_be_bytes());
            4
        }
        _ => {
            head[1] = 127;
            head[2..10].copy_from_slice(&(length as u64).to_be_bytes());
            10
        }
    };
    if let Some(mask) = mask {
        head[1] |= 128;
        head[size..size + 4].copy_from_slice(&mask);
        size += 4;
    }
    (head, size)
}

/// Appends a frame to `out`, see [`head`].
pub fn write(out: &mut Vec<u8>, opcode: Opcode, flags: u8, mask: Option<Mask>, data: &[u8]) {
    let (head, size) = head(opcode, flags, mask, data.len());
    out.reserve(size + data.len());
    out.extend_from_slice(&head[..size]);
    let from = out.len();
    out.extend_from_slice(data);
    if let Some(key) = mask {
        super::mask(&mut out[from..], key, 0);
    }
}

/// A frame for a peer that a program writes to by itself. With `COMPRESS` in `flags` (and `FIN`; parts of a message are never compressed) the data is compressed, with `MASK` it is masked as
/// that of a client. Errors: `WebsocketPackFailed` (a control frame of more than 125 bytes or without `FIN`).
pub fn pack(opcode: Opcode, flags: u8, data: &[u8]) -> Result<Vec<u8>> {
    check(opcode, flags, data)?;
    let key = (flags & flag::MASK != 0).then(mask::random_mask);
    let mut out = Vec::new();
    let mut small = Vec::new();
    if may_compress(opcode, flags) && deflate::compress(data, deflate::LARGEST_WINDOW, &mut small) {
        write(&mut out, opcode, flags | flag::RSV1, key, &small);
    } else {
        write(&mut out, opcode, flags, key, data);
    }
    Ok(out)
}

/// Refuses what cannot be a frame.
pub fn check(opcode: Opcode, flags: u8, data: &[u8]) -> Result<()> {
    if opcode.is_control() && (data.len() > MAX_CONTROL || flags & flag::FIN == 0) {
        let found = data.len();
        let message = format!(
            "a close, ping or pong has at most {MAX_CONTROL} bytes and is in one piece: {found} bytes were given"
        );
        return Err(Error::new(ErrorKind::WebsocketPackFailed, message));
    }
    Ok(())
}

/// Whether a frame with these flags is to be compressed: only whole messages are, since whoever sends a later part would have to know of the first.
pub fn may_compress(opcode: Opcode, flags: u8) -> bool {
    const WANTED: u8 = flag::COMPRESS | flag::FIN;
    flags & WANTED == WANTED && matches!(opcode, Opcode::Text | Opcode::Binary)
}

/// A frame that was taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// what it is
    pub opcode: Opcode,
    /// `FIN`; `COMPRESS` with `RSV1` if it was compressed; `MASK` if it was masked
    pub flags: u8,
    /// unmasked and uncompressed
    pub data: Vec<u8>,
}

/// Takes the frame at the front of `bytes` apart, whoever it is from; its data is at most `limit` bytes. Errors: `WebsocketIncompletePacket` (it is not whole), `WebsocketUnpackFailed` (it is none).
pub fn unpack(bytes: &[u8], limit: usize) -> Result<Unpacked> {
    let failed = |refusal: Refusal| Error::new(ErrorKind::WebsocketUnpackFailed, refusal.reason);
    let whole = Head::parse(bytes).map_err(failed)?.and_then(|head| {
        let end = usize::try_from(head.length).ok()?.checked_add(head.size)?;
        Some((head, bytes.get(head.size..end)?))
    });
    let Some((head, data)) = whole else {
        let message = format!("{} bytes are not a whole frame", bytes.len());
        return Err(Error::new(ErrorKind::WebsocketIncompletePacket, message));
    };
    let (mut data, mut flags) = (data.to_vec(), head.flags);
    if let Some(key) = head.mask {
        mask::mask(&mut data, key, 0);
    }
    if flags & flag::RSV1 != 0 && flags & flag::FIN != 0 && !head.opcode.is_control() {
        let mut large = Vec::new();
        deflate::inflate(&data, limit, &mut large).map_err(failed)?;
        data = large;
        flags |= flag::COMPRESS;
    }
    Ok(Unpacked { opcode: head.opcode, flags, data })
}
