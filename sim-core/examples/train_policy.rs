//! Trains the small network that comes with the controller `onnx` and writes it as an ONNX file: an evolution strategy with mirrored draws (Salimans et
//! al. 2017) that begins at a rule like efficient max-pressure and lessens the time lost on made-up grids of signals. Every draw is keyed, so that the
//! same call gives the same file.
//!
//! `cargo run --release -p agtwin-sim-core --features onnx --example train_policy -- 40 sim-core/src/control/onnx/tiny.onnx`

#[path = "../tests/common/mod.rs"]
mod common;
use common::*;
use rayon::prelude::*;
use sim_core::{
    class::ClassTable,
    control::{Control, Controller, FEATURES, JunctionControl, Method, Needs, Onnx, Policy, Rules, equip},
    demand::Trip,
    draw::{self, Draw},
    ids::ControllerId,
    network::RoadNetwork,
    simulation::Simulation,
};
use std::sync::Arc;

/// Neurons between input and output.
const HIDDEN: usize = 8;
const WEIGHTS: usize = FEATURES * HIDDEN + HIDDEN + HIDDEN + 1;
/// Pairs of mirrored draws in each generation.
const PAIRS: usize = 8;
/// Standard deviation of the draws.
const SPREAD: f32 = 0.08;
/// How far the mean goes along what was found.
const RATE: f32 = 0.12;
/// Length of a day of training, seconds.
const DAY_S: f64 = 600.0;

/// A grid and the demand on it.
struct Day {
    network: Arc<RoadNetwork>,
    trips: Vec<Trip>,
}

/// The days of a generation: one with as much on all roads, one with nearly three times as much from half of them.
fn days(seed: u64) -> Vec<Day> {
    let (network, ins, outs) = grid_of(3, 200.0, 2, Kind::Signal(25.0));
    let even = demand(&network, &strs(&ins), &strs(&outs), CITY, 6000.0, DAY_S, seed);
    let some = strs(&ins[..ins.len() / 2]);
    let mut uneven = demand(&network, &some, &strs(&outs), CITY, 3500.0, DAY_S, seed + 1);
    for (i, mut trip) in demand(&network, &strs(&ins), &strs(&outs), CITY, 2000.0, DAY_S, seed + 2).into_iter().enumerate() {
        trip.ref_ = format!("all-{i}").as_str().into();
        uneven.push(trip);
    }
    vec![Day { network: network.clone(), trips: even }, Day { network, trips: uneven }]
}

/// Mean time lost by a trip on a day, seconds, those that have not arrived included.
fn lost_s(day: &Day, method: &Method) -> f64 {
    let mut detectors = Vec::new();
    let junctions = (0..day.network.controllers.len())
        .map(|c| {
            let controller = ControllerId::from_index(c);
            let sensors = equip(&day.network, controller, method.needs().max(Needs::StopLine), true, &mut detectors);
            JunctionControl { controller, method: method.clone(), sensors, rules: Rules::default() }
        })
        .collect();
    let control = Control { junctions, latency_s: 1.0, ..Control::default() };
    let simulation = Simulation::new(day.network.clone(), ClassTable::default(), day.trips.clone(), detectors, config(0.5));
    let mut simulation = simulation.expect("a simulation").with_control(&control).expect("a control");
    while simulation.time_s() < DAY_S {
        simulation.step();
    }
    let trips = &simulation.measurements().trips;
    trips.iter().map(|t| t.time_loss_s).sum::<f64>() / trips.len() as f64
}

fn method(weights: &[f32]) -> Method {
    Method::Onnx(Onnx::with(Policy::of(&onnx(weights))))
}

fn mean_lost_s(days: &[Day], method: &Method) -> f64 {
    days.iter().map(|d| lost_s(d, method)).sum::<f64>() / days.len() as f64
}

/// Pressure by lane, and a little for the present phase; the rest small at random.
fn first() -> Vec<f32> {
    let mut w: Vec<f32> = (0..WEIGHTS).map(|i| 0.05 * draw::bell(1, Draw::TrialWish, i as u64) as f32).collect();
    let (output, input) = (FEATURES * HIDDEN + HIDDEN, |feature: usize, neuron: usize| feature * HIDDEN + neuron);
    (w[input(7, 0)], w[output]) = (1.0, 1.0);
    (w[input(7, 1)], w[output + 1]) = (-1.0, -1.0);
    (w[input(0, 2)], w[output + 2]) = (1.0, 0.1);
    (w[input(5, 2)], w[input(0, 3)]) = (0.5, 0.5);
    w
}

fn main() {
    let mut args = std::env::args().skip(1);
    let generations: u64 = args.next().and_then(|n| n.parse().ok()).unwrap_or(40);
    let file = args.next();
    let held = [days(9_001), days(9_101)].into_iter().flatten().collect::<Vec<_>>();
    for name in ["fixed", "actuated", "max_pressure", "efficient_max_pressure", "advanced_max_pressure", "predictive"] {
        println!("{name}: {:.2} s lost on days held back", mean_lost_s(&held, &Method::named(name).expect("a controller")));
    }
    let mut weights = first();
    let mut best = (mean_lost_s(&held_in(), &method(&weights)), weights.clone());
    println!("generation 0: {:.2} s on the days of choice, {:.2} s on days held back", best.0, mean_lost_s(&held, &method(&weights)));
    for generation in 1..=generations {
        let days = days(10 * generation);
        let noise = |pair: usize, i: usize| draw::bell(generation, Draw::TrialWish, ((pair + 1) * 10_000 + i) as u64) as f32;
        let at = |pair: usize, sign: f32| (0..WEIGHTS).map(|i| weights[i] + sign * SPREAD * noise(pair, i)).collect::<Vec<f32>>();
        let lost: Vec<(f64, f64)> = (0..PAIRS)
            .into_par_iter()
            .map(|pair| (mean_lost_s(&days, &method(&at(pair, 1.0))), mean_lost_s(&days, &method(&at(pair, -1.0)))))
            .collect();
        // By rank, so that one bad day does not decide.
        let mut all: Vec<f64> = lost.iter().flat_map(|(a, b)| [*a, *b]).collect();
        all.sort_by(f64::total_cmp);
        let rank = |x: f64| all.partition_point(|y| *y < x) as f32 / (all.len() - 1) as f32 - 0.5;
        for (i, weight) in weights.iter_mut().enumerate() {
            let step: f32 = lost.iter().enumerate().map(|(pair, (a, b))| (rank(*b) - rank(*a)) * noise(pair, i)).sum();
            *weight += RATE * step / (2 * PAIRS) as f32 * 2.0;
        }
        let now = mean_lost_s(&held_in(), &method(&weights));
        if now < best.0 {
            best = (now, weights.clone());
        }
        println!("generation {generation}: {now:.2} s on the days of choice");
    }
    println!("kept: {:.2} s on the days of choice, {:.2} s on days held back", best.0, mean_lost_s(&held, &method(&best.1)));
    if let Some(file) = file {
        std::fs::write(&file, onnx(&best.1)).expect("the file can be written");
    }
}

/// Days by which one of the generations is chosen.
fn held_in() -> Vec<Day> {
    days(8_001)
}

/// The network as an ONNX file: Gemm, Relu, Gemm. Fields by their numbers in `onnx.proto`.
fn onnx(w: &[f32]) -> Vec<u8> {
    let (w1, rest) = w.split_at(FEATURES * HIDDEN);
    let (b1, rest) = rest.split_at(HIDDEN);
    let (w2, b2) = rest.split_at(HIDDEN);
    let node = |op: &str, inputs: &[&str], output: &str| {
        let mut n = Vec::new();
        inputs.iter().for_each(|i| bytes(&mut n, 1, i.as_bytes()));
        bytes(&mut n, 2, output.as_bytes());
        bytes(&mut n, 4, op.as_bytes());
        n
    };
    let tensor = |name: &str, dims: &[usize], values: &[f32]| {
        let mut t = Vec::new();
        dims.iter().for_each(|d| number(&mut t, 1, *d as u64));
        number(&mut t, 2, 1);
        bytes(&mut t, 8, name.as_bytes());
        bytes(&mut t, 9, &values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>());
        t
    };
    let value = |name: &str, columns: usize| {
        let (mut rows, mut column, mut shape, mut tensor, mut kind, mut v) = (vec![], vec![], vec![], vec![], vec![], vec![]);
        bytes(&mut rows, 2, b"phases");
        number(&mut column, 1, columns as u64);
        bytes(&mut shape, 1, &rows);
        bytes(&mut shape, 1, &column);
        number(&mut tensor, 1, 1);
        bytes(&mut tensor, 2, &shape);
        bytes(&mut kind, 1, &tensor);
        bytes(&mut v, 1, name.as_bytes());
        bytes(&mut v, 2, &kind);
        v
    };
    let mut graph = Vec::new();
    bytes(&mut graph, 1, &node("Gemm", &["observation", "w1", "b1"], "hidden"));
    bytes(&mut graph, 1, &node("Relu", &["hidden"], "active"));
    bytes(&mut graph, 1, &node("Gemm", &["active", "w2", "b2"], "score"));
    bytes(&mut graph, 2, b"phases");
    bytes(&mut graph, 5, &tensor("w1", &[FEATURES, HIDDEN], w1));
    bytes(&mut graph, 5, &tensor("b1", &[HIDDEN], b1));
    bytes(&mut graph, 5, &tensor("w2", &[HIDDEN, 1], w2));
    bytes(&mut graph, 5, &tensor("b2", &[1], b2));
    bytes(&mut graph, 11, &value("observation", FEATURES));
    bytes(&mut graph, 12, &value("score", 1));
    let mut operators = Vec::new();
    number(&mut operators, 2, 13);
    let mut model = Vec::new();
    number(&mut model, 1, 8);
    bytes(&mut model, 2, b"train_policy");
    bytes(&mut model, 7, &graph);
    bytes(&mut model, 8, &operators);
    model
}

fn varint(out: &mut Vec<u8>, mut x: u64) {
    while x >= 0x80 {
        out.push(x as u8 | 0x80);
        x >>= 7;
    }
    out.push(x as u8);
}

fn number(out: &mut Vec<u8>, field: u64, x: u64) {
    varint(out, field << 3);
    varint(out, x);
}

fn bytes(out: &mut Vec<u8>, field: u64, content: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, content.len() as u64);
    out.extend_from_slice(content);
}
