//! The search itself: sets of junctions, the runs each of them takes, and what they come to.

use super::{
    Candidate, Compared, Held, RANK_SCHEMA_VERSION, Ranking, Step, output,
    surrogate::{Belief, Features},
};
use crate::{
    demand::draw_uniform,
    kpi::{Interval, interval_of},
    lang::Lang,
    report::LinkTotals,
    results::{
        ResultError,
        batch::{Batch, RANK_FILE, check_free},
        record::json,
    },
    run::{
        RunError,
        progress::{Progress, Quiet},
        session::{RunSettings, Session},
        workers::each,
    },
    scenario::{read::Setting, signals::ControllerName},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// Random sets that the ranking is held against.
const RANDOM_SETS: u64 = 5;
/// A junction to which less than this share of the busiest one's vehicles come is left out: all it could show is chance (assumed).
const LEAST_SHARE: f64 = 0.01;
/// Rounds of swaps at most.
const SWAP_ROUNDS: usize = 2;

/// What to rank, and how.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// The scenario, its junctions not yet equipped.
    pub scenario: &'a Path,
    /// Settings.
    pub settings: &'a [Setting],
    /// So many junctions are equipped at most; at least 1.
    pub budget: usize,
    /// Pairs of runs in the search, from the scenario's seed on.
    pub seeds: usize,
    /// Pairs of runs to hold the ranking against others, from the seed after those on; 0 for none.
    pub held_seeds: usize,
    /// Junctions simulated in each step.
    pub tries: usize,
    /// What they are equipped with.
    pub controller: ControllerName,
    /// The folder for the results; else `out/rank-…`.
    pub folder: Option<&'a Path>,
    /// Replace a ranking in that folder.
    pub force: bool,
    /// The command that makes it again.
    pub command: String,
    /// How to run.
    pub run: RunSettings,
}

/// What is kept of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    /// Total delay (K19), vehicle-hours.
    delay_h: f64,
    /// Of the base: every link with traffic.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    totals: Vec<LinkTotals>,
}

/// A set of junctions, by place among the candidates.
type Set = BTreeSet<usize>;

struct Search<'a> {
    order: &'a Order<'a>,
    batch: Batch,
    base: Session,
    junctions: Vec<String>,
    simulated: usize,
}

/// Ranks the junctions of a scenario, writes the folder and gives the ranking with its place.
///
/// # Errors
/// Bad input, a budget of nothing or of more than there is, a run that fails, a folder that is taken or cannot be written.
pub fn rank(order: &Order<'_>, lang: Lang, progress: &dyn Progress) -> Result<(Ranking, PathBuf), RunError> {
    if order.budget == 0 {
        return Err(RunError::Input("a budget of 0 junctions equips nothing; give at least 1, e.g. --budget 10".into()));
    }
    if let Some(folder) = order.folder {
        check_free(folder, order.force)?;
    }
    let base = Session::open(order.scenario, order.settings, order.run, progress)?;
    let junctions: Vec<String> = base.equippable();
    if junctions.is_empty() {
        let message = "no junction of this scenario can be equipped: none has signals of several phases that run by the clock";
        return Err(RunError::Input(message.into()));
    }
    if order.budget > junctions.len() {
        let message = format!("the budget is {} junctions, but only {} can be equipped", order.budget, junctions.len());
        return Err(RunError::Input(message));
    }
    let batch = open_batch(order, &base)?;
    let file = &base.found.scenario.parsed.file;
    let (first, scenario) = (file.seed, file.name.clone());
    let seeds: Vec<u64> = (first..).take(order.seeds).collect();
    let held_seeds: Vec<u64> = (first + order.seeds as u64..).take(order.held_seeds).collect();
    let mut search = Search { order, batch, base, junctions, simulated: 0 };

    progress.begin("base", 0.0, 0.0);
    let none = Set::new();
    let base_runs = search.runs(&[&none], &seeds)?.remove(0);
    // The candidates in the order of their delay; from here on places are those.
    let candidates = search.sorted(&base_runs);
    if order.budget > candidates.len() {
        let message = format!(
            "the budget is {} junctions, but only {} of those that can be equipped have traffic worth the name (1 % of the busiest one's)",
            order.budget,
            candidates.len()
        );
        return Err(RunError::Input(message));
    }
    let features = candidates.iter().map(|c| Features { delay_h: c.delay_h, thousands: c.vehicles / 1000.0 }).collect();
    let mut belief = Belief::new(features);
    let base_delays = delays(&base_runs);
    let greedy = search.greedy(&mut belief, &base_delays, &seeds, progress)?;
    progress.begin("swaps", 0.0, 0.0);
    let (ranking, compared) = search.improve(&greedy, &candidates, &belief, &base_delays, &seeds)?;
    let steps = if set_of(&greedy) == ranking { greedy } else { search.in_order(&ranking, &belief, &base_delays, &seeds)? };
    progress.begin("against others", 0.0, 0.0);
    let held = search.hold(&ranking, &candidates, &held_seeds)?;
    let Search { base, batch, simulated, .. } = search;
    let ranking = Ranking {
        schema_version: RANK_SCHEMA_VERSION,
        kind: "agtwin-rank".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario,
        command: order.command.clone(),
        controller: name_of(order.controller),
        seeds,
        held_seeds,
        base_delay_h: mean(&base_delays),
        candidates,
        steps,
        compared,
        held,
        simulations: simulated,
        assumptions: base.assumptions().to_vec(),
    };
    batch.text(RANK_FILE, &json(&ranking))?;
    batch.text("rank.csv", &output::csv(&ranking, lang))?;
    batch.text("rank.svg", &output::curve(&ranking, lang))?;
    Ok((ranking, batch.finish()?))
}

/// How files spell a controller.
fn name_of(controller: ControllerName) -> String {
    serde_json::to_value(controller).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn open_batch(order: &Order<'_>, base: &Session) -> Result<Batch, ResultError> {
    let plan = json(&json!({
        "schema_version": 1,
        "job": "rank",
        "version": env!("CARGO_PKG_VERSION"),
        "scenario": base.found.scenario.parsed.file,
        "inputs": base.inputs(),
        "map": base.map_record(),
        "controller": name_of(order.controller),
        "budget": order.budget,
        "seeds": order.seeds,
        "held_seeds": order.held_seeds,
        "tries": order.tries,
        "assign": order.run.assign,
    }));
    if let Some(folder) = order.folder {
        return Batch::open(folder, &plan, order.force);
    }
    let name = &base.found.scenario.parsed.file.name;
    let safe: String = name.trim().chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    for number in 1.. {
        let name = if number == 1 { format!("rank-{safe}") } else { format!("rank-{safe}-{number}") };
        match Batch::open(&Path::new("out").join(name), &plan, false) {
            Err(ResultError::Taken(_) | ResultError::OtherPlan(_)) => {}
            other => return other,
        }
    }
    unreachable!("one number is free")
}

impl Search<'_> {
    /// What a run of a set is called: by the refs of its junctions, so that their order does not matter.
    fn name(&self, set: &Set, seed: u64) -> String {
        let mut refs: Vec<&str> = set.iter().map(|c| self.junctions[*c].as_str()).collect();
        refs.sort_unstable();
        format!("set-{:016x}-seed-{seed}", xxhash_rust::xxh3::xxh3_64(refs.join("\n").as_bytes()))
    }

    /// The runs of sets over seeds, those that are missing made now, as many at a time as there are threads.
    fn runs(&mut self, sets: &[&Set], seeds: &[u64]) -> Result<Vec<Vec<Kept>>, RunError> {
        let (mut jobs, mut named) = (Vec::new(), BTreeSet::new());
        for (n, set) in sets.iter().enumerate() {
            for seed in seeds {
                let name = self.name(set, *seed);
                // The same set may be asked for twice, e.g. as the busiest and as that of most delay.
                if self.batch.finished(&name)?.is_none() && named.insert(name) {
                    jobs.push((n, *seed));
                }
            }
        }
        let missing: BTreeSet<usize> = jobs.iter().map(|j| j.0).collect();
        let mut sessions: BTreeMap<usize, Session> = BTreeMap::new();
        for n in missing {
            let refs: Vec<&str> = sets[n].iter().map(|c| self.junctions[*c].as_str()).collect();
            sessions.insert(n, self.base.equipped(&refs, self.order.controller)?);
        }
        let one = RunSettings { threads: 1, ..self.order.run };
        each(jobs.len(), self.order.run.threads, |j| -> Result<(), RunError> {
            let (n, seed) = jobs[j];
            let done = sessions[&n].run_seed(seed, one, &Quiet)?;
            let delay_h = done.rows.iter().find(|r| r.id() == "K19").and_then(|r| r.value.number());
            let delay_h =
                delay_h.ok_or_else(|| RunError::Input("nobody wished to leave in the measured hours; there is nothing to rank".into()))?;
            let totals = if sets[n].is_empty() { sessions[&n].link_totals(&done) } else { Vec::new() };
            let text = serde_json::to_string(&Kept { delay_h, totals }).expect("plain data");
            Ok(self.batch.keep(&self.name(sets[n], seed), &text)?)
        })?;
        self.simulated += sets.len() * seeds.len();
        sets.iter().map(|set| seeds.iter().map(|seed| self.read(set, *seed)).collect()).collect()
    }

    fn read(&self, set: &Set, seed: u64) -> Result<Kept, RunError> {
        let name = self.name(set, seed);
        let gone = || RunError::Input(format!("the finished run `{name}` was taken away meanwhile"));
        let text = self.batch.finished(&name)?.ok_or_else(gone)?;
        let damaged = |e| RunError::Input(format!("the finished run `{name}` is damaged: {e}; delete its file and start again"));
        serde_json::from_str(&text).map_err(damaged)
    }

    /// The candidates by the delay on their approaches, most first; puts the refs in the same order.
    fn sorted(&mut self, base: &[Kept]) -> Vec<Candidate> {
        let network = &self.base.network;
        let mut of_link: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for total in base.iter().flat_map(|k| &k.totals) {
            let cell = of_link.entry(total.link).or_default();
            cell.0 += total.delay_h / base.len() as f64;
            cell.1 += total.vehicles / base.len() as f64;
        }
        let mut all: Vec<Candidate> = Vec::new();
        for ref_ in &self.junctions {
            let Some(junction) = network.junctions.iter().find(|j| j.ref_.as_str() == ref_) else { continue };
            let sum = |of: fn(&(f64, f64)) -> f64| junction.incoming.iter().filter_map(|l| of_link.get(&l.index())).map(of).sum::<f64>();
            let name = junction.name.clone().unwrap_or_else(|| ref_.clone());
            all.push(Candidate { junction: ref_.clone(), name, delay_h: sum(|c| c.0), vehicles: sum(|c| c.1) });
        }
        // Nothing is to be saved where hardly anybody drives.
        let busiest = all.iter().map(|c| c.vehicles).fold(0.0, f64::max);
        all.retain(|c| c.vehicles > 0.0 && c.vehicles >= LEAST_SHARE * busiest);
        all.sort_by(|a, b| b.delay_h.total_cmp(&a.delay_h).then_with(|| a.junction.cmp(&b.junction)));
        self.junctions = all.iter().map(|c| c.junction.clone()).collect();
        all
    }

    /// The greedy search: junction by junction, of the few that promise most the one that is believed to save most.
    fn greedy(&mut self, belief: &mut Belief, base: &[f64], seeds: &[u64], progress: &dyn Progress) -> Result<Vec<Step>, RunError> {
        let (mut chosen, mut steps) = (Set::new(), Vec::new());
        let mut last = base.to_vec();
        for n in 0..self.order.budget {
            progress.begin(&format!("junction {} of {}", n + 1, self.order.budget), 0.0, 0.0);
            let mut open: Vec<usize> = (0..belief.len()).filter(|c| !chosen.contains(c)).collect();
            open.sort_by(|a, b| belief.promise(*b).total_cmp(&belief.promise(*a)).then(a.cmp(b)));
            open.truncate(self.order.tries.max(1));
            let sets: Vec<Set> = open.iter().map(|c| chosen.iter().copied().chain([*c]).collect()).collect();
            let runs = self.runs(&sets.iter().collect::<Vec<_>>(), seeds)?;
            let promised: Vec<f64> = open.iter().map(|c| belief.promise(*c)).collect();
            for (c, runs) in open.iter().zip(&runs) {
                belief.see(*c, &differences(&last, &delays(runs)));
            }
            // The first of the best: junctions come in the order of their delay.
            let best = (0..open.len()).reduce(|a, b| if belief.promise(open[b]) > belief.promise(open[a]) { b } else { a });
            let Some(i) = best else { break };
            chosen.insert(open[i]);
            last = delays(&runs[i]);
            steps.push(Step {
                candidate: open[i],
                promised_h: promised[i],
                delay_h: mean(&last),
                saved_h: saved(base, &last),
                tried: open,
            });
        }
        Ok(steps)
    }

    /// The busiest set, unless the pairs show with 95 % confidence that the greedy set or that of most delay saves more: the search picks
    /// the best of many noisy values, the busiest are known without one. Then swaps of its least promising members for the most
    /// promising others, each taken only where that is shown as well.
    fn improve(
        &mut self,
        greedy: &[Step],
        candidates: &[Candidate],
        belief: &Belief,
        base: &[f64],
        seeds: &[u64],
    ) -> Result<(Set, Vec<Compared>), RunError> {
        let count = greedy.len();
        let starts = [("greedy", set_of(greedy)), ("most_delay", (0..count).collect()), ("busiest", busiest(candidates, count))];
        let runs = self.runs(&starts.each_ref().map(|s| &s.1), seeds)?;
        let tell = |what: &str, set: &Set, delays: &[f64], is_taken| Compared {
            what: what.to_owned(),
            junctions: set.iter().copied().collect(),
            saved_h: saved(base, delays),
            is_taken,
        };
        let found: Vec<Vec<f64>> = runs.iter().map(|r| delays(r)).collect();
        let safe = starts.len() - 1;
        let shown = (0..safe).filter(|n| is_shown(&differences(&found[safe], &found[*n])));
        let first = shown.reduce(|a, b| if mean(&found[b]) < mean(&found[a]) { b } else { a }).unwrap_or(safe);
        let mut compared: Vec<Compared> = (0..starts.len()).map(|n| tell(starts[n].0, &starts[n].1, &found[n], n == first)).collect();
        let (mut set, mut last) = (starts[first].1.clone(), found[first].clone());
        for _ in 0..SWAP_ROUNDS {
            let by_promise = |inside: bool| {
                let mut all: Vec<usize> = (0..candidates.len()).filter(|c| set.contains(c) == inside).collect();
                all.sort_by(|a, b| belief.promise(*b).total_cmp(&belief.promise(*a)).then(a.cmp(b)));
                all
            };
            let pairs = by_promise(true).into_iter().rev().zip(by_promise(false)).take(self.order.tries.max(1));
            let swapped: Vec<Set> = pairs.map(|(out, into)| set.iter().copied().filter(|c| *c != out).chain([into]).collect()).collect();
            let runs = self.runs(&swapped.iter().collect::<Vec<_>>(), seeds)?;
            let found: Vec<Vec<f64>> = runs.iter().map(|r| delays(r)).collect();
            let best = (0..swapped.len()).reduce(|a, b| if mean(&found[b]) < mean(&found[a]) { b } else { a });
            let taken = best.filter(|b| is_shown(&differences(&last, &found[*b])));
            compared.extend((0..swapped.len()).map(|n| tell("swap", &swapped[n], &found[n], taken == Some(n))));
            let Some(n) = taken else { break };
            (set, last) = (swapped[n].clone(), found[n].clone());
        }
        Ok((set, compared))
    }

    /// The steps to a set that the greedy search did not end with: its junctions, most promising first.
    fn in_order(&mut self, set: &Set, belief: &Belief, base: &[f64], seeds: &[u64]) -> Result<Vec<Step>, RunError> {
        let mut order: Vec<usize> = set.iter().copied().collect();
        order.sort_by(|a, b| belief.promise(*b).total_cmp(&belief.promise(*a)).then(a.cmp(b)));
        let sets: Vec<Set> = (1..=order.len()).map(|n| order[..n].iter().copied().collect()).collect();
        let runs = self.runs(&sets.iter().collect::<Vec<_>>(), seeds)?;
        let step = |(c, runs): (&usize, &Vec<Kept>)| {
            let delays = delays(runs);
            Step { candidate: *c, promised_h: belief.promise(*c), delay_h: mean(&delays), saved_h: saved(base, &delays), tried: vec![*c] }
        };
        Ok(order.iter().zip(&runs).map(step).collect())
    }

    /// The ranking, the busiest junctions and random ones, over seeds that the search never saw.
    fn hold(&mut self, ranking: &Set, candidates: &[Candidate], seeds: &[u64]) -> Result<Vec<Held>, RunError> {
        if seeds.is_empty() {
            return Ok(Vec::new());
        }
        let count = ranking.len();
        let random = |draw: u64| -> Set {
            let mut all: Vec<usize> = (0..candidates.len()).collect();
            let key = |c: &usize| draw_uniform(draw, "rank", &candidates[*c].junction, 0);
            all.sort_by(|a, b| key(a).total_cmp(&key(b)));
            all.into_iter().take(count).collect()
        };
        let mut sets = vec![("ranking", ranking.clone()), ("busiest", busiest(candidates, count))];
        sets.extend((0..RANDOM_SETS).map(|n| ("random", random(n))));
        let none = Set::new();
        let all: Vec<&Set> = std::iter::once(&none).chain(sets.iter().map(|s| &s.1)).collect();
        let runs = self.runs(&all, seeds)?;
        let found: Vec<Vec<f64>> = runs.iter().map(|r| delays(r)).collect();
        let held = sets.into_iter().enumerate().map(|(n, (what, set))| Held {
            what: what.to_owned(),
            junctions: set.into_iter().collect(),
            delay_h: mean(&found[n + 1]),
            saved_h: saved(&found[0], &found[n + 1]),
            ranking_saves_more_h: saved(&found[n + 1], &found[1]),
        });
        Ok(held.collect())
    }
}

/// The junctions to which most vehicles come.
fn busiest(candidates: &[Candidate], count: usize) -> Set {
    let mut all: Vec<usize> = (0..candidates.len()).collect();
    all.sort_by(|a, b| candidates[*b].vehicles.total_cmp(&candidates[*a].vehicles).then(a.cmp(b)));
    all.into_iter().take(count).collect()
}

fn set_of(steps: &[Step]) -> Set {
    steps.iter().map(|s| s.candidate).collect()
}

fn delays(runs: &[Kept]) -> Vec<f64> {
    runs.iter().map(|r| r.delay_h).collect()
}

/// What the second has less than the first, pair by pair.
fn differences(first: &[f64], second: &[f64]) -> Vec<f64> {
    first.iter().zip(second).map(|(a, b)| a - b).collect()
}

/// Whether the 95 % interval of paired gains lies above zero; a single pair shows nothing.
fn is_shown(gains: &[f64]) -> bool {
    let interval = interval_of(gains);
    gains.len() > 1 && interval.mean > interval.half_width
}

/// The sample variance; of fewer than two values zero.
pub(super) fn variance(values: &[f64]) -> f64 {
    let middle = mean(values);
    values.iter().map(|v| (v - middle) * (v - middle)).sum::<f64>() / (values.len().max(2) - 1) as f64
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// What the second saves against the first, pair by pair.
fn saved(base: &[f64], variant: &[f64]) -> Interval {
    interval_of(&differences(base, variant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_set_is_taken_only_where_it_is_shown_to_save_more() {
        assert!(is_shown(&[1.0, 1.2, 0.9]));
        assert!(!is_shown(&[1.0, 3.0, 0.5]), "more than a standard error, but three pairs show no more");
        assert!(!is_shown(&[6.0, -5.0, 0.2]), "the mean is below its standard error");
        assert!(!is_shown(&[9.0]) && !is_shown(&[-1.0, -1.0]) && !is_shown(&[0.0, 0.0]));
    }
}
