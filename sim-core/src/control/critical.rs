//! What each phase of a plan must carry: the flow ratios of its groups, where a group may have green in several phases.

use crate::network::SignalPlan;

/// The least flow ratio a phase is given.
const LEAST: f64 = 0.01;

/// The flow ratio of each phase, such that every group is served by all its phases together. `need` is the flow ratio of a group if one phase
/// alone had to serve it: a left turn that yields in one of its phases needs more of that one.
///
/// Groups of one phase have what they need first. Then, as long as a group lacks anything, that phase is lengthened in which most of what is
/// lacking is served in a second (of equal ones the longer green of the plan), until some group lacks nothing any more.
pub(super) fn phase_ratios(plan: &SignalPlan, need: impl Fn(u16, usize) -> f64) -> Vec<f64> {
    let phases = plan.phases();
    let mut groups: Vec<u16> = phases.iter().flat_map(|p| p.groups.iter().copied()).collect();
    groups.sort_unstable();
    groups.dedup();
    let serving = |g: u16| -> Vec<(usize, f64)> {
        let of = (0..phases.len()).filter(|p| phases[*p].groups.contains(&g));
        of.map(|p| (p, need(g, p))).collect()
    };
    let groups: Vec<Vec<(usize, f64)>> = groups.into_iter().map(serving).filter(|s| s.iter().all(|(_, y)| *y > 0.0)).collect();
    let mut ratios = vec![LEAST; phases.len()];
    for (p, y) in groups.iter().filter(|s| s.len() == 1).flatten() {
        ratios[*p] = f64::max(ratios[*p], *y);
    }
    // What is lacking of each group, as a share of what it needs.
    let lacks = |s: &[(usize, f64)], ratios: &[f64]| 1.0 - s.iter().map(|(p, y)| ratios[*p] / y).sum::<f64>();
    // Each time one more has all it needs, or several.
    for _ in 0..groups.len() {
        let lacking: Vec<&Vec<(usize, f64)>> = groups.iter().filter(|s| lacks(s, &ratios) > 1e-9).collect();
        if lacking.is_empty() {
            break;
        }
        let in_phase = |p: usize| lacking.iter().filter_map(move |s| s.iter().find(|(q, _)| *q == p).map(|(_, y)| (*s, *y)));
        let served = |p: usize| in_phase(p).map(|(_, y)| 1.0 / y).sum::<f64>();
        let is_better = |p: usize, best: usize| {
            let more = served(p) - served(best);
            more > 1e-9 || more > -1e-9 && phases[p].green_s > phases[best].green_s
        };
        let best = (1..phases.len()).fold(0, |best, p| if is_better(p, best) { p } else { best });
        let lengthened = in_phase(best).map(|(s, y)| lacks(s, &ratios) * y).fold(f64::INFINITY, f64::min);
        ratios[best] += lengthened;
    }
    ratios
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Phase;

    fn plan(phases: &[(&[u16], f32)]) -> SignalPlan {
        let phase = |(groups, green_s): &(&[u16], f32)| Phase { groups: groups.to_vec(), green_s: *green_s, yellow_s: 3.0, all_red_s: 1.0 };
        SignalPlan::new(0.0, phases.iter().map(phase).collect()).unwrap()
    }

    fn assert_near(found: &[f64], expected: &[f64]) {
        assert!(found.iter().zip(expected).all(|(f, e)| (f - e).abs() < 1e-9), "{found:?}, expected {expected:?}");
    }

    #[test]
    fn a_phase_must_carry_the_most_loaded_of_the_groups_that_only_it_serves() {
        let of = [0.3, 0.2, 0.15];
        assert_near(&phase_ratios(&plan(&[(&[0, 1], 30.0), (&[2], 20.0)]), |g, _| of[usize::from(g)]), &[0.3, 0.15]);
    }

    #[test]
    fn the_flow_of_a_protected_permissive_left_is_not_counted_twice() {
        // Groups 0: straight on; 1: left, opposed in phase 0 (1.75 times) and alone in phase 1; 2: the cross road.
        let plan = plan(&[(&[0, 1], 30.0), (&[1], 10.0), (&[2], 20.0)]);
        let need = |left: f64| move |g: u16, p: usize| [0.35, left * if p == 0 { 1.75 } else { 1.0 }, 0.2][usize::from(g)];
        // 0.35 of phase 0 serves 0.2 of left turns: nothing is left for its own phase, or 0.1 of 0.3.
        assert_near(&phase_ratios(&plan, need(0.2)), &[0.35, LEAST, 0.2]);
        assert_near(&phase_ratios(&plan, need(0.3)), &[0.35, 0.1, 0.2]);
    }

    #[test]
    fn groups_that_all_have_several_phases_share_them_at_least_cost() {
        // A lead of one approach, then both, then a lag of the other: 0 in the first two, 1 in the last two.
        let plan = plan(&[(&[0], 10.0), (&[0, 1], 30.0), (&[1], 10.0)]);
        let ratios = phase_ratios(&plan, |g, _| [0.4, 0.3][usize::from(g)]);
        // The middle serves both until 1 has all it needs; the rest of 0 too, as its green is the longest.
        assert_near(&ratios, &[LEAST, 0.39, LEAST]);
    }
}
