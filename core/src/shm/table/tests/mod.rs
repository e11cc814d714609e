//! The table by its interface, against a map of the standard library, among processes that are killed, and in loom's
//! models.

#[cfg(not(loom))]
mod behaviour;
#[cfg(loom)]
mod models;
#[cfg(not(loom))]
mod oracle;
#[cfg(not(loom))]
mod processes;

#[cfg(not(loom))]
mod helpers {
    use super::super::{Column, ColumnKind, Table, Value};

    pub fn column(name: &str, kind: ColumnKind) -> Column {
        Column { name: name.into(), kind }
    }

    pub fn int(name: &str, bytes: u8) -> Column {
        column(name, ColumnKind::Int { bytes })
    }

    pub fn bytes(name: &str, most: u32) -> Column {
        column(name, ColumnKind::Bytes { most })
    }

    /// Of an Int, a Float and a Bytes column.
    pub fn table(rows: usize, most: Option<usize>) -> Table {
        let columns = vec![int("id", 8), column("ratio", ColumnKind::Float), bytes("text", 20)];
        Table::create(columns, rows, most).unwrap()
    }

    /// The values of a row; None: there is none.
    pub fn read(table: &Table, key: &[u8]) -> Option<Vec<Owned>> {
        let mut row = table.row();
        table.get(key, &mut row).then(|| (0..table.columns().len()).map(|at| row.value(at).into()).collect())
    }

    /// All rows that a walk comes to.
    pub fn walk(table: &Table) -> Vec<(Vec<u8>, Vec<Owned>)> {
        let (mut place, mut key, mut row, mut found) = (0, Vec::new(), table.row(), Vec::new());
        while let Some(next) = table.next(place, &mut key, &mut row) {
            place = next;
            found.push((key.clone(), (0..table.columns().len()).map(|at| row.value(at).into()).collect()));
        }
        found
    }

    /// A value that borrows nothing.
    #[derive(Debug, Clone, PartialEq)]
    pub enum Owned {
        Int(i64),
        Float(f64),
        Bytes(Vec<u8>),
    }

    impl From<Value<'_>> for Owned {
        fn from(value: Value<'_>) -> Owned {
            match value {
                Value::Int(number) => Owned::Int(number),
                Value::Float(number) => Owned::Float(number),
                Value::Bytes(bytes) => Owned::Bytes(bytes.into()),
            }
        }
    }

    impl Owned {
        pub fn value(&self) -> Value<'_> {
            match self {
                Owned::Int(number) => Value::Int(*number),
                Owned::Float(number) => Value::Float(*number),
                Owned::Bytes(bytes) => Value::Bytes(bytes),
            }
        }
    }
}
