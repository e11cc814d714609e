//! Names and values that a request carries encoded: in its query string, in a form
//! (application/x-www-form-urlencoded, as the URL standard has it), in its cookies (RFC 6265).

use percent_encoding::percent_decode;

/// Names and values, decoded, in the order in which they came; a name may come several times. All bytes lie in one piece, so that a
/// body of a million tiny fields takes a small multiple of its size.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields {
    bytes: Vec<u8>,
    /// where each name and each value ends
    ends: Vec<(usize, usize)>,
}

impl Fields {
    /// Of a query string or a form: `&` between fields, `=` between name and value, `+` for a space. A field without a name is left out.
    pub fn of_form(text: &[u8]) -> Fields {
        let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        let mut fields = Fields::default();
        for piece in spaced.split(|byte| *byte == b'&') {
            let (name, value) = cut(piece);
            fields.push(percent_decode(name), percent_decode(value));
        }
        fields
    }

    /// Of a Cookie header: `;` between cookies. Values are percent-decoded, names are taken as they are.
    pub fn of_cookies(header: &[u8]) -> Fields {
        let mut fields = Fields::default();
        fields.add_cookies(header);
        fields
    }

    /// Adds those of a further Cookie header.
    pub fn add_cookies(&mut self, header: &[u8]) {
        for piece in header.split(|byte| *byte == b';') {
            let (name, value) = cut(piece.trim_ascii());
            self.push(name.trim_ascii_end().iter().copied(), percent_decode(value.trim_ascii_start()));
        }
    }

    /// Adds a name with its value, as they are.
    pub fn add(&mut self, name: &[u8], value: &[u8]) {
        self.push(name.iter().copied(), value.iter().copied());
    }

    fn push(&mut self, name: impl Iterator<Item = u8>, value: impl Iterator<Item = u8>) {
        let from = self.bytes.len();
        self.bytes.extend(name);
        let middle = self.bytes.len();
        if middle == from {
            return;
        }
        self.bytes.extend(value);
        self.ends.push((middle, self.bytes.len()));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The `n`th, from 0.
    pub fn get(&self, n: usize) -> Option<(&[u8], &[u8])> {
        let (middle, end) = *self.ends.get(n)?;
        let from = n.checked_sub(1).map_or(0, |before| self.ends[before].1);
        Some((&self.bytes[from..middle], &self.bytes[middle..end]))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        (0..self.len()).filter_map(|n| self.get(n))
    }

    /// The value of the first of that name.
    pub fn find(&self, name: &[u8]) -> Option<&[u8]> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// What stands before and behind the first `=`; without one the value is empty.
fn cut(piece: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b'=', piece) {
        Some(at) => (&piece[..at], &piece[at + 1..]),
        None => (piece, b""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(fields: &Fields) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        fields.iter().map(|(name, value)| (text(name), text(value))).collect()
    }

    fn form(text: &str) -> Vec<(String, String)> {
        list(&Fields::of_form(text.as_bytes()))
    }

    fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
        wanted.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn names_and_values_of_a_form_are_decoded() {
        assert_eq!(form("a+b=c%20d%26&e=1=2"), pairs(&[("a b", "c d&"), ("e", "1=2")]));
    }

    #[test]
    fn a_field_without_value_is_empty_and_one_without_name_is_none() {
        assert_eq!(form("&a&=x&b=&"), pairs(&[("a", ""), ("b", "")]));
        assert_eq!(form(""), []);
    }

    #[test]
    fn a_percent_sign_that_encodes_nothing_stays() {
        assert_eq!(form("a=100%&b=%zz&c=%4"), pairs(&[("a", "100%"), ("b", "%zz"), ("c", "%4")]));
    }

    #[test]
    fn bytes_that_are_no_text_stay() {
        assert_eq!(Fields::of_form(b"a=%ff%00\xfe").find(b"a"), Some(&b"\xff\0\xfe"[..]));
    }

    #[test]
    fn the_first_of_a_name_is_found() {
        let fields = Fields::of_form(b"a=1&b=2&a=3");
        assert_eq!((fields.len(), fields.find(b"a"), fields.find(b"A")), (3, Some(&b"1"[..]), None));
    }

    #[test]
    fn cookies_keep_their_plus() {
        let mut cookies = Fields::of_cookies(b"a=b+c; d = %20x ;; e; =f");
        assert_eq!(list(&cookies), pairs(&[("a", "b+c"), ("d", " x"), ("e", "")]));
        cookies.add_cookies(b"g=h");
        assert_eq!(cookies.find(b"g"), Some(&b"h"[..]));
    }
}
