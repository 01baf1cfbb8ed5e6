use super::*;
use crate::network::SignalPlan;

fn plan() -> SignalPlan {
    let phase = |g| Phase { groups: vec![g], green_s: 25.0, yellow_s: 3.0, all_red_s: 2.0 };
    SignalPlan::new(0.0, vec![phase(0), phase(1)]).unwrap()
}

fn view<'a>(plan: &'a SignalPlan, groups: &'a [GroupLook]) -> View<'a> {
    View { time_s: 100.0, step_s: 0.5, plan, groups, key: 1, truth: &[], inflow: &[] }
}

#[test]
fn a_network_is_told_what_each_phase_would_serve() {
    let plan = plan();
    let green =
        GroupLook { light: Light::Green, lit_s: 30.0, queue: 4.0, moving: 6.0, lanes: 2.0, exit_queue_per_lane: 1.0, ..Default::default() };
    let red = GroupLook { lit_s: 90.0, queue: 9.0, present: true, lanes: 1.0, ..Default::default() };
    let rows = rows(&view(&plan, &[green, red]), 0, 15.0);
    let near = |found: [f32; FEATURES], expected: [f32; FEATURES]| {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?}, expected {expected:?}");
    };
    near(rows[0], [1.0, 0.5, 0.0, 0.2, 0.2, 0.3, 0.1, 0.1, 0.0, 0.9, 0.9, 0.25]);
    near(rows[1], [0.0, 0.0, 1.5, 0.9, 0.9, 0.0, 0.0, 0.9, 0.25, 0.1, 0.2, 0.25]);
}

#[test]
fn the_shipped_network_serves_the_longer_queue() {
    let plan = plan();
    let policy = Policy::default();
    assert_eq!(policy.problem(), None);
    let with = |first: f32, second: f32| {
        let look = |light, queue| GroupLook { light, lit_s: 30.0, queue, present: queue > 0.0, lanes: 1.0, ..Default::default() };
        let mut controller = Onnx::with(policy.clone());
        controller.wish(&view(&plan, &[look(Light::Green, first), look(Light::Red, second)])).unwrap().groups
    };
    assert_eq!((with(0.0, 12.0), with(12.0, 0.0)), (vec![1], vec![0]));
}

#[test]
fn what_is_no_network_or_has_an_unknown_operator_is_refused_with_a_reason() {
    let problem = |bytes: &[u8]| Policy::of(bytes).problem().unwrap();
    assert!(problem(b"not a network").contains("cannot be read"), "{}", problem(b"not a network"));
    let shipped = include_bytes!("tiny.onnx");
    let at = shipped.windows(4).position(|w| w == b"Relu").unwrap();
    let mut unknown = shipped.to_vec();
    unknown[at..at + 4].copy_from_slice(b"Rilu");
    let told = problem(&unknown);
    assert!(told.contains("Rilu"), "{told}");
}
