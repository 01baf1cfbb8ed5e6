//! The benchmarks as checks: the published levels and orders, and our own controller against the best published rule.

use super::protocol::{Benchmark, CASES, Case, Eyes, Outcome, fixed};
use crate::check::{Check, Context, Measure, Trouble};
use sim_core::control::{AdvancedMaxPressure, EfficientMaxPressure, MaxPressure, Method, Predictive};

/// A level may be so far from the published one.
const LEVEL: f64 = 0.10;
/// An order is held against the published one where that gap is larger.
const GAP: f64 = 0.03;
/// Ours is to be so much below advanced max-pressure on each benchmark, %: what the best learnt controllers reach.
const MARGIN: f64 = 4.0;
/// Days that are run in pairs: the file's own, and others on which everybody leaves a little earlier or later.
const DAYS: u64 = 10;

/// A published controller with its average travel time on the three benchmarks, seconds.
struct Published {
    name: &'static str,
    /// Time between choices, or of a phase of the plan, seconds.
    seconds: f32,
    travel_s: [f64; 3],
}

/// CityFlow run by the protocol (see the page on signal control for where the numbers stand). The fixed plan of the papers gives every phase 60 s
/// where others choose every 30 s.
const PUBLISHED: [Published; 8] = [
    Published { name: "fixed", seconds: 60.0, travel_s: [481.79, 441.19, 616.02] },
    Published { name: "max_pressure", seconds: 30.0, travel_s: [282.58, 273.20, 325.33] },
    Published { name: "efficient_max_pressure", seconds: 30.0, travel_s: [275.95, 268.07, 318.18] },
    Published { name: "advanced_max_pressure", seconds: 30.0, travel_s: [277.43, 271.38, 314.24] },
    Published { name: "fixed", seconds: 15.0, travel_s: [498.40, 419.25, 507.97] },
    Published { name: "max_pressure", seconds: 15.0, travel_s: [274.99, 246.41, 289.55] },
    Published { name: "efficient_max_pressure", seconds: 15.0, travel_s: [271.26, 240.66, 285.16] },
    Published { name: "advanced_max_pressure", seconds: 15.0, travel_s: [255.83, 241.97, 284.54] },
];

/// One check per benchmark.
pub fn checks() -> Vec<Check> {
    let check = |(n, case): (usize, &Case)| {
        let case = *case;
        let about = format!("{}: published levels and order of signal controllers, and ours", case.about);
        Check::new(format!("control-{}", case.name), about, move |context| judge(context, &case, n))
    };
    CASES.iter().enumerate().map(check).collect()
}

/// A controller that chooses every so many seconds.
fn method(name: &str, seconds: f32) -> Method {
    let interval_s = f64::from(seconds);
    match name {
        "max_pressure" => Method::MaxPressure(every(interval_s, MaxPressure::default(), |m| &mut m.interval_s)),
        "efficient_max_pressure" => Method::EfficientMaxPressure(every(interval_s, EfficientMaxPressure::default(), |m| &mut m.interval_s)),
        "advanced_max_pressure" => Method::AdvancedMaxPressure(every(interval_s, AdvancedMaxPressure::default(), |m| &mut m.interval_s)),
        "predictive" => Method::Predictive(every(interval_s, Predictive::default(), |m| &mut m.interval_s)),
        _ => fixed(),
    }
}

fn every<M>(interval_s: f64, mut method: M, of: impl FnOnce(&mut M) -> &mut f64) -> M {
    *of(&mut method) = interval_s;
    method
}

fn judge(context: &Context, case: &Case, n: usize) -> Result<Vec<Measure>, Trouble> {
    let benchmark = Benchmark::read(context, case)?;
    let run = |name: &str, seconds: f32, eyes: Eyes, day: u64| benchmark.run(&method(name, seconds), seconds, eyes, day);
    let mut measures = Vec::new();
    let mut found = Vec::new();
    for p in &PUBLISHED {
        let outcome = run(p.name, p.seconds, Eyes::Exact, 0)?;
        let what = format!("{}, {} s, sees its approaches without error: average travel time, s", p.name, p.seconds);
        let because = format!("{} s: published run of CityFlow by the same protocol, 10 %", p.travel_s[n]);
        measures.push(Measure::near(what, outcome.travel_s, p.travel_s[n], LEVEL, because));
        found.push(outcome.travel_s);
    }
    measures.extend(orders(n, &found));
    for seconds in [30.0, 15.0] {
        measures.extend(ours(&run, seconds)?);
    }
    Ok(measures)
}

/// Every two controllers of one interval whose published gap is large enough.
fn orders(n: usize, found: &[f64]) -> Vec<Measure> {
    let mut measures = Vec::new();
    for (a, p) in PUBLISHED.iter().enumerate() {
        for (b, q) in PUBLISHED.iter().enumerate() {
            let same = (a < 4) == (b < 4);
            if same && p.travel_s[n] > (1.0 + GAP) * q.travel_s[n] {
                let what = format!("{} over {}, {} s, s", p.name, q.name, q.seconds);
                let because = format!("published {:.0} s over {:.0} s", p.travel_s[n], q.travel_s[n]);
                measures.push(Measure::within(what, found[a] - found[b], 0.0, f64::INFINITY, because));
            }
        }
    }
    measures
}

/// Ours against advanced max-pressure, day by day.
fn ours(run: &impl Fn(&str, f32, Eyes, u64) -> Result<Outcome, Trouble>, seconds: f32) -> Result<Vec<Measure>, Trouble> {
    let mut measures = Vec::new();
    for (eyes, sees, least) in [
        (Eyes::Exact, "both without errors of detectors", MARGIN),
        (Eyes::Usual, "both with usual errors and a second late", f64::NEG_INFINITY),
    ] {
        let (mut change, mut more, mut level) = (0.0, 0.0, 0.0);
        for day in 0..DAYS {
            let (theirs, ours) = (run("advanced_max_pressure", seconds, eyes, day)?, run("predictive", seconds, eyes, day)?);
            change += 100.0 * (1.0 - ours.travel_s / theirs.travel_s) / DAYS as f64;
            more += (ours.arrived as f64 - theirs.arrived as f64) / DAYS as f64;
            level += ours.travel_s / DAYS as f64;
        }
        let name = format!("predictive, {seconds} s, {sees}, {DAYS} days in pairs");
        measures.push(Measure::shown(format!("{name}: average travel time, s"), level));
        let floor = if eyes == Eyes::Exact { 0.0 } else { f64::NEG_INFINITY };
        let because = "4 % below advanced max-pressure is the goal, what the best learnt controllers reach";
        measures.push(Measure::within(format!("{name}: below advanced_max_pressure, %"), change, least, f64::INFINITY, because));
        measures.push(Measure::within(format!("{name}: more arrivals in the hour"), more, floor, f64::INFINITY, "throughput not lower"));
    }
    Ok(measures)
}
