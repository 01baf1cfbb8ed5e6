//! The window's own words in Vietnamese and English, in one table; class names, indicators and numbers come from `scenarios`. The compiler
//! holds that no text lacks a language, a test that the font has every letter.

use scenarios::lang::Lang;

macro_rules! texts {
    ($($name:ident { $vi:literal, $en:literal })+) => {
        /// What the window says; the table in this file is what each text means.
        #[allow(missing_docs, reason = "the table says what each is, in two languages")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Text { $($name),+ }

        impl Text {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The words in `lang`.
            pub const fn in_lang(self, lang: Lang) -> &'static str {
                match self {
                    $(Self::$name => lang.pick($vi, $en)),+
                }
            }
        }
    };
}

texts! {
    // The side panel.
    Clock { "Giờ mô phỏng", "Simulated clock" }
    OnRoad { "Xe trên đường", "Vehicles on the road" }
    Waiting { "Chờ vào đường", "Waiting to enter" }
    Arrived { "Đã đến nơi", "Arrived" }
    Now { "Hiện tại", "At present" }
    Vehicles { "Xe", "Vehicles" }
    Legend { "Chú giải", "Legend" }
    NoMap { "Chưa mở bản đồ nào", "No map is open" }
    Sketch {
        "Bản đồ phác thảo: đường vẽ giản lược từ các dữ kiện công khai, không phải số đo. Lưu lượng chỉ để minh họa.",
        "Sketch map: roads are drawn in simplified form from public facts, not surveyed. Traffic is illustrative."
    }
    SketchShort { "Bản đồ phác thảo, lưu lượng minh họa", "Sketch map, illustrative traffic" }
    Data { "Dữ liệu", "Data" }
    SketchData { "vẽ từ dữ kiện công khai; vị trí địa danh © GeoNames, CC BY 4.0", "drawn from public facts; place positions © GeoNames, CC BY 4.0" }
    Unfitted {
        "Nhu cầu đi lại ước theo dân số, chưa hiệu chỉnh theo số đếm",
        "Demand from inhabitants, not yet fitted to the counts"
    }
    Fitted { "Nhu cầu đi lại đã hiệu chỉnh theo số đếm", "Demand fitted to the counts" }
    FitNow { "Hiệu chỉnh theo số đếm", "Fit to the counts" }
    FitTip {
        "Chạy mô phỏng vài lần để khớp với số đếm; mất vài phút, có thể hủy",
        "Simulates several times to match the counts; takes minutes, can be cancelled"
    }
    // Time.
    Pause { "Tạm dừng", "Pause" }
    Play { "Chạy", "Play" }
    Step { "Từng bước", "Single step" }
    Restart { "Về đầu", "To the beginning" }
    Speed { "Tốc độ", "Speed" }
    Fastest { "nhanh nhất", "fastest" }
    SpeedReached { "đạt được", "reached" }
    JumpTo { "Đến giờ", "Go to" }
    JumpTip { "Giờ:phút, rồi Enter. Lùi về trước thì mô phỏng lại từ điểm lưu gần nhất.", "Hour:minute, then Enter. Backwards simulates again from the nearest checkpoint." }
    Jumping { "Đang mô phỏng đến", "Simulating up to" }
    Finished { "Đã hết kịch bản.", "The scenario has ended." }
    Preparing { "Đang chuẩn bị", "Getting ready" }
    OpeningMap { "Đang mở", "Opening" }
    Stopped { "Không mô phỏng được:", "There is no simulation:" }
    Crashed { "Mô phỏng gặp lỗi và đã dừng:", "The simulation broke down and stands:" }
    CrashedHelp { "Vẫn có thể lùi lại hoặc lưu kịch bản.", "You can still go back in time or save the scenario." }
    Bookmark { "Đánh dấu", "Bookmark" }
    BookmarkTip { "Đánh dấu thời điểm này trên thanh thời gian", "Mark this moment on the time line" }
    PartMap { "mở bản đồ", "opening the map" }
    PartDemand { "tính nhu cầu đi lại", "working out the demand" }
    PartTrips { "rút các chuyến đi", "drawing the trips" }
    PartFit { "hiệu chỉnh theo số đếm", "fitting to the counts" }
    Cancel { "Hủy", "Cancel" }
    Close { "Đóng", "Close" }
    // Layers.
    Layers { "Lớp", "Layers" }
    LayerRoads { "Chỉ đường", "Roads only" }
    LayerSpeed { "Tốc độ", "Speed" }
    LayerFlow { "Lưu lượng", "Flow" }
    LayerDensity { "Mật độ", "Density" }
    LayerDelay { "Độ trễ", "Delay" }
    LayerQueue { "Hàng chờ", "Queue" }
    LayerService { "Mức phục vụ", "Level of service" }
    LayerEmissions { "Phát thải CO2", "CO2 emissions" }
    LayerConflicts { "Xung đột giao thông", "Conflicts" }
    LayerSensors { "Vùng phủ máy đếm", "Sensor coverage" }
    LayerCounts { "Lệch so với số đếm", "Deviation from counts" }
    UnitConflicts { "vụ/km/h, từ đầu", "per km and hour, since the beginning" }
    UnitSensors { "máy", "detectors" }
    UnitPercent { "%", "%" }
    SensorLoop { "Vòng từ", "Loops" }
    SensorCamera { "Camera", "Cameras" }
    SensorRadar { "Radar", "Radars" }
    Coverage { "Quãng đường xe chạy trên đường có máy đếm", "Way driven on roads with a detector" }
    CoverageTip { "Trong phút vừa qua, trên mọi đường", "In the last minute, of all roads" }
    CountedSim { "mô phỏng", "simulated" }
    CountedReal { "đếm thực", "observed" }
    CountsOf { "mô phỏng so với đếm thực, mọi loại xe", "simulated against observed, all classes" }
    CountsWait { "Có số liệu khi khoảng đo đầu tiên kết thúc.", "Values come when the first interval is over." }
    NoCounts { "Kịch bản này không có số đếm.", "This scenario has no counts." }
    ConflictsOff { "Chưa tìm xung đột: bật trong trình đơn Lớp.", "Nobody looks for conflicts: turn it on in the Layers menu." }
    ConflictsAre { "Thời gian đến va chạm và giảm tốc cần thiết vượt ngưỡng; vòng tròn: trong nút", "Time to collision and deceleration beyond their thresholds; circles: inside junctions" }
    LookForConflicts { "Tìm xung đột (mở lại)", "Look for conflicts (opens again)" }
    LookForConflictsTip { "Mô phỏng lại từ đầu và ghi các vụ suýt va chạm; chạy chậm hơn một chút", "Simulates again from the beginning and notes near misses; a little slower" }
    ShowDifference { "Bản đồ chênh lệch", "Difference map" }
    DifferenceOf { "Bên trái trừ bên phải; cam: nhiều hơn, tím: ít hơn", "Left minus right; orange: more, purple: less" }
    DifferenceNeeds { "Cần bật So sánh và một lớp có thể trừ", "Needs Compare and a layer that can be subtracted" }
    LayerWait { "Lớp có số liệu sau phút mô phỏng đầu tiên.", "Layers have values after the first simulated minute." }
    LayerOf { "phút vừa qua", "the last minute" }
    WidthIsFlow { "Bề rộng: lưu lượng", "Width: flow" }
    ServiceFrom { "HCM 2010, theo phần trăm tốc độ cho phép", "HCM 2010, as percent of the limit" }
    NoValue { "không có xe", "no traffic" }
    NoUnit { "", "" }
    UnitKmh { "km/h", "km/h" }
    UnitPerHour { "xe/h", "veh/h" }
    UnitPerKm { "xe/km", "veh/km" }
    UnitSecondsPerKm { "giây/km", "s/km" }
    UnitMetres { "m", "m" }
    UnitOfLimit { "% tốc độ cho phép", "% of the limit" }
    UnitCo2 { "kg/km/h", "kg/km/h" }
    ColourBy { "Màu xe theo", "Vehicle colour by" }
    ByClass { "loại xe", "class" }
    BySpeed { "tốc độ", "speed" }
    ByDelay { "thời gian mất", "time lost" }
    ByPurpose { "mục đích", "purpose" }
    HideVehicles { "Ẩn xe", "Hide vehicles" }
    PurposePersonal { "cá nhân", "personal" }
    PurposeFreight { "chở hàng", "freight" }
    PurposePublic { "công cộng", "public transport" }
    PurposeEmergency { "khẩn cấp", "emergency" }
    // The top bar.
    Open { "Mở…", "Open…" }
    SearchHint { "Tìm đường, địa danh", "Search street or place" }
    NothingFound { "Không tìm thấy", "Nothing found" }
    Indicators { "Chỉ số", "Indicators" }
    Compare { "So sánh", "Compare" }
    Export { "Xuất", "Export" }
    Help { "Trợ giúp", "Help" }
    About { "Giới thiệu", "About" }
    DayNight { "Sáng / tối", "Light / dark" }
    Larger { "Chữ lớn hơn", "Larger text" }
    Smaller { "Chữ nhỏ hơn", "Smaller text" }
    Fit { "Xem toàn bộ", "Show all" }
    North { "Xoay về hướng bắc", "Turn north up" }
    ZoomIn { "Phóng to", "Zoom in" }
    ZoomOut { "Thu nhỏ", "Zoom out" }
    NorthLetter { "B", "N" }
    // What was clicked.
    Vehicle { "Xe", "Vehicle" }
    Follow { "Đi theo", "Follow" }
    Unfollow { "Thôi đi theo", "Stop following" }
    Trip { "Chuyến đi", "Trip" }
    Purpose { "Mục đích", "Purpose" }
    From { "Từ", "From" }
    To { "Đến", "To" }
    Departed { "Xuất phát", "Departed" }
    Distance { "Đã đi", "Driven" }
    TimeLost { "Thời gian mất", "Time lost" }
    Stops { "Số lần dừng", "Stops" }
    Co2 { "CO2", "CO2" }
    SpeedNow { "Tốc độ hiện tại", "Speed now" }
    HasArrived { "Đã đến nơi.", "It has arrived." }
    NotOnRoad { "Không ở trên đường.", "It is not on the road." }
    Road { "Đường", "Road" }
    NamelessRoad { "Đường không tên", "Nameless road" }
    Towards { "về phía", "towards" }
    Length { "Chiều dài", "Length" }
    Lanes { "Số làn", "Lanes" }
    Width { "Bề rộng", "Width" }
    Limit { "Tốc độ cho phép", "Limit" }
    Junction { "Nút giao", "Junction" }
    NamelessJunction { "Nút giao không tên", "Nameless junction" }
    WithSignal { "có đèn tín hiệu", "with signals" }
    WithPriority { "ưu tiên theo biển báo", "priority by signs" }
    Roundabout { "vòng xuyến", "roundabout" }
    Approaches { "Nhánh vào", "Approaches" }
    Controller { "Điều khiển", "Control" }
    Cycle { "Chu kỳ", "Cycle" }
    OverTime { "theo thời gian", "over time" }
    FundamentalDiagram { "Biểu đồ cơ bản", "Fundamental diagram" }
    FundamentalTip { "Mỗi chấm là một phút: mật độ (xe/km) và lưu lượng (xe/h)", "Each dot is a minute: density (veh/km) and flow (veh/h)" }
    QueueLength { "Hàng chờ dài nhất", "Longest queue" }
    RingDiagram { "Vòng đèn", "Signal ring" }
    RingTip { "Một vòng là một chu kỳ của phương án; kim chỉ hiện tại nếu đèn chạy theo đồng hồ", "One round is one cycle of the plan; the hand is now, where it runs by the clock" }
    LampHistory { "Đèn trong 4 phút qua", "Lamps of the last 4 minutes" }
    ThroughTraffic { "Xe qua nút, xe/h", "Vehicles through, veh/h" }
    AfterMinute { "Biểu đồ có số liệu sau phút đầu tiên.", "Charts have values after the first minute." }
    // Edits.
    Edit { "Thay đổi", "Change" }
    CloseRoad { "Đóng đường", "Close the road" }
    CloseLane { "Đóng một làn", "Close a lane" }
    AddAccident { "Tai nạn", "Accident" }
    SetLimit { "Đặt tốc độ", "Set limit" }
    Retime { "Chỉnh đèn…", "Re-time…" }
    SwitchTo { "Chuyển sang", "Switch to" }
    Switch { "Chuyển", "Switch" }
    SwitchTip { "Từ bước sau; máy đếm cần thiết được lắp thêm", "From the next step on; the detectors it needs are put up" }
    PlaceDetector { "Đặt máy đếm", "Place a detector" }
    PlaceDetectorTip { "Đếm và đo tốc độ xe đi qua; kết quả vào tệp kết quả", "Counts those who pass and measures their speed; it goes into the results" }
    DetectorAtTip { "Vị trí trên đoạn đường, tính từ đầu đoạn", "Where on the road, from its start" }
    DemandAndFleet { "Nhu cầu và đội xe", "Demand and fleet" }
    TripsFromNow { "Chuyến đi từ bây giờ", "Trips from now on" }
    TripsTip { "So với kịch bản. Chuyến nào bớt hoặc thêm là do rút thăm cố định; xe buýt và xe ưu tiên giữ nguyên.", "Against the scenario. Which trips stay away or are repeated is a fixed draw; buses and blue light are left alone." }
    ElectricShare { "Tỷ lệ xe điện", "Share of electric vehicles" }
    ElectricTip { "Của các xe khởi hành từ bây giờ", "Of those who set out from now on" }
    GuidedShare { "Người dùng ứng dụng dẫn đường", "Users of a navigation app" }
    GuidedTip { "Được báo thời gian đi và có thể đổi đường giữa chừng", "They are told of travel times and may change their way" }
    AllClasses { "mọi loại xe", "all classes" }
    Set { "Đặt", "Set" }
    Apply { "Áp dụng", "Apply" }
    Undo { "Hoàn tác", "Undo" }
    Minutes { "phút", "min" }
    ForMinutes { "trong", "for" }
    Edits { "Thay đổi đã làm", "Changes made" }
    NoEdits { "Chưa thay đổi gì. Bấm vào một con đường hoặc nút giao để bắt đầu.", "Nothing changed yet. Click a road or junction to begin." }
    SaveScenario { "Lưu thành kịch bản…", "Save as scenario…" }
    SavedUnfitted {
        "Khi chạy lại bằng agtwin run, nhu cầu sẽ được hiệu chỉnh theo số đếm, nên kết quả khác với lượt chạy này.",
        "Run again by agtwin run, its demand is fitted to the counts first, so it differs from this run."
    }
    Branch { "Nhánh", "Branch" }
    BranchTip { "Sửa sau khi lùi lại sẽ mở một nhánh mới; nhánh cũ vẫn còn", "A change after going back opens a new branch; the old one stays" }
    Refused { "Bị từ chối", "Refused" }
    PlanUnsafe { "Không an toàn, nên không áp dụng", "Not safe, so not applied" }
    PlanSafe { "An toàn", "Safe" }
    PlanHelp { "Thời gian xanh, vàng, đỏ toàn phần của mỗi pha, giây", "Green, yellow and all-red of each phase, seconds" }
    Phase { "Pha", "Phase" }
    Green { "xanh", "green" }
    Yellow { "vàng", "yellow" }
    AllRed { "đỏ toàn phần", "all-red" }
    Offset { "Lệch pha", "Offset" }
    // Corrections of the map.
    CorrectMap { "Sửa bản đồ", "Correct the map" }
    CorrectTip { "Khác với thử thay đổi: ghi vào tệp hiệu chỉnh, dùng cho mọi kịch bản của bản đồ, rồi mở lại.", "Unlike a what-if change: written to the corrections of the map, for every scenario on it; then it is opened again." }
    WriteCorrection { "Ghi", "Write" }
    UndoCorrection { "⟲ Bỏ lần sửa bản đồ cuối", "⟲ Take back the last correction" }
    BothDirections { "Cả hai chiều", "Both directions" }
    RemoveRoad { "Không có đường này", "There is no such road" }
    RemoveRoadTip { "Bỏ đường này và mọi lối rẽ qua nó khỏi bản đồ", "Takes the road and all turns over it out of the map" }
    Turns { "Các hướng rẽ ở cuối đường", "Turns at its end" }
    BanTurn { "Cấm", "Ban" }
    AllowTurn { "Cho rẽ", "Allow" }
    SignalHere { "Ở đây có đèn tín hiệu", "There are signals here" }
    NoSignalHere { "Ở đây không có đèn tín hiệu", "There are no signals here" }
    MergeWith { "Gộp với", "Merge with" }
    SplitJunction { "Tách nút này", "Split this junction" }
    MissingRoad { "Đường còn thiếu", "A road that is missing" }
    NewRoadFrom { "Bắt đầu từ đây", "It begins here" }
    NewRoadTo { "Kết thúc ở đây", "It ends here" }
    NewRoadNext { "Bấm vào nút giao ở đầu kia.", "Click the junction at its other end." }
    // Indicators and comparison.
    Indicator { "Chỉ số", "Indicator" }
    Value { "Giá trị", "Value" }
    Target { "Mục tiêu", "Target" }
    Status { "Tình trạng", "Status" }
    Trend { "Diễn biến", "Trend" }
    ShowLayer { "Xem trên bản đồ, lớp", "Show on the map, layer" }
    Seeds { "Số lần chạy (hạt giống)", "Runs (seeds)" }
    OverSeeds { "Phân bố qua các lần chạy", "Spread over the seeds" }
    OverSeedsTip { "Mỗi chấm là một lần chạy, vạch là trung bình; mỗi hàng một kịch bản", "Each dot is one run, the tick is the mean; a line for each scenario" }
    CopyTable { "Chép bảng", "Copy table" }
    Copied { "Đã chép vào bộ nhớ tạm.", "Copied to the clipboard." }
    OnlyKnown { "Chỉ những chỉ số đã có giá trị", "Only those with a value" }
    IndicatorsWait { "Đang tính…", "Computing…" }
    CompareBase { "Không thay đổi", "Without changes" }
    CompareEdited { "Có thay đổi", "With changes" }
    CompareTip { "Chạy song song kịch bản gốc, cùng giờ, cùng chuyến đi", "Runs the scenario without your changes beside it, same time, same trips" }
    StopCompare { "Thôi so sánh", "Stop comparing" }
    Difference { "Chênh lệch", "Difference" }
    MeanSpeed { "Tốc độ trung bình", "Mean speed" }
    LostTogether { "Thời gian mất (xe trên đường)", "Time lost (on the road)" }
    // Opening and saving.
    Start { "Bắt đầu", "Start" }
    StartHelp { "Chọn một ví dụ, hoặc mở kịch bản, bản đồ OpenStreetMap, thư mục kết quả của bạn.", "Choose an example, or open your own scenario, OpenStreetMap map or result folder." }
    Examples { "Ví dụ", "Examples" }
    Recent { "Gần đây", "Recent" }
    OpenFile { "Mở tệp…", "Open a file…" }
    OpenFolder { "Mở thư mục kết quả…", "Open a result folder…" }
    DropHint { "Cũng có thể kéo thả tệp vào cửa sổ.", "You can also drop a file on the window." }
    ResultOf { "Kết quả", "Results" }
    OpenReport { "Trang báo cáo", "Report page" }
    Screenshot { "Ảnh màn hình (PNG)", "Screenshot (PNG)" }
    RecordGif { "Ghi hình GIF", "Record a GIF" }
    RecordPng { "Ghi chuỗi ảnh PNG", "Record PNG images" }
    RecordMp4 { "Ghi hình MP4", "Record an MP4" }
    NeedsFfmpeg { "cần cài thêm chương trình ffmpeg", "needs the program ffmpeg installed" }
    StopRecording { "Dừng ghi", "Stop recording" }
    Recording { "Đang ghi", "Recording" }
    LayerGeoJson { "Lớp đường (GeoJSON)", "Road layer (GeoJSON)" }
    HtmlReport { "Báo cáo HTML (chạy hết kịch bản)", "HTML report (runs the whole scenario)" }
    Written { "Đã ghi", "Written" }
    Failed { "Không được", "Failed" }
    ReportRunning { "Đang chạy để lập báo cáo", "Running for the report" }
    // Help.
    HelpKeys { "Phím tắt", "Keys" }
    KeySpace { "chạy hoặc dừng", "play or pause" }
    KeyStep { "một bước", "one step" }
    KeyFaster { "nhanh hơn, chậm hơn", "faster, slower" }
    KeyHome { "về chỗ ban đầu", "back to where it opened" }
    KeyFit { "xem toàn bộ bản đồ", "show the whole map" }
    KeyTurn { "xoay bản đồ", "turn the map" }
    KeyNorth { "bắc ở trên", "north up" }
    KeyPan { "di chuyển bản đồ", "move the map" }
    KeyZoom { "phóng to, thu nhỏ", "zoom in, out" }
    KeySearch { "tìm kiếm", "search" }
    KeyOpen { "mở", "open" }
    KeyUndo { "hoàn tác", "undo" }
    KeyLayer { "lớp tiếp theo", "next layer" }
    KeyVehicle { "đi theo một xe ở giữa bản đồ", "follow a vehicle in the middle" }
    KeyEscape { "bỏ chọn, đóng cửa sổ", "deselect, close windows" }
    KeyHelp { "trang này", "this sheet" }
    KeyShot { "ảnh màn hình", "screenshot" }
    HelpMouse { "Chuột", "Mouse" }
    MouseDrag { "Kéo để di chuyển, lăn để phóng to tại con trỏ, kéo nút phải để xoay", "Drag to move, wheel to zoom at the cursor, drag the right button to turn" }
    MouseClick { "Bấm vào xe, đường hoặc nút giao để xem và thay đổi", "Click a vehicle, road or junction to see and change it" }
    AboutText {
        "An Giang Twin, bản sao số mở về giao thông tỉnh An Giang. Mã nguồn: MIT hoặc Apache-2.0.",
        "An Giang Twin, an open traffic digital twin for An Giang province. Source code: MIT or Apache-2.0."
    }
    Licences { "Giấy phép", "Licences" }
    NoGpu {
        "Không có trình điều khiển đồ họa Vulkan. Hãy cài `mesa-vulkan-drivers libvulkan1` (Debian, Ubuntu) hoặc trình điều khiển của card đồ họa. Mọi việc khác không cần cửa sổ: `agtwin run`, `agtwin compare`.",
        "There is no Vulkan graphics driver. Install `mesa-vulkan-drivers libvulkan1` (Debian, Ubuntu) or the graphics card's own driver. Everything else works without a window: `agtwin run`, `agtwin compare`."
    }
    NoDisplay {
        "Không có màn hình: chưa đặt DISPLAY hay WAYLAND_DISPLAY, hoặc thiếu thư viện X11 (`libx11-6 libxcursor1 libxi6 libxrandr2 libxkbcommon-x11-0`). Không cần cửa sổ: `agtwin run`, `agtwin compare`.",
        "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set, or X11's libraries are missing (`libx11-6 libxcursor1 libxi6 libxrandr2 libxkbcommon-x11-0`). Without a window: `agtwin run`, `agtwin compare`."
    }
}

/// The name of a part of the preparation, as [`scenarios::run::progress`] calls it.
pub fn part_name(part: &str, lang: Lang) -> String {
    match part {
        "map" => Text::PartMap.in_lang(lang).into(),
        "demand" => Text::PartDemand.in_lang(lang).into(),
        "trips" => Text::PartTrips.in_lang(lang).into(),
        fit if fit.starts_with("fit to counts") => {
            let rest =
                fit.trim_start_matches("fit to counts").replace("run", lang.pick("lần", "run")).replace("of", lang.pick("trên", "of"));
            format!("{}{rest}", Text::PartFit.in_lang(lang))
        }
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_says_something_in_both_languages() {
        for text in Text::ALL {
            let (vi, en) = (text.in_lang(Lang::Vi), text.in_lang(Lang::En));
            assert!(*text == Text::NoUnit || (!vi.is_empty() && !en.is_empty()), "{text:?}");
            assert!(!vi.contains("  ") && !en.contains("  ") && vi.trim() == vi && en.trim() == en, "{text:?}");
        }
    }

    #[test]
    fn the_parts_of_a_preparation_are_told_in_both_languages() {
        assert_eq!(part_name("fit to counts, run 2 of 3", Lang::Vi), "hiệu chỉnh theo số đếm, lần 2 trên 3");
        assert_eq!(part_name("demand", Lang::En), "working out the demand");
    }
}
