//! The plan's indicators, one file per family.
