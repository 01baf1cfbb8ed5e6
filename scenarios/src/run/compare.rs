//! A base and a variant run over the same seeds with the same random numbers, and the difference of every indicator.

use super::{
    RunError,
    progress::Progress,
    session::{RunSettings, SeedRun, Session},
};
use crate::{
    kpi::{Bilingual, KpiRow, PairedRow, paired},
    scenario::read::Setting,
};
use sim_core::demand::Trip;
use std::{collections::BTreeMap, path::Path};

/// What came of a comparison.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Name of the base.
    pub base: String,
    /// Name of the variant.
    pub variant: String,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// Whether the variant's travellers are the base's; else the scenarios ask for other demand, and the difference is that of both.
    pub same_demand: bool,
    /// Hashes of the final states of base and variant, by seed.
    pub hashes: Vec<[String; 2]>,
    /// What either took for granted.
    pub assumptions: Vec<Bilingual>,
    /// The indicators of the traffic.
    pub rows: Vec<PairedRow>,
}

/// Runs both scenarios for `count` seeds from the base's on. Where they ask for the same demand on the same map, the variant takes over
/// the base's trips: a fit to counts is made once, without what the variant changes.
///
/// # Errors
/// Bad input, measured hours that differ, a run that fails.
pub fn compare(
    base: &Path,
    variant: &Path,
    settings: &[Setting],
    count: usize,
    run: RunSettings,
    progress: &dyn Progress,
) -> Result<Compared, RunError> {
    let base = Session::open(base, settings, run, progress)?;
    let variant = Session::open_variant(variant, settings, run, progress, &base)?;
    if base.measured() != variant.measured() {
        let message = "the base measures other hours than the variant; give both the same `from`, `to` and `warm_up`";
        return Err(variant.found.scenario.parsed.error_at("time", message).into());
    }
    let seeds: Vec<u64> = (base.found.scenario.parsed.file.seed..).take(count).collect();
    let same_demand = variant.has_demand_of(&base);
    // Whoever travels in both takes the ways of the base in the variant: an assignment is of the days before it.
    let keeps_ways = run.assign > 0 && same_demand;
    let mut ways: BTreeMap<u64, Vec<Trip>> = BTreeMap::new();
    let (mut base_rows, mut base_hashes) = (Vec::new(), Vec::new());
    let done = base.run_seeds(&seeds, run, progress, |one| {
        let trips = keeps_ways.then(|| base.demanded(&one.simulation).to_vec());
        Ok((one.seed, one.rows, one.record.state_hash, trips))
    })?;
    for (seed, rows, hash, trips) in done {
        base_rows.push(rows);
        base_hashes.push(hash);
        ways.extend(trips.map(|t| (seed, t)));
    }
    let keep = |one: SeedRun| Ok((one.rows, one.record.state_hash));
    let (variant_rows, variant_hashes): (Vec<Vec<KpiRow>>, Vec<String>) =
        variant.run_seeds_on(&seeds, &ways, run, progress, keep)?.into_iter().unzip();
    let mut assumptions = base.assumptions().to_vec();
    assumptions.extend(variant.assumptions().iter().filter(|a| !base.assumptions().contains(a)).cloned());
    let name = |s: &Session| s.found.scenario.parsed.file.name.clone();
    Ok(Compared {
        base: name(&base),
        variant: name(&variant),
        same_demand,
        hashes: base_hashes.into_iter().zip(variant_hashes).map(|(b, v)| [b, v]).collect(),
        assumptions,
        rows: paired(&base_rows, &variant_rows),
        seeds,
    })
}
