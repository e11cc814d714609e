//! Packages that say how long they are: `open_length_check` and `package_length_func`.

use super::{Verdict, too_large};
use crate::error::{Error, ErrorKind, Result};

/// Where a package's header says how long the package is, and from where that length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LengthField {
    /// `package_length_type`: how the number is written.
    pub kind: LengthType,
    /// `package_length_offset`: bytes in front of the number.
    pub offset: usize,
    /// `package_body_offset`: the whole package has this many bytes more than the number says;
    /// 0 if the number counts the header too.
    pub body_offset: usize,
}

/// How a length is written: the letters of PHP's `pack()` that have 8, 16 or 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthType {
    /// `c`: signed, 1 byte.
    I8,
    /// `C`: unsigned, 1 byte.
    U8,
    /// `s`: signed, 2 bytes in the machine's order.
    I16,
    /// `S`: unsigned, 2 bytes in the machine's order.
    U16,
    /// `n`: unsigned, 2 bytes, big endian.
    U16Be,
    /// `v`: unsigned, 2 bytes, little endian.
    U16Le,
    /// `l`: signed, 4 bytes in the machine's order.
    I32,
    /// `L`: unsigned, 4 bytes in the machine's order.
    U32,
    /// `N`: unsigned, 4 bytes, big endian.
    U32Be,
    /// `V`: unsigned, 4 bytes, little endian.
    U32Le,
}

impl LengthType {
    /// The type that a letter of `package_length_type` stands for. Fails with
    /// [`ErrorKind::InvalidParams`] for any letter but `c C s S n v l L N V`.
    pub fn from_char(letter: char) -> Result<Self> {
        Ok(match letter {
            'c' => Self::I8,
            'C' => Self::U8,
            's' => Self::I16,
            'S' => Self::U16,
            'n' => Self::U16Be,
            'v' => Self::U16Le,
            'l' => Self::I32,
            'L' => Self::U32,
            'N' => Self::U32Be,
            'V' => Self::U32Le,
            _ => {
                return Err(Error::new(
                    ErrorKind::InvalidParams,
                    format!(
                        "package_length_type is {letter:?}: give it one of c C (1 byte), \
                         s S n v (2 bytes), l L N V (4 bytes)"
                    ),
                ));
            }
        })
    }

    /// Bytes that the number takes.
    pub fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 | Self::U16Be | Self::U16Le => 2,
            Self::I32 | Self::U32 | Self::U32Be | Self::U32Le => 4,
        }
    }

    /// The number at the front of `bytes`; `None` if they are fewer than [`size`](Self::size).
    fn read(self, bytes: &[u8]) -> Option<i64> {
        Some(match self {
            Self::I8 => i8::from_ne_bytes(*bytes.first_chunk()?).into(),
            Self::U8 => u8::from_ne_bytes(*bytes.first_chunk()?).into(),
            Self::I16 => i16::from_ne_bytes(*bytes.first_chunk()?).into(),
            Self::U16 => u16::from_ne_bytes(*bytes.first_chunk()?).into(),
            Self::U16Be => u16::from_be_bytes(*bytes.first_chunk()?).into(),
            Self::U16Le => u16::from_le_bytes(*bytes.first_chunk()?).into(),
            Self::I32 => i32::from_ne_bytes(*bytes.first_chunk()?).into(),
            Self::U32 => u32::from_ne_bytes(*bytes.first_chunk()?).into(),
            Self::U32Be => u32::from_be_bytes(*bytes.first_chunk()?).into(),
            Self::U32Le => u32::from_le_bytes(*bytes.first_chunk()?).into(),
        })
    }
}

impl LengthField {
    /// Bytes up to the end of the number.
    fn header(&self) -> usize {
        self.offset.saturating_add(self.kind.size())
    }

    /// No package can have fewer bytes than this.
    pub(super) fn shortest_package(&self) -> usize {
        self.header().max(self.body_offset)
    }

    pub(super) fn next(&self, max_length: usize, buf: &[u8]) -> Verdict {
        let Some(value) = buf.get(self.offset..).and_then(|field| self.kind.read(field)) else {
            return Verdict::More { total: None };
        };
        let Ok(value) = u64::try_from(value) else {
            return no_length(format_args!("a package whose length field says {value}"));
        };
        let total = value.saturating_add(self.body_offset as u64);
        let header = self.header();
        if total < header as u64 {
            // Zero is among them: it would never move on from the front of the buffer.
            return no_length(format_args!(
                "a package of {total} bytes (its length field says {value}), \
                 shorter than the {header} bytes up to the end of that field"
            ));
        }
        deliver(total, max_length, buf)
    }
}

/// `package_length_func`: `wanted` is what `ask` has said about the package at the front, 0 if it
/// has not said it yet.
pub(super) fn by_function(
    max_length: usize,
    wanted: &mut usize,
    buf: &[u8],
    ask: &mut dyn FnMut(&[u8]) -> isize,
) -> Verdict {
    if *wanted == 0 {
        let answer = ask(buf);
        let Ok(length) = usize::try_from(answer) else {
            return no_length(format_args!("a package for which package_length_func gave {answer}"));
        };
        if length == 0 {
            if buf.len() > max_length {
                let found = buf.len();
                return too_large(
                    format_args!("{found} bytes that package_length_func finds no length in"),
                    max_length,
                );
            }
            return Verdict::More { total: None };
        }
        *wanted = length;
    }
    deliver(*wanted as u64, max_length, buf)
}

/// The verdict on a package of `total` bytes: one that is too long is rejected before its body has
/// arrived.
fn deliver(total: u64, max_length: usize, buf: &[u8]) -> Verdict {
    match usize::try_from(total) {
        Ok(total) if total <= max_length => {
            if total <= buf.len() {
                Verdict::Deliver(total)
            } else {
                Verdict::More { total: Some(total) }
            }
        }
        _ => too_large(format_args!("a package of {total} bytes"), max_length),
    }
}

/// The length of a package makes no sense.
fn no_length(found: std::fmt::Arguments<'_>) -> Verdict {
    Verdict::Reject(Error::new(
        ErrorKind::PackageLengthNotFound,
        format!(
            "received {found}: the peer does not speak this protocol, or package_length_type, \
             package_length_offset, package_body_offset or package_length_func do not describe it"
        ),
    ))
}
