//! Spatial index: nearest link or junction.
