//! The window's own words in Vietnamese and English; class names and numbers come from `scenarios::lang`.

use scenarios::lang::Lang;

/// What the window says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// The simulated clock.
    Clock,
    /// Vehicles on the road.
    OnRoad,
    /// Trips that wait for room to enter.
    Waiting,
    /// Trips that arrived.
    Arrived,
    /// Button: stand still.
    Pause,
    /// Button: go on.
    Play,
    /// Button: from the beginning.
    Restart,
    /// The wished speed.
    Speed,
    /// The speed reached.
    SpeedReached,
    /// The scenario's end is reached.
    Finished,
    /// Demand is being made.
    Preparing,
    /// There is no simulation.
    Stopped,
    /// The embedded map's warning.
    Sketch,
    /// How to bring a real map.
    RealMap,
    /// How to move the map.
    Help,
    /// Whom to credit.
    Data,
    /// What the embedded map was drawn from, and whom to credit for it.
    SketchData,
}

impl Text {
    /// The words in `lang`.
    pub const fn in_lang(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Clock, Lang::Vi) => "Giờ mô phỏng",
            (Self::Clock, Lang::En) => "Simulated clock",
            (Self::OnRoad, Lang::Vi) => "Xe trên đường",
            (Self::OnRoad, Lang::En) => "Vehicles on the road",
            (Self::Waiting, Lang::Vi) => "Chờ vào đường",
            (Self::Waiting, Lang::En) => "Waiting to enter",
            (Self::Arrived, Lang::Vi) => "Đã đến nơi",
            (Self::Arrived, Lang::En) => "Arrived",
            (Self::Pause, Lang::Vi) => "Tạm dừng",
            (Self::Pause, Lang::En) => "Pause",
            (Self::Play, Lang::Vi) => "Chạy tiếp",
            (Self::Play, Lang::En) => "Play",
            (Self::Restart, Lang::Vi) => "Chạy lại từ đầu",
            (Self::Restart, Lang::En) => "Start again",
            (Self::Speed, Lang::Vi) => "Tốc độ",
            (Self::Speed, Lang::En) => "Speed",
            (Self::SpeedReached, Lang::Vi) => "Tốc độ đạt được",
            (Self::SpeedReached, Lang::En) => "Speed reached",
            (Self::Finished, Lang::Vi) => "Đã hết kịch bản.",
            (Self::Finished, Lang::En) => "The scenario has ended.",
            (Self::Preparing, Lang::Vi) => "Đang chuẩn bị các chuyến đi …",
            (Self::Preparing, Lang::En) => "Getting the trips ready …",
            (Self::Stopped, Lang::Vi) => "Không mô phỏng được:",
            (Self::Stopped, Lang::En) => "There is no simulation:",
            (Self::Sketch, Lang::Vi) => {
                "Bản đồ phác thảo: đường vẽ giản lược từ các dữ kiện công khai, không phải số đo. Lưu lượng chỉ để minh họa."
            }
            (Self::Sketch, Lang::En) => {
                "Sketch map: roads are drawn in simplified form from public facts, not surveyed. Traffic is illustrative."
            }
            (Self::RealMap, Lang::Vi) => "Mở bản đồ thật: agtwin-viewer TỆP.osm.pbf",
            (Self::RealMap, Lang::En) => "Open a real map: agtwin-viewer FILE.osm.pbf",
            (Self::Help, Lang::Vi) => "Kéo chuột để di chuyển, lăn để phóng to, phím Home để về chỗ cũ, phím cách để dừng hoặc chạy.",
            (Self::Help, Lang::En) => "Drag to move, wheel to zoom, Home to go back, space to pause or play.",
            (Self::Data, Lang::Vi) => "Dữ liệu",
            (Self::Data, Lang::En) => "Data",
            (Self::SketchData, Lang::Vi) => "vẽ từ dữ kiện công khai; vị trí địa danh © GeoNames, CC BY 4.0",
            (Self::SketchData, Lang::En) => "drawn from public facts; place positions © GeoNames, CC BY 4.0",
        }
    }
}
