//! How processes talk: whole messages of any length over rings of bounded records.
//!
//! [`message`] names the messages, [`sender`] cuts a long one into records and [`receiver`] puts it
//! together again. Who rings whose doorbell is decided by the roles in `server`.

pub mod message;
mod receiver;
mod sender;

pub use receiver::{Parcel, Receiver};
pub use sender::{Outgoing, Sender};

#[cfg(test)]
mod tests;
