//! Masks: what a client sends is XORed with four bytes (RFC 6455, 5.3).

/// The four bytes of a frame.
pub type Mask = [u8; 4];

/// Masks `data`, or takes the mask off. `data` begins at byte `offset` of its frame.
pub fn mask(data: &mut [u8], mask: Mask, offset: usize) {
    let mut mask = mask;
    mask.rotate_left(offset % 4);
    let word = u32::from_ne_bytes(mask);
    let wide = u64::from(word) << 32 | u64::from(word);
    // Eight bytes at a time, which the compiler makes into vectors.
    let (chunks, rest) = data.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

/// A mask that nobody can foresee.
pub fn random_mask() -> Mask {
    let mut mask = Mask::default();
    // Without the kernel's random numbers there is nothing better than the clock.
    if getrandom::fill(&mut mask).is_err() {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        mask = now.subsec_nanos().to_ne_bytes();
    }
    mask
}
