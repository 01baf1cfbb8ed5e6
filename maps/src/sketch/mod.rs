//! The embedded An Giang map: a readable source drawn from facts, compiled by the same importer.
