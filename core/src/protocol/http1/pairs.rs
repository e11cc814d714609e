//! Names with values: queries and forms (urlencoded), and cookies.

use std::borrow::Cow;

/// The pairs of a query or of a body of `application/x-www-form-urlencoded`, decoded, in order. Pairs are divided by `&`; one without `=` has an
/// empty value; empty ones, and those without a name, are left out.
pub fn urlencoded(bytes: &[u8]) -> impl Iterator<Item = (Cow<'_, [u8]>, Cow<'_, [u8]>)> {
    bytes.split(|byte| *byte == b'&').filter_map(|pair| {
        let (name, value) = divide(pair);
        (!name.is_empty()).then(|| (decode(name, true), decode(value, true)))
    })
}

/// The pairs of a `Cookie` header, in order: names as they came, values decoded. One without `=` has an empty value.
pub fn cookies(value: &[u8]) -> impl Iterator<Item = (&[u8], Cow<'_, [u8]>)> {
    value.split(|byte| *byte == b';').filter_map(|pair| {
        let (name, value) = divide(pair.trim_ascii());
        let name = name.trim_ascii_end();
        (!name.is_empty()).then(|| (name, decode(value.trim_ascii_start(), false)))
    })
}

fn divide(pair: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b'=', pair) {
        Some(at) => (&pair[..at], &pair[at + 1..]),
        None => (pair, b""),
    }
}

/// Turns `%41` into `A`, and with `plus` also `+` into a space. A percent sign that no two hexadecimal digits follow stays.
pub fn decode(bytes: &[u8], plus: bool) -> Cow<'_, [u8]> {
    let encoded = if plus { memchr::memchr2(b'%', b'+', bytes) } else { memchr::memchr(b'%', bytes) };
    let Some(mut at) = encoded else { return Cow::Borrowed(bytes) };
    let mut decoded = Vec::with_capacity(bytes.len());
    decoded.extend_from_slice(&bytes[..at]);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        decoded.push(match byte {
            b'+' if plus => b' ',
            b'%' => match bytes.get(at..at + 2).and_then(hexadecimal) {
                Some(byte) => {
                    at += 2;
                    byte
                }
                None => b'%',
            },
            byte => *byte,
        });
    }
    Cow::Owned(decoded)
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| (digits[at] as char).to_digit(16);
    Some((digit(0)? << 4 | digit(1)?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'a>(pairs: impl Iterator<Item = (Cow<'a, [u8]>, Cow<'a, [u8]>)>) -> Vec<(String, String)> {
        let text = |bytes: Cow<[u8]>| String::from_utf8(bytes.into_owned()).unwrap();
        pairs.map(|(name, value)| (text(name), text(value))).collect()
    }

    fn expected(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }

    #[test]
    fn urlencoded_pairs() {
        let pairs = texts(urlencoded(b"a=1&b[]=x+y%20z&&c&=d&e=f=g&%61%3D=%2B&h=%4&i=%zz%"));
        let same = [("a", "1"), ("b[]", "x y z"), ("c", ""), ("e", "f=g"), ("a=", "+"), ("h", "%4"), ("i", "%zz%")];
        assert_eq!(pairs, expected(&same));
        assert_eq!(texts(urlencoded(b"")), expected(&[]));
    }

    #[test]
    fn what_needs_no_decoding_is_not_copied() {
        assert!(matches!(decode(b"a+b", false), Cow::Borrowed(_)));
        assert_eq!(&*decode(b"%00%fF", true), b"\0\xff");
    }

    #[test]
    fn cookie_pairs() {
        let pairs = cookies(b"a=1; b=x+y%20z;c ;; =d; %61 = e=f ;g=\"h\"");
        let same = [("a", "1"), ("b", "x+y z"), ("c", ""), ("%61", "e=f"), ("g", "\"h\"")];
        assert_eq!(texts(pairs.map(|(name, value)| (Cow::Borrowed(name), value))), expected(&same));
    }
}
