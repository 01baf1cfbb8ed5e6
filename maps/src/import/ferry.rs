//! Ties ferries to the roads they serve.

use super::{
    draft::{Draft, Edge},
    lanes::Side,
    report::{ImportReport, ReportGroup},
    road::Road,
    speeds::SpeedTags,
};
use rstar::{RTree, primitives::GeomWithData};
use sim_core::{
    class::ClassSet,
    network::{Lane, LaneKind, RoadClass, TurnSet},
};
use std::sync::Arc;

/// A ferry line that ends this near to a road lands there, metres (assumed: a ramp or a pier between).
const RAMP_M: f64 = 150.0;

/// Adds a ramp from every ferry end that touches no road to the nearest road's node.
pub(crate) fn connect_ferries(draft: &mut Draft, report: &mut ImportReport) {
    let at = draft.incidence();
    let is_ferry = |e: &(u32, u8)| draft.edges[e.0 as usize].road.ferry.is_some();
    let loose: Vec<u32> =
        (0..draft.nodes.len() as u32).filter(|n| at[*n as usize].len() == 1 && at[*n as usize].iter().all(is_ferry)).collect();
    if loose.is_empty() {
        return;
    }
    let shore: Vec<GeomWithData<[f64; 2], u32>> = (0..draft.nodes.len() as u32)
        .filter(|n| at[*n as usize].iter().any(|e| !is_ferry(e)))
        .map(|n| GeomWithData::new([draft.nodes[n as usize].at.x, draft.nodes[n as usize].at.y], n))
        .collect();
    let tree = RTree::bulk_load(shore);
    for n in loose {
        let node = &draft.nodes[n as usize];
        let from = node.at;
        let near = tree.nearest_neighbor([from.x, from.y]).map(|g| (g.data, draft.nodes[g.data as usize].at));
        match near.filter(|(_, at)| at.distance_m(from) <= RAMP_M) {
            Some((to, landing)) if landing.distance_m(from) > 0.1 => {
                let length_m = landing.distance_m(from);
                report.add_length(ReportGroup::Repaired, "ferry tied to the nearest road by a ramp", &node.ref_, length_m);
                let ramp = ramp(&at[n as usize], draft, [n, to], length_m);
                // Drivable like any other road, so that what is kept is never more than what there was.
                report.drivable_km += ramp.directed_length_m() / 1000.0;
                draft.edges.push(ramp);
            }
            _ => report.add(ReportGroup::Noted, "ferry that lands where no road is", &node.ref_),
        }
    }
}

fn ramp(ferry: &[(u32, u8)], draft: &Draft, ends: [u32; 2], length_m: f64) -> Edge {
    let line = &draft.edges[ferry[0].0 as usize];
    let access = line.sides.iter().flatten().map(|s| s.access).fold(ClassSet::NONE, ClassSet::union);
    let lane = Lane { width_m: 3.0, kind: LaneKind::General, access, turns: TurnSet::UNMARKED };
    let side = Side { lanes: vec![lane], access };
    let road = Road {
        class: RoadClass::Service,
        is_ramp: false,
        is_ring: false,
        is_bridge: false,
        is_toll: false,
        layer: 0,
        name: line.road.name.clone(),
        number: None,
        is_one_way: false,
        is_dual: false,
        has_priority: false,
        speed: SpeedTags::default(),
        ferry: None,
    };
    Edge {
        road: Arc::new(road),
        way: line.way,
        way_ref: format!("{}:ramp", line.way_ref).into(),
        ends,
        end_ways: [line.way; 2],
        points: ends.map(|n| draft.nodes[n as usize].at).to_vec(),
        length_m,
        sides: [Some(side.clone()), Some(side)],
        signs: [None; 2],
        marks: Vec::new(),
        is_interior: false,
        is_urban: false,
    }
}
