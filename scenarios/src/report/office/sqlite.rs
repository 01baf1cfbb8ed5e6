//! A SQLite database file with tables of rows, written from front to back (the format is documented at sqlite.org/fileformat2.html). Pages of
//! 64 KiB hold every row we have, so that there are no overflow pages.

/// Page size, bytes.
const PAGE: usize = 65_536;
/// A row must fit in a leaf without overflow.
const ROW_MOST: usize = PAGE - 64;

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Nothing. Also what an `INTEGER PRIMARY KEY` is stored as.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// A table: its name, the statement that makes it, its rows in order of their row id from 1.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) sql: String,
    pub(super) rows: Vec<Vec<Value>>,
}

/// The file. `application_id` and `user_version` say what kind of database it is.
pub(super) fn database(tables: &[Table], application_id: u32, user_version: u32) -> Vec<u8> {
    // Page 1 is the schema; the tables follow.
    let mut pages: Vec<Vec<u8>> = vec![Vec::new()];
    let mut schema = Vec::new();
    for table in tables {
        let root = tree(&table.rows, &mut pages);
        schema.push(vec![
            Value::Text("table".into()),
            Value::Text(table.name.clone()),
            Value::Text(table.name.clone()),
            Value::Integer(root as i64),
            Value::Text(table.sql.clone()),
        ]);
    }
    let cells: Vec<Vec<u8>> = schema.iter().enumerate().map(|(i, row)| leaf_cell(i as i64 + 1, row)).collect();
    pages[0] = page(13, &cells, None, 100);
    let count = pages.len() as u32;
    let mut head = b"SQLite format 3\0".to_vec();
    // The page size 65536 is written as 1; legacy journal; payload fractions as the format demands.
    head.extend([0, 1, 1, 1, 0, 64, 32, 32]);
    for field in [1, count, 0, 0, 1, 4, 0, 0, 1, user_version, 0, application_id] {
        head.extend(field.to_be_bytes());
    }
    head.extend([0; 20]);
    head.extend(1u32.to_be_bytes());
    // The version of SQLite that the format follows.
    head.extend(3_045_000u32.to_be_bytes());
    pages[0][..100].copy_from_slice(&head);
    pages.concat()
}

/// Writes the leaves of a table, and above them as many levels as it takes; gives the number of the root page.
fn tree(rows: &[Vec<Value>], pages: &mut Vec<Vec<u8>>) -> usize {
    // Each node: its page and the largest row id in it.
    let mut level: Vec<(usize, i64)> = Vec::new();
    let mut cells: Vec<Vec<u8>> = Vec::new();
    let mut size = 0;
    let mut flush = |cells: &mut Vec<Vec<u8>>, last: i64, pages: &mut Vec<Vec<u8>>| {
        pages.push(page(13, cells, None, 0));
        cells.clear();
        level.push((pages.len(), last));
    };
    for (i, row) in rows.iter().enumerate() {
        let cell = leaf_cell(i as i64 + 1, row);
        if size + cell.len() + 2 > PAGE - 8 {
            flush(&mut cells, i as i64, pages);
            size = 0;
        }
        size += cell.len() + 2;
        cells.push(cell);
    }
    flush(&mut cells, rows.len() as i64, pages);
    while level.len() > 1 {
        let mut above = Vec::new();
        for nodes in level.chunks(1000) {
            let (last, others) = nodes.split_last().expect("chunks are not empty");
            let cells: Vec<Vec<u8>> =
                others.iter().map(|(page, key)| [&(*page as u32).to_be_bytes()[..], &varint(*key as u64)].concat()).collect();
            pages.push(page(5, &cells, Some(last.0 as u32), 0));
            above.push((pages.len(), last.1));
        }
        level = above;
    }
    level[0].0
}

/// A page of a tree: header at `offset`, pointers after it, cells at the end.
fn page(kind: u8, cells: &[Vec<u8>], right: Option<u32>, offset: usize) -> Vec<u8> {
    let mut bytes = vec![0; PAGE];
    let mut end = PAGE;
    let mut pointers = Vec::new();
    for cell in cells {
        end -= cell.len();
        bytes[end..end + cell.len()].copy_from_slice(cell);
        pointers.extend((end as u16).to_be_bytes());
    }
    let mut head = vec![kind, 0, 0];
    head.extend((cells.len() as u16).to_be_bytes());
    // An end of 65536 is written as 0.
    head.extend((end as u16).to_be_bytes());
    head.push(0);
    head.extend(right.into_iter().flat_map(u32::to_be_bytes));
    head.extend(pointers);
    bytes[offset..offset + head.len()].copy_from_slice(&head);
    bytes
}

fn leaf_cell(row_id: i64, row: &[Value]) -> Vec<u8> {
    let (mut types, mut body) = (Vec::new(), Vec::new());
    for value in row {
        match value {
            Value::Null => types.extend(varint(0)),
            Value::Integer(v) => {
                types.extend(varint(6));
                body.extend(v.to_be_bytes());
            }
            Value::Real(v) => {
                types.extend(varint(7));
                body.extend(v.to_be_bytes());
            }
            Value::Text(t) => {
                types.extend(varint(13 + 2 * t.len() as u64));
                body.extend(t.as_bytes());
            }
            Value::Blob(b) => {
                types.extend(varint(12 + 2 * b.len() as u64));
                body.extend(b);
            }
        }
    }
    // The header's length counts itself: one byte, or two from 127 bytes on.
    let length = types.len() + if types.len() < 127 { 1 } else { 2 };
    let payload = [varint(length as u64), types, body].concat();
    assert!(payload.len() <= ROW_MOST, "a row of {} bytes does not fit in a page", payload.len());
    [varint(payload.len() as u64), varint(row_id as u64), payload].concat()
}

/// A number in 1 to 9 bytes, seven bits each, the high ones first.
fn varint(value: u64) -> Vec<u8> {
    if value >> 56 != 0 {
        let mut bytes: Vec<u8> = (1..9).rev().map(|i| (value >> (7 * i + 1)) as u8 | 0x80).collect();
        bytes.push(value as u8);
        return bytes;
    }
    let mut bytes = vec![(value & 0x7f) as u8];
    let mut left = value >> 7;
    while left > 0 {
        bytes.insert(0, (left & 0x7f) as u8 | 0x80);
        left >>= 7;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_long_as_they_must_be() {
        assert_eq!([varint(0), varint(127)], [vec![0], vec![127]]);
        assert_eq!([varint(128), varint(16_384)], [vec![0x81, 0], vec![0x81, 0x80, 0]]);
    }

    /// A reader of its own: the row ids in the leaves of a tree, in order.
    fn row_ids(file: &[u8], number: usize, found: &mut Vec<u64>) {
        let start = (number - 1) * PAGE;
        let bytes = &file[start..start + PAGE];
        let u16_at = |at: usize| usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
        let read = |mut at: usize| -> (u64, usize) {
            let mut value = 0;
            loop {
                value = value << 7 | u64::from(bytes[at] & 0x7f);
                at += 1;
                if bytes[at - 1] < 0x80 {
                    return (value, at);
                }
            }
        };
        let count = u16_at(3);
        if bytes[0] == 13 {
            for i in 0..count {
                let (_, at) = read(u16_at(8 + 2 * i));
                found.push(read(at).0);
            }
            return;
        }
        for i in 0..count {
            let at = u16_at(12 + 2 * i);
            row_ids(file, u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize, found);
        }
        row_ids(file, u32::from_be_bytes(bytes[8..12].try_into().unwrap()) as usize, found);
    }

    #[test]
    fn a_table_of_many_pages_has_every_row_once_in_order() {
        let rows: Vec<Vec<Value>> = (0..500).map(|i| vec![Value::Integer(i), Value::Blob(vec![7; 5_000])]).collect();
        let table = Table { name: "t".into(), sql: "CREATE TABLE t(a INTEGER, b BLOB)".into(), rows };
        let file = database(&[table], 0, 0);
        assert!(file.len().is_multiple_of(PAGE) && file.len() > 30 * PAGE && file.starts_with(b"SQLite format 3\0"));
        let mut found = Vec::new();
        row_ids(&file, file.len() / PAGE, &mut found);
        assert_eq!(found, (1..=500).collect::<Vec<u64>>());
    }
}
