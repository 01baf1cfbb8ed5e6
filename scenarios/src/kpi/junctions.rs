//! Main urban junctions with adaptive signals: K03 = adaptive ÷ main urban signalised junctions.
//!
//! A junction is one of these when it has signals and one of its approaches is built-up and of class secondary or above. What the
//! register lists beyond them (a junction without signals on this map, a minor one) is noted, not counted.

use super::value::{KpiRow, KpiValue};
use crate::register::Equipment;
use sim_core::{
    ids::JunctionId,
    network::{JunctionKind, RoadClass, RoadNetwork},
};

/// The row K03.
pub(super) fn rows(network: &RoadNetwork, equipment: Option<&Equipment>) -> Vec<KpiRow> {
    let Some(adaptive) = equipment.and_then(|e| e.adaptive.as_ref()) else {
        return vec![KpiRow::new(
            "K03",
            KpiValue::not_supplied(
                "danh sách nút giao có đèn tín hiệu thông minh (adaptive-signals.csv)",
                "the list of junctions with adaptive signals (adaptive-signals.csv)",
            ),
        )];
    };
    let main: Vec<JunctionId> = main_urban_signalised(network);
    if main.is_empty() {
        return vec![KpiRow::new(
            "K03",
            KpiValue::not_applicable(
                "bản đồ không có nút giao chính trong đô thị có đèn tín hiệu",
                "no main urban signalised junction on this map",
            ),
        )];
    }
    let equipped = main.iter().filter(|j| adaptive.contains(j)).count();
    let beside = adaptive.iter().filter(|j| !main.contains(j)).count();
    let mut row = KpiRow::number("K03", equipped as f64 / main.len() as f64 * 100.0)
        .note(format!("{equipped} trên {} nút", main.len()), format!("{equipped} of {} junctions", main.len()));
    if beside > 0 {
        row = row.note(
            format!("{beside} nút trong danh sách không phải nút chính có đèn tín hiệu trên bản đồ này, không tính"),
            format!("{beside} listed junctions are not main signalised ones on this map, not counted"),
        );
    }
    vec![row]
}

/// The main urban signalised junctions, in id order.
pub(super) fn main_urban_signalised(network: &RoadNetwork) -> Vec<JunctionId> {
    let is_main = |link: &sim_core::ids::LinkId| {
        let link = network.link(*link);
        link.is_urban && link.class <= RoadClass::Secondary
    };
    let junctions = network.junctions.iter().enumerate();
    junctions
        .filter(|(_, j)| matches!(j.kind, JunctionKind::Signal(_)) && j.incoming.iter().any(is_main))
        .map(|(i, _)| JunctionId::from_index(i))
        .collect()
}
