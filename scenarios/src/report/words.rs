//! The fixed texts and sentences of the page. Numbers come formatted ([`crate::lang::number`]).

use crate::lang::Lang;
use std::fmt::Display;

macro_rules! words {
    ($($name:ident: $vi:literal, $en:literal;)+) => {
        /// A text of the page, in both languages.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Word {
            $(#[doc = $en] $name,)+
        }

        impl Word {
            /// Every text.
            #[cfg(test)]
            pub(super) const SHOWN: &'static [Self] = &[$(Self::$name,)+];

            /// The text in `lang`.
            pub(super) const fn get(self, lang: Lang) -> &'static str {
                match self {
                    $(Self::$name => lang.pick($vi, $en),)+
                }
            }
        }
    };
}

words! {
    Report: "Báo cáo mô phỏng giao thông", "Traffic simulation report";
    Province: "Bản sao số giao thông tỉnh An Giang", "An Giang traffic digital twin";
    Scenario: "Kịch bản", "Scenario";
    Map: "Bản đồ", "Map";
    Measured: "Khoảng thời gian đo", "Measured period";
    Runs: "Số lần chạy", "Runs";
    Version: "Phiên bản chương trình", "Program version";
    Summary: "Tóm tắt", "Summary";
    Caution: "Lưu ý khi sử dụng", "Before you use these numbers";
    MeanDelay: "Chậm trễ trung bình", "Mean delay";
    MeanSpeed: "Tốc độ trung bình", "Mean speed";
    LongestQueue: "Hàng chờ dài nhất", "Longest queue";
    Co2: "Phát thải CO₂", "CO₂ emitted";
    Worst: "Nơi mất nhiều thời gian nhất", "Where most time is lost";
    WorstAbout: "Số thứ tự trùng với số trên bản đồ chậm trễ.", "The numbers are those on the map of delay.";
    No: "TT", "No.";
    Street: "Đoạn đường", "Road";
    LengthM: "Chiều dài (m)", "Length (m)";
    VehiclesColumn: "Lượt xe (xe)", "Vehicles (veh)";
    DelayColumn: "Chậm trễ (xe·giờ)", "Delay (veh·h)";
    SpeedColumn: "Tốc độ (km/h)", "Speed (km/h)";
    QueueColumn: "Hàng chờ dài nhất (m)", "Longest queue (m)";
    Unnamed: "đường chưa có tên", "unnamed road";
    NoDelay: "Không có đoạn đường nào bị chậm trễ.", "No link has any delay.";
    Indicators: "Các chỉ tiêu của Kế hoạch", "The plan's indicators";
    ByClass: "Theo loại xe", "By class";
    Maps: "Bản đồ kết quả", "Maps of the results";
    MapsAbout: "Mỗi chiều đường vẽ ở phía phần đường xe chạy của mình; nét càng đậm và càng rộng thì tình trạng càng xấu. Đường màu xám: không có xe trong khoảng đo.",
        "Each direction is drawn on its own side of the road; the darker and wider, the worse. Grey roads had no vehicle in the measured period.";
    MapCentre: "vùng trung tâm", "the centre";
    NorthUp: "Hướng bắc ở phía trên", "North is up";
    MapDelay: "Chậm trễ trên mỗi km đường", "Delay per km of road";
    MapSpeed: "Tốc độ trung bình", "Mean speed";
    MapQueue: "Hàng chờ dài nhất trong khoảng đo", "Longest queue in the measured period";
    MapCo2: "CO₂ trên mỗi km đường", "CO₂ per km of road";
    MapConflicts: "Xung đột (suýt va chạm) trên mỗi km đường", "Conflicts (near misses) per km of road";
    UnitConflictsPerKm: "lần/km", "per km";
    TimeSpace: "Biểu đồ thời gian – không gian", "Time-space diagrams";
    TimeSpaceAbout: "Mỗi đường là một xe trên trục chính; đường nằm ngang là xe dừng, đường càng dốc xe chạy càng nhanh. Vạch đỏ nằm ngang: nút có đèn tín hiệu. Lần chạy của hạt giống đầu tiên; chỉ vẽ một phần số xe.",
        "Each line is a vehicle on the main road; a level line stands, a steeper one drives faster. Level red lines: junctions with signals. Of the run of the first seed; some of the vehicles are drawn.";
    Metres: "mét từ đầu đoạn", "metres from the start";
    Moves: "Ai được lợi, ai chịu thiệt, xe đi đâu", "Who gained, who lost, where the traffic went";
    AnnualReport: "Báo cáo kết quả thực hiện năm", "Annual report of";
    MadeOn: "Ngày lập", "Made on";
    Due: "Hạn báo cáo", "Due by";
    YearResults: "Các kết quả trong năm", "The year's results";
    Folder: "Thư mục", "Folder";
    NoReport: "không có báo cáo", "no report";
    OtherYears: "Kết quả của năm khác, không tính", "Results of other years, left out";
    MissingOfYear: "Chỉ tiêu chưa có số liệu trong năm và điều còn thiếu", "Indicators without a value this year, and what is missing";
    NoResult: "không có kết quả nào nêu chỉ tiêu này", "no result speaks of it";
    Yes: "có", "yes";
    NotYet: "không", "no";
    UnitDelayPerKm: "xe·giờ/km", "veh·h/km";
    NothingOnMap: "không có giá trị nào", "no value anywhere";
    Differences: "Chênh lệch", "Differences";
    IntervalsPicture: "Chênh lệch so với gốc (%), với khoảng tin cậy 95 %", "Difference as a share of the base (%), with its 95 % interval";
    BeyondTheEdge: "Chênh lệch quá 100 % được vẽ ở mép hình.", "Differences beyond 100 % are drawn at the edge.";
    FewerFinished: "CHÚ Ý: phương án có nhiều chuyến chưa hoàn thành hơn. Thời gian đi lại (B02), số lần dừng (B09), quãng đường (B10) và CO₂ (K14) chỉ tính phần đã đi, nên thấp hơn không có nghĩa là tốt hơn; hãy xem chậm trễ (K19, B01).",
        "NOTE: more trips are unfinished in the variant. Travel time (B02), stops (B09), distance (B10) and CO₂ (K14) count only what was driven, so lower is not better there; see delay (K19, B01).";
    WhereItChanges: "Nơi thay đổi nhiều nhất", "Where it changes most";
    DelayBefore: "Chậm trễ, gốc (xe·giờ)", "Delay, base (veh·h)";
    DelayAfter: "Chậm trễ, phương án (xe·giờ)", "Delay, variant (veh·h)";
    DelayChange: "Thay đổi (xe·giờ)", "Change (veh·h)";
    VehiclesBefore: "Lượt xe, gốc (xe)", "Vehicles, base (veh)";
    VehiclesAfter: "Lượt xe, phương án (xe)", "Vehicles, variant (veh)";
    Spread: "Độ phân tán giữa các lần chạy", "The spread over the seeds";
    SpreadAbout: "Mỗi chấm là một lần chạy; đường mảnh nối các lần chạy cùng hạt giống ngẫu nhiên; vạch ngang là trung bình.",
        "Each dot is a run; a thin line joins the runs of a seed; the bar is the mean.";
    Accidents: "Tai nạn nghiêm trọng, ước tính (K08)", "Serious accidents, an estimate (K08)";
    Course: "Diễn biến theo thời gian", "The course of the period";
    WarmUpShade: "Phần tô xám là thời gian khởi động, không tính vào kết quả.", "The grey part is the warm-up, left out of the results.";
    CurveSpeed: "Tốc độ trung bình (km/h)", "Mean speed (km/h)";
    CurveDelay: "Chậm trễ (xe·giờ mỗi giờ)", "Delay (veh·h per hour)";
    CurveTrips: "Chuyến đi (chuyến/giờ)", "Trips (trips/h)";
    CurveCo2: "CO₂ (kg/giờ)", "CO₂ (kg/h)";
    Wished: "muốn khởi hành", "wished to leave";
    ArrivedTrips: "đã đến nơi", "arrived";
    Assumptions: "Giả định", "Assumptions";
    NoAssumptions: "Không có giả định nào ngoài mô hình.", "Nothing was assumed beyond the model.";
    Checks: "Độ khớp và những gì đã xảy ra", "How well it fits, and what happened";
    Data: "Dữ liệu đã dùng", "Data used";
    Role: "Vai trò", "Role";
    File: "Tệp", "File";
    Hash: "Mã băm XXH3", "XXH3 hash";
    Reproduce: "Cách tạo lại kết quả", "How to reproduce this";
    ReproduceAbout: "Chạy lệnh sau từ thư mục của kịch bản, với đúng phiên bản và các tệp có mã băm nêu trên; các bảng kết quả sẽ giống từng byte trên mọi máy.",
        "Run this from the scenario's folder, with this version and files of the hashes above; the tables come out the same, byte for byte, on every machine.";
    Seeds: "Hạt giống ngẫu nhiên", "Random seeds";
    StateHashes: "Mã băm trạng thái cuối", "Hashes of the final states";
    Licences: "Nguồn và giấy phép", "Sources and licences";
    LicenceMap: "Bản đồ", "Map";
    LicenceProgram: "Chương trình: MIT hoặc Apache-2.0; danh sách đầy đủ: agtwin licences.", "Program: MIT or Apache-2.0; the full list: agtwin licences.";
    LicencePlan: "Chỉ tiêu và mục tiêu: Kế hoạch của tỉnh An Giang năm 2026 thực hiện Quyết định 2692/QĐ-TTg ngày 11/12/2025.",
        "Indicators and targets: An Giang provincial plan of 2026 carrying out Decision 2692/QD-TTg of 2025-12-11.";
    WhereExplained: "Công thức và nguồn của từng chỉ tiêu: agtwin explain MÃ.", "Formula and sources of each indicator: agtwin explain ID.";
}

macro_rules! sentences {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident),+) { $vi:literal, $en:literal })+) => {
        $(
            $(#[$doc])*
            pub(super) fn $name(lang: Lang, $($arg: impl Display),+) -> String {
                match lang {
                    Lang::Vi => format!($vi),
                    Lang::En => format!($en),
                }
            }
        )+

        #[cfg(test)]
        const SENTENCES: &[(&str, &str, &str)] = &[$((stringify!($name), $vi, $en)),+];
    };
}

impl Word {
    /// Yes or no.
    pub(super) const fn yes_or_no(is_so: bool) -> Self {
        if is_so { Self::Yes } else { Self::NotYet }
    }
}

sentences! {
    /// What became of the travellers.
    fn travellers(demanded, arrived, under_way, waiting) {
        "{demanded} chuyến đi muốn khởi hành trong cả lần chạy: {arrived} đã đến nơi; khi kết thúc còn {under_way} trên đường và {waiting} chờ tại điểm xuất phát.",
        "{demanded} trips wished to leave in the whole run: {arrived} arrived; on the road at the end: {under_way}, waiting at their origin: {waiting}."
    }
    /// The delay of all.
    fn delay(total, each) {
        "Tổng chậm trễ là {total} xe·giờ, bình quân {each} giây mỗi chuyến, kể cả thời gian chờ tại điểm xuất phát và các chuyến chưa hoàn thành.",
        "Delay sums to {total} veh·h, {each} s a trip on average, waiting at the origin and unfinished trips included."
    }
    /// The place that costs most.
    fn worst_place(place, hours, share) {
        "Mất nhiều thời gian nhất ở {place}: {hours} xe·giờ, bằng {share} % tổng chậm trễ trên đường.",
        "Most time is lost on {place}: {hours} veh·h, {share} % of all delay on the road."
    }
    /// How the plan stands.
    fn plan_status(targets, met, not_met, unclear, open) {
        "Trong {targets} chỉ tiêu có mục tiêu cho giai đoạn 2026–2028: {met} đạt, {not_met} chưa đạt, {unclear} chưa đủ căn cứ kết luận, {open} chưa có số liệu hoặc cần lần chạy gốc để so sánh.",
        "Of {targets} indicators with a target for 2026–2028: {met} met, {not_met} not met, {unclear} not shown, {open} without a value or in need of a base run to compare with."
    }
    /// How sure the numbers are.
    fn over_seeds(seeds) {
        "Các giá trị là trung bình của {seeds} lần chạy với hạt giống ngẫu nhiên khác nhau; ± là nửa khoảng tin cậy 95 %.",
        "Values are means of {seeds} runs with different random seeds; ± is half of the 95 % confidence interval."
    }
    /// One run has no interval.
    fn one_seed(seed) {
        "Kết quả của một lần chạy (hạt giống ngẫu nhiên {seed}); muốn có khoảng tin cậy, chạy nhiều lần bằng --seeds.",
        "These are the results of one run (random seed {seed}); for confidence intervals run several with --seeds."
    }
    /// From when to when.
    fn period(from, until, warm_up) {
        "từ {from} đến {until}, sau {warm_up} phút khởi động", "{from} to {until}, after {warm_up} min of warm-up"
    }
    /// The same, with how long trips were followed.
    fn followed(period, minutes) {
        "{period}; chuyến nào cũng được mô phỏng đến khi kết thúc, nhiều nhất thêm {minutes} phút",
        "{period}; every trip followed to its end, for {minutes} min more at most"
    }
    /// How large the network is.
    fn network(length_km, links, signals) {
        "{length_km} km, {links} đoạn đường, {signals} nút có đèn tín hiệu", "{length_km} km, {links} links, {signals} signalised junctions"
    }
    /// Toward a junction.
    fn towards(street, junction) { "{street}, hướng đến {junction}", "{street}, towards {junction}" }
    /// Interval length of curves.
    fn per_interval(minutes) { "Mỗi điểm là một khoảng {minutes} phút.", "Each point is an interval of {minutes} min." }
    /// A variant against its base.
    fn against(variant, base) { "{variant} so với {base}", "{variant} against {base}" }
    /// How many pairs of runs.
    fn pairs_of_runs(seeds) {
        "Mỗi kịch bản chạy {seeds} lần, cùng các hạt giống ngẫu nhiên; chênh lệch được tính theo từng cặp.",
        "Each scenario ran {seeds} times with the same random seeds; differences are taken pair by pair."
    }
    /// Indicators that get better.
    fn shown_better(count, names) { "Tốt hơn ở {count} chỉ tiêu: {names}.", "Indicators that got better: {count} ({names})." }
    /// Indicators that get worse.
    fn shown_worse(count, names) { "Xấu hơn ở {count} chỉ tiêu: {names}.", "Indicators that got worse: {count} ({names})." }
    /// Indicators without a difference.
    fn not_shown(count, same) {
        "Chưa thấy khác biệt ở {count} chỉ tiêu; giống hệt nhau trong mọi cặp ở {same} chỉ tiêu.",
        "No difference is shown in {count} indicators; {same} are the very same in every pair."
    }
    /// Accidents by conflicts.
    fn accidents_by_conflicts(percent, low, high) {
        "Theo xung đột (suýt va chạm): {percent} % (khoảng 95 %: {low} đến {high} %).",
        "By conflicts (near misses): {percent} % (95 % interval {low} to {high} %)."
    }
    /// Every look points the same way.
    fn looks_agree(looks) {
        "Chiều hướng không đổi khi thay đổi giả định: {looks}.",
        "The direction stays under other assumptions: {looks}."
    }
    /// They do not, or the interval holds zero.
    fn looks_differ(looks) {
        "CHƯA đủ căn cứ kết luận: khoảng tin cậy chứa số 0, chiều hướng thay đổi theo giả định, quãng đường xe chạy khác nhiều, hoặc chưa thử giả định khác ({looks}).",
        "NOT shown: the interval holds zero, the direction changes with the assumptions, the distance driven differs much, or no others were tried ({looks})."
    }
    /// Conflicts follow the distance driven.
    fn distance_changes(percent) {
        "Quãng đường xe chạy thay đổi {percent} %: xe chạy ít hơn thì xung đột cũng ít hơn mà không an toàn hơn; quá 5 % thì không kết luận.",
        "The distance driven changes by {percent} %: whoever drives less has fewer conflicts without being safer; beyond 5 % nothing is shown."
    }
    /// Accidents by speeds.
    fn accidents_by_speeds(percent, low, high) {
        "Theo tốc độ xe chạy tự do giữa đoạn (mô hình lũy thừa, lưu lượng không đổi): {percent} % (từ {low} đến {high} %, gồm cả khoảng của số mũ).",
        "By mid-block speeds of unimpeded vehicles (power model, volumes unchanged): {percent} % ({low} to {high} %, the exponents' range included)."
    }
    /// Approaches that gained.
    fn gained(list) { "Nhánh vào được lợi nhiều nhất: {list}.", "Approaches that gained most: {list}." }
    /// Approaches that lost.
    fn lost(list) { "Nhánh vào chịu thiệt nhiều nhất: {list}.", "Approaches that lost most: {list}." }
    /// Not as many travel, so that roads change for two reasons.
    fn other_demand(base, variant) {
        "Số chuyến đi khác nhau: {base} ở gốc, {variant} ở phương án; lượng xe dưới đây thay đổi vì cả nhu cầu lẫn đường đi.",
        "Not as many travel: {base} trips in the base, {variant} in the variant; vehicles below change by demand as well as by ways."
    }
    /// No approach gained much.
    fn nobody_gained(least) {
        "Không nhánh vào nào được lợi quá {least} xe·giờ.", "No approach gained more than {least} veh·h."
    }
    /// No approach lost much.
    fn nobody_lost(least) {
        "Không nhánh vào nào chịu thiệt quá {least} xe·giờ.", "No approach lost more than {least} veh·h."
    }
    /// An approach and its delay.
    fn approach_delay(place, before, after, vehicles) {
        "{place} (chậm trễ từ {before} thành {after} xe·giờ, {vehicles} lượt xe)", "{place} (delay {before} to {after} veh·h, {vehicles} vehicles)"
    }
    /// Roads that traffic left.
    fn left_roads(list) { "Xe rời khỏi: {list}.", "Traffic left: {list}." }
    /// Roads that it went to.
    fn went_to(list) { "Xe chuyển sang: {list}.", "It went to: {list}." }
    /// A road and its vehicles.
    fn road_vehicles(place, before, after) { "{place} (từ {before} thành {after} lượt xe)", "{place} ({before} to {after} vehicles)" }
    /// Nobody changed.
    fn keeps_ways(most) {
        "Xe giữ nguyên đường đi: không tuyến nào thay đổi quá {most} lượt xe.", "Traffic keeps its ways: no road changes by more than {most} vehicles."
    }
    /// The sum over all approaches.
    fn balance(gained, lost, net) {
        "Cộng mọi đoạn đường: giảm {gained}, tăng {lost}, chênh lệch {net} xe·giờ chậm trễ.", "Over all links: {gained} less, {lost} more, {net} veh·h of delay in all."
    }
    /// The bootstrap interval, and the interval without pairing.
    fn other_intervals(low, high, unpaired) {
        "bootstrap 95 %: {low} đến {high}; nếu không ghép cặp: ± {unpaired}",
        "bootstrap 95 %: {low} to {high}; without pairing: ± {unpaired}"
    }
    /// The intervals became narrow enough.
    fn precision_reached(asked, seeds, widest, indicator) {
        "Độ chính xác yêu cầu ±{asked} % đã đạt với {seeds} hạt giống: rộng nhất là ±{widest} % ({indicator}).",
        "The precision asked for, ±{asked} %, is reached with {seeds} seeds: the widest is ±{widest} % ({indicator})."
    }
    /// They did not.
    fn precision_missed(asked, most, widest, indicator) {
        "CHÚ Ý: độ chính xác yêu cầu ±{asked} % CHƯA đạt với tối đa {most} hạt giống: rộng nhất là ±{widest} % ({indicator}).",
        "NOTE: the precision asked for, ±{asked} %, is NOT reached with {most} seeds at most: the widest is ±{widest} % ({indicator})."
    }
    /// Lowest class of a legend.
    fn below(bound) { "dưới {bound}", "below {bound}" }
    /// Highest class of a legend.
    fn from_on(bound) { "từ {bound} trở lên", "{bound} and more" }
}

/// What a file of a run is for.
pub(super) fn role(lang: Lang, role: &str) -> &str {
    match role {
        "scenario" => lang.pick("kịch bản", "scenario"),
        "counts" => lang.pick("số liệu đếm xe", "counts"),
        "detectors" => lang.pick("điểm đếm xe", "detectors"),
        "zones" => lang.pick("vùng giao thông", "zones"),
        "od" => lang.pick("bảng đi–đến", "origin-destination table"),
        "trips" => lang.pick("danh sách chuyến đi", "trip list"),
        "register" => lang.pick("danh mục thiết bị", "equipment register"),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_text_is_there_in_both_languages_and_is_not_a_copy() {
        for word in Word::SHOWN {
            let (vi, en) = (word.get(Lang::Vi), word.get(Lang::En));
            assert!(!vi.is_empty() && !en.is_empty() && vi != en, "{word:?}");
            assert_eq!(vi.ends_with('.') && vi.len() > 4, en.ends_with('.') && en.len() > 4, "{word:?}: a sentence in one language only");
            assert!(en.chars().all(|c| c.is_ascii() || "–−·±₂".contains(c)), "{word:?}: {en}");
        }
    }

    #[test]
    fn both_languages_say_the_same_values() {
        let placeholders =
            |text: &'static str| -> BTreeSet<&'static str> { text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect() };
        for (name, vi, en) in SENTENCES {
            assert_eq!(placeholders(vi), placeholders(en), "{name}");
            assert_ne!(vi, en, "{name}");
        }
    }
}
