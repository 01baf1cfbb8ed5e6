//! Reporting: K11 (reports that are files with their inputs, seeds and version) and K22 (the annual report by 15 December). Both are of a
//! year's result folders, which [`crate::report::year`] looks through; a single run says what it takes.

use super::value::{KpiRow, KpiValue};

/// The rows of a run.
pub(super) fn rows() -> [KpiRow; 2] {
    ["K11", "K22"].map(|id| {
        let needs = KpiValue::needs("báo cáo năm: agtwin report --year 2026 THƯ_MỤC…", "the annual report: agtwin report --year 2026 DIR…");
        KpiRow::new(id, needs)
    })
}

/// The rows of a year: so many of the year's results have a complete report; whether the annual report is made in time.
pub fn of_year(complete: usize, all: usize, is_in_time: bool) -> [KpiRow; 2] {
    let share = if all == 0 {
        KpiRow::new("K11", KpiValue::needs("ít nhất một thư mục kết quả của năm", "at least one result folder of the year"))
    } else {
        KpiRow::number("K11", complete as f64 / all as f64 * 100.0).note(
            format!("{complete} trên {all} thư mục kết quả có báo cáo đầy đủ dữ liệu vào, hạt giống, phiên bản"),
            format!("{complete} of {all} result folders have a report with inputs, seeds and version"),
        )
    };
    let annual = if all == 0 {
        KpiRow::new("K22", KpiValue::needs("ít nhất một thư mục kết quả của năm", "at least one result folder of the year"))
    } else {
        KpiRow::number("K22", f64::from(u8::from(is_in_time)))
    };
    [share, annual]
}
