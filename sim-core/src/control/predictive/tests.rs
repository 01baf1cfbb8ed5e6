#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

use super::{
    Controller, GroupLook, Inflow, Light, Predictive, View,
    model::Model,
    streams::{Streams, completed},
};
use crate::network::{Phase, SignalPlan};

/// Two phases of one group each.
fn plan() -> SignalPlan {
    let phase = |g| Phase { groups: vec![g], green_s: 25.0, yellow_s: 3.0, all_red_s: 2.0 };
    SignalPlan::new(0.0, vec![phase(0), phase(1)]).unwrap()
}

fn look(light: Light, lit_s: f64, queue: f32) -> GroupLook {
    GroupLook { light, lit_s, queue, lanes: 1.0, travel_s: 60.0, present: queue > 0.0, ..GroupLook::default() }
}

fn view<'a>(plan: &'a SignalPlan, groups: &'a [GroupLook], time_s: f64) -> View<'a> {
    View { time_s, step_s: 1.0, plan, groups, key: 1, truth: &[], inflow: &[] }
}

/// What is chosen with green for the first group since 20 s, after `entries` (vehicles at each of the last seconds) came onto its approach.
fn chosen(queues: [f32; 2], entries: &[u64], change: impl Fn(&mut [GroupLook; 2], usize)) -> usize {
    let plan = plan();
    let mut controller = Predictive::default();
    let mut groups = [look(Light::Green, 20.0, queues[0]), look(Light::Red, 40.0, queues[1])];
    for (second, n) in entries.iter().enumerate() {
        groups[0].entered += n;
        change(&mut groups, second);
        controller.streams.observe(&view(&plan, &groups, second as f64));
    }
    Model::new(&controller, &view(&plan, &groups, entries.len() as f64)).best(0)[0]
}

#[test]
fn green_goes_to_the_queue_when_nobody_else_comes() {
    let nobody = [0; 90];
    assert_eq!(chosen([0.0, 6.0], &nobody, |_, _| ()), 1);
    assert_eq!(chosen([9.0, 6.0], &nobody[..3], |_, _| ()), 0, "the longer queue first, and no time lost");
    assert_eq!(chosen([0.0, 0.0], &nobody, |_, _| ()), 0, "with nobody about it stays");
}

#[test]
fn green_waits_for_a_platoon_that_entered_the_approach_rather_than_serve_one_vehicle() {
    // It entered 44 to 32 s ago and takes 60 s to the line: there in 16 to 28 s, before the other could be served and green be back.
    let mut entries = [0; 90];
    entries[90 - 44..90 - 32].fill(2);
    assert_eq!(chosen([0.0, 0.6], &[0; 90], |_, _| ()), 1);
    let as_many_pass = |groups: &mut [GroupLook; 2], second: usize| groups[0].counted = u64::from(second > 40) * 24;
    assert_eq!(chosen([0.0, 0.6], &entries, as_many_pass), 0);
}

#[test]
fn green_waits_for_a_platoon_that_a_signal_upstream_is_about_to_release() {
    let plan = plan();
    let first_phase = |released: std::ops::Range<usize>| {
        let mut controller = Predictive::default();
        let mut groups = [look(Light::Green, 20.0, 0.0), look(Light::Red, 40.0, 0.6)];
        groups[0].travel_s = 16.0;
        // Whoever came in the last minutes has passed: one in four seconds.
        for second in 0..90u64 {
            (groups[0].entered, groups[0].counted) = (second / 4, second / 4);
            controller.streams.observe(&view(&plan, &groups, second as f64));
        }
        let by_second = (0..60).map(|k| if released.contains(&k) { 2.0 } else { 0.0 }).collect();
        let inflow = [Some(Inflow { by_second, usual: 0.25 }), None];
        Model::new(&controller, &View { inflow: &inflow, ..view(&plan, &groups, 90.0) }).best(0)[0]
    };
    assert_eq!(first_phase(0..12), 0, "the platoon is at the line in 16 to 28 s");
    assert_eq!(first_phase(40..52), 1, "there is time for the other one before it comes");
}

#[test]
fn those_downstream_are_told_who_passes_under_the_phases_that_it_means_to_choose() {
    let plan = plan();
    let mut controller = Predictive::default();
    let groups = [look(Light::Green, 20.0, 1.0), look(Light::Red, 40.0, 6.0)];
    controller.streams.observe(&view(&plan, &groups, 0.0));
    assert_eq!(controller.outlook(), None, "it has not chosen yet");
    let wish = controller.wish(&view(&plan, &groups, 100.0)).unwrap();
    assert_eq!(wish.groups, [1]);
    let outlook = controller.outlook().unwrap();
    assert_eq!((outlook.from_s, outlook.passes[0].len(), outlook.usual.len()), (100.0, 60, 2));
    // The one of the first group goes in yellow; those of the second after 5 s without green, at half a vehicle a second, and fewer in the first three.
    let sum = |of: &[f32]| of.iter().sum::<f32>();
    assert!((sum(&outlook.passes[0][..3]) - 1.0).abs() < 0.01 && sum(&outlook.passes[1][..5]) == 0.0, "{outlook:?}");
    assert!((sum(&outlook.passes[1][5..8]) - 0.5).abs() < 0.01 && (sum(&outlook.passes[1]) - 6.0).abs() < 0.01, "{outlook:?}");
}

#[test]
fn a_green_that_lets_nobody_pass_is_no_use_and_another_gets_its_turn() {
    // Somebody stands at the line of the green group, which counts nobody for six seconds.
    assert_eq!(chosen([9.0, 3.0], &[0; 3], |_, _| ()), 0);
    assert_eq!(chosen([9.0, 3.0], &[0; 12], |_, _| ()), 1);
    let passes = |groups: &mut [GroupLook; 2], second: usize| groups[0].counted = second as u64 / 2;
    assert_eq!(chosen([9.0, 3.0], &[0; 12], passes), 0);
}

#[test]
fn a_green_that_is_too_young_stays() {
    let plan = plan();
    let mut controller = Predictive::default();
    let groups = [look(Light::Green, 3.0, 0.0), look(Light::Red, 40.0, 9.0)];
    controller.streams.observe(&view(&plan, &groups, 0.0));
    assert_eq!(Model::new(&controller, &view(&plan, &groups, 0.0)).best(0)[0], 0);
}

#[test]
fn saturation_flow_and_shares_of_turns_are_learnt_from_counts() {
    let plan = plan();
    let mut streams = Streams::default();
    let mut groups = [look(Light::Green, 0.0, 5.0), look(Light::Red, 40.0, 0.0)];
    // Two enter every second, one of them passes the line of the first group; nobody that of the second.
    for second in 0..600u64 {
        groups[0].lit_s = (second % 30) as f64;
        (groups[0].counted, groups[0].entered, groups[1].entered) = (second, 2 * second, 2 * second);
        streams.observe(&view(&plan, &groups, second as f64));
    }
    assert!((streams.rate(0, &groups[0]) - 1.0).abs() < 0.01, "{}", streams.rate(0, &groups[0]));
    // Those between the range of the camera and the far end are half of who entered.
    let known = streams.arrivals(0, &groups[0], streams.later(0, None), 60);
    assert!((known[30] - 1.0).abs() < 0.03, "{}", known[30]);
    assert!(streams.arrivals(1, &groups[1], streams.later(1, None), 60)[30] < 0.03);
    // Of every two who enter a signal sends half a one, usually: the rest comes from elsewhere, whatever it does. Half of them all are this group's.
    let inflow = Inflow { by_second: vec![0.0, 0.5, 1.5], usual: 0.5 };
    let later = streams.later(0, Some(&inflow));
    for (second, expected) in [0.75, 1.0, 1.5, 1.0].into_iter().enumerate() {
        assert!((later(second) - expected).abs() < 0.03, "{second}: {}", later(second));
    }
}

#[test]
fn who_enters_in_the_lanes_of_a_group_is_expected_there() {
    let plan = plan();
    // Two enter every second, one of them in the lanes of the first group; of these and of the others so many have passed each line.
    let expected = |passed: [u64; 2]| {
        let mut streams = Streams::default();
        let mut groups = [look(Light::Red, 0.0, 5.0), look(Light::Red, 40.0, 0.0)];
        for second in 0..2000 {
            for g in 0..2 {
                groups[g].counted = passed[g] * second / 4;
                (groups[g].entered, groups[g].entered_own) = (2 * second, [second, 0][g]);
            }
            streams.observe(&view(&plan, &groups, second as f64));
        }
        [0, 1].map(|g| streams.arrivals(g, &groups[g], streams.later(g, None), 60)[30])
    };
    let is = |found: [f32; 2], wanted: [f32; 2]| {
        assert!(found.iter().zip(wanted).all(|(f, w)| (f - w).abs() < 0.03), "{found:?}, expected {wanted:?}");
    };
    is(expected([4, 0]), [1.0, 0.0]);
    // Half of those in its lanes go elsewhere, where they are expected from the lanes beside.
    is(expected([2, 2]), [0.5, 0.5]);
    // More pass than entered in its lanes: they come from beside them.
    is(expected([6, 2]), [1.5, 0.5]);
}

#[test]
fn what_is_lost_when_a_green_begins_and_won_when_it_ends_is_learnt_from_counts() {
    let plan = plan();
    let mut streams = Streams::default();
    let mut groups = [look(Light::Red, 0.0, 5.0), look(Light::Red, 40.0, 5.0)];
    assert_eq!((streams_of(&streams, &plan, &groups).start(0).0, streams_of(&streams, &plan, &groups).end_s(0)), (1.0 / 3.0, 2.0));
    // Green for 20 s of 40 with a queue: one vehicle in the first three seconds, one a second from then on, one a second for three seconds after its end.
    for second in 0..400u64 {
        let at = second % 40;
        (groups[0].light, groups[0].lit_s) = match at {
            0..20 => (Light::Green, at as f64),
            20..23 => (Light::Yellow, (at - 20) as f64),
            _ => (Light::Red, (at - 23) as f64),
        };
        groups[0].counted += u64::from(at == 2 || (4..=23).contains(&at));
        streams.observe(&view(&plan, &groups, second as f64));
    }
    assert!((streams.rate(0, &groups[0]) - 1.0).abs() < 0.01, "{}", streams.rate(0, &groups[0]));
    assert!((streams.start(0).0 - 1.0 / 3.0).abs() < 0.01, "{}", streams.start(0).0);
    assert!((streams.end_s(0) - 3.0).abs() < 0.01, "{}", streams.end_s(0));
    // Where nothing was measured the others are the best guess.
    assert_eq!(streams.end_s(1), streams.end_s(0));
}

/// The streams after a first look.
fn streams_of(streams: &Streams, plan: &SignalPlan, groups: &[GroupLook]) -> Streams {
    let mut first = streams.clone();
    first.observe(&view(plan, groups, 0.0));
    first
}

#[test]
fn who_waits_at_other_signals_is_expected_with_the_usual_flow() {
    let plan = plan();
    let mut streams = Streams::default();
    let mut groups = [look(Light::Green, 0.0, 5.0), look(Light::Red, 40.0, 0.0)];
    for second in 0..600u64 {
        (groups[0].lit_s, groups[0].counted) = (second as f64, second / 2);
        streams.observe(&view(&plan, &groups, second as f64));
    }
    groups[0].travel_s = 20.0;
    // Three are on the approach, ten more come through a green before it; half a vehicle a second is usual.
    let mut known = vec![0.0; 40];
    (known[4], known[30]) = (3.0, 10.0);
    let all = completed(&groups[0], &known, streams.later(0, None), 60);
    assert_eq!((all.len(), all[4], all[..20].iter().sum::<f32>()), (60, 3.0, 3.0), "on the approach everybody is known");
    assert!((all[20..].iter().sum::<f32>() - 20.0).abs() < 0.2, "{all:?}");
    assert!(all[30] > 10.0 && all[50] > 0.2 && all[50] < 0.3, "{all:?}");
    known[30] = 40.0;
    let all = completed(&groups[0], &known, streams.later(0, None), 60);
    assert_eq!((all[30], all[50]), (40.0, 0.0), "more than usual come already");
}
