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

const CALLS: [&str; 2] = [
    "bảng [emergency] của kịch bản; bệnh viện, trạm trên bản đồ; một lần chạy",
    "the scenario's table [emergency]; hospitals and stations of the map; a run",
];

static EXPLANATIONS: [Explanation; 44] = [
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
            "tỷ lệ xe đăng ký mới có thiết bị IoT, theo số liệu của tỉnh; tác động đến cảnh báo và sai số ước lượng chưa đánh giá",
            "the share of newly registered cars with IoT as the province supplies it; its effect on warnings and estimation error is not yet evaluated",
        ],
        ["external.csv (K05)", "external.csv (K05)"],
        PLAN,
    ),
    of(
        "K06",
        [
            "tỷ lệ người đi lại được hướng dẫn trên đường là thông số của kịch bản; tác động đến chậm trễ: so sánh hai kịch bản có tỷ lệ khác nhau",
            "the share of travellers who are told of travel times is a parameter of the scenario; its effect on delay: compare two scenarios of different shares",
        ],
        ["bảng [guidance] của kịch bản", "the scenario's table [guidance]"],
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
            "hai cách. Xung đột: exp(trung bình ln(xung đột của phương án ÷ của gốc) ± t·s÷√n) − 1, từng cặp lần chạy; lặp lại với phanh × 0,8, khoảng cách thời gian × 1,2, nửa bước thời gian và chỉ xung đột nghiêm trọng; đổi dấu thì không kết luận. Tốc độ: Σ w·(v' ÷ v)^p − 1 theo loại đường và loại xe, xe chạy tự do giữa đoạn; p = 1,5 (0,9–2,1) trong khu dân cư, 3 (2–4) ngoài khu dân cư",
            "two routes. Conflicts: exp(mean of ln(variant's conflicts ÷ base's) ± t·s÷√n) − 1, pair by pair of runs; again with brakes × 0.8, headways × 1.2, half the time step, and the serious ones alone; a changing sign shows nothing. Speeds: Σ w·(v' ÷ v)^p − 1 by road type and class, unimpeded vehicles in the middle of links; p = 1.5 (0.9 to 2.1) on built-up roads, 3 (2 to 4) elsewhere",
        ],
        ["agtwin compare GỐC PHƯƠNG_ÁN --conflicts", "agtwin compare BASE VARIANT --conflicts"],
        [
            "xung đột: TTC, DRAC, PET theo SSAM (FHWA 2008), ngưỡng cho xe máy là giả định; lũy thừa: Elvik 2009, Nilsson 2004; Cameron & Elvik 2010 lưu ý mô hình không dùng trực tiếp được cho trục đô thị. Ước tính, không phải dự báo số vụ",
            "conflicts: TTC, DRAC, PET after SSAM (FHWA 2008), thresholds for motorcycles assumed; powers: Elvik 2009, Nilsson 2004; Cameron & Elvik 2010 caution that the model is not directly valid on urban arterials. An estimate, no forecast of accidents",
        ],
    ),
    of(
        "K09",
        [
            "Σ theo loại xe tải (giờ × đơn giá + lít × giá nhiên liệu + kWh × giá điện + lượt qua trạm thu phí × phí + giờ mất tại cửa khẩu, trạm cân × đơn giá) ÷ Σ (xe·km × tải trọng); phần đa phương thức chưa đánh giá; mức giảm cần lần chạy gốc",
            "Σ over truck classes (hours × price + litres × fuel + kWh × electricity + passages of toll gates × toll + hours lost at border gates and weigh stations × price) ÷ Σ (vehicle-km × load); the modal part is not yet evaluated; a reduction needs a base run",
        ],
        ["links.parquet; các trạm của kịch bản; freight-prices.csv", "links.parquet; the scenario's gates; freight-prices.csv"],
        [
            "Kế hoạch của tỉnh năm 2026; từng đơn giá có nguồn hoặc ghi giả định trong freight-prices.csv",
            "provincial plan of 2026; each price has its source, or the word assumed, in freight-prices.csv",
        ],
    ),
    of(
        "K10",
        [
            "phân vị 90 % của (phát hiện + điều xe + thời gian xe chạy trong dòng xe mô phỏng, từ bệnh viện gần nhất); trung vị B19, 95 % B20, tỷ lệ dưới 10 phút B21; xe chưa đến nơi tính là lâu nhất",
            "90th percentile of (detection + dispatch + drive through the simulated traffic from the nearest hospital); median B19, 95th percentile B20, share below 10 min B21; who has not arrived counts as the latest",
        ],
        CALLS,
        [
            "Kế hoạch của tỉnh năm 2026; phát hiện 60 giây, điều xe 90 giây nếu kịch bản không khai báo (giả định)",
            "provincial plan of 2026; detection 60 s and dispatch 90 s where the scenario does not say (assumed)",
        ],
    ),
    of(
        "K11",
        [
            "số báo cáo là tệp số kèm dữ liệu vào, hạt giống và phiên bản ÷ tổng số báo cáo × 100",
            "reports that are files with their inputs, seed and version ÷ all reports × 100",
        ],
        ["agtwin report --year NĂM THƯ_MỤC…", "agtwin report --year YEAR DIR"],
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
        ["số xe quá tải ÷ số xe được cân × 100, mọi trạm", "overloaded vehicles ÷ weighed vehicles × 100, all sites"],
        ["weigh-stations.csv", "weigh-stations.csv"],
        PLAN,
    ),
    of("K21", ["số liệu do tỉnh cung cấp, giữ nguyên", "the province's figure as supplied"], ["external.csv", "external.csv"], PLAN),
    of(
        "K22",
        [
            "1 khi báo cáo năm được lập không muộn hơn ngày 15 tháng 12, nếu không là 0",
            "1 where the annual report is made by 15 December, else 0",
        ],
        ["agtwin report --year NĂM THƯ_MỤC…", "agtwin report --year YEAR DIR"],
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
    of(
        "B15",
        ["số xung đột trong khoảng đo ÷ (xe·km ÷ 1000)", "conflicts in the window ÷ (vehicle-km ÷ 1000)"],
        ["conflicts.parquet (--conflicts)", "conflicts.parquet, of a run with --conflicts"],
        [
            "TTC, DRAC, PET theo SSAM (FHWA 2008); ngưỡng cho xe máy là giả định",
            "TTC, DRAC, PET after SSAM (FHWA 2008); thresholds for motorcycles assumed",
        ],
    ),
    of(
        "B16",
        ["số xung đột nghiêm trọng trong khoảng đo ÷ (xe·km ÷ 1000)", "serious conflicts in the window ÷ (vehicle-km ÷ 1000)"],
        ["conflicts.parquet (--conflicts)", "conflicts.parquet, of a run with --conflicts"],
        [
            "TTC, DRAC, PET theo SSAM (FHWA 2008); ngưỡng cho xe máy là giả định",
            "TTC, DRAC, PET after SSAM (FHWA 2008); thresholds for motorcycles assumed",
        ],
    ),
    of(
        "B17",
        ["Σ tốc độ ÷ số lần quan sát, đường trong khu dân cư", "Σ speed ÷ sightings, built-up roads"],
        [
            "xe chạy tự do giữa đoạn, quan sát mỗi 10 giây (cách đầu xe trước hơn 5 giây, cách nút hơn 60 m; giả định)",
            "unimpeded vehicles in the middle of links, looked at every 10 s (more than 5 s behind the next, 60 m from junctions; assumed)",
        ],
        OWN,
    ),
    of(
        "B18",
        ["Σ tốc độ ÷ số lần quan sát, đường ngoài khu dân cư", "Σ speed ÷ sightings, other roads"],
        [
            "xe chạy tự do giữa đoạn, quan sát mỗi 10 giây (cách đầu xe trước hơn 5 giây, cách nút hơn 60 m; giả định)",
            "unimpeded vehicles in the middle of links, looked at every 10 s (more than 5 s behind the next, 60 m from junctions; assumed)",
        ],
        OWN,
    ),
    of("B19", ["phân vị 50 % của thời gian phản ứng (K10)", "50th percentile of the response times (K10)"], CALLS, PLAN),
    of("B20", ["phân vị 95 % của thời gian phản ứng (K10)", "95th percentile of the response times (K10)"], CALLS, PLAN),
    of("B21", ["số vụ có thời gian phản ứng dưới 10 phút ÷ số vụ × 100", "calls answered in less than 10 min ÷ calls × 100"], CALLS, PLAN),
    of(
        "B22",
        [
            "Σ w · (độ lệch chuẩn ÷ trung bình qua các lần chạy) theo cặp điểm đi – đến và khung 15 phút, w = tỷ lệ số chuyến",
            "Σ w · (standard deviation ÷ mean over the runs) by origin, destination and quarter of an hour, w = share of the trips",
        ],
        ["nhiều lần chạy (--seeds): mỗi hạt giống là một ngày", "several runs (--seeds): each seed is a day"],
        OWN,
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
                assert!(en.chars().all(|c| c.is_ascii() || "÷×Σ−→⁶₂±·√".contains(c)), "{}: Vietnamese where English belongs: {en}", e.id);
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
        let (spec, how) = explanation("K16").unwrap();
        assert!(explained(spec, how, Lang::En).contains("not yet evaluated"));
        assert!(explanation("K99").is_none());
    }
}
