//! Functions outside classes, a file for each subject. Static methods that do the same share their handlers and signatures.

mod event;
mod runtime;

use crate::zend::{Method, joined, length};

const TABLES: &[&[Method]] = &[runtime::TABLE, event::TABLE];

/// All of them.
pub const TABLE: &[Method] = &joined::<{ length(TABLES) }>(TABLES);
