use super::*;
use crate::{
    control::{ControlError, Controller, Fixed, GroupLook, View},
    network::Phase,
};
use proptest::prelude::*;

fn plan(phases: &[&[u16]], green_s: f32) -> SignalPlan {
    let phase = |g: &&[u16]| Phase { groups: g.to_vec(), green_s, yellow_s: 3.0, all_red_s: 2.0 };
    SignalPlan::new(0.0, phases.iter().map(phase).collect()).unwrap()
}

/// Groups conflict unless both are even or both are odd.
fn matrix(groups: usize) -> ConflictMatrix {
    let with = |g: usize| {
        let mut set = GroupSet::default();
        (0..groups).filter(|h| h % 2 != g % 2).for_each(|h| set.insert(h));
        set
    };
    ConflictMatrix::from_rows((0..groups).map(with).collect())
}

fn fixed(plan: &SignalPlan, now: f64) -> Wish {
    let view = View { time_s: now, step_s: 0.5, plan, groups: &[GroupLook::default(); 4], key: 0, truth: &[], inflow: &[] };
    let wish: Result<Wish, ControlError> = Fixed {}.wish(&view);
    wish.unwrap()
}

fn nobody(_: usize) -> f64 {
    f64::NEG_INFINITY
}

#[test]
fn the_lamps_follow_a_fixed_plan_to_the_step() {
    let plan = plan(&[&[0], &[1]], 10.0);
    let mut guard = Guard::new(&plan, &Rules::default(), 2);
    let mut shown = String::new();
    for k in 0..60 {
        let now = f64::from(k) * 0.5;
        assert!(guard.step(&plan, &matrix(2), &fixed(&plan, now), now, &nobody));
        if k % 2 == 0 {
            shown.push(match (guard.lamps[0].light, guard.lamps[1].light) {
                (Light::Green, Light::Red) => 'A',
                (Light::Yellow, Light::Red) => 'a',
                (Light::Red, Light::Green) => 'B',
                (Light::Red, Light::Yellow) => 'b',
                (Light::Red, Light::Red) => '-',
                other => panic!("{other:?} at once"),
            });
        }
    }
    assert_eq!(shown, "AAAAAAAAAAaaa--BBBBBBBBBBbbb--");
}

#[test]
fn a_new_plan_in_the_middle_of_green_still_gives_the_shortest_green_yellow_and_all_red() {
    let (before, after) = (plan(&[&[0], &[1]], 20.0), plan(&[&[1], &[0]], 20.0));
    let mut guard = Guard::new(&before, &Rules::default(), 2);
    guard.step(&before, &matrix(2), &fixed(&before, 4.0), 4.0, &nobody);
    guard.follow(&after, &Rules::default());
    let mut seen = Vec::new();
    for k in 9..50 {
        let now = f64::from(k) * 0.5;
        guard.step(&after, &matrix(2), &fixed(&after, now), now, &nobody);
        let both = (guard.lamps[0].light, guard.lamps[1].light);
        if seen.last().is_none_or(|(b, _)| *b != both) {
            seen.push((both, now));
        }
    }
    let (green, yellow, red) = (Light::Green, Light::Yellow, Light::Red);
    // Green since 4 s for 7 s, 3 s of yellow, 2 s of all-red.
    assert_eq!(seen[..4], [((green, red), 4.5), ((yellow, red), 11.0), ((red, red), 14.0), ((red, green), 16.0)]);
}

#[test]
fn who_is_red_for_too_long_gets_green_whatever_is_wished() {
    let plan = plan(&[&[0], &[1]], 20.0);
    let mut guard = Guard::new(&plan, &Rules::default(), 2);
    let only_first = Wish { groups: vec![0], soon: vec![], yellow_s: 3.0, all_red_s: 2.0 };
    let mut greens = Vec::new();
    for k in 0..1000 {
        let now = f64::from(k) * 0.5;
        guard.step(&plan, &matrix(2), &only_first, now, &nobody);
        if guard.lamps[1].light == Light::Green && greens.last().is_none_or(|t| now - t > 100.0) {
            greens.push(now);
        }
    }
    assert!(greens.len() == 2 && (180.0..190.0).contains(&greens[0]), "{greens:?}");
}

#[test]
fn nobody_gets_green_across_people_who_are_still_walking() {
    let plan = plan(&[&[0], &[1]], 20.0);
    let mut guard = Guard::new(&plan, &Rules::default(), 2);
    let wish = Wish { groups: vec![1], soon: vec![], yellow_s: 3.0, all_red_s: 2.0 };
    for k in 0..40 {
        let now = f64::from(k) * 0.5;
        guard.step(&plan, &matrix(2), &wish, now, &|g| if g == 1 { 12.0 } else { 0.0 });
        assert_eq!(guard.lamps[1].light == Light::Green, now >= 12.0, "at {now}");
    }
}

fn wishes() -> impl Strategy<Value = Vec<(Vec<u16>, f32, f32, u8)>> {
    let time = || prop_oneof![Just(f32::NAN), Just(0.0f32), Just(-1.0), Just(f32::INFINITY), 0.0f32..40.0];
    prop::collection::vec((prop::collection::vec(0u16..7, 0..6), time(), time(), 1u8..40), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    /// Whatever is wished, and for however long: no two greens that conflict, no green that turns red without three seconds of yellow, no green
    /// before two seconds of red after another's yellow, none shorter than the shortest, no red without end.
    #[test]
    fn no_wish_is_dangerous(wishes in wishes(), step in prop_oneof![Just(0.1f64), Just(0.5), Just(1.0)]) {
        let plan = plan(&[&[0, 2], &[1], &[3, 1]], 12.0);
        let (rules, matrix) = (Rules { min_green_s: 5.0, max_red_s: 60.0 }, matrix(5));
        let mut guard = Guard::new(&plan, &rules, 5);
        let mut since = [0.0f64; 5];
        let mut last = [Light::Red; 5];
        let mut yellow_over = [f64::NEG_INFINITY; 5];
        let mut k = 0u32;
        for (groups, yellow_s, all_red_s, steps) in wishes {
            for _ in 0..steps {
                let now = f64::from(k) * step;
                k += 1;
                let wish = Wish { groups: groups.clone(), soon: vec![], yellow_s, all_red_s };
                let is_safe = guard.step(&plan, &matrix, &wish, now, &nobody);
                let is_sane = groups.iter().all(|g| *g < 5) && yellow_s.is_finite() && all_red_s.is_finite();
                prop_assert!(!is_safe || is_sane);
                let green = guard.green();
                prop_assert!(matrix.conflict_in(green).is_none(), "{green:?} at {now}");
                for g in 0..5 {
                    let light = guard.lamps[g].light;
                    if light == last[g] {
                        continue;
                    }
                    let lasted = now - since[g] + 1e-6;
                    match (last[g], light) {
                        (Light::Green, Light::Yellow) => prop_assert!(lasted >= 5.0, "green for {lasted}"),
                        (Light::Yellow, Light::Red) => {
                            prop_assert!(lasted >= 3.0, "yellow for {lasted}");
                            yellow_over[g] = now;
                        }
                        (Light::Red, Light::Green) => {
                            for h in (0..5).filter(|h| *h != g) {
                                prop_assert!(last[h] != Light::Yellow && guard.lamps[h].light != Light::Yellow, "{g} is green in the yellow of {h}");
                                prop_assert!(now - yellow_over[h] + 1e-6 >= 2.0, "{g} is green {} s after {h}", now - yellow_over[h]);
                            }
                        }
                        other => prop_assert!(false, "{other:?}"),
                    }
                    (since[g], last[g]) = (now, light);
                }
                // Group 4 is in no phase; of the others each had green within the longest red and what it takes the others to be done.
                for g in 0..4 {
                    prop_assert!(last[g] != Light::Red || now - since[g] < 81.0 + 4.0 * 60.0, "{g} is red for {}", now - since[g]);
                }
            }
        }
    }
}
