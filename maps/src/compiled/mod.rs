//! The compiled map: one binary file with a format version and a content hash.
