//! Saturation flow of a lane that turns, against what was measured on curves of different radii.

use crate::{
    check::{Check, Measure, Trouble},
    promises::CARS,
    saturation::{Approach, discharge_of},
    town::{Control, Town, link},
};
use sim_core::class::ClassTable;

/// Radii that are tried, metres: kerbs of narrow streets to wide junctions.
const RADII_M: [f64; 3] = [6.0, 10.0, 15.0];
/// Length of the approach to the corner, metres.
const LENGTH_M: f64 = 500.0;
/// Width of its only lane, metres.
const LANE_M: f32 = 3.5;
/// Greens that are counted.
const GREENS: usize = 40;

/// The check of this file.
pub fn checks() -> Vec<Check> {
    vec![Check::new("junction-turning-flow", "saturation flow of a lane of turning cars", |_| turning_flow())]
}

/// A lane from the west to a signal at a corner, from which it leads on to the south, `radius_m` round, or straight on if there is none.
fn corner(radius_m: Option<f64>) -> Result<Approach, Trouble> {
    let mut town = Town::default();
    let setback_m = radius_m.unwrap_or(10.0);
    let from = town.node(0.0, 0.0, Control::End, 0.0);
    let at = town.node(LENGTH_M, 0.0, Control::Signal(45.0), setback_m);
    let (x, y) = if radius_m.is_some() { (LENGTH_M, -LENGTH_M) } else { (2.0 * LENGTH_M, 0.0) };
    let to = town.node(x, y, Control::End, 0.0);
    town.one_way("before", from, at, 1, LANE_M, true);
    town.one_way("behind", at, to, 1, LANE_M, true);
    let network = town.build()?;
    let route = [link(&network, "before")?, link(&network, "behind")?].into();
    Ok(Approach { network, route, width_m: f64::from(LANE_M), line_m: LENGTH_M - setback_m })
}

fn turning_flow() -> Result<Vec<Measure>, Trouble> {
    let flow = |radius_m| Ok::<_, Trouble>(discharge_of(&corner(radius_m)?, &ClassTable::default(), CARS, 0.5, GREENS)?.saturation_per_h());
    let straight = flow(None)?;
    let mut measures = vec![Measure::shown("a lane straight on, cars/h of green", straight).decimals(0)];
    for radius_m in RADII_M {
        let turning = flow(Some(radius_m))?;
        measures.push(Measure::shown(format!("a lane that turns on a radius of {radius_m} m, cars/h of green"), turning).decimals(0));
        measures.push(Measure::near(
            format!("the same as a share of the lane straight on, radius {radius_m} m"),
            turning / straight,
            1.0 / (1.0 + 1.5 / radius_m),
            0.08,
            "Kimber, McDonald & Hounsell 1986 (TRRL RR67): 1 ÷ (1 + 1.5 ÷ r), 8 %",
        ));
    }
    Ok(measures)
}
