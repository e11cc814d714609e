use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

fn packed(encoding: Encoding, parts: &[&[u8]]) -> Vec<u8> {
    let (mut packer, mut out) = (Packer::new(encoding, 1), Vec::new());
    for part in parts {
        packer.part(part, &mut out);
    }
    packer.end(b"", &mut out);
    out
}

fn unpacked(encoding: Encoding, limit: u64, parts: &[&[u8]]) -> (Vec<u8>, Result<(), UnpackError>) {
    let (mut unpacker, mut out) = (Unpacker::new(encoding, limit), Vec::new());
    for part in parts {
        if let Err(error) = unpacker.part(part, &mut out) {
            assert_eq!((unpacker.part(part, &mut out), unpacker.end()), (Err(error), Err(error)));
            return (out, Err(error));
        }
    }
    (out, unpacker.end())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_packed_is_unpacked_however_it_is_cut(
        text in vec(0..9u8, 0..4000), level in 0..12u8, at in 0..3usize, sizes in (1..700usize, 1..50usize),
    ) {
        let encoding = Encoding::ALL[at];
        let (mut packer, mut out) = (Packer::new(encoding, level), Vec::new());
        // What is forgotten, and a whole body, leave no trace in the next one.
        packer.part(b"forgotten", &mut out);
        packer.reset();
        out.clear();
        packer.end(b"whole", &mut out);
        prop_assert_eq!(unpacked(encoding, 5, &[&out]), (b"whole".to_vec(), Ok(())));
        out.clear();
        for part in text.chunks(sizes.0) {
            let from = out.len();
            packer.part(part, &mut out);
            prop_assert!(out.len() > from, "a part goes out at once");
        }
        packer.end(b"!", &mut out);
        let parts: Vec<&[u8]> = out.chunks(sizes.1).collect();
        prop_assert_eq!(unpacked(encoding, 1 << 20, &parts), ([&text[..], b"!"].concat(), Ok(())));
    }

    #[test]
    fn no_bytes_are_unpacked_beyond_the_bound(bytes in vec(any::<u8>(), 0..300), at in 0..3usize, limit in 0..40u64) {
        let (out, _) = unpacked(Encoding::ALL[at], limit, &[&bytes]);
        prop_assert!(out.len() as u64 <= limit);
    }
}

#[test]
fn a_bomb_is_given_up_at_the_bound() {
    let zeros = vec![0; 2 << 20];
    for encoding in Encoding::ALL {
        let bomb = packed(encoding, &[&zeros]);
        assert!(bomb.len() < 32 << 10);
        let (out, result) = unpacked(encoding, 100_000, &[&bomb]);
        assert_eq!((out.len(), result), (100_000, Err(UnpackError::TooLong)), "{encoding:?}");
        let (out, result) = unpacked(encoding, 2 << 20, &[&bomb]);
        assert_eq!((out.len(), result), (2 << 20, Ok(())), "{encoding:?}");
    }
}

#[test]
fn a_bomb_is_unpacked_piece_by_piece() {
    let zeros = vec![0; 2 << 20];
    for encoding in Encoding::ALL {
        let bomb = packed(encoding, &[&zeros]);
        let (mut unpacker, mut data, mut made) = (Unpacker::new(encoding, u64::MAX), &bomb[..], 0);
        loop {
            let mut out = Vec::new();
            let (used, more) = unpacker.piece(data, &mut out).unwrap();
            assert!(out.len() < 100 << 10, "{encoding:?}: {} bytes at a time", out.len());
            (data, made) = (&data[used..], made + out.len());
            if !more {
                break;
            }
        }
        assert_eq!((made, unpacker.end()), (zeros.len(), Ok(())), "{encoding:?}");
    }
}

#[test]
fn what_is_cut_off_or_damaged_is_told() {
    for encoding in Encoding::ALL {
        let whole = packed(encoding, &[b"some text of a body, which is some text"]);
        assert_eq!(unpacked(encoding, 99, &[&whole[..whole.len() - 1]]).1, Err(UnpackError::Short), "{encoding:?}");
        assert_eq!(unpacked(encoding, 99, &[]).1, Ok(()), "an empty body");
    }
    let mut damaged = packed(Encoding::Gzip, &[b"text"]);
    let at = damaged.len() - 5;
    damaged[at] ^= 1;
    assert_eq!(unpacked(Encoding::Gzip, 99, &[&damaged]).1, Err(UnpackError::Broken));
    assert_eq!(unpacked(Encoding::Brotli, 99, &[b"\xff\xff\xff\xff"]).1, Err(UnpackError::Broken));
}

#[test]
fn gzip_of_several_members_is_one_body() {
    let (a, b) = (packed(Encoding::Gzip, &[b"a"]), packed(Encoding::Gzip, &[b"b"]));
    let both = [&a[..], &b].concat();
    assert_eq!(unpacked(Encoding::Gzip, 9, &[&both]), (b"ab".to_vec(), Ok(())));
    let behind = [&a[..], b"garbage"].concat();
    assert_eq!(unpacked(Encoding::Gzip, 9, &[&behind]), (b"a".to_vec(), Ok(())));
}

#[test]
fn deflate_without_the_frame_of_zlib_is_unpacked() {
    let mut raw = Vec::with_capacity(99);
    flate2::Compress::new(flate2::Compression::new(6), false)
        .compress_vec(b"raw text", &mut raw, flate2::FlushCompress::Finish)
        .unwrap();
    assert_eq!(unpacked(Encoding::Deflate, 9, &[&raw]), (b"raw text".to_vec(), Ok(())));
}
