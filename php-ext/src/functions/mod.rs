//! Functions outside classes, a file for each subject. Static methods that do the same share their handlers and signatures.

pub mod aio;
pub mod async_set;
pub mod event;
mod mime;
pub mod runtime;
mod select;
pub mod timer;

use crate::zend::{Method, joined, length};

const TABLES: &[&[Method]] =
    &[runtime::TABLE, event::TABLE, timer::TABLE, aio::TABLE, async_set::TABLE, select::TABLE, mime::TABLE];

/// All of them.
pub const TABLE: &[Method] = &joined::<{ length(TABLES) }>(TABLES);
