//! Counts to demand, together with the simulation: fit, run, compare, refit. The linear model of the fit knows neither queues nor what
//! drivers really choose; after each run it is corrected by what the simulated detectors counted. Detectors and a corridor that the fit
//! never saw say how much to believe.

use super::{
    book::RouteBook,
    counts::{Counts, CountsReport},
    draw::{Rounding, Unreachable, draw},
    fit::{ClassGroup, FitSettings, GroupCount, GroupTable, fit},
    holdout::{Holdout, HoldoutSettings, UnknownCorridor, choose},
    link_use::LinkUse,
    observe::{Observation, SaturatedInterval, observe},
    od::OdTable,
    quality::{Quality, Simulated, hours},
    routing::Router,
    solve::SolverError,
    time::{Window, uncovered},
    zones::Zone,
};
use rayon::prelude::*;
use sim_core::{
    class::{CLASS_COUNT, ClassTable, VehicleClass},
    demand::Trip,
    detector::{Detector, Reading},
    network::RoadNetwork,
    reference::Ref,
};
use std::{collections::BTreeMap, collections::BTreeSet, fmt};

/// A class with fewer vehicles than this per counted interval is fitted together with the others of its routes (assumed).
const OWN_FIT_LEAST: f64 = 4.0;
/// A correction below or above these is more likely a jam in the simulation than an error of the linear model.
const CORRECTION: std::ops::RangeInclusive<f64> = 0.6..=1.8;
/// How much wider or narrower than assumed drivers may choose between routes.
const CHOICE_SPREADS: [f64; 5] = [0.5, 1.0, 2.0, 4.0, 8.0];
/// A simulated flow below this many vehicles an hour corrects nothing: it is mostly chance.
const CORRECTION_LEAST: f64 = 20.0;

/// What a calibration is made from.
#[derive(Clone, Copy, Debug)]
pub struct CalibrationInputs<'a> {
    /// The network.
    pub network: &'a RoadNetwork,
    /// Class parameters, for passenger-car units.
    pub classes: &'a ClassTable,
    /// Routes on it.
    pub router: &'a Router,
    /// Where trips begin and end.
    pub zones: &'a [Zone],
    /// Where it was counted. Readings of the simulation name them by position.
    pub detectors: &'a [Detector],
    /// What was counted.
    pub counts: &'a Counts,
    /// The simulated time, warm-up included.
    pub window: Window,
    /// What was plausible before counting, e.g. [`super::prior::gravity`].
    pub prior: &'a OdTable,
    /// How.
    pub settings: &'a CalibrationSettings,
}

/// How to calibrate.
#[derive(Clone, Debug, PartialEq)]
pub struct CalibrationSettings {
    /// Keys every draw, and what is held out.
    pub seed: u64,
    /// Fits, each followed by a run; the prior's run comes on top.
    pub iterations: usize,
    /// Time at the start of the window in which the network fills; its counts are not used, seconds.
    pub warm_up_s: f64,
    /// The day to rebuild; `None` takes the representative one of the file.
    pub day: Option<chrono::NaiveDate>,
    /// What to hold out of the fit; `None` fits to every detector.
    pub holdout: Option<HoldoutSettings>,
    /// After the honest iterations, fit once more with the held-out counts too and run that.
    pub refit_with_all: bool,
    /// How unsure prior and counts are.
    pub fit: FitSettings,
    /// Let the counts decide how evenly drivers spread over alternative routes, before the first run.
    pub fit_route_choice: bool,
    /// How expected trips become whole ones.
    pub rounding: Rounding,
}

impl Default for CalibrationSettings {
    fn default() -> Self {
        Self {
            seed: 1,
            iterations: 3,
            warm_up_s: 900.0,
            day: None,
            holdout: Some(HoldoutSettings::default()),
            refit_with_all: false,
            fit: FitSettings::default(),
            fit_route_choice: true,
            rounding: Rounding::default(),
        }
    }
}

/// What a run of the simulation reported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SimulatedCounts {
    /// Readings of the detectors of [`CalibrationInputs::detectors`]. A class that did not pass has none.
    pub readings: Vec<Reading>,
    /// How many times as long as without traffic trips took (1 and more), where the run knows it.
    pub slowness: Option<f64>,
}

/// Which run of a calibration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunLabel {
    /// The gravity pattern at the level of the counts.
    Prior,
    /// A fit, the first is 1.
    Fit(usize),
    /// The last fit, to the held-out counts too.
    FitToAll,
}

impl fmt::Display for RunLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prior => f.write_str("prior"),
            Self::Fit(n) => write!(f, "fit {n}"),
            Self::FitToAll => f.write_str("fit to all"),
        }
    }
}

impl serde::Serialize for RunLabel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How near one run came.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct FitQuality {
    /// Which run; in files `prior`, `fit 1` …, `fit to all`.
    pub label: RunLabel,
    /// Trips that were drawn.
    pub trips: usize,
    /// At the detectors the fit saw (for the prior: would see).
    pub fitted: Option<Quality>,
    /// At single detectors it did not see.
    pub held_out: Option<Quality>,
    /// At a whole corridor it did not see.
    pub corridor: Option<Quality>,
}

impl fmt::Display for FitQuality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} trips", self.label, self.trips)?;
        for (name, quality) in [("fitted", &self.fitted), ("held out", &self.held_out), ("corridor held out", &self.corridor)] {
            if let Some(q) = quality {
                write!(f, "\n  {name}: {q}")?;
            }
        }
        Ok(())
    }
}

/// A calibrated demand and how far to believe it.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// The demand.
    pub od: OdTable,
    /// The routes its trips are drawn from, with any seed.
    pub book: RouteBook,
    /// The trips that were run for it.
    pub trips: Vec<Trip>,
    /// What the simulated detectors counted with them.
    pub readings: Vec<Reading>,
    /// The day that was rebuilt.
    pub day: chrono::NaiveDate,
    /// The uncalibrated prior.
    pub prior: FitQuality,
    /// Each fit, in order.
    pub iterations: Vec<FitQuality>,
    /// Which of [`Calibration::iterations`] the demand is: the nearest at the fitted detectors, or the last when it was refitted to all.
    pub chosen: usize,
    /// The nearest of those that did not see what was held out: the one that says how far to believe the demand.
    pub honest: usize,
    /// Detectors held out singly.
    pub held_out: Vec<Ref>,
    /// The corridor held out, and its detectors.
    pub corridor: Option<(String, Vec<Ref>)>,
    /// Approaches whose counts were taken as lower bounds.
    pub saturated: Vec<SaturatedInterval>,
    /// When, after the warm-up, no detector recorded anything: there the demand has the prior's pattern at the level of the counts.
    pub uncounted: Vec<Window>,
    /// Trips that no route serves.
    pub unreachable: Vec<Unreachable>,
    /// What the prior was multiplied by before the first run, so that it puts as many vehicles past the detectors as were counted.
    pub prior_level: f64,
    /// How many times as evenly as assumed drivers choose between routes, as the counts have it.
    pub choice_spread: f64,
    /// Classes that were fitted together.
    pub class_groups: Vec<Vec<VehicleClass>>,
}

/// Why a calibration failed.
#[derive(Debug, thiserror::Error)]
pub enum CalibrateError<E: std::error::Error + 'static> {
    /// Counts of detectors nobody knows.
    #[error("{0}")]
    UnknownDetectors(Box<CountsReport>),
    /// Nothing to fit to.
    #[error("no count lies within {} to {} of {}, after {} min of warm-up; check the window and the day", super::time::clock(.window.from_s), super::time::clock(.window.to_s), .day.map_or("any day".to_owned(), |d| d.to_string()), .warm_up_s / 60.0)]
    NoCounts {
        /// The window.
        window: Window,
        /// The day.
        day: Option<chrono::NaiveDate>,
        /// The warm-up, seconds.
        warm_up_s: f64,
    },
    /// A corridor without counts.
    #[error(transparent)]
    UnknownCorridor(#[from] UnknownCorridor),
    /// The prior has no trip in the window.
    #[error("the prior demand has no trips; zones need inhabitants and ways between them")]
    NoPrior,
    /// The solver gave up.
    #[error(transparent)]
    Solver(#[from] SolverError),
    /// The simulation failed.
    #[error("the simulation of a calibration failed: {0}")]
    Simulation(#[source] E),
}

/// One run with everything that is kept of it.
struct Run {
    od: OdTable,
    trips: Vec<Trip>,
    unreachable: Vec<Unreachable>,
    counts: SimulatedCounts,
    quality: FitQuality,
}

/// Fits the demand to the counts, running `simulate` once for the prior and once after each fit.
///
/// # Errors
/// Counts of unknown detectors, no count in the window, an empty prior, or a failing simulation.
pub fn calibrate<E: std::error::Error + 'static>(
    inputs: &CalibrationInputs<'_>,
    simulate: &mut dyn FnMut(Vec<Trip>) -> Result<SimulatedCounts, E>,
) -> Result<Calibration, CalibrateError<E>> {
    let settings = inputs.settings;
    let report = inputs.counts.check(inputs.detectors);
    if !report.is_ok() {
        return Err(CalibrateError::UnknownDetectors(Box::new(report)));
    }
    let judged = Window::new(inputs.window.from_s + settings.warm_up_s, inputs.window.to_s);
    let none = || CalibrateError::NoCounts { window: inputs.window, day: settings.day, warm_up_s: settings.warm_up_s };
    let day = settings.day.or_else(|| inputs.counts.representative_day()).ok_or_else(none)?;
    let (observations, saturated) = observe(inputs.network, inputs.classes, inputs.detectors, &inputs.counts.on(day), judged);
    if observations.is_empty() {
        return Err(none());
    }
    let uncounted = uncovered(judged, inputs.counts.on(day).rows().iter().map(|c| c.window));
    if inputs.prior.total() <= 0.0 {
        return Err(CalibrateError::NoPrior);
    }
    let mut volumes: BTreeMap<usize, f64> = BTreeMap::new();
    observations.iter().for_each(|o| *volumes.entry(o.detector).or_default() += o.count);
    let holdout = match &settings.holdout {
        Some(h) => choose(inputs.network, inputs.detectors, &volumes, settings.seed, h)?,
        None => Holdout::default(),
    };
    let found = RouteBook::new(inputs.router, inputs.zones, inputs.prior);
    // How much is travelled at all is the first thing counts say: the prior keeps its pattern and takes its level from them.
    let prior_level = Fitter {
        inputs,
        groups: class_groups(inputs, &found, &observations),
        observations: observations.clone(),
        start_s: judged.from_s,
        holdout: holdout.clone(),
        corrections: BTreeMap::new(),
        slowness: 1.0,
    }
    .prior_level();
    let levelled = inputs.prior.scaled(prior_level);
    let inputs = &CalibrationInputs { prior: &levelled, ..*inputs };
    let spreads: &[f64] = if settings.fit_route_choice { &CHOICE_SPREADS } else { &[1.0] };
    let tried: Vec<Result<(f64, f64, RouteBook, Fitter<'_>), SolverError>> = spreads
        .par_iter()
        .map(|spread| {
            let book = found.with_spread(*spread, inputs.router.settings());
            let groups = class_groups(inputs, &book, &observations);
            let (observations, holdout) = (observations.clone(), holdout.clone());
            let fitter =
                Fitter { inputs, groups, observations, start_s: judged.from_s, holdout, corrections: BTreeMap::new(), slowness: 1.0 };
            let cost = if spreads.len() > 1 { fitter.cost_of_main_group()? } else { 0.0 };
            Ok((cost, *spread, book, fitter))
        })
        .collect();
    let mut chosen: Option<(f64, f64, RouteBook, Fitter<'_>)> = None;
    for one in tried {
        let one = one?;
        if chosen.as_ref().is_none_or(|(least, ..)| one.0 < *least) {
            chosen = Some(one);
        }
    }
    let Some((_, choice_spread, book, mut fitter)) = chosen else { unreachable!("there is at least one spread to try") };

    let mut run = |fitter: &Fitter<'_>, od: OdTable, label: RunLabel| -> Result<Run, CalibrateError<E>> {
        let drawn = draw(&od, &book, settings.seed, settings.rounding);
        let counts = simulate(drawn.trips.clone()).map_err(CalibrateError::Simulation)?;
        let quality = fitter.quality(label, drawn.trips.len(), &counts);
        Ok(Run { od, trips: drawn.trips, unreachable: drawn.unreachable, counts, quality })
    };
    let first = run(&fitter, inputs.prior.clone(), RunLabel::Prior)?;
    let prior = first.quality.clone();
    fitter.correct(&first);
    let mut best: Option<(usize, Run)> = None;
    let mut iterations = Vec::new();
    for i in 0..settings.iterations.max(1) {
        let od = fitter.fit()?;
        let last = run(&fitter, od, RunLabel::Fit(i + 1))?;
        fitter.correct(&last);
        iterations.push(last.quality.clone());
        let error = |r: &Run| r.quality.fitted.as_ref().map_or(f64::INFINITY, |q| q.geh_mean);
        if best.as_ref().is_none_or(|(_, b)| error(&last) < error(b)) {
            best = Some((i, last));
        }
    }
    let Some(honest) = best.as_ref().map(|(i, _)| *i) else { unreachable!("at least one fit was run") };
    let held_out = fitter.holdout.clone();
    if settings.refit_with_all {
        fitter.holdout = Holdout { corridor_name: None, ..Holdout::default() };
        let od = fitter.fit()?;
        let all = run(&fitter, od, RunLabel::FitToAll)?;
        iterations.push(all.quality.clone());
        best = Some((iterations.len() - 1, all));
    }
    let Some((chosen, best)) = best else { unreachable!("at least one fit was run") };
    let refs = |set: &BTreeSet<usize>| set.iter().map(|d| inputs.detectors[*d].ref_.clone()).collect::<Vec<_>>();
    Ok(Calibration {
        od: best.od,
        book,
        trips: best.trips,
        readings: best.counts.readings,
        day,
        prior,
        iterations,
        chosen,
        honest,
        held_out: refs(&held_out.single),
        corridor: held_out.corridor_name.clone().map(|name| (name, refs(&held_out.corridor))),
        saturated,
        uncounted,
        unreachable: best.unreachable,
        prior_level,
        choice_spread,
        class_groups: fitter.groups.iter().map(|g| g.classes.clone()).collect(),
    })
}

/// Classes by how they are fitted: alone where they are counted often enough, else together with the others of their routes.
fn class_groups(inputs: &CalibrationInputs<'_>, book: &RouteBook, observations: &[Observation]) -> Vec<ClassGroup> {
    let mut counted = [(0.0, 0usize); CLASS_COUNT];
    for o in observations {
        counted[o.class.index()].0 += o.count;
        counted[o.class.index()].1 += 1;
    }
    // Alone: (routes, class + 1); together: (routes, 0).
    let mut groups: BTreeMap<(usize, usize), Vec<VehicleClass>> = BTreeMap::new();
    for class in VehicleClass::ALL {
        let (vehicles, intervals) = counted[class.index()];
        if intervals > 0 && inputs.prior.total_of(class) > 0.0 {
            let is_often = vehicles / intervals as f64 >= OWN_FIT_LEAST;
            groups.entry((inputs.router.group_of(class), if is_often { class.index() + 1 } else { 0 })).or_default().push(class);
        }
    }
    groups
        .into_values()
        .map(|classes| {
            let total: f64 = classes.iter().map(|c| counted[c.index()].0).sum();
            let mut shares = [0.0; CLASS_COUNT];
            for class in &classes {
                shares[class.index()] = if total > 0.0 { counted[class.index()].0 / total } else { 1.0 / classes.len() as f64 };
            }
            let link_use = LinkUse::new(inputs.router, book, inputs.prior, &classes, inputs.detectors);
            ClassGroup { classes, shares, link_use }
        })
        .collect()
}

/// The state of the iteration: what the simulation has taught the linear model so far.
struct Fitter<'a> {
    inputs: &'a CalibrationInputs<'a>,
    groups: Vec<ClassGroup>,
    observations: Vec<Observation>,
    start_s: f64,
    holdout: Holdout,
    /// Simulated over expected, by group, detector and hour.
    corrections: BTreeMap<(usize, usize, u32), f64>,
    slowness: f64,
}

impl Fitter<'_> {
    fn hour(&self, window: Window) -> u32 {
        (((window.from_s + window.to_s) / 2.0 - self.start_s) / 3600.0).max(0.0) as u32
    }

    fn quarters(&self) -> Vec<u16> {
        let quarters: BTreeSet<u16> = self.inputs.prior.cells().map(|(k, _)| k.quarter).collect();
        quarters.into_iter().collect()
    }

    /// The counts of a group: classes of one detector and interval summed.
    fn counts_of(&self, g: usize) -> Vec<GroupCount> {
        let group = &self.groups[g];
        let mut sums: BTreeMap<(usize, u64, u64), GroupCount> = BTreeMap::new();
        for o in self.observations.iter().filter(|o| group.classes.contains(&o.class)) {
            let correction = self.corrections.get(&(g, o.detector, self.hour(o.window))).copied().unwrap_or(1.0);
            let sum = sums.entry((o.detector, o.window.from_s.to_bits(), o.window.to_s.to_bits())).or_insert(GroupCount {
                detector: o.detector,
                window: o.window,
                count: 0.0,
                share: 0.0,
                is_saturated: o.is_saturated,
                correction,
            });
            sum.count += o.count;
            sum.share += group.shares[o.class.index()];
        }
        sums.into_values().collect()
    }

    /// Counted over expected vehicles at the detectors the fit may see, without traffic; 1 where the prior passes none of them.
    fn prior_level(&self) -> f64 {
        let quarters = self.quarters();
        let (mut counted, mut expected) = (0.0, 0.0);
        for (g, group) in self.groups.iter().enumerate() {
            let prior = GroupTable::of(self.inputs.prior, group, &quarters);
            for count in self.counts_of(g).iter().filter(|c| !self.holdout.holds(c.detector)) {
                counted += count.count;
                expected += prior.expected(group, count, self.slowness);
            }
        }
        if counted > 0.0 && expected > 0.0 { counted / expected } else { 1.0 }
    }

    /// Fits one group.
    fn fit_group(&self, g: usize, quarters: &[u16]) -> Result<(GroupTable, f64), SolverError> {
        let counts: Vec<GroupCount> = self.counts_of(g).into_iter().filter(|c| !self.holdout.holds(c.detector)).collect();
        let prior = GroupTable::of(self.inputs.prior, &self.groups[g], quarters);
        fit(&self.groups[g], &prior, &counts, self.slowness, &self.inputs.settings.fit)
    }

    /// What a fit of the group with the most counted vehicles costs; it knows most about how drivers choose their ways.
    fn cost_of_main_group(&self) -> Result<f64, SolverError> {
        let counted = |g: usize| self.counts_of(g).iter().map(|c| c.count).sum::<f64>();
        let main = (0..self.groups.len()).max_by(|a, b| counted(*a).total_cmp(&counted(*b)).then(b.cmp(a)));
        main.map_or(Ok(0.0), |g| Ok(self.fit_group(g, &self.quarters())?.1))
    }

    fn fit(&self) -> Result<OdTable, SolverError> {
        let quarters = self.quarters();
        let fitted: Vec<Result<(GroupTable, f64), SolverError>> =
            (0..self.groups.len()).into_par_iter().map(|g| self.fit_group(g, &quarters)).collect();
        // Classes that nobody counted keep what the prior says, at the level the others were found at.
        let mut od = self.inputs.prior.clone();
        let (mut before, mut after) = (0.0, 0.0);
        for (group, table) in self.groups.iter().zip(fitted) {
            before += group.classes.iter().map(|c| od.total_of(*c)).sum::<f64>();
            let (table, _) = table?;
            table.write(&mut od, group);
            after += group.classes.iter().map(|c| od.total_of(*c)).sum::<f64>();
        }
        let level = if before > 0.0 { after / before } else { 1.0 };
        let rest: Vec<_> = od.cells().filter(|(k, _)| !self.groups.iter().any(|g| g.classes.contains(&k.class))).collect();
        for (key, trips) in rest {
            od.set(key, libm::round(trips * level * 1e4) / 1e4);
        }
        Ok(od)
    }

    /// Learns from a run what the simulated detectors count for each vehicle that the linear model expects.
    fn correct(&mut self, run: &Run) {
        if let Some(slowness) = run.counts.slowness {
            self.slowness = slowness.clamp(1.0, 4.0);
        }
        let quarters = self.quarters();
        let simulated = Simulated::new(&run.counts.readings);
        let mut learnt = BTreeMap::new();
        for (g, group) in self.groups.iter().enumerate() {
            let table = GroupTable::of(&run.od, group, &quarters);
            let mut sums: BTreeMap<(usize, u32), (f64, f64)> = BTreeMap::new();
            for count in self.counts_of(g) {
                let sum = sums.entry((count.detector, self.hour(count.window))).or_default();
                sum.0 += group.classes.iter().map(|c| simulated.count(count.detector, c.index(), count.window)).sum::<f64>() * count.share;
                sum.1 += table.expected(group, &count, self.slowness);
            }
            for ((detector, hour), (found, expected)) in sums {
                if found.max(expected) >= CORRECTION_LEAST {
                    let ratio = if expected > 0.0 { found / expected } else { 1.0 };
                    learnt.insert((g, detector, hour), ratio.clamp(*CORRECTION.start(), *CORRECTION.end()));
                }
            }
        }
        self.corrections = learnt;
    }

    fn quality(&self, label: RunLabel, trips: usize, run: &SimulatedCounts) -> FitQuality {
        let simulated = Simulated::new(&run.readings);
        let of = |chosen: &dyn Fn(usize) -> bool| {
            Quality::of(hours(&self.observations, &simulated, self.inputs.detectors, self.start_s, chosen))
        };
        FitQuality {
            label,
            trips,
            fitted: of(&|d| !self.holdout.holds(d)),
            held_out: of(&|d| self.holdout.single.contains(&d)),
            corridor: of(&|d| self.holdout.corridor.contains(&d)),
        }
    }
}
