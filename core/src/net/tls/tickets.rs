//! Tickets of sessions: a client keeps the state of its session itself, so that any process of a server can take the session up again.
//!
//! The keys come from one secret that is made before the fork and walks on with the clock, each process by itself: so all have the same keys at the same time,
//! nobody has to hand them out, and who gets at a process's memory learns nothing about keys of the past.

use crate::error::{Error, ErrorKind, Result};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hmac, rand};
use parking_lot::Mutex;
use rustls::server::ProducesTickets;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// How long a key makes tickets, in seconds; for as long again they are taken.
const EPOCH: u64 = 12 * 3600;

/// Where the secret is on its way.
struct Walk {
    epoch: u64,
    secret: [u8; 32],
    /// keys of the present epoch and of the one before
    keys: [Option<LessSafeKey>; 2],
}

/// Makes and reads tickets. All of a server's processes have to be forked from the one that made it.
pub struct Tickets(Mutex<Walk>);

impl Tickets {
    /// With a new secret.
    pub fn new() -> Result<Arc<Tickets>> {
        let mut secret = [0; 32];
        rand::fill(&mut secret)
            .map_err(|_| Error::new(ErrorKind::SslCreateContextFailed, "the system gives no random bytes"))?;
        Ok(Arc::new(Tickets(Mutex::new(Walk { epoch: now() / EPOCH, secret, keys: [None, None] }))))
    }

    /// The same tickets for peers whose certificates were checked in the way that `context` says: those of other contexts are not taken, so that nobody gets past a check by a session from before it.
    pub fn within(self: &Arc<Tickets>, context: &[u8]) -> Arc<dyn ProducesTickets> {
        Arc::new(Within { tickets: self.clone(), context: context.to_vec() })
    }

    fn seal(&self, epoch: u64, aad: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let mut walk = self.0.lock();
        walk.go_to(epoch)?;
        let key = walk.keys[0].as_ref()?;
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).ok()?;
        let mut sealed = plain.to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut sealed).ok()?;
        Some([&epoch.to_be_bytes(), &nonce[..], &sealed].concat())
    }

    fn open(&self, now: u64, aad: &[u8], ticket: &[u8]) -> Option<Vec<u8>> {
        let (epoch, rest) = ticket.split_first_chunk::<8>()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>()?;
        let mut walk = self.0.lock();
        walk.go_to(now)?;
        let age = usize::try_from(walk.epoch.checked_sub(u64::from_be_bytes(*epoch))?).ok()?;
        let key = walk.keys.get(age)?.as_ref()?;
        let mut plain = sealed.to_vec();
        let length = key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), &mut plain).ok()?.len();
        plain.truncate(length);
        Some(plain)
    }
}

impl Walk {
    /// Walks on to an epoch; never back.
    fn go_to(&mut self, epoch: u64) -> Option<()> {
        let derive = |secret: &[u8], what: &[u8]| -> [u8; 32] {
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), what);
            tag.as_ref().try_into().unwrap_or_default()
        };
        let key = |secret: &[u8]| UnboundKey::new(&AES_256_GCM, &derive(secret, b"tickets")).ok().map(LessSafeKey::new);
        if self.keys[0].is_none() {
            self.keys[0] = Some(key(&self.secret)?);
        }
        while self.epoch < epoch {
            self.secret = derive(&self.secret, b"next");
            self.epoch += 1;
            self.keys.swap(0, 1);
            self.keys[0] = Some(key(&self.secret)?);
        }
        Some(())
    }
}

impl std::fmt::Debug for Tickets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tickets")
    }
}

#[derive(Debug)]
struct Within {
    tickets: Arc<Tickets>,
    context: Vec<u8>,
}

impl ProducesTickets for Within {
    fn enabled(&self) -> bool {
        true
    }
    fn lifetime(&self) -> u32 {
        EPOCH as u32
    }
    fn encrypt(&self, plain: &[u8]) -> Option<Vec<u8>> {
        self.tickets.seal(now() / EPOCH, &self.context, plain)
    }
    fn decrypt(&self, cipher: &[u8]) -> Option<Vec<u8>> {
        self.tickets.open(now() / EPOCH, &self.context, cipher)
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_taken_in_its_epoch_and_the_next_and_not_later() {
        let tickets = Tickets::new().unwrap();
        let epoch = now() / EPOCH + 10;
        let ticket = tickets.seal(epoch, b"", b"state").unwrap();
        assert_eq!(tickets.open(epoch, b"", &ticket).unwrap(), b"state");
        assert_eq!(tickets.open(epoch + 1, b"", &ticket).unwrap(), b"state");
        assert_eq!(tickets.open(epoch + 2, b"", &ticket), None);
    }

    #[test]
    fn two_processes_come_to_the_same_key_by_the_clock() {
        let one = Tickets::new().unwrap();
        let epoch = one.0.lock().epoch;
        let secret = one.0.lock().secret;
        let other = Tickets(Mutex::new(Walk { epoch, secret, keys: [None, None] }));
        let ticket = one.seal(epoch + 3, b"", b"state").unwrap();
        assert_eq!(other.open(epoch + 3, b"", &ticket).unwrap(), b"state");
        assert_ne!(one.0.lock().secret, secret, "the secret of the past is forgotten");
    }

    #[test]
    fn a_ticket_of_another_context_and_one_that_was_changed_are_not_taken() {
        let tickets = Tickets::new().unwrap();
        let (open, strict) = (tickets.within(b""), tickets.within(b"client certificates of A"));
        let mut ticket = open.encrypt(b"state").unwrap();
        assert_eq!(strict.decrypt(&ticket), None);
        assert_eq!(open.decrypt(&ticket).unwrap(), b"state");
        *ticket.last_mut().unwrap() ^= 1;
        assert_eq!(open.decrypt(&ticket), None);
        assert_eq!(open.decrypt(&ticket[..10]), None);
    }
}
