//! All benchmarks, and the table of their numbers.

use benches::{
    kernel_bench, machine, maps_bench,
    memory::{CHILD, peak_mib},
    page,
    record::Record,
    run_bench,
};
use criterion::Criterion;
use std::time::Duration;

fn main() {
    if let Ok(job) = std::env::var(CHILD) {
        maps_bench::child(&job);
        println!("peak MiB {}", peak_mib().unwrap_or(f64::NAN));
        return;
    }
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    let mut record = Record::default();
    let load_before = machine::load();
    let mut rows = maps_bench::bench(&mut criterion, &mut record);
    rows.extend(kernel_bench::bench(&mut criterion, &mut record));
    rows.extend(run_bench::bench(&mut criterion, &mut record));
    criterion.final_summary();

    let machine = format!("{}; {}", machine::describe(), machine::load_words(load_before, machine::load()));
    println!("\n{machine}\n\n{}", page::table(&rows));
    if let Some(path) = std::env::var_os("AGTWIN_BENCH_WRITE") {
        // Cargo starts benchmarks in their package's folder; the variable is relative to the project's.
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
        std::fs::write(&path, page::page(&machine, &rows)).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
}
