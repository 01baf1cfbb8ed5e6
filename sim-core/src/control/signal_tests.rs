#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

use super::*;
use crate::control::Predictive;
use crate::network::Phase;

#[test]
fn what_a_controller_means_to_do_is_told_only_while_it_has_its_way() {
    let phase = |g| Phase { groups: vec![g], green_s: 25.0, yellow_s: 3.0, all_red_s: 2.0 };
    let plan = SignalPlan::new(0.0, vec![phase(0), phase(1)]).unwrap();
    let mut signal = Signal::new(plan.clone(), 2, &Rules::default());
    signal.install(Method::Predictive(Predictive::default()), &Rules::default());
    assert_eq!(signal.outlook(), None, "it has not chosen yet");

    let groups = [GroupLook::default(), GroupLook::default()];
    let view = View { time_s: 100.0, step_s: 0.5, plan: &plan, groups: &groups, key: 1, truth: &[], inflow: &[] };
    ask(&mut signal.own, &view).unwrap();
    let told = signal.outlook().unwrap();
    assert_eq!((told.from_s, told.passes.len()), (100.0, 2));

    let but = |change: fn(&mut Signal)| {
        let mut other = signal.clone();
        change(&mut other);
        other.outlook().cloned()
    };
    assert_eq!(but(|s| s.level = Level::Actuated), None);
    assert_eq!(but(|s| s.own_failed = true), None);
    assert_eq!(but(|s| s.preempted = Some(Served { vehicle: 1, since_s: 90.0 })), None);
}
