//! Indicators that take a part of the twin which does not exist yet: each says which.

use super::value::{KpiRow, KpiValue};

/// What each of them needs: id, Vietnamese, English.
const NEEDS: [(&str, &str, &str); 11] = [
    ("K01", "dữ liệu thời gian thực từ các thiết bị IoT", "live feeds and their open schemas"),
    ("K05", "kịch bản xe có thiết bị IoT", "a scenario with equipped private cars"),
    ("K06", "kịch bản người dùng ứng dụng", "a scenario with users of the app"),
    ("K08", "mô hình xung đột và lần chạy gốc", "the conflict model and a base run"),
    ("K09", "mô hình vận tải hàng hóa và lần chạy gốc", "the freight model and a base run"),
    ("K10", "mô hình sự cố và xe ưu tiên", "the incident and emergency model"),
    ("K11", "chức năng lập báo cáo", "the report generator"),
    ("K16", "mô hình giao thông công cộng và chọn phương tiện", "the public-transport and mode-choice model"),
    ("K17", "mô hình di chuyển đa phương thức", "the multimodal trip model"),
    ("K20", "mô hình tải trọng xe và trạm cân", "the axle-load and weigh-station model"),
    ("K22", "chức năng lập báo cáo năm", "the yearly report"),
];

/// Whether an indicator is one of them.
pub(super) fn is_later(id: &str) -> bool {
    NEEDS.iter().any(|(later, _, _)| *later == id)
}

/// The rows of this family.
pub(super) fn rows() -> Vec<KpiRow> {
    NEEDS.into_iter().map(|(id, vi, en)| KpiRow::new(id, KpiValue::needs(vi, en))).collect()
}
