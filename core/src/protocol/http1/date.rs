//! Dates of HTTP (RFC 9110, 5.6.7).

use std::io::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Length of a date.
pub const LENGTH: usize = 29;
/// The last second that the form has a year for: the end of 9999.
const LAST: u64 = 253_402_300_799;

/// A date as it is sent, `Sun, 06 Nov 1994 08:49:37 GMT`; what lies behind the year 9999 is its end. `seconds`: since 1970.
pub fn format(seconds: u64) -> [u8; LENGTH] {
    let mut text = [b' '; LENGTH];
    let time = UNIX_EPOCH + Duration::from_secs(seconds.min(LAST));
    // 29 characters for every year up to 9999, so it fits.
    let _ = write!(&mut text[..], "{}", httpdate::HttpDate::from(time));
    text
}

/// Seconds since 1970 that a date tells, in any of the three forms; those before are 0. None: it is no date.
pub fn parse(text: &[u8]) -> Option<u64> {
    let time = httpdate::parse_http_date(std::str::from_utf8(text).ok()?).ok()?;
    Some(time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_survives_the_way() {
        assert_eq!(&format(784_111_777), b"Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(&format(0), b"Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(&format(u64::MAX), b"Fri, 31 Dec 9999 23:59:59 GMT");
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(parse(text.as_bytes()), Some(784_111_777), "{text}");
        }
        for bad in [&b""[..], b"yesterday", b"\xff", b"Sun, 06 Nov 1994 25:49:37 GMT"] {
            assert_eq!(parse(bad), None);
        }
    }
}
