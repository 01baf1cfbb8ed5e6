//! The catalogue: the 22 indicators of the provincial plan in its own words, and the traffic basics under them.
//!
//! Source of names, targets and paragraphs: An Giang provincial plan of 2026 carrying out Decision 2692/QĐ-TTg of 2025-12-11. `§II.2.a`
//! is the phase 2026–2028, `§II.2.b` the phase 2029–2035.

use super::spec::{Kind, KpiSpec, Rule, Target, Unit};

const fn at_least(value: f64, vi: &'static str, en: &'static str) -> Option<Target> {
    Some(Target { rule: Rule::AtLeast(value), vi, en })
}

const fn at_most(value: f64, vi: &'static str, en: &'static str) -> Option<Target> {
    Some(Target { rule: Rule::AtMost(value), vi, en })
}

const fn change_at_most(value: f64, vi: &'static str, en: &'static str) -> Option<Target> {
    Some(Target { rule: Rule::ChangeAtMost(value), vi, en })
}

const fn in_words(vi: &'static str, en: &'static str) -> Option<Target> {
    Some(Target { rule: Rule::InWords, vi, en })
}

const ALL_OF_IT: Option<Target> = at_least(100.0, "100 %", "100 %");

/// Builds one row; the order of the arguments is that of the plan's list.
#[allow(clippy::too_many_arguments)] // a table row, all of one kind
const fn row(
    id: &'static str,
    name_vi: &'static str,
    name_en: &'static str,
    kind: Kind,
    unit: Unit,
    to_2028: Option<Target>,
    to_2035: Option<Target>,
    source: &'static str,
) -> KpiSpec {
    KpiSpec { id, name_vi, name_en, kind, unit, to_2028, to_2035, source }
}

const fn basic(id: &'static str, name_vi: &'static str, name_en: &'static str, unit: Unit) -> KpiSpec {
    row(id, name_vi, name_en, Kind::Basic, unit, None, None, "")
}

static CATALOGUE: [KpiSpec; 44] = [
    row(
        "K01",
        "Dữ liệu IoT giao thông được chuẩn hóa, tích hợp và chia sẻ",
        "IoT traffic data standardised, integrated and shared",
        Kind::Inventory,
        Unit::Percent,
        at_least(90.0, "≥ 90 %", "≥ 90 %"),
        ALL_OF_IT,
        "§II.2.a, §II.2.b",
    ),
    row(
        "K02",
        "Quốc lộ, đường tỉnh trọng điểm, cửa ngõ ra vào tỉnh, khu du lịch, cửa khẩu quốc tế được giám sát",
        "National roads, key provincial roads, gateways, tourist areas, international border gates monitored",
        Kind::Inventory,
        Unit::Percent,
        ALL_OF_IT,
        ALL_OF_IT,
        "§II.2.a",
    ),
    row(
        "K03",
        "Nút giao thông chính trong đô thị có đèn tín hiệu thông minh",
        "Main urban junctions with adaptive signals",
        Kind::Inventory,
        Unit::Percent,
        at_least(70.0, "≥ 70 %", "≥ 70 %"),
        None,
        "§II.2.a",
    ),
    row(
        "K04",
        "Xe kinh doanh vận tải lắp thiết bị giám sát hành trình IoT",
        "Commercial vehicles with IoT trackers",
        Kind::InventoryAndSimulated,
        Unit::Percent,
        ALL_OF_IT,
        ALL_OF_IT,
        "§II.2.a",
    ),
    row(
        "K05",
        "Xe cá nhân đăng ký mới tại các khu đô thị lớn lắp thiết bị IoT",
        "Newly registered private cars with IoT in large towns",
        Kind::SimulatedInput,
        Unit::Percent,
        at_least(80.0, "80 %", "80 %"),
        None,
        "§II.2.a",
    ),
    row(
        "K06",
        "Người dân đô thị thường xuyên sử dụng ứng dụng giao thông thông minh",
        "Urban residents using the mobility app",
        Kind::SimulatedInput,
        Unit::Percent,
        at_least(60.0, "≥ 60 %", "≥ 60 %"),
        None,
        "§II.2.a",
    ),
    row(
        "K07",
        "Bãi đỗ công cộng thanh toán không dùng tiền mặt, dự báo chỗ đỗ trống thời gian thực",
        "Public car parks with cashless payment and real-time free-space forecast",
        Kind::InventoryAndSimulated,
        Unit::Percent,
        ALL_OF_IT,
        at_least(100.0, "100 % tự động", "100 % automated"),
        "§II.2.a, §II.2.b",
    ),
    row(
        "K08",
        "Số vụ tai nạn giao thông nghiêm trọng so với giai đoạn 2020–2025 (ước tính)",
        "Serious traffic accidents against 2020–2025 (estimate)",
        Kind::Simulated,
        Unit::PercentChange,
        at_most(-35.0, "giảm ≥ 35 %", "−35 % or more"),
        None,
        "§II.2.a",
    ),
    row(
        "K09",
        "Chi phí vận tải hàng hóa qua địa bàn tỉnh",
        "Freight transport cost through the province",
        Kind::Simulated,
        Unit::DongPerTonneKilometre,
        change_at_most(-5.0, "giảm 5–7 %", "−5 to −7 %"),
        None,
        "§II.2.a",
    ),
    row(
        "K10",
        "Báo cáo tai nạn giao thông được xử lý tự động; thời gian phản ứng",
        "Accident reports handled automatically; emergency response time",
        Kind::Simulated,
        Unit::Minutes,
        at_most(10.0, "100 % tự động; < 10 phút", "100 % automatic; < 10 min"),
        None,
        "§II.2.a",
    ),
    row(
        "K11",
        "Báo cáo, thống kê, phân tích giao thông thực hiện trên nền tảng số",
        "Reports, statistics and analysis on the digital platform",
        Kind::Inventory,
        Unit::Percent,
        ALL_OF_IT,
        ALL_OF_IT,
        "§II.2.a",
    ),
    row(
        "K12",
        "Tuyến giao thông chính (cao tốc, vành đai) có cảm biến IoT phục vụ quản lý, giám sát, bảo trì",
        "Main routes (expressway, ring roads) with IoT sensors for management and maintenance",
        Kind::Inventory,
        Unit::Percent,
        None,
        at_least(90.0, "≥ 90 %", "≥ 90 %"),
        "§II.2.b",
    ),
    row(
        "K13",
        "Quốc lộ, cao tốc, đường tỉnh, tuyến du lịch, tuyến vận tải hàng hóa trọng điểm quản lý bằng IoT, AI và dữ liệu lớn",
        "National, expressway, provincial, tourist and key freight routes managed by IoT, AI and big data",
        Kind::Inventory,
        Unit::Percent,
        None,
        ALL_OF_IT,
        "§II.2.b",
    ),
    row(
        "K14",
        "Phát thải CO₂ từ giao thông tại các khu đô thị lớn",
        "CO₂ of traffic in the large urban areas",
        Kind::Simulated,
        Unit::TonnesCo2,
        None,
        in_words("giảm ≥ 50 %", "−50 % or more"),
        "§II.2.b",
    ),
    row(
        "K15",
        "Bến xe, ga tàu, bãi đỗ xe vận hành tự động, tích hợp IoT, thanh toán số",
        "Bus stations, rail stations, car parks run automatically, with IoT and digital payment",
        Kind::Inventory,
        Unit::Percent,
        None,
        ALL_OF_IT,
        "§II.2.b",
    ),
    row(
        "K16",
        "Giao thông công cộng là phương tiện đi lại chính ở đô thị",
        "Public transport as the main urban mode",
        Kind::Simulated,
        Unit::Percent,
        None,
        in_words("tỷ lệ lớn nhất", "largest mode share"),
        "§II.2.b",
    ),
    row(
        "K17",
        "Dịch vụ di chuyển thông minh tích hợp (MaaS): xe buýt, taxi điện, tàu hỏa, cáp treo, xe tự lái, phà",
        "Mobility as a Service: bus, e-taxi, rail, cable car, autonomous shuttle, ferry",
        Kind::Simulated,
        Unit::Percent,
        None,
        in_words("đưa vào phục vụ", "in service"),
        "§II.2.b",
    ),
    row(
        "K18",
        "Tuyến giao thông chính phủ sóng 5G và mạng truyền dẫn quang",
        "Main routes under 5G and fibre",
        Kind::Inventory,
        Unit::Percent,
        at_least(100.0, "100 % (đến 2030)", "100 % (by 2030)"),
        ALL_OF_IT,
        "Phụ lục II.1",
    ),
    row(
        "K19",
        "Ùn tắc: tổng thời gian chậm trễ, kể cả chờ tại điểm xuất phát và chuyến chưa hoàn thành",
        "Congestion: total delay, waiting at the origin and unfinished trips included",
        Kind::Simulated,
        Unit::VehicleHours,
        in_words("giảm thiểu", "reduce to the least"),
        in_words("giảm thiểu", "reduce to the least"),
        "§II.2.a, §II.2.b",
    ),
    row(
        "K20",
        "Xe quá tải được phát hiện bằng cân động (kiểm soát tải trọng)",
        "Overloaded vehicles caught by weigh-in-motion",
        Kind::InventoryAndSimulated,
        Unit::Percent,
        None,
        None,
        "§III.4.b",
    ),
    row(
        "K21",
        "Cán bộ CSGT được tập huấn sử dụng hệ thống IoT",
        "Traffic police officers trained on the system",
        Kind::External,
        Unit::Percent,
        ALL_OF_IT,
        None,
        "§III.4.h",
    ),
    row(
        "K22",
        "Báo cáo kết quả thực hiện hằng năm trước ngày 15 tháng 12",
        "Annual report by 15 December",
        Kind::Inventory,
        Unit::YesNo,
        in_words("hằng năm", "every year"),
        in_words("hằng năm", "every year"),
        "§V.7",
    ),
    basic("B01", "Chậm trễ trung bình mỗi chuyến", "Mean delay per trip", Unit::SecondsPerTrip),
    basic("B02", "Thời gian đi lại trung bình của các chuyến đã đến nơi", "Mean travel time of the trips that arrived", Unit::Minutes),
    basic("B03", "Tốc độ trung bình trên mạng lưới", "Mean speed on the network", Unit::KilometresPerHour),
    basic("B04", "Số xe đến nơi mỗi giờ", "Vehicles that arrived per hour", Unit::VehiclesPerHour),
    basic("B05", "Hàng chờ dài nhất trên một đoạn đường", "Longest queue on one link", Unit::Metres),
    basic(
        "B06",
        "Số lần hàng chờ lan ngược kín đoạn đường (đoạn × khoảng đo)",
        "Spill-backs: queues back to the link's start (links × intervals)",
        Unit::Times,
    ),
    basic("B07", "Thời gian chờ tại điểm xuất phát", "Waiting at the origin", Unit::VehicleHours),
    basic("B08", "Chuyến chưa hoàn thành khi kết thúc", "Trips unfinished at the end", Unit::Trips),
    basic("B09", "Số lần dừng trung bình mỗi chuyến", "Mean stops per trip", Unit::StopsPerTrip),
    basic("B10", "Tổng quãng đường xe chạy", "Distance driven", Unit::VehicleKilometres),
    basic("B11", "CO₂ trên mỗi km xe chạy", "CO₂ per vehicle-kilometre", Unit::GramsPerVehicleKilometre),
    basic("B12", "CO₂ trên mỗi hành khách·km", "CO₂ per passenger-kilometre", Unit::GramsPerPassengerKilometre),
    basic(
        "B13",
        "Tốc độ trung bình của xe ưu tiên (cứu thương, chữa cháy)",
        "Mean speed of ambulances and fire engines",
        Unit::KilometresPerHour,
    ),
    basic("B14", "Tốc độ trung bình của xe buýt", "Mean speed of buses", Unit::KilometresPerHour),
    basic("B15", "Xung đột (suýt va chạm) trên 1000 xe·km", "Conflicts (near misses)", Unit::ConflictsPerThousandVehicleKilometres),
    basic("B16", "Xung đột nghiêm trọng trên 1000 xe·km", "Serious conflicts", Unit::ConflictsPerThousandVehicleKilometres),
    basic(
        "B17",
        "Tốc độ xe chạy tự do giữa đoạn, trong khu dân cư",
        "Mid-block speed of unimpeded vehicles, built-up roads",
        Unit::KilometresPerHour,
    ),
    basic(
        "B18",
        "Tốc độ xe chạy tự do giữa đoạn, ngoài khu dân cư",
        "Mid-block speed of unimpeded vehicles, outside",
        Unit::KilometresPerHour,
    ),
    basic("B19", "Thời gian phản ứng khẩn cấp, trung vị", "Emergency response, median", Unit::Minutes),
    basic("B20", "Thời gian phản ứng khẩn cấp, 95 % số vụ", "Emergency response, 95th percentile", Unit::Minutes),
    basic("B21", "Số vụ khẩn cấp được đáp ứng dưới 10 phút", "Emergencies answered in less than 10 min", Unit::Percent),
    basic("B22", "Độ biến động thời gian đi lại giữa các ngày", "Variation of travel times from day to day", Unit::Percent),
];

/// Every indicator, in the order of the plan's list, the traffic basics after them.
pub fn catalogue() -> &'static [KpiSpec] {
    &CATALOGUE
}

/// The catalogue's row with this id.
///
/// # Panics
/// On an id that is not in the catalogue: ids are constants of this module.
pub(crate) fn spec(id: &str) -> &'static KpiSpec {
    CATALOGUE.iter().find(|s| s.id == id).unwrap_or_else(|| unreachable!("no indicator {id}"))
}

/// The ids of the indicators that only the province can supply, which `external.csv` may hold.
pub fn external_ids() -> Vec<&'static str> {
    CATALOGUE.iter().filter(|s| s.kind == Kind::External || s.id == "K05").map(|s| s.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::spec::Phase;
    use std::collections::BTreeSet;

    #[test]
    fn all_22_rows_of_the_plan_are_there_once() {
        let ids: Vec<_> = catalogue().iter().map(|s| s.id).filter(|id| id.starts_with('K')).collect();
        let expected: Vec<String> = (1..=22).map(|n| format!("K{n:02}")).collect();
        assert_eq!(ids, expected);
        let unique: BTreeSet<_> = catalogue().iter().map(|s| s.id).collect();
        assert_eq!(unique.len(), catalogue().len());
    }

    /// The plan's own numbers, typed a second time from its text: (id, 2026–2028, 2029–2035).
    #[test]
    fn the_targets_are_the_plans() {
        use Rule::{AtLeast as Ge, AtMost as Le, InWords as W};
        let expected = [
            ("K01", Some(Ge(90.0)), Some(Ge(100.0))),
            ("K02", Some(Ge(100.0)), Some(Ge(100.0))),
            ("K03", Some(Ge(70.0)), None),
            ("K04", Some(Ge(100.0)), Some(Ge(100.0))),
            ("K05", Some(Ge(80.0)), None),
            ("K06", Some(Ge(60.0)), None),
            ("K07", Some(Ge(100.0)), Some(Ge(100.0))),
            ("K08", Some(Le(-35.0)), None),
            ("K09", Some(Rule::ChangeAtMost(-5.0)), None),
            ("K10", Some(Le(10.0)), None),
            ("K11", Some(Ge(100.0)), Some(Ge(100.0))),
            ("K12", None, Some(Ge(90.0))),
            ("K13", None, Some(Ge(100.0))),
            ("K14", None, Some(W)),
            ("K15", None, Some(Ge(100.0))),
            ("K16", None, Some(W)),
            ("K17", None, Some(W)),
            ("K18", Some(Ge(100.0)), Some(Ge(100.0))),
            ("K19", Some(W), Some(W)),
            ("K20", None, None),
            ("K21", Some(Ge(100.0)), None),
            ("K22", Some(W), Some(W)),
        ];
        for (id, first, second) in expected {
            let found = (spec(id).target(Phase::To2028).map(|t| t.rule), spec(id).target(Phase::To2035).map(|t| t.rule));
            assert_eq!(found, (first, second), "{id}");
        }
    }

    #[test]
    fn no_name_is_a_copy_of_the_other_language() {
        for s in catalogue() {
            assert_ne!(s.name_vi, s.name_en, "{}", s.id);
            assert!(s.id.starts_with('B') != s.source.starts_with(['§', 'P']), "{}: paragraph of the plan", s.id);
        }
    }
}
