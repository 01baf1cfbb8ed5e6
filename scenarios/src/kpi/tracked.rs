//! What journey trackers detected in a run, beside K04: violations for each 1 000 vehicle-kilometres driven with a tracker.

use super::value::KpiRow;
use crate::lang::{Lang, integer, number};
use sim_core::driving::TrackerCount;

/// Says in K04's row what the trackers of a run detected, in place of the note that nothing is known of it; nothing without trackers.
pub fn note_detected(rows: &mut [KpiRow], counts: &[TrackerCount]) {
    let tracked_m: f64 = counts.iter().map(|c| c.tracked_m).sum();
    let Some(row) = rows.iter_mut().find(|r| r.id() == "K04").filter(|_| tracked_m > 0.0) else { return };
    let sum = |of: fn(&TrackerCount) -> u64| counts.iter().map(of).sum::<u64>();
    let (speeding, lane) = (sum(|c| c.speeding.detected), sum(|c| c.lane.detected));
    let wrong = sum(|c| c.speeding.false_alarms + c.lane.false_alarms);
    let per_1000_km = (speeding + lane) as f64 * 1e6 / tracked_m;
    let say = |lang: Lang| [number(lang, per_1000_km, 1), integer(lang, speeding), integer(lang, lane), integer(lang, wrong)];
    let [rate, fast, lanes, false_alarms] = say(Lang::Vi);
    let vi = format!(
        "vi phạm được phát hiện trong mô phỏng: {rate} trên 1 000 xe-km (quá tốc độ {fast}, sai làn {lanes}; báo sai {false_alarms})"
    );
    let [rate, fast, lanes, false_alarms] = say(Lang::En);
    let en = format!(
        "violations detected in the simulation: {rate} per 1 000 veh-km (speeding {fast}, wrong lane {lanes}; false alarms {false_alarms})"
    );
    row.notes.retain(|n| !n.en.starts_with("violations detected"));
    row.notes.push(super::Bilingual::new(vi, en));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::KpiValue;
    use sim_core::{class::VehicleClass, driving::RuleCount};

    #[test]
    fn what_was_detected_takes_the_place_of_not_known() {
        let row = || KpiRow::new("K04", KpiValue::needs("x", "x")).note("chưa đánh giá", "violations detected: not yet evaluated");
        let rule = |detected, false_alarms| RuleCount { cases: 9, tracked_cases: 8, detected, false_alarms };
        let count = TrackerCount {
            class: VehicleClass::Bus,
            vehicle_m: 90_000.0,
            tracked_m: 40_000.0,
            reports: 400,
            speeding: rule(6, 1),
            lane: rule(2, 3),
        };
        let mut rows = [row()];
        note_detected(&mut rows, &[]);
        assert!(rows[0].notes[0].en.contains("not yet evaluated"));
        note_detected(&mut rows, &[count]);
        let said: Vec<_> = rows[0].notes.iter().map(|n| n.en.as_str()).collect();
        assert_eq!(said, ["violations detected in the simulation: 200.0 per 1 000 veh-km (speeding 6, wrong lane 2; false alarms 4)"]);
    }
}
