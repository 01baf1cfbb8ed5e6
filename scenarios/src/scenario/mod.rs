//! The scenario file: TOML with units and a schema.
