//! Braess's paradox (Braess, *Unternehmensforschung* 12, 1968): a road more, and everybody takes longer, because each looks for the way that
//! is quickest for himself.
//!
//! From A to B lead two ways of equal length, each with a narrow link (a gate serves one car after the other, so its time grows with the
//! flow) and a long one (whose time does not). A middle road joins the ends of the two narrow links. First the links' own travel-time
//! functions are measured: by loading the network with given flows. From them the equilibria follow in closed form: without the middle road
//! half of the cars drive each way and take `a(q/2) + b`; with it every narrow link carries the flow at which it takes as long as the way
//! around it, `a(x) = b − m`, and everybody takes `2b − m`. Then the assignment must find both by itself.

use crate::{
    check::{Check, Measure, Trouble},
    town::{Control, Dice, LIMIT_MPS, Road, Town, classes_with, link, trip},
};
use scenarios::{
    demand::{Router, RouterSettings},
    run::{
        assign::{AssignPlan, AssignmentRun, assign},
        conditions::Conditions,
        progress::Quiet,
        session::RunSettings,
        simulate::{Setup, simulate},
    },
    scenario::check::Window,
};
use sim_core::{
    class::{ClassSet, ClassTable, VehicleClass},
    demand::Trip,
    geometry::Point,
    halt::{Gate, Spread},
    ids::LinkId,
    measure::TripStatus,
    network::RoadNetwork,
    simulation::Simulation,
};
use std::sync::Arc;

/// Cars leave during this time, seconds.
const LEAVING_S: f64 = 10_800.0;
/// Time for the last ones to arrive, seconds.
const DRAIN_S: f64 = 1_800.0;
/// What a gate takes for a car, seconds; moving up comes on top.
const SERVICE_S: f32 = 6.0;
/// Flow from A to B, as a share of what one gate serves.
const FLOW: f64 = 1.5;
/// How often cars may change their ways.
const ROUNDS: u32 = 24;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![Check::new("theory-braess", "Braess's paradox: four nodes with and without the middle road, under --assign", |_| braess())]
}

/// The four nodes, a road to them and a road from them; with or without the middle road.
fn network(with_middle: bool) -> Result<Arc<RoadNetwork>, Trouble> {
    const RADIUS_M: f64 = 6.0;
    let mut town = Town::default();
    let places = [(-300.0, 0.0), (0.0, 0.0), (833.0, 200.0), (833.0, -200.0), (1_666.0, 0.0), (1_966.0, 0.0)];
    let [o, a, c, d, b, z] = [0, 1, 2, 3, 4, 5].map(|i: usize| {
        let (control, radius_m) = if i == 0 || i == 5 { (Control::End, 0.0) } else { (Control::Priority, RADIUS_M) };
        town.node(places[i].0, places[i].1, control, radius_m)
    });
    town.one_way("in", o, a, 1, 3.5, true);
    town.one_way("narrow-1", a, c, 1, 3.5, true);
    town.one_way("narrow-2", d, b, 1, 3.5, true);
    if with_middle {
        town.one_way("middle", c, d, 1, 3.5, true);
    }
    let mut around = |name: &str, from: usize, to: usize, over: [(f64, f64); 2]| {
        let point = |(x, y): (f64, f64)| Point::new(x, y);
        let (start, end, [p, q]) = (point(places[from]), point(places[to]), over.map(point));
        let line = vec![start.ahead(start.heading_to(p), RADIUS_M), p, q, end.ahead(q.heading_to(end), -RADIUS_M)];
        town.road(Road { name: name.into(), from, to, lanes: 1, lane_m: 3.5, is_main: true, limit_mps: LIMIT_MPS, line });
    };
    around("long-1", c, b, [(966.0, 940.0), (1_516.0, 940.0)]);
    around("long-2", a, d, [(150.0, -940.0), (700.0, -940.0)]);
    // Two lanes, so that those who come from both sides need not merge.
    town.one_way("out", b, z, 2, 3.5, true);
    Ok(town.build()?)
}

/// The three ways; the last one only with the middle road.
fn ways(network: &RoadNetwork) -> Result<Vec<Arc<[LinkId]>>, Trouble> {
    let way = |names: &[&str]| -> Result<Arc<[LinkId]>, Trouble> { names.iter().map(|n| link(network, n)).collect() };
    let mut ways = vec![way(&["in", "narrow-1", "long-1", "out"])?, way(&["in", "long-2", "narrow-2", "out"])?];
    if link(network, "middle").is_ok() {
        ways.push(way(&["in", "narrow-1", "middle", "narrow-2", "out"])?);
    }
    Ok(ways)
}

fn equal_cars() -> Result<ClassTable, Trouble> {
    classes_with(VehicleClass::Car, |p| p.desired_speed_spread = 0.0)
}

/// A run with these trips from 0 on; one interval of measurement for all of it, since the theory knows no time of day.
fn setup(network: &Arc<RoadNetwork>, trips: Vec<Trip>) -> Result<Setup, Trouble> {
    let mut gates = Vec::new();
    for name in ["narrow-1", "narrow-2"] {
        let on = link(network, name)?;
        let pos_m = network.link(on).length_m - 100.0;
        gates.push(Gate { ref_: name.into(), link: on, pos_m, classes: ClassSet::ALL, service_s: SERVICE_S, spread: Spread::Fixed });
    }
    let to_s = LEAVING_S + DRAIN_S;
    Ok(Setup {
        network: network.clone(),
        classes: equal_cars()?,
        trips,
        detectors: vec![],
        conditions: Arc::new(Conditions { gates, ..Conditions::default() }),
        window: Window { from_s: 0.0, measured_from_s: 0.0, to_s, cool_down_s: 0.0, interval_s: to_s, step_s: 0.5 },
        seed: 1,
        threads: 1,
        conflicts: false,
    })
}

/// Cars that leave at random, `per_h` of them an hour on each of these ways.
fn cars(ways: &[(&Arc<[LinkId]>, f64)]) -> Vec<Trip> {
    let mut trips = Vec::new();
    for (w, (way, per_h)) in ways.iter().enumerate().filter(|(_, (_, per_h))| *per_h > 0.0) {
        let times = Dice::new(11 + w as u64).poisson(per_h / 3_600.0, LEAVING_S);
        trips.extend(times.iter().enumerate().map(|(n, t)| trip(format!("w{w}-{n:05}"), VehicleClass::Car, *t, 20.0, 280.0, way)));
    }
    trips
}

/// Mean time of those who went over a link, the junction before it included, seconds.
fn link_s(simulation: &Simulation, on: LinkId) -> f64 {
    let cells = simulation.measurements().links.iter().filter(|c| c.link == on);
    let (spent_s, entered) = cells.fold((0.0, 0u32), |(s, n), c| (s + c.vehicle_s, n + c.entered));
    spent_s / f64::from(entered)
}

/// The measured travel-time functions.
struct Functions {
    /// Flow over a narrow link, cars an hour, and the time of the two, seconds.
    narrow: Vec<(f64, [f64; 2])>,
    /// The long links, seconds.
    long_s: [f64; 2],
    /// The middle road, seconds.
    middle_s: f64,
    /// The roads before and behind, seconds.
    ends_s: f64,
}

/// The value at `x` of a line through these points, which go up in both.
fn along(points: impl Iterator<Item = (f64, f64)>, x: f64) -> f64 {
    let points: Vec<_> = points.collect();
    let after = points.iter().position(|p| p.0 >= x).unwrap_or(points.len() - 1).max(1);
    let ((x0, y0), (x1, y1)) = (points[after - 1], points[after]);
    y0 + (y1 - y0) * (x - x0) / (x1 - x0)
}

impl Functions {
    /// Time of the `n`-th narrow link at a flow, seconds.
    fn narrow_s(&self, n: usize, per_h: f64) -> f64 {
        along(self.narrow.iter().map(|(x, t)| (*x, t[n])), per_h)
    }

    /// The flow at which the `n`-th narrow link takes `time_s`, cars an hour.
    fn narrow_per_h(&self, n: usize, time_s: f64) -> f64 {
        along(self.narrow.iter().map(|(x, t)| (t[n], *x)), time_s)
    }
}

fn measure_functions(capacity_per_h: f64) -> Result<Functions, Trouble> {
    let network = network(true)?;
    let ways = ways(&network)?;
    let of = |name| link(&network, name);
    let mut functions = Functions { narrow: vec![], long_s: [0.0; 2], middle_s: 0.0, ends_s: 0.0 };
    for share in [0.3, 0.5, 0.65, 0.75, 0.82, 0.88, 0.92, 0.96, 1.0] {
        let per_h = share * capacity_per_h;
        // A few go over the middle road, to measure it too; the two outer ways bring the rest.
        let over_middle = 0.1 * per_h;
        let trips = cars(&[(&ways[0], per_h - over_middle), (&ways[1], per_h - over_middle), (&ways[2], over_middle)]);
        let (simulation, _) = simulate(setup(&network, trips)?, false, "functions", &Quiet).map_err(Trouble::broken)?;
        let count = |name| -> Result<f64, Trouble> {
            let on = of(name)?;
            Ok(simulation.measurements().links.iter().filter(|c| c.link == on).map(|c| f64::from(c.entered)).sum::<f64>())
        };
        let flow = (count("narrow-1")? + count("narrow-2")?) / 2.0 / LEAVING_S * 3_600.0;
        functions.narrow.push((flow, [link_s(&simulation, of("narrow-1")?), link_s(&simulation, of("narrow-2")?)]));
        if share == 0.75 {
            functions.long_s = [link_s(&simulation, of("long-1")?), link_s(&simulation, of("long-2")?)];
            functions.middle_s = link_s(&simulation, of("middle")?);
            functions.ends_s = link_s(&simulation, of("in")?) + link_s(&simulation, of("out")?);
        }
    }
    Ok(functions)
}

/// What a gate serves an hour when cars never end.
fn capacity_per_h() -> Result<f64, Trouble> {
    let network = network(false)?;
    let ways = ways(&network)?;
    let (simulation, _) = simulate(setup(&network, cars(&[(&ways[0], 1_200.0)]))?, false, "capacity", &Quiet).map_err(Trouble::broken)?;
    let served = simulation.served().iter().map(|(_, n)| *n).max().unwrap_or(0);
    Ok(served as f64 / (LEAVING_S + DRAIN_S) * 3_600.0)
}

/// An assignment from the quickest ways without traffic on: the mean time from entering to arriving, seconds, the flow over the first narrow
/// link, cars an hour, and every run.
fn assigned(with_middle: bool, per_h: f64) -> Result<(f64, f64, Vec<AssignmentRun>), Trouble> {
    let network = network(with_middle)?;
    let ways = ways(&network)?;
    let classes = equal_cars()?;
    let router = Router::new(&network, &classes, RouterSettings::default());
    let mut trips = cars(&[(&ways[0], per_h)]);
    for trip in &mut trips {
        let best = router.searcher().best(trip.class, trip.origin, trip.destination);
        trip.route = best.ok_or_else(|| Trouble::Broken("there is no way from A to B".into()))?.links;
    }
    let run = RunSettings { threads: 1, check: true, conflicts: false, assign: ROUNDS };
    let plan = AssignPlan { rounds: ROUNDS, ..AssignPlan::default() };
    let done = assign(&setup(&network, trips)?, &router, &plan, None, run, &Quiet).map_err(Trouble::broken)?;
    let (mut took_s, mut count) = (0.0, 0.0);
    for record in &done.simulation.measurements().trips {
        let (TripStatus::Arrived, Some(entered_s), Some(arrived_s)) = (record.status, record.entered_s, record.arrived_s) else {
            return Err(Trouble::Broken("somebody has not arrived half an hour after the last one left".into()));
        };
        took_s += arrived_s - entered_s;
        count += 1.0;
    }
    let first = link(&network, "narrow-1")?;
    let over = done.simulation.trips().iter().filter(|t| t.route.contains(&first)).count() as f64;
    Ok((took_s / count, over / LEAVING_S * 3_600.0, done.runs))
}

fn braess() -> Result<Vec<Measure>, Trouble> {
    let capacity = capacity_per_h()?;
    let wished = FLOW * capacity;
    let f = measure_functions(capacity)?;
    let (without_s, without_flow, without_runs) = assigned(false, wished)?;
    let (with_s, with_flow, with_runs) = assigned(true, wished)?;
    // The flow that was drawn.
    let flow = with_runs[0].gap.trips as f64 / LEAVING_S * 3_600.0;
    let long_s = (f.long_s[0] + f.long_s[1]) / 2.0;
    let half_s = (f.narrow_s(0, flow / 2.0) + f.narrow_s(1, flow / 2.0)) / 2.0;
    let expected_without_s = f.ends_s + half_s + long_s;
    let expected_with_s = f.ends_s + 2.0 * long_s - f.middle_s;
    let expected_flow = f.narrow_per_h(0, f.long_s[1] - f.middle_s);
    let last_gap = |runs: &[AssignmentRun]| runs.last().map_or(f64::NAN, |r| r.gap.relative_gap * 100.0);
    let because = "closed form with the links' measured functions";
    Ok(vec![
        Measure::shown("a gate serves, cars/h", capacity).decimals(0),
        Measure::shown("from A to B, cars/h", flow).decimals(0),
        Measure::shown("narrow link at half of that, s", half_s).decimals(1),
        Measure::shown("long link, s", long_s).decimals(1),
        Measure::shown("middle road, s", f.middle_s).decimals(1),
        Measure::shown("relative gap of the first run with the middle road, %", with_runs[0].gap.relative_gap * 100.0),
        Measure::within("relative gap of the last run without it, %", last_gap(&without_runs), 0.0, 2.0, "near equilibrium"),
        Measure::within("relative gap of the last run with it, %", last_gap(&with_runs), 0.0, 3.0, "near equilibrium"),
        Measure::near("mean time without the middle road, s", without_s, expected_without_s, 0.05, format!("a(q/2) + b: {because}, 5 %"))
            .decimals(1),
        Measure::near("mean time with it, s", with_s, expected_with_s, 0.05, format!("2b − m: {because}, 5 %")).decimals(1),
        Measure::near("over the first narrow link without it, cars/h", without_flow, flow / 2.0, 0.1, "half, by symmetry").decimals(0),
        Measure::near("over the first narrow link with it, cars/h", with_flow, expected_flow, 0.1, format!("a(x) = b − m: {because}"))
            .decimals(0),
        Measure::within(
            "what everybody loses by the road more, s",
            with_s - without_s,
            0.5 * (expected_with_s - expected_without_s),
            1.5 * (expected_with_s - expected_without_s),
            format!("the paradox: {:.1} s in closed form, half to one and a half of it", expected_with_s - expected_without_s),
        )
        .decimals(1),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_road_more_is_a_way_more() {
        assert_eq!(ways(&network(false).unwrap()).unwrap().len(), 2);
        let with = network(true).unwrap();
        let ways = ways(&with).unwrap();
        let joined = ways.iter().all(|w| w.windows(2).all(|p| with.movement_between(p[0], p[1]).is_some()));
        assert!(ways.len() == 3 && joined, "{ways:?}");
    }

    #[test]
    fn a_function_is_read_both_ways() {
        let points = [(10.0, 1.0), (20.0, 3.0), (30.0, 9.0)];
        assert_eq!(along(points.into_iter(), 25.0), 6.0);
        assert_eq!(along(points.into_iter().map(|(x, y)| (y, x)), 6.0), 25.0);
    }
}
