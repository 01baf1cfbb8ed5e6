//! Named checks of the model against theory and against real files, through the public API only.
//!
//! `cargo run --release -p validation` runs them all; a check that needs what is not there says so and is skipped. Real files are looked
//! for under the folder that the variable `AGTWIN_DATA` names. A check named on the command line must run: skipped is then failed.

pub mod automation;
pub mod batch;
pub mod beside_sumo;
pub mod braess;
pub mod check;
pub mod cityflow;
pub mod crossing;
pub mod diagram;
pub mod gaps;
pub mod osm_files;
pub mod page;
pub mod plan;
pub mod promises;
pub mod queues;
pub mod results;
pub mod ring;
pub mod saturation;
pub mod swarm;
pub mod theory;
pub mod town;
pub mod tried;
pub mod turning;
pub mod write;

use check::Check;

/// Every check, in the order it is run.
pub fn all_checks() -> Vec<Check> {
    let mut checks = theory::checks();
    checks.extend(diagram::checks());
    checks.extend(saturation::checks());
    checks.extend(turning::checks());
    checks.extend(queues::checks());
    checks.extend(gaps::checks());
    checks.extend(ring::checks());
    checks.extend(automation::checks());
    checks.extend(braess::checks());
    checks.extend(swarm::checks());
    checks.extend(promises::checks());
    checks.extend(batch::checks());
    checks.extend(beside_sumo::checks());
    checks.extend(cityflow::checks());
    checks.extend(tried::checks());
    checks
}
