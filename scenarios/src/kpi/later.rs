//! Indicators that take a part of the twin which does not exist yet: each says which.

use super::value::{KpiRow, KpiValue};

/// What each of them needs: id, Vietnamese, English.
const NEEDS: [(&str, &str, &str); 3] = [
    ("K01", "dữ liệu thời gian thực từ các thiết bị IoT", "live feeds and their open schemas"),
    ("K16", "mô hình giao thông công cộng và chọn phương tiện", "the public-transport and mode-choice model"),
    ("K17", "mô hình di chuyển đa phương thức", "the multimodal trip model"),
];

/// Whether an indicator is one of them.
pub(super) fn is_later(id: &str) -> bool {
    NEEDS.iter().any(|(later, _, _)| *later == id)
}

/// The rows of this family.
pub(super) fn rows() -> Vec<KpiRow> {
    NEEDS.into_iter().map(|(id, vi, en)| KpiRow::new(id, KpiValue::needs(vi, en))).collect()
}
