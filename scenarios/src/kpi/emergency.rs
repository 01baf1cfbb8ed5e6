//! Help in an emergency: K10, B19 to B21.
//!
//! Response = detection + dispatch + drive, the drive simulated ([`crate::run::emergency`]), waiting for room at the station included.
//!
//! | id | formula |
//! |---|---|
//! | K10 | 90th percentile of the response times |
//! | B19, B20 | 50th and 95th percentile |
//! | B21 | calls answered in less than 10 min ÷ calls × 100 |
//!
//! A call whose vehicle is still on its way at the end counts as later than all others: a percentile that falls on one has no value. The
//! plan asks for less than 10 minutes; K10 takes that for nine calls in ten (assumed). That reports are handled automatically cannot be
//! seen in a run.

use super::{
    traffic::TrafficSummary,
    value::{KpiRow, KpiValue},
};

/// The plan's time, seconds.
const TARGET_S: f64 = 600.0;

/// A call for help and what became of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// When it happened, seconds after midnight.
    pub called_s: f64,
    /// From then to the alarm, seconds.
    pub detect_s: f64,
    /// From the alarm to the vehicle on the road, seconds.
    pub dispatch_s: f64,
    /// When help arrived; `None` while it is on its way.
    pub on_scene_s: Option<f64>,
}

impl Response {
    /// From what happened to help on the scene, seconds.
    pub fn time_s(&self) -> Option<f64> {
        self.on_scene_s.map(|s| s - self.called_s)
    }
}

/// The rows of this family.
pub(super) fn rows(traffic: Option<&TrafficSummary>) -> Vec<KpiRow> {
    let ids = ["K10", "B19", "B20", "B21"];
    let calls = traffic.and_then(|t| t.responses.as_deref()).filter(|calls| !calls.is_empty());
    let Some(calls) = calls else {
        let needs =
            || KpiValue::needs("bảng [emergency] trong kịch bản và một lần chạy", "the table [emergency] in the scenario, and a run");
        return ids.into_iter().map(|id| KpiRow::new(id, needs())).collect();
    };
    let mut times: Vec<f64> = calls.iter().map(|c| c.time_s().unwrap_or(f64::INFINITY)).collect();
    times.sort_by(f64::total_cmp);
    let open = times.iter().filter(|t| t.is_infinite()).count();
    let below = times.iter().filter(|t| **t < TARGET_S).count();
    let minutes = |id: &str, share: f64| match percentile(&times, share) {
        t if t.is_finite() => KpiRow::number(id, t / 60.0),
        _ => KpiRow::new(
            id,
            KpiValue::needs(
                format!("mô phỏng lâu hơn: {open} trên {} xe chưa đến nơi khi kết thúc", times.len()),
                format!("a longer run: {open} of {} vehicles had not arrived at its end", times.len()),
            ),
        ),
    };
    let (detect_s, dispatch_s) = (calls[0].detect_s, calls[0].dispatch_s);
    let main = minutes("K10", 0.9)
        .note(
            format!("90 % số vụ; {} vụ; phát hiện {detect_s:.0} giây và điều xe {dispatch_s:.0} giây được tính trong đó", times.len()),
            format!("of nine calls in ten; {} calls; detection {detect_s:.0} s and dispatch {dispatch_s:.0} s are part of it", times.len()),
        )
        .note(
            "xử lý báo cáo tự động 100 %: chưa đánh giá, cần dữ liệu thời gian thực",
            "100 % automatic handling: not yet evaluated, needs live feeds",
        );
    vec![main, minutes("B19", 0.5), minutes("B20", 0.95), KpiRow::number("B21", below as f64 / times.len() as f64 * 100.0)]
}

/// The nearest-rank percentile of sorted values.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let rank = libm::ceil(share * sorted.len() as f64).max(1.0) as usize;
    sorted[rank.min(sorted.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::testing;

    fn of(times_s: &[Option<f64>]) -> Vec<KpiRow> {
        let call = |t: &Option<f64>| Response { called_s: 100.0, detect_s: 60.0, dispatch_s: 90.0, on_scene_s: t.map(|t| 100.0 + t) };
        rows(Some(&TrafficSummary { responses: Some(times_s.iter().map(call).collect()), ..testing::run() }))
    }

    /// Ten calls of 1 to 10 minutes: nine of ten within 9 min, half within 5; nine below ten minutes, the tenth takes exactly ten.
    #[test]
    fn percentiles_are_those_of_the_sorted_times() {
        let rows = of(&(1..=10).rev().map(|m| Some(f64::from(m) * 60.0)).collect::<Vec<_>>());
        let value = |i: usize| rows[i].value.number().unwrap();
        assert_eq!([value(0), value(1), value(2), value(3)], [9.0, 5.0, 10.0, 90.0]);
    }

    #[test]
    fn who_has_not_arrived_is_later_than_all_others() {
        let rows = of(&[Some(300.0), Some(200.0), None]);
        assert_eq!(rows[1].value.number(), Some(5.0));
        assert!(rows[0].value.number().is_none(), "{:?}", rows[0].value);
        assert!((rows[3].value.number().unwrap() - 200.0 / 3.0).abs() < 1e-9);
        assert!(of(&[])[3].value.number().is_none(), "no calls, no share");
    }
}
