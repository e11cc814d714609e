//! `Swoole\Table\Row`: what `$table[$key]` gives: a row as it was then, through which its columns are written.

use super::refuse;
use super::table::{refused, set_column, state_of};
use crate::zend::{
    self, BOOL, Call, ClassSlot, Default, Gc, Handlers, Interface, MIXED, Method, NONE, Object, Payload, PropType,
    Thrown, VOID, arg, end, method, no, release, returns,
};
use ext_php_rs::types::Zval;
use std::cell::OnceCell;
use swoole_core::error::ErrorKind;

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// Numbers of the declared properties.
mod slot {
    pub const KEY: usize = 0;
    pub const VALUE: usize = 1;
}

/// The Rust side: the table; empty if a script has made the object by itself.
#[derive(std::default::Default)]
pub struct RowObject(OnceCell<Zval>);

impl Payload for RowObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }

    fn trace(&self, gc: &mut Gc) {
        if let Some(table) = self.0.get() {
            gc.add(table);
        }
    }
}

impl Drop for RowObject {
    fn drop(&mut self) {
        if let Some(table) = self.0.take() {
            release(table);
        }
    }
}

const METHODS: &[Method] = &[
    method(c"offsetExists", offset_exists, &[returns(1, BOOL), arg(c"offset", MIXED)]),
    method(c"offsetGet", offset_get, &[returns(1, MIXED), arg(c"offset", MIXED)]),
    method(c"offsetSet", offset_set, &[returns(2, VOID), arg(c"offset", MIXED), arg(c"value", MIXED)]),
    method(c"offsetUnset", offset_unset, &[returns(1, VOID), arg(c"offset", MIXED)]),
    method(c"__destruct", super::destruct, &[returns(0, NONE)]),
    end(),
];

pub fn register() {
    zend::register::<RowObject>(&CLASS, "Swoole\\Table\\Row", Some("swoole_table_row"), METHODS)
        .implements(&[Interface::ArrayAccess])
        .properties(&[
            ("key", PropType::NULLABLE_STRING, Default::Null),
            ("value", PropType::NULLABLE_ARRAY, Default::Null),
        ]);
}

/// The row of that key, which was read just now, of a `Swoole\Table`.
pub fn make(table: Object<'_>, key: Zval, row: Zval) -> Zval {
    CLASS.make(|object| {
        object.set_property(slot::KEY, key);
        object.set_property(slot::VALUE, row);
        if let Some(payload) = object.payload::<RowObject>() {
            let _ = payload.0.set(table.value());
        }
    })
}

/// What the row had in a column when it was read. None: the column is not there.
fn look_up(call: Call<'_>) -> Option<Zval> {
    let name = call.args(1, 1).ok()?.any();
    let value = call.this().property(slot::VALUE);
    let row = value.array()?;
    match (name.zend_str(), name.long()) {
        (Some(name), _) => row.get(name.as_str().ok()?),
        (_, Some(index)) => row.get(index),
        _ => None,
    }
    .map(Zval::shallow_clone)
}

fn offset_exists(call: Call<'_>) -> Result<bool, Thrown> {
    call.args(1, 1)?;
    Ok(look_up(call).is_some())
}

fn offset_get(call: Call<'_>) -> Result<Zval, Thrown> {
    let name = call.args(1, 1)?.any();
    match look_up(call) {
        Some(value) => Ok(value),
        None => {
            let message = format!("this row has no column {}", name_of(name));
            refuse(ErrorKind::InvalidParams, message).map(|_| no())
        }
    }
}

/// Sets the column in the table, and reads the row again.
fn offset_set(call: Call<'_>) -> Result<(), Thrown> {
    let mut args = call.args(2, 2)?;
    let (name, value) = (args.any(), args.any());
    let this = call.this();
    let key = this.property(slot::KEY);
    let table = this.payload::<RowObject>().and_then(|row| row.0.get());
    let Some((state, key)) = table.and_then(Object::of).and_then(state_of).zip(key.zend_str()) else {
        let message = "this object stands for no row; take one out of a table, as $table[\"key\"]";
        return refuse(ErrorKind::WrongOperation, message).map(|_| ());
    };
    let written = match (name.zend_str(), name.long()) {
        (Some(name), _) => set_column(state, key.as_bytes(), name.as_bytes(), value)?,
        (_, Some(index)) => set_column(state, key.as_bytes(), index.to_string().as_bytes(), value)?,
        _ => {
            let message = format!("a row has no column {}; give the column's name", name_of(name));
            return refuse(ErrorKind::InvalidParams, message).map(|_| ());
        }
    };
    let mut row = Zval::new();
    match written.and_then(|()| state.read(key.as_bytes(), &mut row)) {
        Ok(true) => this.set_property(slot::VALUE, row),
        // Somebody has deleted it just now.
        Ok(false) => {}
        Err(error) => {
            refused(error)?;
        }
    }
    Ok(())
}

fn offset_unset(call: Call<'_>) -> Result<(), Thrown> {
    let name = call.args(1, 1)?.any();
    let message =
        format!("column {} cannot be taken out of a row; set it, or delete the row with del()", name_of(name));
    refuse(ErrorKind::WrongOperation, message).map(|_| ())
}

/// A column's name, for a warning.
fn name_of(name: &Zval) -> String {
    match (name.zend_str(), name.long()) {
        (Some(name), _) => format!("\"{}\"", String::from_utf8_lossy(name.as_bytes())),
        (_, Some(index)) => format!("\"{index}\""),
        _ if name.is_null() => "without a name".into(),
        _ => "of that name".into(),
    }
}
