//! What a run took for granted: said with every table of results, kept in `run.json`.

use super::session::REASSIGN_ROUNDS;
use crate::{
    kpi::Bilingual,
    lang::{Lang, Text, phrase},
    scenario::{check::Demand, file::ScenarioFile, interventions::Response, sentence::Sentence},
};
use sim_core::{
    control::{Control, Controller},
    network::RoadNetwork,
};
use std::collections::BTreeMap;

/// What follows from the map and the scenario alone.
pub fn of_inputs(network: &RoadNetwork, file: &ScenarioFile, demand: &Demand) -> Vec<Bilingual> {
    let mut found = Vec::new();
    if network.meta.is_sketch {
        found.push(both(|lang| {
            let command = "agtwin map import vietnam-latest.osm.pbf -o an-giang.map --bbox 8.9,103.4,11.0,105.7";
            format!("{} {}", Text::SketchMap.get(lang), phrase::bring_the_real_map(lang, command))
        }));
    }
    if file.demand.illustrative {
        found.push(both(|lang| Text::IllustrativeCounts.get(lang).to_owned()));
    }
    if matches!(demand, Demand::Synthetic { .. }) {
        found.push(Bilingual::new(
            "Nhu cầu đi lại do chương trình tạo ra, không phản ánh giao thông thực tế của nơi này.",
            "The demand is synthetic: made up, not the traffic of this place.",
        ));
    }
    let (assumed, all) = (network.controllers.iter().filter(|c| c.plan_is_assumed).count(), network.controllers.len());
    if assumed > 0 {
        found.push(Bilingual::new(
            format!("{assumed} trong {all} chương trình đèn tín hiệu là giả định (chia pha theo Webster)."),
            format!("{assumed} of {all} signal plans are assumed (Webster split), not the real ones."),
        ));
    }
    found.extend(file.assumptions.iter().map(Sentence::told));
    found
}

/// What travellers do about the interventions, where there are any.
pub fn response(file: &ScenarioFile, response: Response) -> Option<Bilingual> {
    if file.interventions.iter().all(|t| t.edit) {
        return None;
    }
    Some(match response {
        Response::None => Bilingual::new(
            "Người đi lại giữ nguyên lộ trình khi có các can thiệp (response = \"none\").",
            "Travellers keep to their ways whatever the interventions change (response = \"none\").",
        ),
        Response::Informed => Bilingual::new(
            "Chỉ những người được thông tin trên đường đổi lộ trình (response = \"informed\").",
            "Only those who are told on the way change their ways (response = \"informed\").",
        ),
        Response::Reassigned => Bilingual::new(
            format!(
                "Người đi lại đã biết trước các can thiệp: lộ trình được chọn lại đến khi khoảng cách tương đối dưới 1 % hoặc sau {REASSIGN_ROUNDS} lần (response = \"reassigned\")."
            ),
            format!(
                "Travellers have known of the interventions for long: ways are chosen anew until the relative gap is below 1 %, {REASSIGN_ROUNDS} times at most (response = \"reassigned\")."
            ),
        ),
    })
}

/// What controls the signals, and what each of these controllers observes.
pub fn of_signals(file: &ScenarioFile, control: Option<&Control>) -> Vec<Bilingual> {
    let Some(control) = control else { return Vec::new() };
    let mut found = Vec::new();
    let mut methods: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for j in &control.junctions {
        methods.entry(j.method.name()).or_insert((j.method.observes(), 0)).1 += 1;
    }
    for (name, (observes, count)) in methods {
        found.push(Bilingual::new(
            format!("Đèn tín hiệu: bộ điều khiển {name} tại {count} nút, quan sát: {}.", observed_vi(name)),
            format!("Signals: controller {name} at {count} junctions observes {observes}."),
        ));
    }
    if file.signals.makes_plans() {
        found.push(Bilingual::new(
            "Chương trình đèn được tính từ lưu lượng của chính nhu cầu đi lại (Webster, chu kỳ chung, độ lệch tối ưu), như sau một đợt đếm xe đầy đủ.",
            "Signal plans were made from the flows of the demand itself (Webster, common cycles, optimised offsets), as after a full survey.",
        ));
    }
    found
}

/// What a controller observes, in Vietnamese.
fn observed_vi(name: &str) -> &'static str {
    match name {
        "fixed" => "đồng hồ",
        "webster" => "cảm biến tại vạch dừng của các nhánh vào (số xe, lưu lượng bão hòa)",
        "actuated" => "cảm biến tại vạch dừng của các nhánh vào (có xe hay không)",
        "predictive" => "camera trên các nhánh vào và, qua trung tâm, ở cuối các nhánh ra; số xe qua vạch dừng và ở đầu các nhánh vào",
        "predictive_oracle" => "sự thật (CẬN TRÊN, không thể xây dựng): vị trí mọi xe và hướng đi của từng xe, không sai số, không trễ",
        "onnx" => {
            "camera trên các nhánh vào và, qua trung tâm, ở cuối các nhánh ra (xe chờ và xe đang chạy tới); có xe tại vạch dừng hay không"
        }
        "trial" => "không gì cả (thử nghiệm)",
        "advanced_max_pressure" => "camera trên các nhánh vào và, qua trung tâm, ở cuối các nhánh ra (xe chờ và xe đang chạy tới)",
        _ => "camera trên các nhánh vào và, qua trung tâm, ở cuối các nhánh ra (xe chờ)",
    }
}

/// Corrections that the map does not fit any more.
pub fn corrections_left_out(entries: usize) -> Option<Bilingual> {
    (entries > 0).then(|| {
        Bilingual::new(
            format!("{entries} mục trong tệp hiệu chỉnh bản đồ không còn khớp và đã bị bỏ qua; xem: agtwin map import … --corrections …"),
            format!(
                "{entries} entries of the corrections no longer fit the map and were left out; see: agtwin map import … --corrections …"
            ),
        )
    })
}

/// Wishes that no way serves.
pub fn unreachable(trips: u64) -> Option<Bilingual> {
    (trips > 0).then(|| both(|lang| phrase::unreachable_trips(lang, trips)))
}

/// What a route file says and nothing uses.
pub fn unused(counted: &BTreeMap<String, u64>) -> Option<Bilingual> {
    let list: Vec<String> = counted.iter().map(|(what, n)| format!("{what} × {n}")).collect();
    let list = list.join(", ");
    (!counted.is_empty()).then(|| {
        Bilingual::new(
            format!("Trong tệp lộ trình có những điều chương trình không dùng đến: {list}."),
            format!("The route file says things that nothing uses: {list}."),
        )
    })
}

fn both(text: impl Fn(Lang) -> String) -> Bilingual {
    Bilingual::new(text(Lang::Vi), text(Lang::En))
}
