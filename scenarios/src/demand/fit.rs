//! One fit of a demand table to counts: regularised non-negative least squares.
//!
//! The table is the prior times a multiplier for each pair of zones and quarter-hour,
//! `y = 1 + m + g[quarter] + o[origin] + o[origin, hour] + d[destination] + d[destination, hour] + e[pair]  ≥ 0`,
//! and every part of it is held near 0 by how unsure the prior is of it. So a count at one road speaks about a zone's whole
//! traffic, also on roads without detectors, and only what zones cannot explain goes to single pairs. Counts alone do not identify a
//! demand table; what they do not say stays as the prior has it. A count at a saturated approach only pulls upwards.

use super::{
    link_use::LinkUse,
    od::{OdKey, OdTable},
    solve::{Problem, SolverError},
    time::Window,
};
use sim_core::class::{CLASS_COUNT, VehicleClass};
use std::collections::BTreeMap;

/// How unsure the prior and the counts are, as shares of 1 (all assumed).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitSettings {
    /// The whole level of a class, after it was scaled to the counts' total.
    pub level: f64,
    /// A quarter-hour.
    pub quarter: f64,
    /// What a zone sends or receives.
    pub zone: f64,
    /// What a zone sends or receives in one hour, beyond its mean.
    pub zone_hour: f64,
    /// A pair of zones, beyond what its zones explain.
    pub pair: f64,
    /// A count, beyond its own chance (√count): detectors err, and so does the router.
    pub count: f64,
}

impl Default for FitSettings {
    fn default() -> Self {
        Self { level: 0.5, quarter: 0.3, zone: 0.8, zone_hour: 0.2, pair: 0.8, count: 0.08 }
    }
}

/// A count of one group of classes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupCount {
    pub(crate) detector: usize,
    pub(crate) window: Window,
    /// Vehicles of the classes that were counted here.
    pub(crate) count: f64,
    /// The share of the group that those classes are.
    pub(crate) share: f64,
    pub(crate) is_saturated: bool,
    /// What the simulation counts for each vehicle the linear model expects.
    pub(crate) correction: f64,
}

/// Classes that are fitted together: they share routes, and apart they would be too few.
#[derive(Clone, Debug)]
pub(crate) struct ClassGroup {
    pub(crate) classes: Vec<VehicleClass>,
    /// Each class's share of the group, by its index.
    pub(crate) shares: [f64; CLASS_COUNT],
    pub(crate) link_use: LinkUse,
}

/// The part of a demand table that belongs to one group: trips by pair and quarter-hour.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupTable {
    pub(crate) quarters: Vec<u16>,
    /// `trips[pair * quarters + quarter]`.
    pub(crate) trips: Vec<f64>,
}

impl GroupTable {
    /// What of `od` belongs to `group`.
    pub(crate) fn of(od: &OdTable, group: &ClassGroup, quarters: &[u16]) -> Self {
        let pair: BTreeMap<(u32, u32), usize> = group.link_use.pairs.iter().enumerate().map(|(i, p)| (*p, i)).collect();
        let mut trips = vec![0.0; pair.len() * quarters.len()];
        for (key, value) in od.cells().filter(|(k, _)| group.classes.contains(&k.class)) {
            if let (Some(p), Ok(q)) = (pair.get(&(key.from, key.to)), quarters.binary_search(&key.quarter)) {
                trips[p * quarters.len() + q] += value;
            }
        }
        Self { quarters: quarters.to_vec(), trips }
    }

    /// Writes the group's trips into a table, by the classes' shares. Rounded to a ten-thousandth of a trip: what a solver's last digits
    /// say should not decide a draw.
    pub(crate) fn write(&self, od: &mut OdTable, group: &ClassGroup) {
        for (p, (from, to)) in group.link_use.pairs.iter().enumerate() {
            for (q, quarter) in self.quarters.iter().enumerate() {
                for class in &group.classes {
                    let trips = self.trips[p * self.quarters.len() + q] * group.shares[class.index()];
                    let key = OdKey { from: *from, to: *to, class: *class, quarter: *quarter };
                    od.set(key, libm::round(trips * 1e4) / 1e4);
                }
            }
        }
    }

    /// What the linear model expects at a count, before its correction.
    pub(crate) fn expected(&self, group: &ClassGroup, count: &GroupCount, slowness: f64) -> f64 {
        let row = group.link_use.row(count.detector, count.window, &self.quarters, slowness);
        row.iter().map(|(p, q, a)| a * self.trips[*p as usize * self.quarters.len() + q]).sum::<f64>() * count.share
    }
}

/// Positions of the variables of a fit.
struct Parts {
    level: usize,
    quarter: Vec<usize>,
    origin: BTreeMap<u32, usize>,
    destination: BTreeMap<u32, usize>,
    origin_hour: BTreeMap<(u32, usize), usize>,
    destination_hour: BTreeMap<(u32, usize), usize>,
    pair: Vec<usize>,
}

/// Fits the group's table to its counts; the second value is what the fit costs: the misfit of counts and prior together.
pub(crate) fn fit(
    group: &ClassGroup,
    prior: &GroupTable,
    counts: &[GroupCount],
    slowness: f64,
    settings: &FitSettings,
) -> Result<(GroupTable, f64), SolverError> {
    let quarters = prior.quarters.len();
    let rows: Vec<Vec<(u32, usize, f64)>> = counts
        .iter()
        .map(|c| scaled(group.link_use.row(c.detector, c.window, &prior.quarters, slowness), c.correction * c.share))
        .collect();
    let expected = |row: &[(u32, usize, f64)]| row.iter().map(|(p, q, a)| a * prior.trips[*p as usize * quarters + q]).sum::<f64>();
    // The level first: an assumed number of trips per head can be far off, and the parts below are meant for what is left.
    let usable = || counts.iter().zip(&rows).filter(|(c, _)| !c.is_saturated);
    let (recorded, modelled) = usable().fold((0.0, 0.0), |(r, m), (c, row)| (r + c.count, m + expected(row)));
    let scale = if recorded > 0.0 && modelled > 0.0 { (recorded / modelled).clamp(0.01, 100.0) } else { 1.0 };
    let base = GroupTable { trips: prior.trips.iter().map(|t| t * scale).collect(), ..prior.clone() };

    let usual = usual_counts(counts);
    let mut problem = Problem::default();
    let parts = Parts::new(&mut problem, &group.link_use.pairs, &base, settings);
    for (count, row) in counts.iter().zip(&rows) {
        if row.is_empty() {
            continue; // no trip of the table passes there; the quality still shows it
        }
        let mut coefficients: BTreeMap<usize, f64> = BTreeMap::new();
        let mut modelled = 0.0;
        let sigma = spread(usual[&count.detector], settings);
        for (p, q, a) in row {
            let trips = a * base.trips[*p as usize * quarters + q];
            modelled += trips;
            for part in parts.of(group.link_use.pairs[*p as usize], *p as usize, *q) {
                *coefficients.entry(part).or_default() += trips / sigma;
            }
        }
        let mut line: Vec<(usize, f64)> = coefficients.into_iter().collect();
        let missing = (count.count - modelled) / sigma;
        let residual = problem.variable(1.0);
        if count.is_saturated {
            line.push((residual, 1.0));
            problem.at_least(line, missing);
            problem.at_least(vec![(residual, 1.0)], 0.0);
        } else {
            line.push((residual, -1.0));
            problem.equal(line, missing);
        }
    }
    for (p, zones) in group.link_use.pairs.iter().enumerate() {
        for q in 0..quarters {
            if base.trips[p * quarters + q] > 0.0 {
                problem.at_least(parts.of(*zones, p, q).map(|v| (v, 1.0)).to_vec(), -1.0);
            }
        }
    }
    let (x, cost) = problem.solve()?;
    let mut fitted = base;
    for (p, zones) in group.link_use.pairs.iter().enumerate() {
        for q in 0..quarters {
            let multiplier = 1.0 + parts.of(*zones, p, q).iter().map(|v| x[*v]).sum::<f64>();
            fitted.trips[p * quarters + q] *= multiplier.max(0.0);
        }
    }
    Ok((fitted, cost))
}

/// Mean count of each detector's intervals. Spreads are taken from it and not from each count: a fit that trusts the low counts more than
/// the high ones comes out low.
fn usual_counts(counts: &[GroupCount]) -> BTreeMap<usize, f64> {
    let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for count in counts {
        let sum = sums.entry(count.detector).or_default();
        *sum = (sum.0 + count.count, sum.1 + 1.0);
    }
    sums.into_iter().map(|(detector, (sum, n))| (detector, sum / n)).collect()
}

/// How far a count may be off: by chance, by the detector, by the model.
fn spread(usual: f64, settings: &FitSettings) -> f64 {
    let own = settings.count * usual;
    libm::sqrt(usual + own * own + 1.0)
}

fn scaled(mut row: Vec<(u32, usize, f64)>, factor: f64) -> Vec<(u32, usize, f64)> {
    row.iter_mut().for_each(|(_, _, a)| *a *= factor);
    row
}

impl Parts {
    fn new(problem: &mut Problem, pairs: &[(u32, u32)], base: &GroupTable, s: &FitSettings) -> Self {
        let weight = |sigma: f64| 1.0 / (sigma * sigma).max(1e-9);
        let hours = base.quarters.len().div_ceil(4);
        let level = problem.variable(weight(s.level));
        let quarter = base.quarters.iter().map(|_| problem.variable(weight(s.quarter))).collect();
        let (mut origin, mut destination) = (BTreeMap::new(), BTreeMap::new());
        let (mut origin_hour, mut destination_hour) = (BTreeMap::new(), BTreeMap::new());
        for (from, to) in pairs {
            origin.entry(*from).or_insert_with(|| problem.variable(weight(s.zone)));
            destination.entry(*to).or_insert_with(|| problem.variable(weight(s.zone)));
            for hour in 0..hours {
                origin_hour.entry((*from, hour)).or_insert_with(|| problem.variable(weight(s.zone_hour)));
                destination_hour.entry((*to, hour)).or_insert_with(|| problem.variable(weight(s.zone_hour)));
            }
        }
        let pair = pairs.iter().map(|_| problem.variable(weight(s.pair))).collect();
        Self { level, quarter, origin, destination, origin_hour, destination_hour, pair }
    }

    /// The variables that a pair's multiplier in a quarter-hour is the sum of.
    fn of(&self, (from, to): (u32, u32), pair: usize, quarter: usize) -> [usize; 7] {
        let hour = quarter / 4;
        [
            self.level,
            self.quarter[quarter],
            self.origin[&from],
            self.destination[&to],
            self.origin_hour[&(from, hour)],
            self.destination_hour[&(to, hour)],
            self.pair[pair],
        ]
    }
}
