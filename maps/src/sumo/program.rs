//! From SUMO's signal programs (a state of every connection for every phase) to plans (groups that are green, then yellow, then all-red).

use super::net::Program;
use sim_core::network::{Phase, SignalPlan};

/// What a group shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Show {
    Red,
    Yellow,
    Green,
}

/// What something that these places of the states speak of shows in every phase: green where all are green, red where one is red.
pub(super) fn shown(program: &Program, places: &[usize]) -> Vec<Show> {
    let one = |state: &[u8], place: usize| match state.get(place) {
        Some(b'G' | b'g' | b'o' | b'O') => Show::Green,
        Some(b'y' | b'Y') => Show::Yellow,
        _ => Show::Red,
    };
    program.phases.iter().map(|(_, state)| places.iter().map(|p| one(state, *p)).min().unwrap_or(Show::Red)).collect()
}

/// A plan, and what had to be bent to make it one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Made {
    pub(super) plan: SignalPlan,
    pub(super) bent: Vec<&'static str>,
}

/// One phase of the plan under construction.
struct Stage {
    green: Vec<u16>,
    green_s: f64,
    yellow_s: f64,
    red_s: f64,
}

/// The plan of groups that show `groups[g][phase]`; `None` where no phase gives green to any.
///
/// A phase of SUMO in which nothing turns yellow begins a phase of the plan; those in which something does, or in which all is red, are its
/// yellow and all-red. The cycle stays as long as it was.
pub(super) fn plan(program: &Program, groups: &[Vec<Show>]) -> Option<Made> {
    let mut bent = Vec::new();
    let n = program.phases.len();
    let has = |p: usize, what: Show| groups.iter().any(|g| g[p] == what);
    let is_stage = |p: usize| has(p, Show::Green) && !has(p, Show::Yellow) && program.phases[p].0 > 0.0;
    let first = (0..n).find(|p| is_stage(*p))?;
    let mut stages: Vec<Stage> = Vec::new();
    for p in (0..n).map(|i| (first + i) % n) {
        let duration_s = program.phases[p].0;
        let green: Vec<u16> = (0..groups.len()).filter(|g| groups[*g][p] == Show::Green).map(|g| g as u16).collect();
        match stages.last_mut() {
            Some(last) if !is_stage(p) => {
                if has(p, Show::Yellow) {
                    last.yellow_s += duration_s;
                } else {
                    last.red_s += duration_s;
                }
            }
            Some(last) if last.green == green && last.yellow_s + last.red_s == 0.0 => last.green_s += duration_s,
            _ => stages.push(Stage { green, green_s: duration_s, yellow_s: 0.0, red_s: 0.0 }),
        }
    }
    let count = stages.len();
    for s in 0..count {
        let next = stages[(s + 1) % count].green.clone();
        let stage = &mut stages[s];
        let loses = stage.green.iter().any(|g| !next.contains(g));
        bend(stage, loses, &mut bent);
    }
    let start_s: f64 = program.phases[..first].iter().map(|(s, _)| s).sum();
    let phases = stages.into_iter().map(|s| Phase {
        groups: s.green,
        green_s: s.green_s as f32,
        yellow_s: s.yellow_s as f32,
        all_red_s: s.red_s as f32,
    });
    let plan = SignalPlan::new((program.offset_s + start_s) as f32, phases.collect()).ok()?;
    bent.sort_unstable();
    bent.dedup();
    Some(Made { plan, bent })
}

/// Brings the times of a phase within what a plan allows, its length kept where that is possible.
fn bend(stage: &mut Stage, loses_green: bool, bent: &mut Vec<&'static str>) {
    const LEAST_YELLOW_S: f64 = 3.0;
    const MOST_YELLOW_S: f64 = 10.0;
    const MOST_RED_S: f64 = 30.0;
    const MOST_GREEN_S: f64 = 600.0;
    if stage.yellow_s < LEAST_YELLOW_S {
        if loses_green {
            bent.push("signal phase with less than 3 s of yellow: taken from its all-red and green");
        }
        let from_red = (LEAST_YELLOW_S - stage.yellow_s).min(stage.red_s);
        stage.red_s -= from_red;
        stage.green_s -= LEAST_YELLOW_S - stage.yellow_s - from_red;
        stage.yellow_s = LEAST_YELLOW_S;
    }
    if stage.yellow_s > MOST_YELLOW_S {
        bent.push("signal phase with more than 10 s of yellow: the rest is all-red");
        stage.red_s += stage.yellow_s - MOST_YELLOW_S;
        stage.yellow_s = MOST_YELLOW_S;
    }
    if stage.red_s > MOST_RED_S {
        bent.push("signal phase with more than 30 s of all-red: 30 s");
        stage.red_s = MOST_RED_S;
    }
    if stage.green_s > MOST_GREEN_S {
        bent.push("signal phase with more than 600 s of green: 600 s");
        stage.green_s = MOST_GREEN_S;
    }
    if stage.green_s < 1.0 {
        bent.push("signal phase with less than 1 s of green left: 1 s");
        stage.green_s = 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(offset_s: f64, phases: &[(f64, &str)]) -> Program {
        let phases = phases.iter().map(|(s, state)| (*s, state.as_bytes().to_vec())).collect();
        Program { line: 1, kind: "static".into(), offset_s, phases }
    }

    /// Green groups, green, yellow and all-red of a phase.
    type Times = (Vec<u16>, f32, f32, f32);

    fn made(offset_s: f64, phases: &[(f64, &str)]) -> (Vec<Times>, f32, Vec<&'static str>) {
        let program = program(offset_s, phases);
        let groups: Vec<Vec<Show>> = (0..phases[0].1.len()).map(|p| shown(&program, &[p])).collect();
        let made = plan(&program, &groups).unwrap();
        let list = made.plan.phases().iter().map(|p| (p.groups.clone(), p.green_s, p.yellow_s, p.all_red_s)).collect();
        (list, made.plan.offset_s(), made.bent)
    }

    #[test]
    fn a_program_that_begins_with_yellow_is_turned_and_shifted() {
        let (phases, offset_s, bent) = made(5.0, &[(3.0, "yr"), (2.0, "rr"), (20.0, "rG"), (4.0, "ry"), (31.0, "Gr")]);
        assert_eq!(phases, [(vec![1], 20.0, 4.0, 0.0), (vec![0], 31.0, 3.0, 2.0)]);
        assert_eq!((offset_s, bent.len()), (10.0, 0));
    }

    #[test]
    fn who_stays_green_does_not_turn_yellow() {
        // The second approach's left turn (2) goes on alone, as in SUMO's own programs.
        let (phases, _, bent) = made(0.0, &[(30.0, "GGg"), (4.0, "yyg"), (6.0, "rrG"), (4.0, "rry"), (2.0, "rrr")]);
        assert_eq!(phases, [(vec![0, 1, 2], 30.0, 4.0, 0.0), (vec![2], 6.0, 4.0, 2.0)]);
        assert!(bent.is_empty());
    }

    #[test]
    fn times_that_no_plan_allows_are_bent_and_the_cycle_stays() {
        let (phases, _, bent) = made(0.0, &[(30.0, "Gr"), (2.0, "yr"), (28.0, "rG"), (14.0, "ry")]);
        assert_eq!(phases, [(vec![0], 29.0, 3.0, 0.0), (vec![1], 28.0, 10.0, 4.0)]);
        assert_eq!(bent.len(), 2);
        // A change without any yellow.
        let (phases, _, bent) = made(0.0, &[(30.0, "Gr"), (20.0, "rG")]);
        assert_eq!(phases, [(vec![0], 27.0, 3.0, 0.0), (vec![1], 17.0, 3.0, 0.0)]);
        assert_eq!(bent.len(), 1);
        // Green for one more: nobody loses anything.
        let (phases, _, bent) = made(0.0, &[(10.0, "Gr"), (20.0, "GG"), (3.0, "yy"), (2.0, "rr")]);
        assert_eq!(phases, [(vec![0], 7.0, 3.0, 0.0), (vec![0, 1], 20.0, 3.0, 2.0)]);
        assert!(bent.is_empty());
    }

    #[test]
    fn phases_that_show_the_same_are_one_and_no_green_is_no_plan() {
        let (phases, _, _) = made(0.0, &[(10.0, "Gr"), (10.0, "gr"), (3.0, "yr"), (20.0, "rG"), (3.0, "ry")]);
        assert_eq!(phases[0], (vec![0], 20.0, 3.0, 0.0));
        let dark = program(0.0, &[(10.0, "r")]);
        assert_eq!(plan(&dark, &[shown(&dark, &[0])]), None);
    }
}
