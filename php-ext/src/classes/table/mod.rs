//! `Swoole\Table`: rows of typed columns in shared memory, for all processes forked after create().
//!
//! This file has what a table is and how it comes into being; `rows` reads and writes rows, `convert` makes a script's values fit the
//! columns, `walk` is `foreach`, `access` is `$table[$key]`.
//!
//! What goes wrong answers `false` with a warning, and nothing is changed then.

mod access;
mod convert;
mod rows;
mod walk;

pub use rows::{refused, set_column};

use super::{construct_once, constructed, throw_exception, value_or_warn};
use crate::zend::{
    self, ARRAY, BOOL, Call, ClassSlot, Default, FALSE, FLOAT, Handlers, Interface, LONG, MIXED, Method, NONE, NULL,
    Payload, Plain, PropType, STRING, Shape, Thrown, VOID, arg, array, end, fill, int, method, no, opt, returns,
};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::cell::{OnceCell, RefCell, RefMut};
use std::rc::Rc;
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::shm::table::{Column, ColumnKind, Row, Table, Value};
use walk::Walk;

/// The class's name in signatures and warnings.
pub static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

const TYPE_INT: i64 = 1;
const TYPE_FLOAT: i64 = 2;
const TYPE_STRING: i64 = 3;

/// As many rows as a table can have.
const ROWS_MOST: i64 = 1 << 31;

/// Numbers of the declared properties.
mod slot {
    pub const SIZE: usize = 0;
    pub const MEMORY_SIZE: usize = 1;
}

/// The Rust side: empty until the constructor has run.
#[derive(std::default::Default)]
pub struct TableObject(OnceCell<State>);

/// A table from its constructor on.
pub struct State {
    /// rows at first, and at most
    rows: usize,
    most: Option<usize>,
    phase: RefCell<Phase>,
    walk: RefCell<Walk>,
}

enum Phase {
    /// columns are being added
    Planned(Vec<Column>),
    /// create() was called
    Live(Rc<Live>),
    /// destroy() was called
    Destroyed,
}

/// A table that can be used.
pub struct Live {
    table: Table,
    /// of rows as arrays
    shape: Shape,
    /// of its columns, nearer than the table has them
    kinds: Box<[ColumnKind]>,
    /// what was read last, kept for its room
    scratch: RefCell<Row>,
}

impl Payload for TableObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }
}

/// Default of `$conflict_proportion`, which has no meaning: a table takes as many rows as it says, whatever their keys are.
const CONFLICTS: f64 = 0.2;

const METHODS: &[Method] = &[
    method(
        c"__construct",
        construct,
        &[
            returns(1, NONE),
            arg(c"table_size", LONG),
            opt(c"conflict_proportion", FLOAT, c"0.2"),
            opt(c"growable", LONG, c"0"),
        ],
    ),
    method(c"column", column, &[returns(2, BOOL), arg(c"name", STRING), arg(c"type", LONG), opt(c"size", LONG, c"0")]),
    method(c"create", create, &[returns(0, BOOL)]),
    method(c"destroy", destroy, &[returns(0, BOOL)]),
    method(c"set", rows::set, &[returns(2, BOOL), arg(c"key", STRING), arg(c"value", ARRAY)]),
    method(
        c"get",
        rows::get,
        &[
            returns(1, ARRAY | STRING | LONG | FLOAT | FALSE),
            arg(c"key", STRING),
            opt(c"field", STRING | NULL, c"null"),
        ],
    ),
    method(c"count", count, &[returns(0, LONG)]),
    method(c"del", rows::del, KEY),
    method(c"delete", rows::del, KEY),
    method(c"exists", rows::exists, KEY),
    method(c"exist", rows::exists, KEY),
    // Their results are not declared: an int or a float, as elsewhere, and false where nothing was added.
    method(c"incr", rows::incr, ADD),
    method(c"decr", rows::decr, ADD),
    method(c"getSize", get_size, &[returns(0, LONG)]),
    method(c"getMemorySize", get_memory_size, &[returns(0, LONG)]),
    method(c"stats", stats, &[returns(0, ARRAY | FALSE)]),
    method(c"rewind", walk::rewind, &[returns(0, VOID)]),
    method(c"valid", walk::valid, &[returns(0, BOOL)]),
    method(c"next", walk::next, &[returns(0, VOID)]),
    method(c"current", walk::current, &[returns(0, MIXED)]),
    method(c"key", walk::key, &[returns(0, MIXED)]),
    method(c"offsetExists", access::offset_exists, &[returns(1, BOOL), arg(c"offset", MIXED)]),
    method(c"offsetGet", access::offset_get, &[returns(1, MIXED), arg(c"offset", MIXED)]),
    method(c"offsetSet", access::offset_set, &[returns(2, VOID), arg(c"offset", MIXED), arg(c"value", MIXED)]),
    method(c"offsetUnset", access::offset_unset, &[returns(1, VOID), arg(c"offset", MIXED)]),
    end(),
];

/// A method of one row.
const KEY: &[zend::ArgInfo] = &[returns(1, BOOL), arg(c"key", STRING)];
/// incr and decr.
const ADD: &[zend::ArgInfo] =
    &[returns(2, NONE), arg(c"key", STRING), arg(c"column", STRING), opt(c"incrby", LONG | FLOAT, c"1")];

pub fn register() {
    zend::register::<TableObject>(&CLASS, "Swoole\\Table", Some("swoole_table"), METHODS)
        .implements(&[Interface::Iterator, Interface::ArrayAccess, Interface::Countable])
        .properties(&[
            ("size", PropType::NULLABLE_INT, Default::Null),
            ("memorySize", PropType::NULLABLE_INT, Default::Null),
        ])
        .constants(&[("TYPE_INT", TYPE_INT), ("TYPE_FLOAT", TYPE_FLOAT), ("TYPE_STRING", TYPE_STRING)]);
}

/// The Rust side of `$this`.
#[inline]
fn state<'c>(call: Call<'c>) -> Result<&'c State, Thrown> {
    constructed(&call.payload::<TableObject>()?.0, "table")
}

/// The table behind an object, for `Swoole\Table\Row`.
pub fn state_of<'o>(object: zend::Object<'o>) -> Option<&'o State> {
    object.payload::<TableObject>()?.0.get()
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidParams, message)
}

fn construct(call: Call<'_>) -> Result<(), Thrown> {
    let mut args = call.args(1, 3)?;
    let (rows, _, most) = (args.long()?, args.float_or(CONFLICTS)?, args.long_or(0)?);
    let (rows, most) = sizes(rows, most).map_err(throw_exception)?;
    let state =
        State { rows, most, phase: RefCell::new(Phase::Planned(Vec::new())), walk: RefCell::new(Walk::default()) };
    construct_once(&call.payload::<TableObject>()?.0, state, "table")?;
    call.this().set_property(slot::SIZE, int(rows as i64));
    Ok(())
}

fn sizes(rows: i64, most: i64) -> EngineResult<(usize, Option<usize>)> {
    if !(1..=ROWS_MOST).contains(&rows) {
        return Err(invalid(format!("a table of {rows} rows was asked for; a table has 1 to {ROWS_MOST} rows")));
    }
    if most != 0 && !(rows..=ROWS_MOST).contains(&most) {
        return Err(invalid(format!(
            "a table of {rows} rows was to grow up to {most} ($growable); give 0 if it is not to grow, or {rows} to {ROWS_MOST}"
        )));
    }
    Ok((rows as usize, (most != 0).then_some(most as usize)))
}

impl State {
    /// Does something with the table, in which no PHP code may run. None: there is none, which [`State::unusable`] tells of.
    #[inline]
    fn with<T>(&self, act: impl FnOnce(&Live) -> T) -> Option<T> {
        match &*self.phase.borrow() {
            Phase::Live(live) => Some(act(live)),
            _ => None,
        }
    }

    /// The table for as long as PHP code may run. None as in [`State::with`].
    fn live(&self) -> Option<Rc<Live>> {
        match &*self.phase.borrow() {
            Phase::Live(live) => Some(live.clone()),
            _ => None,
        }
    }

    /// Why there is no table.
    #[cold]
    fn unusable(&self) -> Error {
        Error::new(
            ErrorKind::WrongOperation,
            match &*self.phase.borrow() {
                Phase::Destroyed => "this table was destroyed; make a new Swoole\\Table",
                _ => {
                    "this table was not created yet; add its columns with column(), then call create(), before any process is forked"
                }
            },
        )
    }

    /// A warning that there is no table.
    #[cold]
    fn refuse_use(&self) -> Result<(), Thrown> {
        super::warn_of(&self.unusable().remember())
    }
}

impl Live {
    /// A whole row as an array, over something that owns nothing.
    #[inline]
    fn write(&self, row: &Row, out: &mut Zval) {
        self.shape.write(out, |column| plain(row.value(column)));
    }

    /// Something to read into. Errors: PHP has run out of memory while it was read from before, and left that with a jump.
    #[inline]
    fn scratch(&self) -> EngineResult<RefMut<'_, Row>> {
        self.scratch.try_borrow_mut().map_err(|_| {
            Error::new(
                ErrorKind::WrongOperation,
                "rows cannot be read any more: a fatal error came while one was being read",
            )
        })
    }

    /// The names of the columns, for warnings.
    fn names(&self) -> String {
        self.table.columns().iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// As PHP has it.
#[inline]
fn plain(value: Value<'_>) -> Plain<'_> {
    match value {
        Value::Int(n) => Plain::Int(n),
        Value::Float(f) => Plain::Float(f),
        Value::Bytes(bytes) => Plain::Bytes(bytes),
    }
}

fn column(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 3)?;
    let (name, kind, size) = (args.bytes()?, args.long()?, args.long_or(0)?);
    let state = state(call)?;
    let added = match &mut *state.phase.borrow_mut() {
        Phase::Planned(columns) => add_column(columns, name, kind, size),
        Phase::Live(_) => Err(Error::new(
            ErrorKind::WrongOperation,
            format!(
                "column \"{}\" comes too late: the table was created; call column() before create()",
                String::from_utf8_lossy(name)
            ),
        )),
        Phase::Destroyed => {
            Err(Error::new(ErrorKind::WrongOperation, "this table was destroyed; make a new Swoole\\Table"))
        }
    };
    Ok(value_or_warn(added)?.is_some())
}

fn add_column(columns: &mut Vec<Column>, name: &[u8], kind: i64, size: i64) -> EngineResult<()> {
    let Ok(name) = std::str::from_utf8(name) else {
        return Err(invalid(format!(
            "the name of column \"{}\" is not UTF-8; give it a name of letters",
            String::from_utf8_lossy(name)
        )));
    };
    if name.is_empty() {
        return Err(invalid("a column needs a name, the first argument of column()"));
    }
    if columns.iter().any(|column| column.name == name) {
        return Err(invalid(format!("column \"{name}\" is there already; give each column a name of its own")));
    }
    let kind = match (kind, size) {
        // Without a size it holds all that PHP's ints hold.
        (TYPE_INT, 0) => ColumnKind::Int { bytes: 8 },
        (TYPE_INT, 1 | 2 | 4 | 8) => ColumnKind::Int { bytes: size as u8 },
        (TYPE_INT, _) => {
            return Err(invalid(format!(
                "column \"{name}\" was to be an int of {size} bytes; ints have 1, 2, 4 or 8 bytes"
            )));
        }
        (TYPE_FLOAT, _) => ColumnKind::Float,
        (TYPE_STRING, 1..) if u32::try_from(size).is_ok() => ColumnKind::Bytes { most: size as u32 },
        (TYPE_STRING, _) => {
            return Err(invalid(format!(
                "column \"{name}\" was to be a string of up to {size} bytes; give the longest that it is to hold, 1 or more, as \
                 the third argument of column()"
            )));
        }
        _ => {
            return Err(invalid(format!(
                "column \"{name}\" was to be of the unknown type {kind}; use Swoole\\Table::TYPE_INT (1), TYPE_FLOAT (2) or \
                 TYPE_STRING (3)"
            )));
        }
    };
    columns.push(Column { name: name.to_owned(), kind });
    Ok(())
}

fn create(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    let state = state(call)?;
    let created = match &mut *state.phase.borrow_mut() {
        Phase::Planned(columns) => Table::create(columns.clone(), state.rows, state.most),
        Phase::Live(_) => {
            Err(Error::new(ErrorKind::WrongOperation, "this table was created before; create() is called once"))
        }
        Phase::Destroyed => {
            Err(Error::new(ErrorKind::WrongOperation, "this table was destroyed; make a new Swoole\\Table"))
        }
    };
    let Some(table) = value_or_warn(created)? else { return Ok(false) };
    call.this().set_property(slot::MEMORY_SIZE, int(table.memory_size() as i64));
    let shape = Shape::new(table.columns().iter().map(|column| column.name.as_bytes()));
    let kinds = table.columns().iter().map(|column| column.kind).collect();
    let scratch = RefCell::new(table.row());
    *state.walk.borrow_mut() = Walk::default();
    *state.phase.borrow_mut() = Phase::Live(Rc::new(Live { table, shape, kinds, scratch }));
    Ok(true)
}

/// Gives the table up in this process.
fn destroy(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    let state = state(call)?;
    if state.live().is_none() {
        return state.refuse_use().map(|()| false);
    }
    *state.phase.borrow_mut() = Phase::Destroyed;
    Ok(true)
}

fn count(call: Call<'_>) -> Result<i64, Thrown> {
    call.no_args()?;
    let state = state(call)?;
    match state.with(|live| live.table.len()) {
        Some(rows) => Ok(rows as i64),
        None => state.refuse_use().map(|()| 0),
    }
}

/// The rows it takes now.
fn get_size(call: Call<'_>) -> Result<i64, Thrown> {
    call.no_args()?;
    let state = state(call)?;
    Ok(state.with(|live| live.table.capacity()).unwrap_or(state.rows) as i64)
}

fn get_memory_size(call: Call<'_>) -> Result<i64, Thrown> {
    call.no_args()?;
    let state = state(call)?;
    match state.with(|live| live.table.memory_size()) {
        Some(bytes) => Ok(bytes as i64),
        None => state.refuse_use().map(|()| 0),
    }
}

fn stats(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let state = state(call)?;
    let Some(stats) = state.with(|live| live.table.stats()) else {
        return state.refuse_use().map(|()| no());
    };
    let number = |n: u64| int(n as i64);
    let mut table = ZendHashTable::with_capacity(12);
    fill(
        &mut table,
        [
            ("num", number(stats.rows)),
            ("conflict_count", number(stats.conflicts)),
            ("conflict_max_level", number(stats.longest_chain)),
            ("insert_count", number(stats.inserts)),
            ("update_count", number(stats.updates)),
            ("delete_count", number(stats.deletes)),
            ("available_slice_num", number(stats.most.saturating_sub(stats.rows))),
            ("total_slice_num", number(stats.most)),
            ("capacity", number(stats.capacity)),
            ("max_capacity", number(stats.most)),
            ("growth_count", number(stats.growths)),
            ("refused_count", number(stats.refused)),
        ],
    );
    Ok(array(table))
}
