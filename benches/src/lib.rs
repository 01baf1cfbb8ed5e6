//! How fast, and against what: every number stands beside a baseline measured in the same run on the same machine.
//!
//! `cargo bench -p benches` measures and prints; with `AGTWIN_BENCH_WRITE=FILE` it also writes the page of the book. Benchmarks on real
//! maps look for their files under `AGTWIN_DATA` and say so when there are none.

pub mod kernel;
pub mod kernel_bench;
pub mod machine;
pub mod maps_bench;
pub mod memory;
pub mod page;
pub mod record;
pub mod run_bench;
