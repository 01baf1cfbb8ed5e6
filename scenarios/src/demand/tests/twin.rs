//! The twin experiment.
