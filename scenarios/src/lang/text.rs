//! The fixed texts of tables and headings.

use super::Lang;

macro_rules! texts {
    ($($name:ident: $vi:literal, $en:literal;)+) => {
        /// A text that exists in both languages.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Text {
            $(#[doc = $en] $name,)+
        }

        impl Text {
            /// Every text.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The text in `lang`.
            pub const fn get(self, lang: Lang) -> &'static str {
                match self {
                    $(Self::$name => lang.pick($vi, $en),)+
                }
            }
        }
    };
}

texts! {
    // What a run starts from.
    Scenario: "Kịch bản", "Scenario";
    Map: "Bản đồ", "Map";
    Network: "Mạng lưới đường", "Road network";
    Period: "Thời gian mô phỏng", "Simulated period";
    WarmUp: "Thời gian khởi động (không tính vào kết quả)", "Warm-up (left out of the results)";
    CoolDown: "Mô phỏng tiếp đến khi mọi chuyến kết thúc, nhiều nhất", "Followed until every trip ends, at most";
    Seed: "Hạt giống ngẫu nhiên", "Random seed";
    Seeds: "Các hạt giống ngẫu nhiên", "Random seeds";
    Threads: "Số luồng xử lý", "Threads";
    Step: "Bước thời gian", "Time step";
    Counts: "Số liệu đếm xe", "Counts";
    Demand: "Nhu cầu đi lại", "Demand";
    Register: "Danh mục thiết bị", "Equipment register";
    Assumptions: "Giả định", "Assumptions";
    Notes: "Ghi chú", "Notes";
    Warnings: "Cảnh báo", "Warnings";
    Attribution: "Nguồn dữ liệu", "Data source";
    // What must be said of inputs that were made up.
    SketchMap: "Bản đồ phác thảo: vẽ từ các dữ kiện công khai, hình học đã đơn giản hóa, không phải dữ liệu đo đạc.",
        "Sketch map: drawn from public facts, geometry simplified, not surveyed.";
    IllustrativeCounts: "Số liệu đếm xe chỉ mang tính minh họa, không phải số liệu đếm thực tế.",
        "The counts are illustrative, nobody counted them.";
    IllustrativeRegister: "Danh mục thiết bị chỉ mang tính minh họa, không phải số liệu của tỉnh.",
        "The equipment register is illustrative, not the province's.";
    IllustrativeMark: "minh họa", "illustrative";
    // How near a fit comes to counts.
    UncalibratedPrior: "trước khi hiệu chỉnh", "prior (uncalibrated)";
    FitToAllCounts: "hiệu chỉnh theo mọi số liệu", "fit to all counts";
    FittedDetectors: "điểm đếm dùng để hiệu chỉnh", "fitted";
    HeldOutDetectors: "điểm đếm để riêng", "held out";
    // The population of a run.
    Population: "Số phương tiện", "Vehicles";
    TripsWished: "Chuyến đi muốn khởi hành", "Trips that wished to leave";
    Entered: "Đã vào mạng lưới", "Entered";
    OnTheRoad: "Đang trên đường", "On the road";
    WaitingAtOrigin: "Đang chờ tại điểm xuất phát", "Waiting at the origin";
    Arrived: "Đã đến nơi", "Arrived";
    Removed: "Bị loại bỏ (có nêu lý do)", "Removed (with a reason)";
    Unreachable: "Không tìm được đường đi", "Without a route";
    Vehicles: "xe", "vehicles";
    Trips: "chuyến", "trips";
    // Progress and the end of a run.
    Clock: "Giờ mô phỏng", "Simulated clock";
    RealTimeFactor: "Nhanh hơn thời gian thực", "Times real time";
    ResultsIn: "Kết quả được ghi vào", "Results written to";
    ReportIn: "Báo cáo được ghi vào", "Report written to";
    PromisesKept: "Kiểm tra: mọi cam kết của lần chạy đều được giữ.", "Check: every promise of the run was kept.";
    PromisesBroken: "Kiểm tra: có cam kết bị vi phạm.", "Check: promises were broken.";
    StateHash: "Mã băm trạng thái cuối", "Hash of the final state";
    Gridlock: "Tắc nghẽn hoàn toàn", "Gridlock";
    DemandChanged: "Nhu cầu", "Demand";
    Guidance: "Hướng dẫn đường", "Guidance";
    Pedestrians: "Người đi bộ", "Pedestrians";
    Gates: "Trạm", "Gates";
    CarParks: "Bãi đỗ xe", "Car parks";
    Driving: "Ai lái", "Driving";
    ByHand: "người lái", "by hand";
    Acc: "ga tự động thích ứng (ACC)", "adaptive cruise control (ACC)";
    Cacc: "ga tự động phối hợp (CACC)", "cooperative cruise control (CACC)";
    Autonomous: "tự hành", "autonomous";
    Trackers: "Thiết bị giám sát hành trình", "Journey trackers";
    AssignmentRun: "lần chạy", "run";
    ChangedWays: "chuyến đổi đường", "changed ways";
    RelativeGap: "độ hở tương đối", "relative gap";
    OwnWaysMinutes: "trung bình (phút)", "mean (min)";
    BestWaysMinutes: "trên đường nhanh nhất", "on quickest ways";
    TripHours: "tổng giờ đi lại", "hours of all trips";
    SignalsDegraded: "Đèn tín hiệu suy giảm", "Signals degraded";
    SignalsPreempted: "Ưu tiên xe khẩn cấp", "Pre-emption";
    Base: "Gốc", "Base";
    Variant: "Phương án", "Variant";
    Difference: "Chênh lệch", "Difference";
    Verdict: "Kết luận", "Verdict";
    VerdictBetter: "tốt hơn", "better";
    VerdictWorse: "xấu hơn", "worse";
    VerdictDiffers: "khác nhau", "differs";
    VerdictNotShown: "chưa thấy khác biệt", "no difference shown";
    VerdictSame: "giống hệt nhau", "the same in every pair";
    VerdictAbout: "Tốt hơn, xấu hơn hoặc khác nhau: khoảng tin cậy 95 % của chênh lệch không chứa 0.",
        "Better, worse or differs: the 95 % interval of the difference leaves zero out.";
    DemandDiffers: "Hai kịch bản khác nhau cả về nhu cầu đi lại; chênh lệch gồm cả phần đó.",
        "The scenarios differ in their demand too; the difference is that of both.";
    Interrupted: "Đã dừng giữa chừng; không ghi kết quả.", "Interrupted; no results were written.";
    NextSteps: "Có thể thử tiếp", "What to try next";
    // The table of indicators.
    IndicatorTable: "Chỉ tiêu của Kế hoạch", "Indicators of the plan";
    Id: "Mã", "Id";
    Indicator: "Chỉ tiêu", "Indicator";
    Kind: "Loại", "Kind";
    Value: "Giá trị", "Value";
    Unit: "Đơn vị", "Unit";
    Target: "Mục tiêu", "Target";
    Target2028: "Mục tiêu 2026–2028", "Target 2026–2028";
    Target2035: "Mục tiêu 2029–2035", "Target 2029–2035";
    Status: "Tình trạng", "Status";
    Source: "Căn cứ", "Source";
    AllClasses: "tất cả các loại xe", "all classes";
    Met: "đạt", "met";
    NotMet: "chưa đạt", "not met";
    NoTarget: "không đặt mục tiêu", "no target";
    NoTargetInPhase: "chưa có mục tiêu trong giai đoạn này", "no target in this phase";
    Unclear: "chưa đủ căn cứ kết luận", "not shown";
    NotDecidable: "cần lần chạy gốc", "needs a base run";
    NotApplicable: "không có trên bản đồ", "not on this map";
    NotSupplied: "chưa được cung cấp", "not supplied";
    NotYetEvaluated: "chưa đánh giá", "not yet evaluated";
    Missing: "thiếu", "missing";
    KindSimulated: "mô phỏng", "simulated";
    KindSimulatedInput: "thông số mô phỏng", "simulation input";
    KindInventory: "thống kê thiết bị", "inventory";
    KindInventoryAndSimulated: "thống kê và mô phỏng", "inventory + simulated";
    KindExternal: "do tỉnh cung cấp", "external";
    KindBasic: "giao thông cơ bản", "traffic basic";
    GroupTraffic: "Giao thông trong lần chạy", "Traffic in this run";
    GroupSimulated: "Chỉ tiêu mô phỏng", "Simulated indicators";
    GroupInventory: "Chỉ tiêu thống kê từ bản đồ và danh mục thiết bị", "Indicators from the map and the equipment register";
    GroupExternal: "Chỉ tiêu do tỉnh cung cấp", "Indicators supplied by the province";
    Formula: "Công thức", "Formula";
    Inputs: "Dữ liệu vào", "Inputs";
    Definition: "Nguồn định nghĩa và hệ số", "Definition and numbers after";
    VehicleClass: "Loại xe", "Vehicle class";
    HalfWidth: "Nửa khoảng tin cậy 95 %", "Half of the 95 % interval";
    Status2028: "Tình trạng 2026–2028", "Status 2026–2028";
    Status2035: "Tình trạng 2029–2035", "Status 2029–2035";
    Interval95: "khoảng tin cậy 95 %", "95 % interval";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that are meant to be the same in both languages.
    const SAME_ON_PURPOSE: &[Text] = &[];

    #[test]
    fn every_text_is_there_in_both_languages_and_is_not_a_copy() {
        for text in Text::ALL {
            let (vi, en) = (text.get(Lang::Vi), text.get(Lang::En));
            for t in [vi, en] {
                assert!(!t.is_empty() && t.trim() == t, "{text:?}: {t:?}");
            }
            assert_eq!(vi == en, SAME_ON_PURPOSE.contains(text), "{text:?}: {vi} / {en}");
            assert_eq!(vi.ends_with('.'), en.ends_with('.'), "{text:?}: a sentence in one language, a word in the other");
            assert!(en.chars().all(|c| c.is_ascii() || "–−·≥≤".contains(c)), "{text:?}: Vietnamese where English belongs: {en}");
        }
    }
}
