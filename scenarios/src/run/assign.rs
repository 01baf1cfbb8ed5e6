//! Route choice and simulation take turns until nobody gains much by another way: `--assign N`.

use super::{
    RunError,
    observe::Observed,
    progress::Progress,
    session::RunSettings,
    simulate::{Setup, Simulated, simulate_seen},
};
use crate::{
    demand::{
        Router,
        assign::{Choice, Closed, Costs, Gap, LinkTimes, Rule, Steps, change, choices},
    },
    lang::{Lang, Text, integer, number, phrase},
};
use serde::Serialize;
use sim_core::{check::CheckSummary, demand::Trip, measure::TripStatus, simulation::Simulation};
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

/// Ways are near enough to equilibrium when all could save less than this share of the time of their quickest ways.
pub const ENOUGH_GAP: f64 = 0.01;

/// One run of an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AssignmentRun {
    /// Its number; 0 is the run on the ways chosen without traffic.
    pub run: u64,
    /// Trips that took another way than in the run before.
    pub changed: u64,
    /// How far from equilibrium the ways of this run are, at the travel times it showed.
    #[serde(flatten)]
    pub gap: Gap,
    /// Time that all trips spent from their wished departure to their arrival, or to the end of the run, hours.
    pub trip_hours: f64,
    /// Trips that arrived.
    pub arrived: u64,
}

/// How long route choice and simulation take turns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssignPlan {
    /// Changes of ways, at most.
    pub rounds: u32,
    /// Enough when the relative gap is below this; `None` for all rounds whatever the gap.
    pub until_gap: Option<f64>,
    /// Links that are known to be closed.
    pub closed: Vec<Closed>,
}

/// Ways and how near they are to equilibrium.
#[derive(Clone)]
struct Ways {
    gap: f64,
    trips: Vec<Trip>,
    /// What each of them could have instead.
    held: Vec<Option<Choice>>,
}

/// An assignment: its last run is the result.
pub struct Assigned {
    /// The last simulation.
    pub simulation: Simulation,
    /// What was seen in it.
    pub observed: Observed,
    /// What was verified in it.
    pub check: Option<CheckSummary>,
    /// Every run.
    pub runs: Vec<AssignmentRun>,
}

impl AssignmentRun {
    fn of(run: u64, changed: u64, gap: Gap, simulation: &Simulation) -> Self {
        let (mut trip_s, mut arrived) = (0.0, 0);
        for record in &simulation.measurements().trips {
            let until_s = match (record.status, record.arrived_s) {
                (TripStatus::NotYet, _) => record.depart_s,
                (_, Some(arrived_s)) => arrived_s,
                (_, None) => simulation.time_s(),
            };
            trip_s += until_s - record.depart_s;
            arrived += u64::from(record.status == TripStatus::Arrived);
        }
        Self { run, changed, gap, trip_hours: trip_s / 3600.0, arrived }
    }
}

/// Runs `plan.rounds + 1` simulations of `setup` at most, letting trips change their ways between two of them; where the last change did not help, one
/// more on the best ways. Only the last one looks for conflicts and is verified: it is the result. `first` is the first one where it was made
/// already.
///
/// # Errors
/// The engine refuses the setup, or a promise is broken.
pub fn assign(
    setup: &Setup,
    router: &Router,
    plan: &AssignPlan,
    first: Option<Simulation>,
    run: RunSettings,
    progress: &dyn Progress,
) -> Result<Assigned, RunError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(setup.threads.max(1)).build().map_err(RunError::input)?;
    let mut trips: Vec<Trip> = setup.trips.clone();
    let mut steps = Steps::new(Rule::default());
    let (mut runs, mut changed, mut first) = (Vec::new(), 0, first);
    let rounds = plan.rounds;
    let announced = Setup { conditions: Arc::new(setup.conditions.without_edits()), ..setup.clone() };
    // Where the next step starts from, and the result if nothing better comes.
    let (mut kept, mut best): (Option<Ways>, Option<Ways>) = (None, None);
    let mut is_settled = false;
    for round in 0.. {
        let is_last = round >= rounds || is_settled;
        let of = if plan.until_gap.is_some() { "at most " } else { "" };
        let part = format!("assignment, run {} of {of}{}", round + 1, rounds.max(round) + 1);
        let Simulated { simulation, check, observed } = match first.take().filter(|_| !is_last) {
            Some(simulation) => Simulated { simulation, check: None, observed: Observed::default() },
            None => {
                // Nobody knew before what was done by hand while the last one ran.
                let setup = if is_last { setup } else { &announced };
                let setup = Setup { trips: trips.clone(), conflicts: run.conflicts && is_last, ..setup.clone() };
                simulate_seen(setup, run.check && is_last, &part, progress)?
            }
        };
        let network = Arc::clone(simulation.network());
        let times = LinkTimes::of(simulation.measurements(), &network, router).with_closed(plan.closed.clone());
        let held = pool.install(|| choices(&trips, Costs { network: &network, router, times: &times }));
        let gap = Gap::of(&held);
        runs.push(AssignmentRun::of(round.into(), changed, gap, &simulation));
        let is_better = best.as_ref().is_none_or(|b| gap.relative_gap < b.gap);
        let is_enough = plan.until_gap.is_some_and(|enough| gap.relative_gap < enough);
        // Near enough: the same ways once more as the result, unless this run can be it.
        let can_be_it = is_last || (is_enough && !run.check && !run.conflicts && setup.conditions == announced.conditions);
        if is_settled || (can_be_it && is_better) {
            return Ok(Assigned { simulation, observed, check, runs });
        }
        if kept.as_ref().is_none_or(|from| steps.keeps(from.gap, gap.relative_gap)) {
            kept = Some(Ways { gap: gap.relative_gap, trips: trips.clone(), held });
            if is_better {
                best.clone_from(&kept);
            }
        }
        is_settled = is_last || is_enough;
        let Some(from) = (if is_settled { &best } else { &kept }) else { continue };
        trips.clone_from(&from.trips);
        changed = if is_settled { 0 } else { change(&mut trips, from.held.clone(), &steps, setup.seed, round.into()) };
    }
    unreachable!("the last round returns")
}

/// The runs of an assignment as a table for a person.
pub fn table(runs: &[AssignmentRun], lang: Lang) -> String {
    let share = |value: f64| format!("{} %", number(lang, value * 100.0, 2));
    let minutes = |s: f64| number(lang, s / 60.0, 2);
    let mut rows = vec![
        [Text::AssignmentRun, Text::ChangedWays, Text::RelativeGap, Text::OwnWaysMinutes, Text::BestWaysMinutes, Text::TripHours]
            .map(|t| t.get(lang).to_owned()),
    ];
    rows.extend(runs.iter().map(|r| {
        [
            integer(lang, r.run),
            integer(lang, r.changed),
            share(r.gap.relative_gap),
            minutes(r.gap.mean_s),
            minutes(r.gap.mean_best_s),
            number(lang, r.trip_hours, 1),
        ]
    }));
    let widths: [usize; 6] = std::array::from_fn(|c| rows.iter().map(|r| r[c].width()).max().unwrap_or(0));
    let mut text = format!("{}\n", phrase::assignment(lang, integer(lang, runs.last().map_or(0, |r| r.gap.trips))));
    for row in &rows {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{}{cell}", " ".repeat(width - cell.width()))).collect();
        text.push_str(&format!("  {}\n", cells.join("   ")));
    }
    if let Some(last) = runs.last() {
        text.push_str(&format!("  {}\n", told(last.gap.relative_gap, lang)));
    }
    text
}

/// How near to equilibrium a gap is, in words: nobody shall take ways for settled that are not.
pub fn told(gap: f64, lang: Lang) -> String {
    let (reached, enough) = (number(lang, gap * 100.0, 2), number(lang, ENOUGH_GAP * 100.0, 0));
    if gap < ENOUGH_GAP { phrase::gap_reached(lang, reached, enough) } else { phrase::gap_missed(lang, reached, enough) }
}
