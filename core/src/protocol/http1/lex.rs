//! Characters and lines of HTTP/1 (RFC 9110, 5.5 and 5.6; RFC 9112, 2.2), as strictly as the standard has them: a line ends in CRLF, and
//! neither CR, LF, NUL nor any other control character but the tab can be inside.

/// Characters of a token: of methods and of names.
const TOKEN: [bool; 256] = {
    let mut set = [false; 256];
    let mut byte = 0x21;
    while byte < 0x7f {
        set[byte] = !matches!(
            byte as u8,
            b'"' | b'('
                | b')'
                | b','
                | b'/'
                | b':'
                | b';'
                | b'<'
                | b'='
                | b'>'
                | b'?'
                | b'@'
                | b'['
                | b'\\'
                | b']'
                | b'{'
                | b'}'
        );
        byte += 1;
    }
    set
};

/// Whether it can be in a token.
pub fn is_token_byte(byte: u8) -> bool {
    TOKEN[usize::from(byte)]
}

/// Whether it is a token: one character at least.
pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|byte| is_token_byte(*byte))
}

/// Whether it can be the value of a header: no control characters but tabs.
pub fn is_value(bytes: &[u8]) -> bool {
    let mut from = 0;
    while let Some(at) = control(&bytes[from..]) {
        if bytes[from + at] != b'\t' {
            return false;
        }
        from += at + 1;
    }
    true
}

/// Where the first control character is: below 32, or 127. Eight bytes at a time: values are most of what a client sends.
pub(super) fn control(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let low = word.wrapping_sub(ONES * 0x20) & !word;
        let is_del = word ^ (ONES * 0x7f);
        let del = is_del.wrapping_sub(ONES) & !is_del;
        // A borrow marks at most bytes behind one that is marked rightly: the first mark is true.
        let marks = (low | del) & HIGH;
        if marks != 0 {
            return Some(index * 8 + marks.trailing_zeros() as usize / 8);
        }
    }
    let from = bytes.len() - rest.len();
    rest.iter().position(|byte| byte.is_ascii_control()).map(|at| from + at)
}

/// What is at the front of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// a line of so many bytes, without its CRLF
    Whole(usize),
    /// none yet
    Part,
    /// a line with a control character in it, or that does not end in CRLF
    Bad,
}

/// Looks for the line at the front.
pub(super) fn line(bytes: &[u8]) -> Line {
    let mut from = 0;
    while let Some(at) = control(&bytes[from..]) {
        let at = from + at;
        match (bytes[at], bytes.get(at + 1)) {
            (b'\t', _) => from = at + 1,
            (b'\r', Some(b'\n')) => return Line::Whole(at),
            (b'\r', None) => return Line::Part,
            _ => return Line::Bad,
        }
    }
    Line::Part
}

/// Splits a line into name and value, without the space around the value. None: it is no `name: value`.
pub(super) fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = line.iter().position(|byte| !is_token_byte(*byte))?;
    if end == 0 || line[end] != b':' {
        return None;
    }
    Some((&line[..end], trim(&line[end + 1..])))
}

/// The headers in lines that were checked; lines without a colon, as the first one of a head and the blank one, are passed over if they have none.
pub fn fields(lines: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    lines.split(|byte| *byte == b'\n').filter_map(|line| field(line.strip_suffix(b"\r")?))
}

/// Without the spaces and tabs around it.
pub(super) fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = bytes {
        bytes = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// The members of a list that are divided by commas, without the empty ones (RFC 9110, 5.6.1.2).
pub fn list(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(trim).filter(|member| !member.is_empty())
}

/// A decimal number without sign, of at most 19 digits.
pub(super) fn decimal(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() || bytes.len() > 19 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(bytes.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_character_is_found_wherever_it_is() {
        for length in 0..40 {
            for at in 0..length {
                for byte in 0..=255u8 {
                    let mut bytes = vec![0xff; length];
                    bytes[at] = byte;
                    assert_eq!(control(&bytes), byte.is_ascii_control().then_some(at), "{byte} at {at} of {length}");
                }
            }
        }
        assert_eq!(control(b"aaaa\x1f \x1f~\x7f"), Some(4));
    }

    #[test]
    fn a_line_ends_in_crlf_only() {
        assert_eq!(line(b"a\tb\r\nc"), Line::Whole(3));
        assert_eq!(line(b"\r\n"), Line::Whole(0));
        for part in [&b""[..], b"abc", b"abc\r", b"a\t"] {
            assert_eq!(line(part), Line::Part);
        }
        for bad in [&b"a\n"[..], b"a\rb\r\n", b"a\0\r\n", b"a\x7f\r\n", b"a\r\r\n"] {
            assert_eq!(line(bad), Line::Bad, "{bad:?}");
        }
    }

    #[test]
    fn a_name_is_followed_by_its_colon() {
        assert_eq!(field(b"A-b: \t c d\t "), Some((&b"A-b"[..], &b"c d"[..])));
        assert_eq!(field(b"a:"), Some((&b"a"[..], &b""[..])));
        for bad in [&b"a : b"[..], b": b", b"a", b"", b" a: b", b"a\xe4: b", b"(a): b"] {
            assert_eq!(field(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn numbers_are_digits_only() {
        assert_eq!(decimal(b"0012"), Some(12));
        assert_eq!(decimal(b"9999999999999999999"), Some(9_999_999_999_999_999_999));
        for bad in [&b""[..], b"+1", b"-1", b"1 ", b"0x1", b"1,1", b"99999999999999999999"] {
            assert_eq!(decimal(bad), None, "{bad:?}");
        }
    }
}
