//! `foreach` over a table. Others may write meanwhile, and the script itself may delete rows.

use super::state;
use crate::zend::{Call, Thrown, bytes};
use ext_php_rs::types::Zval;
use swoole_core::shm::table::Row;

/// Where a walk is.
#[derive(Default)]
pub struct Walk {
    /// the current row, which was read when the walk came to it
    key: Vec<u8>,
    row: Row,
    /// the place behind it; None: the walk is over, or has not begun
    behind: Option<usize>,
}

/// Goes on to the first row at or behind place `from`.
fn go_on(call: Call<'_>, from: usize) -> Result<(), Thrown> {
    let state = state(call)?;
    let walk = &mut *state.walk.borrow_mut();
    let found = state.with(|live| {
        if walk.behind.is_none() {
            walk.row = live.table.row();
        }
        live.table.next(from, &mut walk.key, &mut walk.row)
    });
    walk.behind = found.flatten();
    Ok(())
}

pub fn rewind(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    let state = state(call)?;
    if state.live().is_none() {
        state.walk.borrow_mut().behind = None;
        return state.refuse_use();
    }
    go_on(call, 0)
}

pub fn next(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    let behind = state(call)?.walk.borrow().behind;
    behind.map_or(Ok(()), |behind| go_on(call, behind))
}

pub fn valid(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    Ok(state(call)?.walk.borrow().behind.is_some())
}

pub fn current(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let state = state(call)?;
    let walk = state.walk.borrow();
    let mut row = Zval::new();
    if walk.behind.is_some() {
        state.with(|live| live.write(&walk.row, &mut row));
    }
    Ok(row)
}

pub fn key(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let walk = state(call)?.walk.borrow();
    Ok(walk.behind.map_or_else(Zval::new, |_| bytes(&walk.key)))
}
