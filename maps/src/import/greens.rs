//! Signal plans that a file gives: where two greens cross and the file does not say who yields, somebody is made to.

use super::{ImportReport, ReportGroup};
use sim_core::{
    control::crossing_greens,
    ids::{ControllerId, MovementId},
    network::{Priority, RoadNetwork, Turn},
};

/// Gives one of two movements that are green together, cross and have one rank the next lower rank: of a turn and a way straight on the turn, else
/// the one that comes later in the file (assumed). Counted by signal.
pub(crate) fn settle_greens(network: &mut RoadNetwork, report: &mut ImportReport) {
    for c in (0..network.controllers.len()).map(ControllerId::from_index) {
        // Ranks only ever fall, and there are fewer than 256.
        while let Some((x, y)) = crossing_greens(network, c, &network.controller(c).plan).first().copied() {
            let sharpness = |m: MovementId| match network.movement(m).turn {
                Turn::Through => 0,
                Turn::Right => 1,
                Turn::Left => 2,
                Turn::UTurn => 3,
            };
            let yields = if (sharpness(x), x) > (sharpness(y), y) { x } else { y };
            let rank = network.movement(yields).priority.0;
            if rank == u8::MAX {
                break;
            }
            report.add(
                ReportGroup::Assumed,
                "greens that cross, and nothing says who yields: the turn does, else the later one",
                &network.controller(c).ref_,
            );
            network.movements[yields.index()].priority = Priority(rank + 1);
        }
    }
}
