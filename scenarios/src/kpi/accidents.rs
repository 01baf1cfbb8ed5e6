//! How serious accidents change between a base and a variant (K08): two routes, each with its interval. An estimate, never a count.
//!
//! **Conflicts.** Ratio of the variant's conflicts to the base's, pair by pair of runs: mean of the logarithms ± t₀.₉₇₅,ₙ₋₁ · s ÷ √n. The
//! first pairs are run again with brakes of four fifths, with headways of six fifths and with half the time step (the model's own
//! assumptions); the serious conflicts alone are a fourth look. Where these do not all point the same way, or the distance driven changes by more
//! than 5 %, the change is *not shown*: traffic that stands still has no conflicts.
//!
//! **Speeds.** The power model on speeds of unimpeded vehicles in the middle of links, by road type and class of vehicle k:
//! `Σ wₖ · (v'ₖ ÷ vₖ)^p − 1`, w = share of the base's sightings. Never on the mean speed of the network, which better signals raise without
//! anybody driving faster. Traffic volumes are taken as unchanged.
//!
//! | road | exponent p, serious accidents | after |
//! |---|---|---|
//! | built-up | 1.5 (0.9 to 2.1) | Elvik 2009, urban and residential roads, serious injury accidents |
//! | outside | 3 (2 to 4) | Nilsson 2004: fatal 4, serious 3, injury 2 |
//!
//! The interval of the second route holds the seeds' spread at the least, middle and largest exponent. Cameron & Elvik 2010 caution that the
//! power model is not directly valid on urban arterials; conflicts rank places (rank correlation with crashes 0.46, SSAM validation). No
//! exponents and no conflict thresholds were fitted to Vietnamese accidents.

use super::{
    safety::ConflictCount,
    seeds::mean_and_half_width,
    spec::{Bilingual, Phase, Unit},
    value::{KpiRow, KpiValue, Status},
};
use crate::run::observe::MidBlock;
use serde::{Deserialize, Serialize};
use sim_core::{class::VehicleClass, network::RoadClass};
use std::collections::BTreeMap;

/// Exponents of built-up roads: least, middle, largest.
const URBAN: [f64; 3] = [0.9, 1.5, 2.1];
/// Exponents of other roads.
const RURAL: [f64; 3] = [2.0, 3.0, 4.0];
/// A road type and class seen less often than this on either side is left out.
const SEEN_LEAST: u64 = 30;

/// With a larger change of the distance driven, per cent, conflicts show nothing (assumed).
const DISTANCE_MOST: f64 = 5.0;

/// A change in per cent with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The estimate.
    pub percent: f64,
    /// The interval.
    pub interval: [f64; 2],
}

/// What one look at the conflicts says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// What was different: `as_is`, `serious`, `braking`, `headway`, `step`.
    pub what: String,
    /// The change.
    pub change: Change,
}

/// An estimate of the change of serious accidents.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Accidents {
    /// By conflicts; `None` where conflicts were not looked for, or the base has none.
    pub conflicts: Option<Change>,
    /// The same under other assumptions.
    pub looks: Vec<Look>,
    /// Whether all looks point the same way.
    pub is_shown: bool,
    /// How the distance driven changes, per cent; where it changes much, fewer conflicts may only be less driving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_percent: Option<f64>,
    /// By speeds; `None` where too few unimpeded vehicles were seen.
    pub speeds: Option<Change>,
}

/// What a run says of safety, for a comparison.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SafetyFacts {
    /// Conflicts, where they were looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflicts: Option<ConflictCount>,
    /// Speeds of unimpeded vehicles.
    #[serde(default)]
    pub mid_block: Vec<MidBlock>,
}

impl Accidents {
    /// The estimate from runs of the same seeds in the same order; `altered` are pairs of runs under other assumptions, by name.
    pub fn of(base: &[SafetyFacts], variant: &[SafetyFacts], altered: &BTreeMap<String, [Vec<SafetyFacts>; 2]>) -> Self {
        let ratio = |a: &[SafetyFacts], b: &[SafetyFacts], of: fn(&ConflictCount) -> u64| {
            let counts = |side: &[SafetyFacts]| side.iter().map(|f| f.conflicts.map(|c| of(&c))).collect::<Option<Vec<u64>>>();
            ratio(&counts(a)?, &counts(b)?)
        };
        let conflicts = ratio(base, variant, |c| c.all);
        let mut looks = Vec::new();
        let mut add = |what: &str, change: Option<Change>| looks.extend(change.map(|change| Look { what: what.to_owned(), change }));
        add("serious", ratio(base, variant, |c| c.serious));
        for (what, [a, b]) in altered {
            add(what, ratio(a, b, |c| c.all));
        }
        let sign = |c: &Change| (c.percent > 0.0) as i8 - (c.percent < 0.0) as i8;
        let is_shown = conflicts.is_some_and(|main| {
            let is_away_from_zero = main.interval[0] > 0.0 || main.interval[1] < 0.0 || main.percent == 0.0;
            is_away_from_zero && !altered.is_empty() && looks.iter().all(|l| sign(&l.change) == sign(&main))
        });
        Self { conflicts, looks, is_shown, distance_percent: None, speeds: by_speeds(base, variant) }
    }

    /// The same, where the distance driven is known: conflicts of traffic that stands still are no gain in safety.
    #[must_use]
    pub fn at_distances(mut self, base: &[f64], variant: &[f64]) -> Self {
        let (before, after) = (base.iter().sum::<f64>(), variant.iter().sum::<f64>());
        if before > 0.0 {
            let percent = (after / before - 1.0) * 100.0;
            self.distance_percent = Some(percent);
            self.is_shown &= percent.abs() <= DISTANCE_MOST;
        }
        self
    }

    /// The indicator: by conflicts where they show a change, else no number.
    pub fn row(&self) -> KpiRow {
        let value = match (&self.conflicts, self.is_shown) {
            (Some(change), true) => {
                let [low, high] = change.interval;
                let half = (high - change.percent).max(change.percent - low);
                KpiValue::Number { value: change.percent, half_width: Some(half), unit: Unit::PercentChange }
            }
            (Some(_), false) => KpiValue::needs(
                "so sánh kết luận được: chiều hướng của số xung đột thay đổi theo giả định, khoảng tin cậy chứa số 0, hoặc quãng đường xe chạy thay đổi quá 5 %",
                "a comparison that shows it: the direction of the conflicts' change depends on the assumptions, its interval holds zero, or the distance driven changes by more than 5 %",
            ),
            (None, _) => KpiValue::needs("so sánh với --conflicts", "a comparison with --conflicts"),
        };
        let mut row = KpiRow::new("K08", value);
        row.notes.push(CAUTION.get_or_init(caution).clone());
        row
    }

    /// How it stands against the plan's target.
    pub fn status(&self, phase: Phase) -> Status {
        self.row().status(phase)
    }
}

static CAUTION: std::sync::OnceLock<Bilingual> = std::sync::OnceLock::new();

fn caution() -> Bilingual {
    Bilingual::new(
        "ước tính từ mô phỏng, không phải dự báo số vụ tai nạn: xung đột chỉ xếp hạng được các nơi (tương quan hạng 0,46), mô hình lũy thừa không dùng trực tiếp được cho trục chính đô thị",
        "an estimate from simulation, no forecast of accidents: conflicts rank places (rank correlation 0.46), and the power model is not directly valid on urban arterials",
    )
}

/// The mean ratio of counts, pair by pair; half a conflict is added to both where one side of a pair has none.
fn ratio(base: &[u64], variant: &[u64]) -> Option<Change> {
    if base.is_empty() || base.len() != variant.len() || base.iter().sum::<u64>() == 0 {
        return None;
    }
    let logs: Vec<f64> = base
        .iter()
        .zip(variant)
        .map(|(a, b)| {
            let add = if *a == 0 || *b == 0 { 0.5 } else { 0.0 };
            libm::log((*b as f64 + add) / (*a as f64 + add))
        })
        .collect();
    let (mean, half) = mean_and_half_width(&logs);
    let half = half.unwrap_or(0.0);
    let percent = |log: f64| (libm::exp(log) - 1.0) * 100.0;
    Some(Change { percent: percent(mean), interval: [percent(mean - half), percent(mean + half)] })
}

type Cell = (RoadClass, bool, VehicleClass);
/// Sightings and the sum of their speeds.
type Cells = BTreeMap<Cell, (u64, f64)>;

fn cells(facts: &SafetyFacts) -> Cells {
    facts.mid_block.iter().map(|c| ((c.road, c.is_urban, c.class), (c.seen, c.sum_kmh))).collect()
}

/// The power model, pair by pair of runs and for each exponent; the estimate is that of the middle ones.
fn by_speeds(base: &[SafetyFacts], variant: &[SafetyFacts]) -> Option<Change> {
    let pairs: Vec<_> = base.iter().map(cells).zip(variant.iter().map(cells)).collect();
    let sum_of = |key: &Cell, side: usize| -> u64 {
        let of = |pair: &(Cells, Cells)| {
            let cells = if side == 0 { &pair.0 } else { &pair.1 };
            cells.get(key).map_or(0, |c| c.0)
        };
        pairs.iter().map(of).sum()
    };
    let all: std::collections::BTreeSet<Cell> = pairs.iter().flat_map(|p| p.0.keys().copied()).collect();
    let kept: Vec<Cell> = all.into_iter().filter(|k| sum_of(k, 0) >= SEEN_LEAST && sum_of(k, 1) >= SEEN_LEAST).collect();
    let change_of = |exponent: usize| -> Option<(f64, f64)> {
        let mut changes = Vec::new();
        for (a, b) in &pairs {
            let (mut weight, mut sum) = (0.0, 0.0);
            for key in &kept {
                let (Some((n, before)), Some((m, after))) = (a.get(key), b.get(key)) else { continue };
                let p = if key.1 { URBAN[exponent] } else { RURAL[exponent] };
                let speeds = (before / *n as f64, after / *m as f64);
                if speeds.0 > 0.0 {
                    weight += *n as f64;
                    sum += *n as f64 * libm::pow(speeds.1 / speeds.0, p);
                }
            }
            if weight == 0.0 {
                return None;
            }
            changes.push((sum / weight - 1.0) * 100.0);
        }
        (!changes.is_empty()).then(|| {
            let (mean, half) = mean_and_half_width(&changes);
            (mean, half.unwrap_or(0.0))
        })
    };
    let found = [change_of(0)?, change_of(1)?, change_of(2)?];
    let low = found.iter().map(|(m, h)| m - h).fold(f64::INFINITY, f64::min);
    let high = found.iter().map(|(m, h)| m + h).fold(f64::NEG_INFINITY, f64::max);
    Some(Change { percent: found[1].0, interval: [low, high] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(all: u64, serious: u64, kmh: f64) -> SafetyFacts {
        let cell = |is_urban| MidBlock { road: RoadClass::Trunk, is_urban, class: VehicleClass::Car, seen: 100, sum_kmh: kmh * 100.0 };
        SafetyFacts { conflicts: Some(ConflictCount { all, serious }), mid_block: vec![cell(true)] }
    }

    fn altered(base: &[SafetyFacts], variant: &[SafetyFacts]) -> BTreeMap<String, [Vec<SafetyFacts>; 2]> {
        ["braking", "headway", "step"].into_iter().map(|w| (w.to_owned(), [base.to_vec(), variant.to_vec()])).collect()
    }

    /// Every pair has a quarter fewer conflicts: −25 % without spread. 10 % slower on built-up roads: 0.9^1.5 − 1 = −14.6 %.
    #[test]
    fn both_routes_by_hand() {
        let (base, variant) = ([facts(400, 40, 50.0), facts(800, 80, 50.0)], [facts(300, 30, 45.0), facts(600, 60, 45.0)]);
        let found = Accidents::of(&base, &variant, &altered(&base, &variant));
        let conflicts = found.conflicts.unwrap();
        assert!((conflicts.percent + 25.0).abs() < 1e-9 && conflicts.interval.iter().all(|i| (i + 25.0).abs() < 1e-9), "{conflicts:?}");
        let speeds = found.speeds.unwrap();
        let at = |p: f64| (0.9_f64.powf(p) - 1.0) * 100.0;
        assert!((speeds.percent - at(1.5)).abs() < 1e-9);
        assert!((speeds.interval[0] - at(2.1)).abs() < 1e-9 && (speeds.interval[1] - at(0.9)).abs() < 1e-9, "{speeds:?}");
        assert!(found.is_shown && found.looks.len() == 4);
        assert_eq!(found.row().value.number(), Some(conflicts.percent));
        assert_eq!(found.status(Phase::To2028), Status::NotMet, "a quarter is less than 35 %");
    }

    #[test]
    fn a_sign_that_depends_on_the_assumptions_shows_nothing() {
        let (base, variant) = ([facts(400, 40, 50.0), facts(800, 80, 50.0)], [facts(300, 30, 50.0), facts(600, 60, 50.0)]);
        let mut other = altered(&base, &variant);
        other.insert("step".to_owned(), [base.to_vec(), vec![facts(401, 40, 50.0), facts(801, 80, 50.0)]]);
        let found = Accidents::of(&base, &variant, &other);
        assert!(!found.is_shown && found.row().value.number().is_none(), "{found:?}");
        assert!(found.row().notes[0].en.contains("no forecast"));
        let alone = Accidents::of(&base, &variant, &BTreeMap::new());
        assert!(alone.conflicts.is_some() && !alone.is_shown, "nobody looked under other assumptions");
    }

    /// A closure after which nobody gets anywhere has fewer conflicts, and is no gain.
    #[test]
    fn fewer_conflicts_of_less_driving_show_nothing() {
        let (base, variant) = ([facts(400, 40, 50.0), facts(800, 80, 50.0)], [facts(300, 30, 50.0), facts(600, 60, 50.0)]);
        let of = |km: f64| Accidents::of(&base, &variant, &altered(&base, &variant)).at_distances(&[100.0, 100.0], &[km, km]);
        assert!(of(96.0).is_shown && !of(94.0).is_shown);
        assert!((of(94.0).distance_percent.unwrap() + 6.0).abs() < 1e-9);
    }

    #[test]
    fn without_conflicts_or_sightings_there_is_no_estimate() {
        let none = SafetyFacts::default();
        let found = Accidents::of(std::slice::from_ref(&none), std::slice::from_ref(&none), &BTreeMap::new());
        assert_eq!((found.conflicts, found.speeds), (None, None));
        assert!(found.row().value.number().is_none());
        let same = [facts(10, 1, 50.0)];
        let found = Accidents::of(&same, &same, &altered(&same, &same));
        assert_eq!(found.speeds.unwrap(), Change { percent: 0.0, interval: [0.0, 0.0] });
    }
}
