//! Corrections to a map, by ref, applied last on every import.
