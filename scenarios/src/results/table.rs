//! A table as columns, written as Parquet: the same bytes for the same values on every machine.

use super::error::ResultError;
use parquet::{
    basic::{Compression, ConvertedType, Repetition, Type as PhysicalType},
    data_type::{ByteArray, ByteArrayType, DoubleType, FloatType, Int32Type, Int64Type},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{WriterProperties, WriterVersion},
        writer::SerializedFileWriter,
    },
    schema::types::Type,
};
use std::{io::Write, path::Path, sync::Arc};

/// Who wrote the file, as the file says it: nothing that changes with the version of a library.
const CREATED_BY: &str = "An Giang Twin";

/// The values of a column. An option that is `None` is a null.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Text.
    Text(Vec<String>),
    /// Text that may be missing.
    OptText(Vec<Option<String>>),
    /// Whole numbers of 32 bits.
    I32(Vec<i32>),
    /// Whole numbers of 64 bits.
    I64(Vec<i64>),
    /// Single precision.
    F32(Vec<f32>),
    /// Double precision.
    F64(Vec<f64>),
    /// Double precision that may be missing.
    OptF64(Vec<Option<f64>>),
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Text(v) => v.len(),
            Self::OptText(v) => v.len(),
            Self::I32(v) => v.len(),
            Self::I64(v) => v.len(),
            Self::F32(v) => v.len(),
            Self::F64(v) => v.len(),
            Self::OptF64(v) => v.len(),
        }
    }

    fn parquet_type(&self, name: &str) -> Result<Type, ParquetError> {
        let (physical, converted) = match self {
            Self::Text(_) | Self::OptText(_) => (PhysicalType::BYTE_ARRAY, ConvertedType::UTF8),
            Self::I32(_) => (PhysicalType::INT32, ConvertedType::NONE),
            Self::I64(_) => (PhysicalType::INT64, ConvertedType::NONE),
            Self::F32(_) => (PhysicalType::FLOAT, ConvertedType::NONE),
            Self::F64(_) | Self::OptF64(_) => (PhysicalType::DOUBLE, ConvertedType::NONE),
        };
        let repetition = match self {
            Self::OptText(_) | Self::OptF64(_) => Repetition::OPTIONAL,
            _ => Repetition::REQUIRED,
        };
        Type::primitive_type_builder(name, physical).with_converted_type(converted).with_repetition(repetition).build()
    }
}

/// A named table with a schema version.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name in the file.
    pub name: &'static str,
    /// Version of its columns: raised when one is renamed, removed or means something else.
    pub schema_version: u32,
    /// Columns, all of one length. A name ends in its unit.
    pub columns: Vec<(&'static str, Values)>,
}

impl Table {
    /// Rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, v)| v.len())
    }

    /// Writes the table as a Parquet file.
    ///
    /// # Errors
    /// The file could not be written.
    ///
    /// # Panics
    /// On columns of different lengths.
    pub fn write(&self, out: &mut (impl Write + Send), path: &Path) -> Result<(), ResultError> {
        assert!(self.columns.iter().all(|(_, v)| v.len() == self.rows()), "columns of table `{}` differ in length", self.name);
        self.write_parquet(out).map_err(|error| ResultError::Table { path: path.to_owned(), error })
    }

    fn write_parquet(&self, out: &mut (impl Write + Send)) -> Result<(), ParquetError> {
        let fields: Result<Vec<_>, _> = self.columns.iter().map(|(name, v)| v.parquet_type(name).map(Arc::new)).collect();
        let schema = Arc::new(Type::group_type_builder(self.name).with_fields(fields?).build()?);
        let version = KeyValue::new("agtwin.schema_version".to_owned(), self.schema_version.to_string());
        let properties = WriterProperties::builder()
            .set_created_by(CREATED_BY.to_owned())
            .set_writer_version(WriterVersion::PARQUET_1_0)
            .set_compression(Compression::SNAPPY)
            .set_key_value_metadata(Some(vec![version]))
            .build();
        let mut writer = SerializedFileWriter::new(out, schema, Arc::new(properties))?;
        let mut group = writer.next_row_group()?;
        for (_, values) in &self.columns {
            let mut column = group.next_column()?.expect("as many columns as the schema has");
            match values {
                Values::Text(v) => {
                    let v: Vec<ByteArray> = v.iter().map(|t| t.as_str().into()).collect();
                    column.typed::<ByteArrayType>().write_batch(&v, None, None)?;
                }
                Values::OptText(v) => {
                    let (v, levels) = present(v.iter().map(|t| t.as_deref().map(ByteArray::from)));
                    column.typed::<ByteArrayType>().write_batch(&v, Some(&levels), None)?;
                }
                Values::I32(v) => {
                    column.typed::<Int32Type>().write_batch(v, None, None)?;
                }
                Values::I64(v) => {
                    column.typed::<Int64Type>().write_batch(v, None, None)?;
                }
                Values::F32(v) => {
                    column.typed::<FloatType>().write_batch(v, None, None)?;
                }
                Values::F64(v) => {
                    column.typed::<DoubleType>().write_batch(v, None, None)?;
                }
                Values::OptF64(v) => {
                    let (v, levels) = present(v.iter().copied());
                    column.typed::<DoubleType>().write_batch(&v, Some(&levels), None)?;
                }
            }
            column.close()?;
        }
        group.close()?;
        writer.close()?;
        Ok(())
    }
}

/// The values that are there, and for each row whether it has one.
fn present<T>(rows: impl Iterator<Item = Option<T>>) -> (Vec<T>, Vec<i16>) {
    let mut values = Vec::new();
    let levels = rows
        .map(|row| {
            let there = i16::from(row.is_some());
            values.extend(row);
            there
        })
        .collect();
    (values, levels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::RowAccessor,
    };

    fn sample() -> Table {
        Table {
            name: "sample",
            schema_version: 3,
            columns: vec![
                ("link", Values::Text(vec!["cầu".into(), "b".into()])),
                ("speed_mps", Values::OptF64(vec![None, Some(0.1)])),
                ("count", Values::I64(vec![7, -1])),
            ],
        }
    }

    fn bytes(table: &Table) -> Vec<u8> {
        let mut out = Vec::new();
        table.write(&mut out, Path::new("sample.parquet")).unwrap();
        out
    }

    #[test]
    fn what_was_written_is_read_back_with_its_schema_version() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes(&sample())).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let meta = reader.metadata().file_metadata();
        assert_eq!(meta.created_by(), Some(CREATED_BY));
        assert!(meta.key_value_metadata().unwrap().iter().any(|kv| kv.key == "agtwin.schema_version" && kv.value.as_deref() == Some("3")));
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].get_string(0).unwrap(), "cầu");
        assert!(rows[0].get_double(1).is_err(), "a null");
        assert_eq!((rows[1].get_double(1).unwrap(), rows[1].get_long(2).unwrap()), (0.1, -1));
    }

    #[test]
    fn the_same_values_are_the_same_bytes_and_an_empty_table_is_a_file_too() {
        assert_eq!(bytes(&sample()), bytes(&sample()));
        let empty = Table { name: "empty", schema_version: 1, columns: vec![("x", Values::F32(vec![]))] };
        assert_eq!(&bytes(&empty)[..4], b"PAR1");
    }
}
