//! Parts of a body (RFC 9110, 14).

use super::lex;

/// What a `Range` header means for a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// All of it, as without the header: it is malformed, of other units, or asks for several parts
    Whole,
    /// these bytes: 206
    Part {
        /// the first byte
        offset: u64,
        /// how many; not 0
        length: u64,
    },
    /// none that the body has: 416
    Unsatisfiable,
}

impl Range {
    /// Of a header's value, for a body of `size` bytes.
    pub fn parse(value: &[u8], size: u64) -> Range {
        let Some((unit, ranges)) = value.split_at_checked(6) else { return Range::Whole };
        let mut ranges = lex::list(ranges);
        let (Some(range), None) = (ranges.next(), ranges.next()) else { return Range::Whole };
        if !unit.eq_ignore_ascii_case(b"bytes=") {
            return Range::Whole;
        }
        let Some(dash) = memchr::memchr(b'-', range) else { return Range::Whole };
        let (first, last) = (number(&range[..dash]), number(&range[dash + 1..]));
        match (first, last) {
            (Number::None, Number::Some(count)) if count == 0 || size == 0 => Range::Unsatisfiable,
            (Number::None, Number::Some(count)) => {
                let length = count.min(size);
                Range::Part { offset: size - length, length }
            }
            (Number::Some(first), Number::Some(last)) if first > last => Range::Whole,
            (Number::Some(first), Number::None | Number::Some(_)) if first >= size => Range::Unsatisfiable,
            (Number::Some(offset), Number::None) => Range::Part { offset, length: size - offset },
            (Number::Some(offset), Number::Some(last)) => {
                Range::Part { offset, length: last.min(size - 1) - offset + 1 }
            }
            _ => Range::Whole,
        }
    }

    /// Of the `Content-Range` of an answer with a body out of `size` bytes. None: it says nothing of such a body.
    pub fn said(value: &[u8], size: u64) -> Option<Range> {
        let value = std::str::from_utf8(value).ok()?.strip_prefix("bytes ")?;
        let (range, of) = value.split_once('/')?;
        if of.parse() != Ok(size) {
            return None;
        }
        if range == "*" {
            return Some(Range::Unsatisfiable);
        }
        let (first, last) = range.split_once('-')?;
        let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
        (first <= last && last < size).then(|| Range::Part { offset: first, length: last - first + 1 })
    }
}

enum Number {
    None,
    Some(u64),
    Bad,
}

/// Numbers too large for us are as good as the largest.
fn number(digits: &[u8]) -> Number {
    if digits.is_empty() {
        return Number::None;
    }
    if !digits.iter().all(u8::is_ascii_digit) {
        return Number::Bad;
    }
    Number::Some(lex::decimal(digits).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_a_part_of_the_body() {
        for (value, size, expected) in [
            ("bytes=0-0", 10, Some((0, 1))),
            ("bytes=0-", 10, Some((0, 10))),
            ("Bytes=3-5", 10, Some((3, 3))),
            ("bytes=3-99999999999999999999999", 10, Some((3, 7))),
            ("bytes=-3", 10, Some((7, 3))),
            ("bytes=-30", 10, Some((0, 10))),
            ("bytes= 9-9 ,", 10, Some((9, 1))),
            ("bytes=10-", 10, None),
            ("bytes=99999999999999999999999-", 10, None),
            ("bytes=-0", 10, None),
            ("bytes=-1", 0, None),
            ("bytes=0-", 0, None),
        ] {
            let expected = expected.map_or(Range::Unsatisfiable, |(offset, length)| Range::Part { offset, length });
            assert_eq!(Range::parse(value.as_bytes(), size), expected, "{value} of {size}");
        }
    }

    #[test]
    fn an_answer_says_which_part_it_has() {
        let part = |offset, length| Some(Range::Part { offset, length });
        for (value, expected) in [
            ("bytes 0-0/10", part(0, 1)),
            ("bytes 3-9/10", part(3, 7)),
            ("bytes */10", Some(Range::Unsatisfiable)),
            ("bytes 3-10/10", None),
            ("bytes 4-3/10", None),
            ("bytes 0-8/9", None),
            ("bytes 0-9/*", None),
            ("bytes -9/10", None),
            ("lines 0-9/10", None),
            ("", None),
        ] {
            assert_eq!(Range::said(value.as_bytes(), 10), expected, "{value}");
        }
    }

    #[test]
    fn what_is_no_single_range_is_passed_over() {
        for value in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=5-3",
            "bytes=0-1,3-4",
            "items=0-1",
            "bytes=+1-2",
            "bytes=1",
        ] {
            assert_eq!(Range::parse(value.as_bytes(), 10), Range::Whole, "{value}");
        }
    }
}
