//! Imports OpenStreetMap files and prints what happened: `cargo run --release -p agtwin-maps --example import -- FILE…`.

use maps::import::{ImportOptions, import_file};
use sim_core::{ids::MovementId, network::path_length_m};
use std::{path::Path, process::ExitCode, time::Instant};

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: import FILE…");
        return ExitCode::from(2);
    }
    let mut failed = false;
    for file in &files {
        let start = Instant::now();
        match import_file(Path::new(file), &ImportOptions::default()) {
            Err(error) => {
                eprintln!("{error}");
                failed = true;
            }
            Ok(imported) => {
                let (network, report) = (&imported.network, &imported.report);
                println!("{}: {:.2} s", report.source, start.elapsed().as_secs_f64());
                println!("  {} links, {} junctions, {} movements", network.links.len(), network.junctions.len(), network.movements.len());
                let shorter = |m: f32| network.links.iter().filter(|l| l.length_m < m).count();
                let paths: Vec<(f64, usize)> =
                    (0..network.movements.len()).map(|i| (path_length_m(network, MovementId::from_index(i)), i)).collect();
                let longest = paths.iter().copied().fold((0.0, 0), |a, b| if b.0 > a.0 { b } else { a });
                let at = network.movements.get(longest.1).map_or("none", |m| network.junction(m.junction).ref_.as_str());
                println!(
                    "  {} links under 5 m, {} under 12 m; longest path through a junction {:.0} m at {at}, {} over 80 m",
                    shorter(5.0),
                    shorter(12.0),
                    longest.0,
                    paths.iter().filter(|p| p.0 > 80.0).count()
                );
                println!("  {:.1} of {:.1} drivable km kept ({:.1} %)", report.kept_km, report.drivable_km, report.survival() * 100.0);
                println!("  {} signalised junctions from {} signal nodes", report.signalised_junctions, report.signal_nodes);
                for row in report.rows() {
                    let group = row.group.name();
                    println!("  {group:<9} {:>8} {:>9.1} km  {}  {}", row.count, row.length_km, row.cause, row.examples.join(" "));
                }
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
