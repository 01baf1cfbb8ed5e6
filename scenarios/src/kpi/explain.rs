//! How each indicator is computed, from what, and after whom: the one place that `agtwin explain` and the docs take it from.

use super::{
    catalogue::catalogue,
    later,
    spec::{KpiSpec, Phase},
};
use crate::lang::{Lang, Text};
use std::fmt::Write;

/// How an indicator is computed. Texts are Vietnamese, then English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Its id.
    pub id: &'static str,
    /// The formula in words and signs.
    pub formula: [&'static str; 2],
    /// What goes into it.
    pub inputs: [&'static str; 2],
    /// Where the definition and the numbers in it come from.
    pub source: [&'static str; 2],
}

const RUN: [&str; 2] = ["một lần chạy mô phỏng: các chuyến đi (trips.parquet)", "a simulation run: its trips (trips.parquet)"];
const LINKS: [&str; 2] = ["một lần chạy mô phỏng: các đoạn đường (links.parquet)", "a simulation run: its links (links.parquet)"];
const QUEUES: [&str; 2] = ["một lần chạy mô phỏng: hàng chờ (queues.parquet)", "a simulation run: its queues (queues.parquet)"];
const PLAN: [&str; 2] = ["định nghĩa theo Kế hoạch của tỉnh năm 2026", "defined after the provincial plan of 2026"];
const PLAN_LENGTHS: [&str; 2] = [
    "Kế hoạch của tỉnh năm 2026; tính theo chiều dài (quy ước của chương trình, giả định)",
    "provincial plan of 2026; weighted by length (this program's convention, assumed)",
];
const OWN: [&str; 2] = ["định nghĩa của chương trình", "this program's own definition"];
const EMISSION: [&str; 2] = [
    "ô tô, xe khách, xe tải: HBEFA 3.1 theo Krajzewicz và cộng sự 2015 (SUMO); xe máy: hiệu chỉnh theo chu trình Hà Nội 2021–23 (mô hình IVE); chỉ tính khí thải ống xả",
    "cars, buses, trucks: HBEFA 3.1 after Krajzewicz et al. 2015 (SUMO); motorcycles: calibrated to Hanoi 2021-23 (IVE model); tailpipe only",
];

const fn of(id: &'static str, formula: [&'static str; 2], inputs: [&'static str; 2], source: [&'static str; 2]) -> Explanation {
    Explanation { id, formula, inputs, source }
}

static EXPLANATIONS: [Explanation; 36] = [
    of(
        "K01",
        [
            "số luồng dữ liệu đã đăng ký có bản tin đúng lược đồ mở và đến trong khoảng gần nhất ÷ tổng số luồng × 100",
            "registered feeds whose messages fit an open schema and came in the last interval ÷ all feeds × 100",
        ],
        ["dữ liệu thời gian thực của các thiết bị", "live feeds of the devices"],
        PLAN,
    ),
    of(
        "K02",
        [
            "chiều dài đường nằm trong tầm của cảm biến đã kết nối, hoặc được liệt kê là có giám sát ÷ tổng chiều dài × 100; chỉ đạt khi mọi cửa khẩu và khu du lịch cũng được giám sát",
            "length of road within reach of a connected sensor, or listed as watched ÷ all such length × 100; met only when every border gate and tourist site is watched too",
        ],
        [
            "bản đồ; sensors.csv, monitored-routes.csv, road-categories.csv",
            "the map; sensors.csv, monitored-routes.csv, road-categories.csv",
        ],
        PLAN_LENGTHS,
    ),
    of(
        "K03",
        [
            "số nút chính trong đô thị có đèn thông minh ÷ số nút chính trong đô thị có đèn × 100; nút chính: có nhánh vào thuộc đường trong khu dân cư, cấp từ đường chính thứ yếu trở lên",
            "main urban junctions with adaptive signals ÷ main urban signalised junctions × 100; main: an approach that is built-up and of class secondary or above",
        ],
        ["bản đồ; adaptive-signals.csv", "the map; adaptive-signals.csv"],
        PLAN,
    ),
    of(
        "K04",
        ["số xe lắp thiết bị ÷ tổng số xe × 100", "vehicles with a tracker ÷ all vehicles × 100"],
        ["trackers.csv", "trackers.csv"],
        PLAN,
    ),
    of(
        "K05",
        [
            "tỷ lệ xe cá nhân có thiết bị IoT là thông số của kịch bản; đo tác động đến cảnh báo và sai số ước lượng",
            "the share of private cars with IoT is a parameter of a scenario; its effect on warnings and estimation error is measured",
        ],
        ["kịch bản xe có thiết bị IoT", "a scenario with equipped private cars"],
        PLAN,
    ),
    of(
        "K06",
        [
            "tỷ lệ người đi lại nhận hướng dẫn là thông số của kịch bản; đo tác động đến chậm trễ",
            "the share of travellers who receive advice is a parameter of a scenario; its effect on delay is measured",
        ],
        ["kịch bản người dùng ứng dụng", "a scenario with users of the app"],
        PLAN,
    ),
    of(
        "K07",
        [
            "số bãi đỗ công cộng có thanh toán số và dự báo chỗ trống ÷ tổng số bãi đỗ công cộng × 100",
            "public car parks with digital payment and a free-space forecast ÷ all public car parks × 100",
        ],
        ["stations-parks.csv", "stations-parks.csv"],
        PLAN,
    ),
    of(
        "K08",
        [
            "tỷ số xung đột (TTC, PET, DRAC) của phương án so với gốc, và mô hình lũy thừa theo tốc độ; mỗi cách kèm khoảng tin cậy",
            "conflicts (TTC, PET, DRAC) of the variant as a ratio to the base, and the power model of speed; each with its interval",
        ],
        ["lần chạy gốc và phương án có xung đột (--conflicts)", "a base and a variant run with --conflicts"],
        [
            "Nilsson 2004; Elvik 2009 (mô hình lũy thừa); ước tính, không phải dự báo số vụ",
            "Nilsson 2004; Elvik 2009 (power model); an estimate, no forecast of accidents",
        ],
    ),
    of(
        "K09",
        [
            "(thời gian × đơn giá + nhiên liệu × đơn giá + phí đường + chờ tại cửa khẩu × đơn giá) ÷ tấn·km, so với gốc",
            "(time × price + fuel × price + tolls + waiting at border gates × price) ÷ tonne-km, against a base",
        ],
        ["mô hình vận tải hàng hóa và lần chạy gốc", "the freight model and a base run"],
        PLAN,
    ),
    of(
        "K10",
        [
            "phát hiện → điều xe → đến hiện trường: các phân vị 50, 90, 95 % và tỷ lệ dưới 10 phút",
            "detect → dispatch → on scene: percentiles 50, 90, 95 and the share below 10 min",
        ],
        ["mô hình sự cố và xe ưu tiên", "the incident and emergency model"],
        PLAN,
    ),
    of(
        "K11",
        [
            "số báo cáo là tệp số kèm dữ liệu vào, hạt giống và phiên bản ÷ tổng số báo cáo × 100",
            "reports that are files with their inputs, seed and version ÷ all reports × 100",
        ],
        ["danh sách báo cáo trong năm", "the list of a year's reports"],
        PLAN,
    ),
    of(
        "K12",
        [
            "chiều dài cao tốc và đường vành đai được liệt kê là có cảm biến bảo trì ÷ tổng chiều dài × 100",
            "length of expressways and ring roads listed with maintenance sensors ÷ all such length × 100",
        ],
        ["bản đồ; monitored-routes.csv, road-categories.csv", "the map; monitored-routes.csv, road-categories.csv"],
        PLAN_LENGTHS,
    ),
    of(
        "K13",
        [
            "chiều dài đường được liệt kê là có cảm biến và có điều khiển hoặc dự báo ÷ tổng chiều dài × 100",
            "length of roads listed with sensors and with control or forecast ÷ all such length × 100",
        ],
        ["bản đồ; managed-routes.csv, road-categories.csv", "the map; managed-routes.csv, road-categories.csv"],
        PLAN_LENGTHS,
    ),
    of(
        "K14",
        [
            "Σ gam CO₂ trên mọi đoạn đường và loại xe trong khoảng đo ÷ 10⁶, kể cả khởi động nguội của xe máy; xe chạy pin tính 0",
            "Σ grams of CO₂ over all links and classes in the measured window ÷ 10⁶, motorcycles' cold starts included; whoever drives on a battery counts 0",
        ],
        LINKS,
        EMISSION,
    ),
    of(
        "K15",
        [
            "số bến xe, ga tàu, bãi đỗ tự động, có IoT và thanh toán số ÷ tổng số × 100",
            "bus stations, rail stations and car parks that are automated, with IoT and digital payment ÷ all of them × 100",
        ],
        ["stations-parks.csv", "stations-parks.csv"],
        PLAN,
    ),
    of(
        "K16",
        [
            "số chuyến (và hành khách·km) bằng giao thông công cộng ÷ tổng số × 100",
            "trips (and passenger-km) by public transport ÷ all × 100",
        ],
        ["mô hình giao thông công cộng và chọn phương tiện", "the public-transport and mode-choice model"],
        PLAN,
    ),
    of(
        "K17",
        [
            "số chuyến đa phương thức đi bằng một hành trình chung ÷ tổng số chuyến đa phương thức × 100",
            "multimodal trips served on one itinerary ÷ all multimodal trips × 100",
        ],
        ["mô hình di chuyển đa phương thức", "the multimodal trip model"],
        PLAN,
    ),
    of(
        "K18",
        [
            "chiều dài đường chính có phủ sóng 5G và có cáp quang ÷ tổng chiều dài × 100",
            "length of main roads under 5G and under fibre ÷ all such length × 100",
        ],
        ["bản đồ; coverage-roads.csv, coverage.geojson", "the map; coverage-roads.csv, coverage.geojson"],
        PLAN_LENGTHS,
    ),
    of(
        "K19",
        [
            "Σ chậm trễ của mọi chuyến muốn khởi hành trong khoảng đo ÷ 3600; chậm trễ = đến nơi − giờ muốn đi − thời gian khi đường thông thoáng, chuyến chưa xong tính phần đã mất",
            "Σ delay of all trips that wished to leave in the window ÷ 3600; delay = arrival − wished departure − free-flow time, what was lost so far for unfinished trips",
        ],
        RUN,
        PLAN,
    ),
    of(
        "K20",
        [
            "số xe tải quá tải bị cân động phát hiện ÷ số xe quá tải đi qua trạm × 100",
            "overloaded trucks caught by weigh-in-motion ÷ overloaded trucks that pass a site × 100",
        ],
        ["mô hình tải trọng xe và trạm cân", "the axle-load and weigh-station model"],
        PLAN,
    ),
    of("K21", ["số liệu do tỉnh cung cấp, giữ nguyên", "the province's figure as supplied"], ["external.csv", "external.csv"], PLAN),
    of(
        "K22",
        ["có hay không báo cáo năm trước ngày 15 tháng 12", "whether the year's report exists by 15 December"],
        ["chức năng lập báo cáo năm", "the yearly report"],
        PLAN,
    ),
    of(
        "B01",
        [
            "tổng chậm trễ (K19) ÷ số chuyến muốn khởi hành trong khoảng đo",
            "sum of delay (K19) ÷ number of trips that wished to leave in the window",
        ],
        RUN,
        OWN,
    ),
    of(
        "B02",
        [
            "trung bình của (đến nơi − giờ muốn đi) của các chuyến đã đến nơi",
            "mean of arrival − wished departure over the trips that arrived",
        ],
        RUN,
        OWN,
    ),
    of(
        "B03",
        [
            "Σ quãng đường ÷ Σ thời gian trên mọi đoạn đường và loại xe (tốc độ trung bình không gian)",
            "Σ way ÷ Σ time over all links and classes (space-mean speed)",
        ],
        LINKS,
        ["Edie 1963", "Edie 1963"],
    ),
    of("B04", ["số chuyến đến nơi trong khoảng đo ÷ số giờ", "trips that arrived in the window ÷ hours"], RUN, OWN),
    of(
        "B05",
        [
            "chiều dài hàng chờ (xe dưới 5 km/h) lớn nhất trên mọi đoạn đường và khoảng đo",
            "greatest length of a queue (vehicles below 5 km/h) over all links and intervals",
        ],
        QUEUES,
        OWN,
    ),
    of(
        "B06",
        [
            "số lần (đoạn × khoảng đo) hàng chờ lan đến đầu đoạn đường",
            "how often (links × intervals) a queue reached back to its link's start",
        ],
        QUEUES,
        OWN,
    ),
    of("B07", ["Σ thời gian chờ chỗ tại điểm xuất phát ÷ 3600", "Σ waiting for room at the origin ÷ 3600"], RUN, OWN),
    of(
        "B08",
        [
            "số chuyến muốn khởi hành trong khoảng đo mà chưa đến nơi khi kết thúc",
            "trips that wished to leave in the window and had not arrived at the end",
        ],
        RUN,
        OWN,
    ),
    of("B09", ["Σ số lần dừng ÷ số chuyến đã vào mạng lưới", "Σ stops ÷ trips that entered the road"], RUN, OWN),
    of("B10", ["Σ quãng đường trên mọi đoạn đường và loại xe ÷ 1000", "Σ way over all links and classes ÷ 1000"], LINKS, OWN),
    of("B11", ["Σ gam CO₂ ÷ Σ xe·km, từng loại xe và tất cả", "Σ grams of CO₂ ÷ Σ vehicle-km, by class and for all"], LINKS, EMISSION),
    of(
        "B12",
        [
            "Σ gam CO₂ ÷ Σ (xe·km × số người trên xe), không gồm xe tải và xe ưu tiên",
            "Σ grams of CO₂ ÷ Σ (vehicle-km × occupancy), trucks and emergency vehicles left out",
        ],
        ["links.parquet; số người trên xe của từng loại xe (giả định)", "links.parquet; occupancy of each class (assumed)"],
        EMISSION,
    ),
    of(
        "B13",
        ["Σ quãng đường ÷ Σ thời gian của xe ưu tiên trên mọi đoạn đường", "Σ way ÷ Σ time of emergency vehicles over all links"],
        LINKS,
        ["Edie 1963", "Edie 1963"],
    ),
    of(
        "B14",
        ["Σ quãng đường ÷ Σ thời gian của xe buýt trên mọi đoạn đường", "Σ way ÷ Σ time of buses over all links"],
        LINKS,
        ["Edie 1963", "Edie 1963"],
    ),
];

/// How an indicator is computed, by its id in any case; `None` where there is no such indicator.
pub fn explanation(id: &str) -> Option<(&'static KpiSpec, &'static Explanation)> {
    let found = EXPLANATIONS.iter().find(|e| e.id.eq_ignore_ascii_case(id))?;
    Some((catalogue().iter().find(|s| s.id == found.id)?, found))
}

/// The same as text for a person.
pub fn explained(spec: &KpiSpec, how: &Explanation, lang: Lang) -> String {
    let mut out = format!("{}  {}\n", spec.id, spec.name(lang));
    let pick = |texts: [&'static str; 2]| lang.pick(texts[0], texts[1]);
    let target = |phase| spec.target(phase).map_or("–", |t| t.label(lang));
    let mut lines = vec![
        (Text::Formula, pick(how.formula)),
        (Text::Inputs, pick(how.inputs)),
        (Text::Definition, pick(how.source)),
        (Text::Unit, spec.unit.label(lang)),
        (Text::Kind, spec.kind.label(lang)),
        (Text::Target2028, target(Phase::To2028)),
        (Text::Target2035, target(Phase::To2035)),
    ];
    if !spec.source.is_empty() {
        lines.push((Text::Source, spec.source));
    }
    if later::is_later(spec.id) {
        lines.push((Text::Status, Text::NotYetEvaluated.get(lang)));
    }
    for (head, text) in lines {
        let _ = writeln!(out, "  {}: {text}", head.get(lang));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_indicator_has_one_explanation_in_both_languages() {
        let ids: Vec<_> = EXPLANATIONS.iter().map(|e| e.id).collect();
        let expected: Vec<_> = catalogue().iter().map(|s| s.id).collect();
        assert_eq!(ids, expected, "one each, in the order of the catalogue");
        for e in &EXPLANATIONS {
            assert_ne!(e.formula[0], e.formula[1], "{}", e.id);
            for [vi, en] in [e.formula, e.inputs, e.source] {
                assert!(!vi.is_empty() && !en.is_empty(), "{}", e.id);
                assert!(en.chars().all(|c| c.is_ascii() || "÷×Σ−→⁶₂".contains(c)), "{}: Vietnamese where English belongs: {en}", e.id);
            }
        }
    }

    #[test]
    fn an_explanation_says_formula_inputs_and_sources_in_any_case_of_the_id() {
        let (spec, how) = explanation("k14").unwrap();
        let en = explained(spec, how, Lang::En);
        assert!(
            en.starts_with("K14  CO₂") && en.contains("grams of CO₂") && en.contains("links.parquet") && en.contains("§II.2.b"),
            "{en}"
        );
        assert!(explained(spec, how, Lang::Vi).contains("Công thức: Σ gam CO₂"));
        let (spec, how) = explanation("K09").unwrap();
        assert!(explained(spec, how, Lang::En).contains("not yet evaluated"));
        assert!(explanation("K99").is_none());
    }
}
