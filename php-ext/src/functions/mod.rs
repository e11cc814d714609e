//! Functions outside classes, a file for each subject. Static methods that do the same share their handlers and signatures.

pub mod event;
mod runtime;
pub mod timer;

use crate::zend::{Method, joined, length};

const TABLES: &[&[Method]] = &[runtime::TABLE, event::TABLE, timer::TABLE];

/// All of them.
pub const TABLE: &[Method] = &joined::<{ length(TABLES) }>(TABLES);
