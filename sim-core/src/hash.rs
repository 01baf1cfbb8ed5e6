//! Hashes any serializable value field by field, so that no field of the state can be forgotten.

use serde::ser::{self, Serialize};
use std::fmt;
use xxhash_rust::xxh3::Xxh3;

/// The hash of `value`: equal values have equal hashes, floats are compared by their bits.
pub fn hash_of<T: Serialize + ?Sized>(value: &T) -> u64 {
    let mut hasher = FieldHasher { buffer: Vec::with_capacity(CHUNK + 64), hash: Xxh3::new() };
    match value.serialize(&mut hasher) {
        Ok(()) => {
            hasher.flush();
            hasher.hash.digest()
        }
        Err(Never) => unreachable!("hashing fails on no value"),
    }
}

/// How many bytes are collected before they are hashed.
const CHUNK: usize = 4096;

struct FieldHasher {
    buffer: Vec<u8>,
    hash: Xxh3,
}

impl FieldHasher {
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> Result<(), Never> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush();
        }
        Ok(())
    }

    fn flush(&mut self) {
        self.hash.update(&self.buffer);
        self.buffer.clear();
    }

    fn length(&mut self, n: usize) -> Result<(), Never> {
        self.put(&(n as u64).to_le_bytes())
    }
}

/// Hashing cannot fail; serde asks for an error type all the same.
#[derive(Debug)]
struct Never;

impl fmt::Display for Never {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hashing does not fail")
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

macro_rules! put_numbers {
    ($($method:ident: $type:ty),+) => {$(
        #[inline]
        fn $method(self, v: $type) -> Result<(), Never> {
            self.put(&v.to_le_bytes())
        }
    )+};
}

impl ser::Serializer for &mut FieldHasher {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    put_numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64
    }

    fn serialize_bool(self, v: bool) -> Result<(), Never> {
        self.put(&[u8::from(v)])
    }
    fn serialize_char(self, v: char) -> Result<(), Never> {
        self.put(&u32::from(v).to_le_bytes())
    }
    fn serialize_str(self, v: &str) -> Result<(), Never> {
        self.serialize_bytes(v.as_bytes())
    }
    fn serialize_bytes(self, v: &[u8]) -> Result<(), Never> {
        self.length(v.len())?;
        self.put(v)
    }
    fn serialize_none(self) -> Result<(), Never> {
        self.put(&[0])
    }
    fn serialize_some<T: Serialize + ?Sized>(self, v: &T) -> Result<(), Never> {
        self.put(&[1])?;
        v.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Never> {
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        Ok(())
    }
    fn serialize_unit_variant(self, _: &'static str, variant: u32, _: &'static str) -> Result<(), Never> {
        self.put(&variant.to_le_bytes())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, v: &T) -> Result<(), Never> {
        v.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, variant: u32, _: &'static str, v: &T) -> Result<(), Never> {
        self.put(&variant.to_le_bytes())?;
        v.serialize(self)
    }
    fn serialize_seq(self, len: Option<usize>) -> Result<Self, Never> {
        self.length(len.unwrap_or(usize::MAX))?;
        Ok(self)
    }
    fn serialize_tuple(self, _: usize) -> Result<Self, Never> {
        Ok(self)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        Ok(self)
    }
    fn serialize_tuple_variant(self, _: &'static str, variant: u32, _: &'static str, _: usize) -> Result<Self, Never> {
        self.put(&variant.to_le_bytes())?;
        Ok(self)
    }
    fn serialize_map(self, len: Option<usize>) -> Result<Self, Never> {
        self.length(len.unwrap_or(usize::MAX))?;
        Ok(self)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        Ok(self)
    }
    fn serialize_struct_variant(self, _: &'static str, variant: u32, _: &'static str, _: usize) -> Result<Self, Never> {
        self.put(&variant.to_le_bytes())?;
        Ok(self)
    }
}

macro_rules! compound {
    ($($trait:ident { $($method:ident($($key:ty)?)),+ }),+ $(,)?) => {$(
        impl ser::$trait for &mut FieldHasher {
            type Ok = ();
            type Error = Never;
            $(fn $method<T: Serialize + ?Sized>(&mut self, $(_: $key,)? v: &T) -> Result<(), Never> {
                v.serialize(&mut **self)
            })+
            fn end(self) -> Result<(), Never> {
                Ok(())
            }
        }
    )+};
}

compound! {
    SerializeSeq { serialize_element() },
    SerializeTuple { serialize_element() },
    SerializeTupleStruct { serialize_field() },
    SerializeTupleVariant { serialize_field() },
    SerializeMap { serialize_key(), serialize_value() },
    SerializeStruct { serialize_field(&'static str) },
    SerializeStructVariant { serialize_field(&'static str) },
}

#[cfg(test)]
mod tests {
    use super::hash_of;

    #[test]
    fn equal_values_hash_alike_and_any_field_tells() {
        let value = (1u32, vec![1.5f32, 2.5], Some("x"), [(3u8, -0.0f64)]);
        assert_eq!(hash_of(&value), hash_of(&value.clone()));
        assert_ne!(hash_of(&value), hash_of(&(1u32, vec![1.5f32, 2.5], Some("x"), [(3u8, 0.0f64)])));
        assert_ne!(hash_of(&(vec![1u8], vec![2u8, 3])), hash_of(&(vec![1u8, 2], vec![3u8])));
    }
}
