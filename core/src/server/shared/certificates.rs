//! The certificates that clients have shown, for all processes: a place for each connection, in addresses; memory is only what was written to.

use crate::shm::region::{SharedSlice, shared_record};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// Words of a place behind its length.
const WORDS: usize = 511;

shared_record! {
/// A certificate in its binary form (DER); 4 KiB.
pub struct Shown {
    /// bytes; 0: none was shown
    length: AtomicU64,
    words: [AtomicU64; WORDS],
}
}

impl Shown {
    /// Puts a certificate there (owner of the connection, before anybody has heard of that). False: it is too long.
    fn put(&self, certificate: &[u8]) -> bool {
        let fits = certificate.len() <= WORDS * 8;
        if fits {
            for (word, bytes) in self.words.iter().zip(certificate.chunks(8)) {
                let mut whole = [0; 8];
                whole[..bytes.len()].copy_from_slice(bytes);
                word.store(u64::from_ne_bytes(whole), Relaxed);
            }
        }
        self.length.store(if fits { certificate.len() as u64 } else { 0 }, Release);
        fits
    }

    fn get(&self) -> Option<Vec<u8>> {
        let length = self.length.load(Acquire) as usize;
        if length == 0 || length > WORDS * 8 {
            return None;
        }
        let words = &self.words[..length.div_ceil(8)];
        let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.load(Relaxed).to_ne_bytes()).collect();
        bytes.truncate(length);
        Some(bytes)
    }
}

/// One for each place of the table of connections; none where no port asks clients for certificates.
#[derive(Debug)]
pub struct Certificates(SharedSlice<Shown>);

impl Certificates {
    pub(super) fn new(places: SharedSlice<Shown>) -> Certificates {
        Certificates(places)
    }

    /// Notes what the client at `place` has shown. False: it is longer than 4088 bytes, and not noted.
    pub fn put(&self, place: usize, certificate: &[u8]) -> bool {
        self.0.get(place).is_none_or(|shown| shown.put(certificate))
    }

    /// What was noted last at `place`. Whoever asks makes sure before and after that the place is still that connection's.
    pub fn get(&self, place: usize) -> Option<Vec<u8>> {
        self.0.get(place)?.get()
    }
}
