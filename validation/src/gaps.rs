//! Streams that yield to others: their measured capacity against gap acceptance in closed form, and turners against pedestrians.
//!
//! Gap acceptance says that `⌊(h − tc)/tf⌋ + 1` vehicles go through a gap of `h` seconds, `tc` the critical gap, `tf` the follow-up time. Over
//! exponential gaps of `q` vehicles a second that is Harders' and the Highway Capacity Manual's `q·e^(−q·tc)/(1 − e^(−q·tf))`. Cars in one lane
//! keep a distance, so their gaps are not exponential: what is measured is held against the gaps as they were drawn, and, that difference taken
//! out, against the closed form.

use crate::{
    check::{Check, Measure, Trouble},
    promises::{CARS, MOTORCYCLES},
    town::{Control, Dice, LIMIT_MPS, Mix, Road, Town, class_of, classes_with, link, simulation_with, trip},
};
use sim_core::{
    class::{ClassTable, VehicleClass},
    geometry::Point,
    ids::LinkId,
    network::RoadNetwork,
    walk::Walkway,
};
use std::{f64::consts::TAU, sync::Arc};

/// Time before anything is counted, seconds.
const WARM_S: f64 = 600.0;
/// End of what is counted, seconds.
const END_S: f64 = 9_000.0;
/// How far before the crossing the gaps of the main stream are taken: before anybody could be made to yield, metres.
const UPSTREAM_M: f64 = 150.0;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check::new("theory-gap-capacity", "capacity of cars that yield to a stream they cross, against gap acceptance", |_| gap_capacity()),
        Check::new("junction-left-swarm", "swarms of 20 motorcycles that turn left through opposing cars", |_| left_swarm()),
        Check::new("junction-slip", "motorcycles on a right-turn slip that join a stream of cars", |_| slip()),
        Check::new("junction-roundabout", "entries of a two-lane roundabout, where those who leave weave", |_| roundabout()),
        Check::new("junction-pedestrians", "cars that turn right over pedestrians who walk along with green", |_| pedestrians()),
    ]
}

type Route = Arc<[LinkId]>;

fn way(network: &RoadNetwork, names: &[&str]) -> Result<Route, Trouble> {
    names.iter().map(|name| link(network, name)).collect()
}

/// Those who have the right of way, and those who wait for a gap among them.
struct Contest<'a> {
    network: &'a Arc<RoadNetwork>,
    classes: &'a ClassTable,
    /// The routes of the main stream, each with its vehicles an hour; they come from the west.
    main: Vec<(Route, f64)>,
    minor: Route,
    /// Who yields, and how many an hour come.
    minor_mix: Mix<'a>,
    minor_per_h: f64,
    /// How far the middle of one that yields is past where it meets the main stream (at x = 0), metres.
    past_m: fn(Point) -> f64,
}

/// What came of it.
struct Outcome {
    /// Vehicles an hour that yielded and came through.
    through_per_h: f64,
    /// When those of the main stream passed a place upstream, seconds.
    main_s: Vec<f64>,
    /// Follow-up time as it is measured in the field (Siegloch 1973): how much longer gaps are through which one more goes, seconds.
    follow_up_s: f64,
    /// Hardest braking of the main stream on its way from there to the crossing, m/s².
    hardest_mps2: f64,
}

impl Contest<'_> {
    fn run(self) -> Result<Outcome, Trouble> {
        let mut dice = Dice::new(5);
        let mut trips = Vec::new();
        let cars_to_m = 150.0;
        for (r, (route, per_h)) in self.main.iter().enumerate() {
            if *per_h > 0.0 {
                let times = dice.poisson(per_h / 3_600.0, END_S);
                trips.extend(
                    times.iter().enumerate().map(|(i, t)| trip(format!("m{r}-{i:06}"), VehicleClass::Car, *t, 0.0, cars_to_m, route)),
                );
            }
        }
        let main_count = trips.len();
        let count = (END_S * self.minor_per_h / 3_600.0) as usize;
        trips.extend((0..count).map(|i| {
            let class = class_of(self.minor_mix, &mut dice);
            trip(format!("s{i:06}"), class, i as f64 * 3_600.0 / self.minor_per_h, 0.0, 150.0, &self.minor)
        }));
        let mut simulation = simulation_with(self.network, self.classes.clone(), trips, 0.5)?;
        let (mut passed, mut speeds) = (vec![f64::NAN; main_count], vec![f64::NAN; main_count]);
        let (mut met, mut hardest_mps2) = (vec![f64::NAN; main_count + count], 0.0f64);
        let step_s = f64::from(simulation.config().step_s);
        while simulation.time_s() < END_S {
            simulation.step();
            let frame = simulation.frame();
            for v in &frame.vehicles {
                let (i, speed) = (v.id.index(), f64::from(v.speed_mps));
                let met_m = if i < main_count { v.centre.x } else { (self.past_m)(v.centre) };
                if met_m >= 0.0 && met[i].is_nan() {
                    met[i] = frame.time_s - met_m / speed.max(0.1);
                }
                if i >= main_count {
                    continue;
                }
                let past_m = v.centre.x + f64::from(v.length_m) * 0.5 + UPSTREAM_M;
                if past_m >= 0.0 && passed[i].is_nan() {
                    passed[i] = frame.time_s - past_m / speed.max(0.1);
                }
                if (0.0..UPSTREAM_M).contains(&past_m) && speeds[i].is_finite() {
                    hardest_mps2 = hardest_mps2.max((speeds[i] - speed) / step_s);
                }
                speeds[i] = speed;
            }
        }
        let sorted = |times: &[f64]| {
            let mut times: Vec<f64> = times.iter().copied().filter(|t| *t > WARM_S).collect();
            times.sort_by(f64::total_cmp);
            times
        };
        let main_s = sorted(&passed);
        let follow_up_s = siegloch_s(&sorted(&met[..main_count]), &sorted(&met[main_count..]));
        let arrived = simulation.measurements().trips.iter().skip(main_count).filter(|t| t.arrived_s.is_some_and(|at| at > WARM_S)).count();
        Ok(Outcome { through_per_h: arrived as f64 / (END_S - WARM_S) * 3_600.0, main_s, follow_up_s, hardest_mps2 })
    }
}

/// The slope of the mean length of gaps over how many (one to eight) went through them, seconds; only numbers that were seen ten times count.
fn siegloch_s(main_s: &[f64], minor_s: &[f64]) -> f64 {
    let mut by_number = [(0.0f64, 0.0f64); 9];
    let mut next = 0;
    for gap in main_s.windows(2) {
        let begin = next + minor_s[next..].partition_point(|t| *t < gap[0]);
        next = begin + minor_s[begin..].partition_point(|t| *t < gap[1]);
        if let Some((count, sum)) = by_number.get_mut(next - begin) {
            (*count, *sum) = (*count + 1.0, *sum + gap[1] - gap[0]);
        }
    }
    let seen: Vec<(f64, f64)> = by_number
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, (count, _))| *count >= 10.0)
        .map(|(n, (count, sum))| (n as f64, sum / count))
        .collect();
    let number = seen.len() as f64;
    let (x, y) = seen.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / number, y + p.1 / number));
    let (up, down) = seen.iter().fold((0.0, 0.0), |(up, down), p| (up + (p.0 - x) * (p.1 - y), down + (p.0 - x) * (p.0 - x)));
    up / down
}

/// Vehicles an hour through the gaps between these times, by gap acceptance.
fn by_gaps_per_h(times_s: &[f64], critical_s: f64, follow_up_s: f64) -> f64 {
    let through = |gap: f64| if gap < critical_s { 0.0 } else { ((gap - critical_s) / follow_up_s).floor() + 1.0 };
    let all: f64 = times_s.windows(2).map(|pair| through(pair[1] - pair[0])).sum();
    all / (times_s[times_s.len() - 1] - times_s[0]) * 3_600.0
}

/// The same over exponential gaps of `per_h` vehicles an hour.
fn harders_per_h(per_h: f64, critical_s: f64, follow_up_s: f64) -> f64 {
    let q = per_h / 3_600.0;
    per_h * (-q * critical_s).exp() / (1.0 - (-q * follow_up_s).exp())
}

/// The critical gap with which these gaps let `per_h` vehicles through, seconds.
fn fitted_s(times_s: &[f64], per_h: f64, follow_up_s: f64) -> f64 {
    let (mut low, mut high) = (0.0, 20.0);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        if by_gaps_per_h(times_s, middle, follow_up_s) > per_h { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

fn equal(class: VehicleClass) -> Result<ClassTable, Trouble> {
    classes_with(class, |p| p.desired_speed_spread = 0.0)
}

fn gap_capacity() -> Result<Vec<Measure>, Trouble> {
    let mut town = Town::default();
    let centre = town.node(0.0, 0.0, Control::Priority, 6.0);
    let ends = [(-600.0, 0.0), (400.0, 0.0), (0.0, -400.0), (0.0, 400.0)].map(|(x, y)| town.node(x, y, Control::End, 0.0));
    town.one_way("main-in", ends[0], centre, 1, 3.5, true);
    town.one_way("main-out", centre, ends[1], 1, 3.5, true);
    town.one_way("side-in", ends[2], centre, 1, 3.5, false);
    town.one_way("side-out", centre, ends[3], 1, 3.5, false);
    let network = town.build()?;
    let classes = equal(VehicleClass::Car)?;
    let car = classes.get(VehicleClass::Car);
    let critical_s = f64::from(car.critical_gap_s);
    let mut measures = vec![Measure::shown("critical gap of the class, s", critical_s)];
    for main in [200.0, 400.0, 600.0, 800.0, 1_000.0, 1_200.0] {
        let streams = vec![(way(&network, &["main-in", "main-out"])?, main)];
        let minor = way(&network, &["side-in", "side-out"])?;
        let past_m = |p: Point| p.y;
        let contest = Contest { network: &network, classes: &classes, main: streams, minor, minor_mix: CARS, minor_per_h: 2_000.0, past_m };
        let seen = contest.run()?;
        let follow_up_s = seen.follow_up_s;
        let about = format!("main stream {main:.0} cars/h");
        measures.push(Measure::shown(format!("{about}: follow-up time by Siegloch's regression, s"), follow_up_s));
        let by_gaps = by_gaps_per_h(&seen.main_s, critical_s, follow_up_s);
        let because = format!("gap acceptance over the gaps as they were, with these two: {by_gaps:.0}, 10 %");
        measures
            .push(Measure::near(format!("{about}: capacity of the other, cars/h"), seen.through_per_h, by_gaps, 0.10, because).decimals(0));
        let closed = harders_per_h(main, critical_s, follow_up_s);
        let because = format!("Harders, HCM 2010 eq. 19-32, with these two: {closed:.0}, 10 %");
        let corrected = seen.through_per_h * closed / by_gaps;
        measures.push(
            Measure::near(format!("{about}: the same, corrected for gaps that are not exponential"), corrected, closed, 0.10, because)
                .decimals(0),
        );
        measures.push(Measure::shown(
            format!("{about}: critical gap that explains it, s"),
            fitted_s(&seen.main_s, seen.through_per_h, follow_up_s),
        ));
        let most = f64::from(car.brake_comfort_mps2) * 1.25;
        let because = "comfortable braking of the class is 2 m/s²; car-following itself goes beyond it by a quarter (assumed)";
        measures.push(Measure::within(format!("{about}: hardest braking in it, m/s²"), seen.hardest_mps2, 0.0, most, because));
    }
    Ok(measures)
}

/// A street from west to east, both ways, with a one-way street away from it to the north and one into it from the south.
fn tee(limit_mps: f32) -> Result<Arc<RoadNetwork>, Trouble> {
    let mut town = Town::default();
    let centre = town.node(0.0, 0.0, Control::Priority, 8.0);
    let ends = [(-600.0, 0.0), (400.0, 0.0), (0.0, -400.0)].map(|(x, y)| town.node(x, y, Control::End, 0.0));
    let mut road = |name: &str, from: usize, to: usize, is_main: bool| {
        town.road(Road { name: name.into(), from, to, lanes: 1, lane_m: 3.5, is_main, limit_mps, line: vec![] });
    };
    road("west>", ends[0], centre, true);
    road("west<", centre, ends[0], true);
    road("east>", centre, ends[1], true);
    road("east<", ends[1], centre, true);
    road("south<", centre, ends[2], false);
    Ok(town.build()?)
}

fn left_swarm() -> Result<Vec<Measure>, Trouble> {
    const SWARM: usize = 20;
    // Streets of a Vietnamese town on which motorcycles turn through gaps of cars at 30 km/h (assumed).
    let network = tee(30.0 / 3.6)?;
    let classes = ClassTable::default();
    let (cars, left) = (way(&network, &["west>", "east>"])?, way(&network, &["east<", "south<"])?);
    let mut measures = Vec::new();
    let mut alone_s = 0.0;
    for per_h in [0.0, 300.0, 600.0, 900.0] {
        let mut trips = Vec::new();
        let (every_s, first_s) = (240.0, 120.0);
        if per_h > 0.0 {
            let times = Dice::new(11).poisson(per_h / 3_600.0, END_S);
            trips.extend(times.iter().enumerate().map(|(i, t)| trip(format!("m{i:06}"), VehicleClass::Car, *t, 0.0, 150.0, &cars)));
        }
        let main_count = trips.len();
        let swarms = ((END_S - first_s) / every_s) as usize - 1;
        for k in 0..swarms * SWARM {
            let at_s = first_s + (k / SWARM) as f64 * every_s;
            // The swarm stands behind the line when it is let go: side by side, row behind row.
            trips.push(trip(format!("s{k:06}"), VehicleClass::Motorcycle, at_s, 340.0, 60.0, &left));
        }
        let mut simulation = simulation_with(&network, classes.clone(), trips, 0.5)?;
        let mut passed = vec![f64::NAN; main_count];
        while simulation.time_s() < END_S {
            simulation.step();
            let frame = simulation.frame();
            for v in frame.vehicles.iter().filter(|v| v.id.index() < main_count) {
                let past_m = v.centre.x + f64::from(v.length_m) * 0.5 + UPSTREAM_M;
                if past_m >= 0.0 && passed[v.id.index()].is_nan() {
                    passed[v.id.index()] = frame.time_s - past_m / f64::from(v.speed_mps).max(0.1);
                }
            }
        }
        let records = &simulation.measurements().trips[main_count..];
        let mut clear_s = 0.0;
        for swarm in records.chunks(SWARM) {
            let last = swarm.iter().map(|r| r.arrived_s.unwrap_or(f64::INFINITY)).fold(0.0, f64::max);
            clear_s += last - swarm[0].depart_s;
        }
        clear_s /= swarms as f64;
        if per_h == 0.0 {
            alone_s = clear_s;
            measures.push(Measure::shown("nobody comes: time until the last of 20 is 60 m down the side street, s", clear_s).decimals(1));
            continue;
        }
        // What gap acceptance says of a swarm: it is cut by the gaps; within one it goes as when nobody comes.
        passed.retain(|t| t.is_finite());
        passed.sort_by(f64::total_cmp);
        let to_line_s = (UPSTREAM_M - 8.0) / (30.0 / 3.6);
        let expected = |critical_s: f64| swarm_s(&passed, to_line_s, critical_s, alone_s, swarms, (first_s, every_s));
        let (bold, timid) = (expected(1.25), expected(2.0));
        let because = format!(
            "critical gap of motorcycle groups 1.25 s (J. Traffic Transp. Eng. 2021) to 2.0 s (issue): {bold:.1} to {timid:.1} s, 10 % beyond"
        );
        measures.push(
            Measure::within(format!("{per_h:.0} opposing cars/h: the same, s"), clear_s, bold * 0.9, timid * 1.1, because).decimals(1),
        );
    }
    Ok(measures)
}

/// Mean time in which swarms go through a stream: each needs `work_s` of free time, and a gap is free but for its last `critical_s`.
fn swarm_s(upstream_s: &[f64], to_line_s: f64, critical_s: f64, work_s: f64, swarms: usize, (first_s, every_s): (f64, f64)) -> f64 {
    let mut sum = 0.0;
    for k in 0..swarms {
        let begin = first_s + k as f64 * every_s;
        let (mut now, mut left) = (begin, work_s);
        for at in upstream_s.iter().map(|t| t + to_line_s).filter(|t| *t > begin) {
            let free = (at - critical_s - now).max(0.0);
            if free >= left {
                break;
            }
            left -= free;
            now = at;
        }
        sum += now + left - begin;
    }
    sum / swarms as f64
}

fn slip() -> Result<Vec<Measure>, Trouble> {
    // A slip lane of its own from the south, tangent to the street it joins.
    let mut town = Town::default();
    let merge = town.node(0.0, 0.0, Control::Priority, 5.0);
    let ends = [(-600.0, 0.0), (400.0, 0.0)].map(|(x, y)| town.node(x, y, Control::End, 0.0));
    let far = town.node(-30.0, -200.0, Control::End, 0.0);
    // Speeds of the town in which the critical gap was measured (assumed).
    let limit_mps = 30.0 / 3.6;
    let mut main = |name: &str, from: usize, to: usize, lanes: u8| {
        town.road(Road { name: name.into(), from, to, lanes, lane_m: 3.5, is_main: true, limit_mps, line: vec![] });
    };
    main("main-in", ends[0], merge, 1);
    main("main-out", merge, ends[1], 2);
    // A quarter circle of 20 m: from northward to eastward.
    let arc = (0..=12).map(|i| Point::new(-5.0, -23.5).ahead(TAU / 2.0 - TAU / 4.0 * f64::from(i) / 12.0, 20.0));
    let line: Vec<Point> = std::iter::once(Point::new(-25.0, -200.0)).chain(arc).collect();
    town.road(Road { name: "slip".into(), from: far, to: merge, lanes: 1, lane_m: 3.5, is_main: false, limit_mps, line });
    let network = town.build()?;
    let classes = ClassTable::default();
    let contest = |per_h: f64| -> Result<Outcome, Trouble> {
        let main = vec![(way(&network, &["main-in", "main-out"])?, per_h)];
        let minor = way(&network, &["slip", "main-out"])?;
        Contest { network: &network, classes: &classes, main, minor, minor_mix: MOTORCYCLES, minor_per_h: 7_000.0, past_m: |p| p.x }.run()
    };
    let alone = contest(0.0)?.through_per_h;
    let follow_up_s = 3_600.0 / alone;
    let critical_s = f64::from(classes.get(VehicleClass::Motorcycle).critical_gap_s);
    let mut measures = vec![
        Measure::shown("motorcycles/h on a slip of 3.5 m without a main stream", alone).decimals(0),
        Measure::shown("follow-up time, s", follow_up_s),
        Measure::shown("critical gap of the class, s", critical_s),
    ];
    for main in [200.0, 400.0, 600.0, 800.0] {
        let seen = contest(main)?;
        let by_gaps = by_gaps_per_h(&seen.main_s, critical_s, follow_up_s);
        let because = format!("gap acceptance over the gaps as they were, with these two: {by_gaps:.0}, 15 %");
        measures.push(
            Measure::near(format!("main stream {main:.0} cars/h: motorcycles/h"), seen.through_per_h, by_gaps, 0.15, because).decimals(0),
        );
        measures.push(Measure::shown(
            format!("main stream {main:.0} cars/h: critical gap that explains it, s"),
            fitted_s(&seen.main_s, seen.through_per_h, follow_up_s),
        ));
    }
    Ok(measures)
}

/// A roundabout of two lanes with four arms: its ring, radius to the middle of the carriageway.
fn round(radius_m: f64) -> Result<Arc<RoadNetwork>, Trouble> {
    let mut town = Town::default();
    let ring_mps = 30.0 / 3.6;
    let names = ["e", "n", "w", "s"];
    let nodes: Vec<usize> = (0..4)
        .map(|k| {
            let at = Point::new(0.0, 0.0).ahead(TAU * f64::from(k) / 4.0, radius_m);
            town.node(at.x, at.y, Control::Priority, 7.0)
        })
        .collect();
    for k in 0..4usize {
        let turn = TAU * k as f64 / 4.0;
        // A point as it is at the eastern arm, turned to this one.
        let at = |x: f64, y: f64| Point::new(0.0, 0.0).ahead(turn, x).ahead(turn + TAU / 4.0, y);
        // So near the arms that the way on along the ring and the way out are both straight on, from both lanes.
        let (from, to) = (turn + 0.38, turn + TAU / 4.0 - 0.30);
        let line = (0..=10).map(|i| Point::new(0.0, 0.0).ahead(from + (to - from) * f64::from(i) / 10.0, radius_m)).collect();
        let name = format!("ring-{}", names[k]);
        town.road(Road { name, from: nodes[k], to: nodes[(k + 1) % 4], lanes: 2, lane_m: 4.0, is_main: true, limit_mps: ring_mps, line });
        let out = at(500.0, 0.0);
        let end = town.node(out.x, out.y, Control::End, 0.0);
        // Entries and exits bend toward the ring, as they are built.
        let line = vec![at(495.0, 5.5), at(radius_m + 20.0, 5.5), at(radius_m + 12.0, 6.0), at(radius_m + 6.0, 8.0)];
        let enter = Road {
            name: format!("in-{}", names[k]),
            from: end,
            to: nodes[k],
            lanes: 2,
            lane_m: 3.5,
            is_main: false,
            limit_mps: LIMIT_MPS,
            line,
        };
        town.road(enter);
        let line = vec![at(radius_m + 2.5, -6.0), at(radius_m + 8.0, -2.6), at(radius_m + 20.0, -5.5), at(495.0, -5.5)];
        let leave = Road {
            name: format!("out-{}", names[k]),
            from: nodes[k],
            to: end,
            lanes: 2,
            lane_m: 3.5,
            is_main: true,
            limit_mps: LIMIT_MPS,
            line,
        };
        town.road(leave);
    }
    Ok(town.build()?)
}

fn roundabout() -> Result<Vec<Measure>, Trouble> {
    let network = round(28.0)?;
    let classes = equal(VehicleClass::Car)?;
    let run = |circulating_per_h: f64| -> Result<(f64, f64), Trouble> {
        let route = |from: &str, ring: &[&str], to: &str| -> Result<Route, Trouble> {
            let mut names = vec![format!("in-{from}")];
            names.extend(ring.iter().map(|r| format!("ring-{r}")));
            names.push(format!("out-{to}"));
            names.iter().map(|n| link(&network, n)).collect()
        };
        // Past the western entry drive those from the north to the south and to the east, and those from the east to the south.
        let past =
            [(route("n", &["n", "w"], "s")?, 0.5), (route("n", &["n", "w", "s"], "e")?, 0.2), (route("e", &["e", "n", "w"], "s")?, 0.3)];
        let mut dice = Dice::new(17);
        let mut trips = Vec::new();
        for (r, (route, share)) in past.iter().enumerate().filter(|_| circulating_per_h > 0.0) {
            let times = dice.poisson(share * circulating_per_h / 3_600.0, END_S);
            trips.extend(times.iter().enumerate().map(|(i, t)| trip(format!("c{r}-{i:06}"), VehicleClass::Car, *t, 0.0, 200.0, route)));
        }
        let circulating = trips.len();
        let enter = [route("w", &["w", "s"], "e")?, route("w", &["w"], "s")?];
        let count = (END_S / 1.1) as usize;
        trips.extend((0..count).map(|i| trip(format!("e{i:06}"), VehicleClass::Car, i as f64 * 1.1, 0.0, 200.0, &enter[i % 2])));
        let mut simulation = simulation_with(&network, classes.clone(), trips, 0.5)?;
        while simulation.time_s() < END_S {
            simulation.step();
        }
        let records = &simulation.measurements().trips;
        let per_h = |from: usize, to: usize| {
            records[from..to].iter().filter(|t| t.arrived_s.is_some_and(|at| at > WARM_S)).count() as f64 / (END_S - WARM_S) * 3_600.0
        };
        Ok((per_h(0, circulating), per_h(circulating, records.len())))
    };
    // Highway Capacity Manual 2010, eq. 21-4 and 21-5: right and left lane of an entry to two circulating lanes.
    let manual_per_h = |v: f64| 1_130.0 * ((-0.7e-3 * v).exp() + (-0.75e-3 * v).exp());
    let alone = run(0.0)?.1;
    let because = "HCM 2010 eq. 21-4 and 21-5: 1130·exp(−0.70·10⁻³·v) and 1130·exp(−0.75·10⁻³·v) in the two lanes, 15 %";
    let mut measures =
        vec![Measure::near("entry of two lanes without circulating cars, cars/h", alone, manual_per_h(0.0), 0.15, because).decimals(0)];
    for wished in [300.0, 600.0, 900.0] {
        let (circulating, entering) = run(wished)?;
        let left = manual_per_h(circulating) / manual_per_h(0.0);
        let because = format!("HCM 2010, the same: {left:.2}, 15 %");
        let what = format!("{circulating:.0} circulating cars/h: share of the entry's capacity that is left");
        measures.push(Measure::near(what, entering / alone, left, 0.15, because));
    }
    Ok(measures)
}

fn pedestrians() -> Result<Vec<Measure>, Trouble> {
    let (green_s, cycle_s) = (30.0f32, 70.0);
    let mut town = Town::default();
    let centre = town.node(0.0, 0.0, Control::Signal(green_s), 9.5);
    for (name, x, y, main) in [("e", 300.0, 0.0, true), ("n", 0.0, 300.0, false), ("w", -300.0, 0.0, true), ("s", 0.0, -300.0, false)] {
        let end = town.node(x, y, Control::End, 0.0);
        town.two_way(name, end, centre, 1, 3.5, main);
    }
    let network = town.build()?;
    let route = way(&network, &["s>", "e<"])?;
    let onto = link(&network, "e<")?;
    let run = |per_h: f64| -> Result<f64, Trouble> {
        let trips =
            (0..(END_S / 2.0) as usize).map(|i| trip(format!("t{i:06}"), VehicleClass::Car, i as f64 * 2.0, 0.0, 200.0, &route)).collect();
        let mut simulation = simulation_with(&network, equal(VehicleClass::Car)?, trips, 0.5)?;
        if per_h > 0.0 {
            let crossing = Walkway { ref_: "crossing".into(), link: onto, pos_m: 3.0, per_hour: per_h as f32 };
            simulation = simulation.with_walkways(vec![crossing]).map_err(Trouble::broken)?;
        }
        while simulation.time_s() < END_S {
            simulation.step();
        }
        let arrived = simulation.measurements().trips.iter().filter(|t| t.arrived_s.is_some_and(|at| at > WARM_S)).count();
        Ok(arrived as f64 / (END_S - WARM_S) * 3_600.0)
    };
    let alone = run(0.0)?;
    let mut measures = vec![Measure::shown("right-turners an hour with 30 s of green in 70 s, nobody walks", alone).decimals(0)];
    for per_h in [100.0, 200.0, 400.0, 800.0] {
        let in_green = per_h * cycle_s / f64::from(green_s);
        let occupied: f64 = if in_green <= 1_000.0 { in_green / 2_000.0 } else { 0.4 + in_green / 10_000.0 };
        let because = format!("HCM 6th ed., eq. 31-73 ff.: a flow of {in_green:.0} while green occupies {occupied:.2} of the time, 15 %");
        let what = format!("{per_h:.0} pedestrians/h: share of the right-turners that is left");
        measures.push(Measure::near(what, run(per_h)? / alone, 1.0 - occupied, 0.15, because));
    }
    Ok(measures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_over_exponential_gaps_gives_the_closed_form() {
        let times = Dice::new(2).poisson(600.0 / 3_600.0, 2_000_000.0);
        let (counted, closed) = (by_gaps_per_h(&times, 3.5, 2.25), harders_per_h(600.0, 3.5, 2.25));
        assert!((counted / closed - 1.0).abs() < 0.01, "{counted} {closed}");
        assert!((fitted_s(&times, counted, 2.25) - 3.5).abs() < 0.01);
    }

    #[test]
    fn a_swarm_that_is_cut_by_gaps_takes_longer_the_more_timid_it_is() {
        let times: Vec<f64> = (0..1_000).map(|i| f64::from(i) * 6.0).collect();
        // Work of 10 s, gaps of 6 s of which 4 or 5 are free: three or two more gaps.
        assert!((swarm_s(&times, 0.0, 2.0, 10.0, 3, (60.0, 120.0)) - 14.0).abs() < 1e-9);
        assert!((swarm_s(&times, 0.0, 1.0, 10.0, 3, (60.0, 120.0)) - 11.0).abs() < 1.01);
    }
}
