//! The result folder of a run, written beside and renamed.
