//! What a difference means: which way is good for each indicator, and whether the difference is shown.

use super::spec::KpiSpec;
use crate::lang::{Lang, Text};
use serde::Serialize;

/// Which way an indicator should go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Good {
    /// Less is better.
    Less,
    /// More is better.
    More,
    /// Neither is good by itself.
    Neither,
}

/// What a comparison shows of an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole interval is on the good side of zero.
    Better,
    /// On the bad side.
    Worse,
    /// The interval leaves zero out, of an indicator that is neither good nor bad.
    Differs,
    /// The interval holds zero: with these seeds no difference is shown.
    NotShown,
    /// Every pair of runs has the very same value.
    Same,
}

impl Verdict {
    /// What tables call it.
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Better => Text::VerdictBetter,
            Self::Worse => Text::VerdictWorse,
            Self::Differs => Text::VerdictDiffers,
            Self::NotShown => Text::VerdictNotShown,
            Self::Same => Text::VerdictSame,
        }
        .get(lang)
    }

    /// The verdict on a mean difference with half of its interval; `all_zero` where each pair has the very same value.
    pub fn of(spec: &KpiSpec, mean: f64, half_width: f64, all_zero: bool) -> Self {
        if all_zero {
            return Self::Same;
        }
        // A value that is no number shows nothing.
        let is_shown = mean.abs() > half_width;
        match good(spec.id) {
            _ if !is_shown => Self::NotShown,
            Some(Good::Less) if mean < 0.0 => Self::Better,
            Some(Good::More) if mean > 0.0 => Self::Better,
            Some(Good::Less | Good::More) => Self::Worse,
            Some(Good::Neither) | None => Self::Differs,
        }
    }
}

/// Which way the indicator should go, as the plan means it; `None` for one that nobody has decided.
pub const fn good(id: &str) -> Option<Good> {
    Some(match id.as_bytes() {
        b"K08" | b"K09" | b"K10" | b"K14" | b"K19" | b"K20" => Good::Less,
        b"K05" | b"K06" | b"K16" | b"K17" => Good::More,
        b"B01" | b"B02" | b"B05" | b"B06" | b"B07" | b"B08" | b"B09" | b"B11" | b"B12" => Good::Less,
        b"B15" | b"B16" | b"B17" | b"B18" | b"B19" | b"B20" | b"B22" => Good::Less,
        b"B03" | b"B04" | b"B13" | b"B14" | b"B21" => Good::More,
        // Driving farther may be a detour, or more people who get where they want to.
        b"B10" => Good::Neither,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::{Group, catalogue};

    #[test]
    fn every_indicator_of_the_traffic_has_a_good_side() {
        for spec in catalogue().iter().filter(|s| matches!(s.group(), Group::Traffic | Group::Simulated)) {
            assert!(good(spec.id).is_some(), "{}", spec.id);
        }
    }

    #[test]
    fn a_verdict_is_given_only_where_the_interval_leaves_zero_out() {
        let spec = |id: &str| catalogue().iter().find(|s| s.id == id).unwrap();
        let of = |id, mean, half| Verdict::of(spec(id), mean, half, false);
        assert_eq!([of("K19", -5.0, 2.0), of("K19", 5.0, 2.0), of("K19", -5.0, 6.0)], [Verdict::Better, Verdict::Worse, Verdict::NotShown]);
        assert_eq!([of("B03", 5.0, 2.0), of("B03", -5.0, 2.0)], [Verdict::Better, Verdict::Worse]);
        assert_eq!(of("B10", 5.0, 2.0), Verdict::Differs);
        assert_eq!(of("B01", f64::NAN, f64::NAN), Verdict::NotShown);
        assert_eq!(Verdict::of(spec("B01"), 0.0, 0.0, true), Verdict::Same);
    }
}
