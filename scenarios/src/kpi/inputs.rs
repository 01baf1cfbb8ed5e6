//! Shares that a scenario or the province sets: K05 (equipped private cars, as supplied) and K06 (travellers who are told of travel times,
//! as the scenario has it). What they change, a comparison of two shares shows.

use super::value::{KpiRow, KpiValue};
use crate::register::Equipment;

/// The rows of this family; `informed` is the share of travellers with guidance, 0 to 1.
pub(super) fn rows(informed: Option<f64>, equipment: Option<&Equipment>) -> [KpiRow; 2] {
    let k05 = match equipment.and_then(|e| e.external.iter().find(|x| x.indicator == "K05")) {
        Some(given) => {
            KpiRow::number("K05", given.value).note(format!("theo {}", given.source), format!("according to {}", given.source)).note(
                "tác động đến sai số ước lượng và cảnh báo: chưa đánh giá, cần mô hình xe thăm dò",
                "effect on estimation error and warnings: not yet evaluated, needs the probe-vehicle model",
            )
        }
        None => KpiRow::new(
            "K05",
            KpiValue::not_supplied(
                "tỷ lệ xe đăng ký mới có thiết bị (external.csv, K05)",
                "the share of equipped new cars (external.csv, K05)",
            ),
        ),
    };
    let k06 = match informed {
        Some(share) => KpiRow::number("K06", share * 100.0).note(
            "tỷ lệ của kịch bản ([guidance]); tác động: so sánh với kịch bản có tỷ lệ khác",
            "the scenario's share ([guidance]); its effect: compare with a scenario of another share",
        ),
        None => KpiRow::new(
            "K06",
            KpiValue::needs(
                "một tỷ lệ người được thông tin cho cả lần chạy ([guidance] trong kịch bản)",
                "one share of informed travellers for the whole run ([guidance] in the scenario)",
            ),
        ),
    };
    [k05, k06]
}
