//! The story of a fit for a person: how near the prior and the fit come to the counts, and plainly whether the fit helped where it never
//! looked.

use crate::{
    demand::{Calibration, FitQuality, Quality, RunLabel, quality::COVERED_LEAST_S, time::clock},
    kpi::Bilingual,
    lang::{Lang, Text, integer, number, phrase},
};

/// Whether a fit meets counts it never saw better than the prior does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Verdict {
    prior_geh: f64,
    fit_geh: f64,
    /// Mean GEH and root mean square error both fell.
    pub(super) is_better: bool,
}

/// The verdict over one group of detectors; `None` where none was held out.
pub(super) fn verdict(c: &Calibration, group: impl Fn(&FitQuality) -> Option<&Quality>) -> Option<Verdict> {
    let (prior, fit) = (group(&c.prior)?, group(c.iterations.get(c.honest)?)?);
    Some(Verdict { prior_geh: prior.geh_mean, fit_geh: fit.geh_mean, is_better: fit.geh_mean < prior.geh_mean && fit.rmsn < prior.rmsn })
}

/// Every line of the story.
pub(super) fn lines(c: &Calibration) -> Vec<Bilingual> {
    let mut told = vec![&c.prior];
    told.extend(c.iterations.get(c.honest));
    told.extend(c.iterations.get(c.chosen).filter(|_| c.chosen != c.honest));
    let mut lines = Vec::new();
    for quality in &told {
        lines.push(both(|lang| phrase::fit_run(lang, label(quality.label, lang), integer(lang, quality.trips as u64))));
        for (group, q) in [(Group::Fitted, &quality.fitted), (Group::HeldOut, &quality.held_out), (Group::Road(c), &quality.corridor)] {
            lines.extend(q.as_ref().map(|q| both(|lang| format!("  {}", nearness(&group.name(lang), q, lang)))));
        }
    }
    if told.iter().all(|q| q.fitted.is_none() && q.held_out.is_none() && q.corridor.is_none()) {
        lines.push(both(|lang| phrase::fit_not_judged(lang, number(lang, COVERED_LEAST_S / 60.0, 0))));
    }
    if !c.uncounted.is_empty() {
        lines.push(both(|lang| {
            let times: Vec<_> = c.uncounted.iter().map(|w| phrase::from_until(lang, clock(w.from_s), clock(w.to_s))).collect();
            phrase::uncounted(lang, times.join(", "))
        }));
    }
    let judged = [(Group::HeldOut, verdict(c, |q| q.held_out.as_ref())), (Group::Road(c), verdict(c, |q| q.corridor.as_ref()))];
    for (group, verdict) in judged {
        lines.extend(verdict.map(|v| {
            both(|lang| {
                let (name, prior, fit) = (group.name(lang), number(lang, v.prior_geh, 2), number(lang, v.fit_geh, 2));
                if v.is_better { phrase::fit_is_better(lang, name, prior, fit) } else { phrase::fit_is_not_better(lang, name, prior, fit) }
            })
        }));
    }
    lines
}

fn both(of: impl Fn(Lang) -> String) -> Bilingual {
    Bilingual::new(of(Lang::Vi), of(Lang::En))
}

/// A group of detectors.
enum Group<'a> {
    Fitted,
    HeldOut,
    Road(&'a Calibration),
}

impl Group<'_> {
    fn name(&self, lang: Lang) -> String {
        match self {
            Self::Fitted => Text::FittedDetectors.get(lang).to_owned(),
            Self::HeldOut => Text::HeldOutDetectors.get(lang).to_owned(),
            Self::Road(c) => phrase::held_out_road(lang, c.corridor.as_ref().map_or("", |(name, _)| name)),
        }
    }
}

fn label(label: RunLabel, lang: Lang) -> String {
    match label {
        RunLabel::Prior => Text::UncalibratedPrior.get(lang).to_owned(),
        RunLabel::Fit(n) => phrase::fit_number(lang, n),
        RunLabel::FitToAll => Text::FitToAllCounts.get(lang).to_owned(),
    }
}

fn nearness(group: &str, q: &Quality, lang: Lang) -> String {
    let bias = 100.0 * q.bias;
    let sign = if bias >= 0.05 { "+" } else { "" };
    let detectors = match (lang, q.detectors) {
        (Lang::Vi, n) => format!("{n} điểm đếm"),
        (Lang::En, 1) => "1 detector".to_owned(),
        (Lang::En, n) => format!("{n} detectors"),
    };
    phrase::nearness(
        lang,
        group,
        detectors,
        number(lang, q.geh_mean, 2),
        number(lang, 100.0 * q.geh_below_5, 0),
        number(lang, q.rmsn, 2),
        format!("{sign}{}", number(lang, bias, 1)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::{OdTable, RouteBook};

    fn quality(label: RunLabel, geh_mean: f64, rmsn: f64) -> FitQuality {
        let group = |geh_mean| Some(Quality { detectors: 3, geh_mean, rmsn, ..Quality::default() });
        FitQuality { label, trips: 1_234, fitted: group(geh_mean / 2.0), held_out: group(geh_mean), corridor: group(geh_mean + 1.0) }
    }

    fn calibration(fit: FitQuality) -> Calibration {
        Calibration {
            od: OdTable::over(&[]),
            book: RouteBook::default(),
            trips: Vec::new(),
            readings: Vec::new(),
            day: chrono::NaiveDate::default(),
            prior: quality(RunLabel::Prior, 8.0, 0.8),
            iterations: vec![fit],
            chosen: 0,
            honest: 0,
            held_out: Vec::new(),
            corridor: Some(("Hùng Vương".into(), Vec::new())),
            saturated: Vec::new(),
            uncounted: Vec::new(),
            unreachable: Vec::new(),
            prior_level: 1.0,
            choice_spread: 1.0,
            class_groups: Vec::new(),
        }
    }

    fn told(c: &Calibration, lang: Lang) -> String {
        lines(c).iter().map(|l| l.get(lang)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_fit_that_does_not_help_where_it_never_looked_says_so() {
        let good = calibration(quality(RunLabel::Fit(1), 4.0, 0.4));
        assert!(
            told(&good, Lang::En).contains("held-out road Hùng Vương: the fit is nearer to the counts than the prior (GEH 9.00 → 5.00)")
        );
        assert!(!told(&good, Lang::En).contains("NOT"), "{}", told(&good, Lang::En));
        for bad in [quality(RunLabel::Fit(1), 8.5, 0.4), quality(RunLabel::Fit(1), 4.0, 0.9)] {
            let bad = calibration(bad);
            assert_eq!(told(&bad, Lang::En).matches("the fit is NOT nearer").count(), 2, "{}", told(&bad, Lang::En));
            assert_eq!(told(&bad, Lang::Vi).matches("KHÔNG gần số liệu").count(), 2, "{}", told(&bad, Lang::Vi));
        }
    }

    #[test]
    fn a_fit_that_nothing_can_judge_says_why() {
        let mut c = calibration(quality(RunLabel::Fit(1), 4.0, 0.4));
        assert!(!told(&c, Lang::En).contains("cannot be judged"));
        let none = |label| FitQuality { label, trips: 1, fitted: None, held_out: None, corridor: None };
        (c.prior, c.iterations) = (none(RunLabel::Prior), vec![none(RunLabel::Fit(1))]);
        assert!(told(&c, Lang::En).contains("no hour has 30 min of counts after the warm-up"), "{}", told(&c, Lang::En));
        assert!(told(&c, Lang::Vi).contains("đủ 30 phút số liệu đếm"), "{}", told(&c, Lang::Vi));
    }

    #[test]
    fn the_story_is_told_in_both_languages() {
        let c = calibration(quality(RunLabel::Fit(2), 4.0, 0.4));
        assert!(
            told(&c, Lang::Vi)
                .starts_with("trước khi hiệu chỉnh: 1.234 chuyến đi\n  điểm đếm dùng để hiệu chỉnh: 3 điểm đếm, GEH trung bình 4,00")
        );
        assert!(
            told(&c, Lang::En).contains("fit 2: 1,234 trips\n  fitted: 3 detectors, mean GEH 2.00, GEH < 5 at 0 %, RMSN 0.40, bias 0.0 %")
        );
    }
}
