//! From bytes to messages: frames are checked, unmasked and joined.

use super::frame::Head;
use super::{Mask, Opcode, Refusal, broken, close, flag, mask};

/// What holds for all messages of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// the peer is a client: it must mask; else it must not
    pub masked: bool,
    /// compression was agreed on in the handshake
    pub deflate: bool,
    /// most bytes of a message, as it comes (`package_max_length`)
    pub limit: usize,
}

/// What came: a whole message, or a control frame.
#[derive(Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Text, Binary, Close, Ping or Pong
    pub opcode: Opcode,
    /// its data is compressed: see `deflate::inflate`. (Text that is not, is UTF-8.)
    pub compressed: bool,
    /// unmasked; of a Close see `close::parse`, which takes it
    pub data: &'a [u8],
}

/// What a look at the bytes gave. `used` bytes at their front are done with: the caller removes them.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// more are needed; those that are not used (fewer than 140) stand in front of them next time
    More {
        /// bytes that are done with
        used: usize,
    },
    /// a message; there may be another one behind it
    Message {
        /// bytes that are done with
        used: usize,
        /// what came
        message: Message<'a>,
    },
    /// the peer broke the protocol; nothing of what comes behind is looked at
    Refuse(Refusal),
}

/// Makes messages of a connection's bytes. What is kept between two calls is parts of one message: an idle connection has a small reader without a buffer.
#[derive(Debug)]
pub struct Reader {
    rules: Rules,
    /// the message that is not whole yet
    opcode: Option<Opcode>,
    compressed: bool,
    /// its data so far
    joined: Vec<u8>,
    /// how much of it is known to be UTF-8
    checked: usize,
    /// the frame that is not whole yet
    part: Option<Part>,
    /// a close was read or the peer refused
    closed: bool,
}

/// What is to come of a data frame.
#[derive(Debug, Clone, Copy)]
struct Part {
    left: usize,
    mask: Option<Mask>,
    /// how much has come, modulo the mask's length
    offset: u8,
    last: bool,
}

impl Reader {
    /// One for a connection whose handshake is done.
    pub fn new(rules: Rules) -> Reader {
        Reader { rules, opcode: None, compressed: false, joined: Vec::new(), checked: 0, part: None, closed: false }
    }

    /// Whether nothing more is read: a close came, or the peer was refused.
    #[cfg(test)]
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Bytes of a message that is not whole yet.
    pub fn pending(&self) -> usize {
        self.joined.len()
    }

    /// Lets go of the buffer of a message that was handed on. (The next [`Reader::next`] does that too.)
    pub fn release(&mut self) {
        if self.opcode.is_none() && self.joined.capacity() > 0 {
            self.joined = Vec::new();
        }
    }

    /// Looks at the front of `bytes`, everything that came and was not used; masks are taken off in place. To be called until it wants more. Where a message came in one frame and one piece, `Message::data` lies in
    /// `bytes`: nothing is copied.
    pub fn next<'a>(&'a mut self, bytes: &'a mut [u8]) -> Step<'a> {
        self.release();
        if self.closed {
            return Step::More { used: bytes.len() };
        }
        match self.advance(bytes) {
            Ok(Found::Nothing(used)) => Step::More { used },
            Ok(Found::Inside { used, from, opcode, compressed }) => {
                self.closed = opcode == Opcode::Close;
                Step::Message { used, message: Message { opcode, compressed, data: &bytes[from..used] } }
            }
            Ok(Found::Joined { used, opcode }) => {
                let message = Message { opcode, compressed: self.compressed, data: &self.joined };
                Step::Message { used, message }
            }
            Err(refusal) => {
                self.closed = true;
                self.opcode = None;
                self.joined = Vec::new();
                Step::Refuse(refusal)
            }
        }
    }

    fn advance(&mut self, bytes: &mut [u8]) -> Result<Found, Refusal> {
        let mut used = 0;
        loop {
            if let Some(part) = self.part {
                let rest = &mut bytes[used..];
                let count = part.left.min(rest.len());
                used += count;
                self.take(part, &mut rest[..count])?;
                if count < part.left {
                    return Ok(Found::Nothing(used));
                }
                self.part = None;
                if part.last {
                    let opcode = self.end()?;
                    return Ok(Found::Joined { used, opcode });
                }
            }
            let rest = &mut bytes[used..];
            let Some(head) = Head::parse(rest)? else { return Ok(Found::Nothing(used)) };
            self.check(&head)?;
            let last = head.flags & flag::FIN != 0;
            let length = head.length as usize;
            let whole = rest.len() - head.size >= length;
            let (from, compressed) = (used + head.size, head.flags & flag::RSV1 != 0);
            if head.opcode.is_control() || (whole && last && head.opcode != Opcode::Continuation) {
                if !whole {
                    return Ok(Found::Nothing(used));
                }
                let data = &mut rest[head.size..head.size + length];
                if let Some(key) = head.mask {
                    mask::mask(data, key, 0);
                }
                match head.opcode {
                    Opcode::Close => drop(close::parse(data)?),
                    Opcode::Text if !compressed && std::str::from_utf8(data).is_err() => return not_utf8(),
                    _ => {}
                }
                return Ok(Found::Inside { used: from + length, from, opcode: head.opcode, compressed });
            }
            if head.opcode != Opcode::Continuation {
                (self.opcode, self.compressed, self.checked) = (Some(head.opcode), compressed, 0);
            }
            used = from;
            self.part = Some(Part { left: length, mask: head.mask, offset: 0, last });
        }
    }

    /// Whether a frame with this head may come now.
    fn check(&self, head: &Head) -> Result<(), Refusal> {
        let first = matches!(head.opcode, Opcode::Text | Opcode::Binary);
        let reserved = head.flags & (flag::RSV1 | flag::RSV2 | flag::RSV3);
        if reserved != 0 && !(reserved == flag::RSV1 && self.rules.deflate && first) {
            return broken("a frame has a reserved bit set");
        }
        match (head.mask, self.rules.masked) {
            (None, true) => return broken("a client's frame is not masked"),
            (Some(_), false) => return broken("a server's frame is masked"),
            _ => {}
        }
        if head.opcode.is_control() {
            return Ok(());
        }
        match (first, self.opcode.is_some()) {
            (true, true) => return broken("a message begins before the one before has ended"),
            (false, false) => return broken("a frame continues no message"),
            _ => {}
        }
        let before = if first { 0 } else { self.joined.len() };
        if head.length > (self.rules.limit - before.min(self.rules.limit)) as u64 {
            return Err(Refusal { code: close::TOO_BIG, reason: "a message is longer than package_max_length" });
        }
        Ok(())
    }

    /// Takes more data of the message in hand.
    fn take(&mut self, part: Part, data: &mut [u8]) -> Result<(), Refusal> {
        if let Some(key) = part.mask {
            mask::mask(data, key, part.offset.into());
        }
        self.joined.extend_from_slice(data);
        let offset = ((usize::from(part.offset) + data.len()) % 4) as u8;
        self.part = Some(Part { left: part.left - data.len(), offset, ..part });
        if self.opcode == Some(Opcode::Text) && !self.compressed {
            match std::str::from_utf8(&self.joined[self.checked..]) {
                Ok(_) => self.checked = self.joined.len(),
                // A character that is cut off may be continued.
                Err(e) if e.error_len().is_none() => self.checked += e.valid_up_to(),
                Err(_) => return not_utf8(),
            }
        }
        Ok(())
    }

    /// The message in hand is whole: what it is.
    fn end(&mut self) -> Result<Opcode, Refusal> {
        let opcode = self.opcode.take().unwrap_or_default();
        if opcode == Opcode::Text && !self.compressed && self.checked < self.joined.len() {
            return not_utf8();
        }
        Ok(opcode)
    }
}

/// What [`Reader::advance`] came to.
enum Found {
    Nothing(usize),
    /// in the bytes, from `from` to `used`
    Inside {
        used: usize,
        from: usize,
        opcode: Opcode,
        compressed: bool,
    },
    /// what was joined
    Joined {
        used: usize,
        opcode: Opcode,
    },
}

fn not_utf8<T>() -> Result<T, Refusal> {
    Err(Refusal { code: close::BAD_DATA, reason: "a text is not UTF-8" })
}
