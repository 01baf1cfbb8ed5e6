//! What came of computing an indicator: a value, or why there is none. A number exists only where everything it needs was given.

use super::{
    catalogue::spec,
    spec::{Bilingual, KpiSpec, Phase, Rule, Unit},
};
use crate::lang::{Lang, Text};
use serde::{Deserialize, Serialize};
use sim_core::class::VehicleClass;

/// The part of a value that one vehicle class makes up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassValue {
    /// The class.
    pub class: VehicleClass,
    /// Its value in the row's unit.
    pub value: f64,
    /// Half of its 95 % interval over several seeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub half_width: Option<f64>,
}

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum KpiValue {
    /// A number.
    Number {
        /// The value.
        value: f64,
        /// Half of its 95 % interval over several seeds.
        #[serde(skip_serializing_if = "Option::is_none")]
        half_width: Option<f64>,
        /// Its unit.
        unit: Unit,
    },
    /// A number for each class, and for all together.
    ByClass {
        /// All classes together.
        value: f64,
        /// Half of its 95 % interval over several seeds.
        #[serde(skip_serializing_if = "Option::is_none")]
        half_width: Option<f64>,
        /// The unit of all values.
        unit: Unit,
        /// Each class that was on the road.
        classes: Vec<ClassValue>,
    },
    /// The province has not supplied what it takes.
    NotSupplied {
        /// What that is.
        what: Bilingual,
    },
    /// It takes something this evaluation does not have.
    NotYetEvaluated {
        /// What that is.
        needs: Bilingual,
    },
    /// There is nothing on this map that it could be a share of.
    NotApplicable {
        /// What is not there.
        why: Bilingual,
    },
}

impl KpiValue {
    /// The number to compare with a target: that of all classes together.
    pub const fn number(&self) -> Option<f64> {
        match self {
            Self::Number { value, .. } | Self::ByClass { value, .. } => Some(*value),
            Self::NotSupplied { .. } | Self::NotYetEvaluated { .. } | Self::NotApplicable { .. } => None,
        }
    }

    /// Half of the number's 95 % interval.
    pub const fn half_width(&self) -> Option<f64> {
        match self {
            Self::Number { half_width, .. } | Self::ByClass { half_width, .. } => *half_width,
            Self::NotSupplied { .. } | Self::NotYetEvaluated { .. } | Self::NotApplicable { .. } => None,
        }
    }

    /// "not supplied", with what is missing.
    pub fn not_supplied(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::NotSupplied { what: Bilingual::new(vi, en) }
    }

    /// "not yet evaluated", with what it needs.
    pub fn needs(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::NotYetEvaluated { needs: Bilingual::new(vi, en) }
    }

    /// Nothing on the map to measure.
    pub fn not_applicable(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::NotApplicable { why: Bilingual::new(vi, en) }
    }
}

/// How an indicator stands against the target of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The target is met.
    Met,
    /// It is not.
    NotMet,
    /// The interval over several seeds holds the target, so neither is shown.
    Unclear,
    /// The plan sets no target for it.
    NoTarget,
    /// The plan sets one, but for the other phase.
    NoTargetInPhase,
    /// The target is in words or against a base, so this value alone does not decide.
    NotDecidable,
    /// No value: the province has not supplied what it takes.
    NotSupplied,
    /// No value yet.
    NotYetEvaluated,
    /// Nothing on this map to measure.
    NotApplicable,
}

impl Status {
    /// What tables call it.
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Met => Text::Met,
            Self::NotMet => Text::NotMet,
            Self::Unclear => Text::Unclear,
            Self::NoTarget => Text::NoTarget,
            Self::NoTargetInPhase => Text::NoTargetInPhase,
            Self::NotDecidable => Text::NotDecidable,
            Self::NotSupplied => Text::NotSupplied,
            Self::NotYetEvaluated => Text::NotYetEvaluated,
            Self::NotApplicable => Text::NotApplicable,
        }
        .get(lang)
    }
}

/// What must be said beside a value because an input was made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Caveat {
    /// The road network is a sketch.
    SketchMap,
    /// The counts are illustrative.
    IllustrativeCounts,
    /// The equipment register is illustrative.
    IllustrativeRegister,
}

impl Caveat {
    /// The sentence.
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::SketchMap => Text::SketchMap,
            Self::IllustrativeCounts => Text::IllustrativeCounts,
            Self::IllustrativeRegister => Text::IllustrativeRegister,
        }
        .get(lang)
    }

    /// The mark that leads a reader of a table to the sentence.
    pub const fn mark(self) -> char {
        match self {
            Self::SketchMap => '*',
            Self::IllustrativeCounts => '†',
            Self::IllustrativeRegister => '‡',
        }
    }
}

/// One computed row.
#[derive(Clone, Debug, PartialEq)]
pub struct KpiRow {
    /// The indicator.
    pub spec: &'static KpiSpec,
    /// Its value.
    pub value: KpiValue,
    /// What keeps the target from being met although the number alone would; `None` when nothing does.
    pub shortfall: Option<Bilingual>,
    /// What a reader should know about the value.
    pub notes: Vec<Bilingual>,
    /// Which made-up inputs went into it.
    pub caveats: Vec<Caveat>,
}

impl KpiRow {
    /// A row with a value and nothing to add.
    pub(crate) fn new(id: &str, value: KpiValue) -> Self {
        Self { spec: spec(id), value, shortfall: None, notes: Vec::new(), caveats: Vec::new() }
    }

    /// A row with a number in its indicator's unit.
    pub(crate) fn number(id: &str, value: f64) -> Self {
        Self::new(id, KpiValue::Number { value, half_width: None, unit: spec(id).unit })
    }

    /// The row with a note.
    pub(crate) fn note(mut self, vi: impl Into<String>, en: impl Into<String>) -> Self {
        self.notes.push(Bilingual::new(vi, en));
        self
    }

    /// Its id.
    pub const fn id(&self) -> &'static str {
        self.spec.id
    }

    /// How it stands against the target of `phase`.
    pub fn status(&self, phase: Phase) -> Status {
        let value = match &self.value {
            KpiValue::NotSupplied { .. } => return Status::NotSupplied,
            KpiValue::NotYetEvaluated { .. } => return Status::NotYetEvaluated,
            KpiValue::NotApplicable { .. } => return Status::NotApplicable,
            KpiValue::Number { value, .. } | KpiValue::ByClass { value, .. } => *value,
        };
        let Some(target) = self.spec.target(phase) else {
            let has_none = Phase::ALL.into_iter().all(|p| self.spec.target(p).is_none());
            return if has_none { Status::NoTarget } else { Status::NoTargetInPhase };
        };
        let half = self.value.half_width().unwrap_or(0.0);
        let (surely, possibly) = match target.rule {
            Rule::AtLeast(bound) => (value - half >= bound, value + half >= bound),
            Rule::AtMost(bound) => (value + half <= bound, value - half <= bound),
            Rule::InWords | Rule::ChangeAtMost(_) => return Status::NotDecidable,
        };
        match (surely, possibly) {
            (true, _) if self.shortfall.is_none() => Status::Met,
            (false, true) if self.shortfall.is_none() => Status::Unclear,
            _ => Status::NotMet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(id: &str, value: f64, half_width: Option<f64>) -> Status {
        KpiRow::new(id, KpiValue::Number { value, half_width, unit: Unit::Percent }).status(Phase::To2028)
    }

    #[test]
    fn a_target_is_met_from_the_number_on_it() {
        assert_eq!(status("K03", 70.0, None), Status::Met);
        assert_eq!(status("K03", 69.99, None), Status::NotMet);
        assert_eq!(status("K08", -35.0, None), Status::Met);
        assert_eq!(status("K08", -34.0, None), Status::NotMet);
    }

    #[test]
    fn an_interval_around_the_target_decides_nothing() {
        assert_eq!(status("K03", 72.0, Some(1.0)), Status::Met);
        assert_eq!(status("K03", 72.0, Some(3.0)), Status::Unclear);
        assert_eq!(status("K03", 60.0, Some(3.0)), Status::NotMet);
        assert_eq!(status("K08", -36.0, Some(2.0)), Status::Unclear);
    }

    #[test]
    fn no_target_and_none_in_this_phase_are_told_apart() {
        assert_eq!(status("B01", 1.0, None), Status::NoTarget);
        assert_eq!(status("K12", 100.0, None), Status::NoTargetInPhase);
        assert_eq!(KpiRow::number("K12", 100.0).status(Phase::To2035), Status::Met);
        assert_eq!(status("K19", 1.0, None), Status::NotDecidable);
    }

    #[test]
    fn a_shortfall_keeps_the_target_from_being_met() {
        let mut row = KpiRow::number("K02", 100.0);
        assert_eq!(row.status(Phase::To2028), Status::Met);
        row.shortfall = Some(Bilingual::new("một cửa khẩu", "a border gate"));
        assert_eq!(row.status(Phase::To2028), Status::NotMet);
    }
}
