use super::*;
use deflate::{compress, inflate};

fn inflated(data: &[u8], limit: usize) -> Result<Vec<u8>, u16> {
    let mut out = b"before".to_vec();
    inflate(data, limit, &mut out).map_err(|refusal| refusal.code)?;
    Ok(out.split_off(6))
}

#[test]
fn messages_of_the_standard_are_inflated() {
    // RFC 7692, 7.2.3: "Hello" in one block; stored; with a last block; in two blocks.
    for bytes in [
        &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00][..],
        &[0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00],
        &[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00],
        &[0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00],
    ] {
        assert_eq!(inflated(bytes, 5), Ok(b"Hello".to_vec()), "{bytes:02x?}");
        assert_eq!(inflated(bytes, 4), Err(1009), "{bytes:02x?}");
    }
    assert_eq!(inflated(&[0], 0), Ok(Vec::new()), "an empty message");
}

#[test]
fn a_bomb_is_not_inflated_beyond_the_limit() {
    let (mut bomb, mut out) = (Vec::new(), Vec::new());
    assert!(compress(&vec![0; 10 << 20], 15, &mut bomb));
    assert_eq!(inflate(&bomb, 1 << 20, &mut out).map_err(|refusal| refusal.code), Err(1009));
    assert!(out.capacity() <= (1 << 20) + 4096, "{} bytes were taken", out.capacity());
}

#[test]
fn damaged_data_is_refused() {
    assert_eq!(inflated(&[0x07, 0x00], 100), Err(1007));
    assert_eq!(inflated(&[0xff; 20], 100), Err(1007));
}

#[test]
fn a_message_is_compressed_however_short_it_is() {
    for data in [&b""[..], b"a", b"Hello"] {
        let mut small = b"kept".to_vec();
        assert!(compress(data, 15, &mut small));
        assert!(small.len() > 4 && !small.ends_with(&[0, 0, 0xff, 0xff]), "{small:02x?}");
        assert_eq!(inflated(&small[4..], data.len()).as_deref(), Ok(data));
    }
}

#[test]
fn a_small_window_is_kept_to() {
    // Repeats at a distance of 1 KiB: of use in a window of 32 KiB only.
    let noise: Vec<u8> = (0u32..1024).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let data = noise.repeat(16);
    let (mut small, mut large) = (Vec::new(), Vec::new());
    assert!(compress(&data, 9, &mut small));
    assert!(compress(&data, 15, &mut large));
    assert!(large.len() < 4096 && small.len() > 8192, "{} {}", large.len(), small.len());
    assert_eq!(inflated(&large, data.len()), Ok(data));
}
