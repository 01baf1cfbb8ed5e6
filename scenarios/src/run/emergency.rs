//! Calls for help: where and when something happens, who goes there, and how long it took.
//!
//! detect → dispatch → drive → on scene. The first two are times of the scenario; the drive is a trip of class `emergency` through the
//! simulated traffic, from the hospital (or station) of the map from which the scene is reached quickest on free roads. Calls are the
//! same in a base and its variants, so that their difference is the traffic's.

use super::RunError;
use crate::{
    demand::{Router, draw_uniform as uniform},
    kpi::{Bilingual, Response},
    scenario::{
        check::Window,
        emergency::{EmergencyTable, StationName},
        read::Parsed,
    },
};
use sim_core::{
    class::VehicleClass,
    demand::{LinkPosition, Purpose, Trip},
    ids::LinkId,
    measure::TripRecord,
    network::{LinkKind, PlaceKind, RoadNetwork},
    reference::Ref,
};

/// From what happened to the alarm where the scenario does not say, seconds (assumed: an automatic detector or a call by telephone).
pub const DETECT_S: f64 = 60.0;
/// From the alarm to the vehicle on the road where the scenario does not say, seconds (assumed).
pub const DISPATCH_S: f64 = 90.0;
/// The last call comes so long before the end, that its drive can be seen to its end, seconds; in short runs a third of the time.
const BEFORE_END_S: f64 = 1_200.0;

/// Something that happens.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// When, seconds after midnight.
    pub at_s: f64,
    /// Where: the ref of a link and metres from its start.
    pub place: (Ref, f32),
}

/// All calls of a scenario and who answers them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Emergency {
    /// What happens, in order.
    pub calls: Vec<Call>,
    /// From what happened to the alarm, seconds.
    pub detect_s: f64,
    /// From the alarm to the vehicle on the road, seconds.
    pub dispatch_s: f64,
    /// The drive to each call; calls that no way leads to are left out.
    pub trips: Vec<Trip>,
}

impl Emergency {
    /// The calls of a scenario's table: places drawn along the roads that `trips` use, as often as they are used. `known` are the calls
    /// of the base.
    pub fn new(
        table: &EmergencyTable,
        (network, router): (&RoadNetwork, &Router),
        window: &Window,
        trips: &[Trip],
        known: Option<&Self>,
    ) -> (Self, Vec<Bilingual>) {
        let stations = stations(network, &table.from);
        let calls = known.map_or_else(|| draw(network, table, window, trips), |k| k.calls.clone());
        let detect_s = table.detect.map_or(DETECT_S, |d| d.base());
        let dispatch_s = table.dispatch.map_or(DISPATCH_S, |d| d.base());
        let mut searcher = router.searcher();
        let mut all = Self { detect_s, dispatch_s, ..Self::default() };
        let mut left_out = 0;
        for (n, call) in calls.into_iter().enumerate() {
            let found = network.links.iter().position(|l| l.ref_ == call.place.0);
            let to = found.map(|l| LinkPosition { link: LinkId::from_index(l), pos_m: call.place.1 });
            let nearest = to.and_then(|to| {
                let ways = stations.iter().filter_map(|from| Some((*from, searcher.best(VehicleClass::Emergency, *from, to)?)));
                ways.min_by(|a, b| a.1.time_s.total_cmp(&b.1.time_s)).map(|(from, way)| (from, to, way))
            });
            let Some((origin, destination, way)) = nearest else {
                left_out += 1;
                continue;
            };
            all.trips.push(Trip {
                ref_: Ref::from(format!("emergency:{n}")),
                class: VehicleClass::Emergency,
                purpose: Purpose::Emergency,
                depart_s: call.at_s + detect_s + dispatch_s,
                origin,
                destination,
                route: way.links,
                halts: Default::default(),
            });
            all.calls.push(call);
        }
        (all, assumed(table, left_out))
    }

    /// What became of the calls, from the records of their trips in the same order.
    pub fn responses(&self, records: &[TripRecord]) -> Vec<Response> {
        let of = |(call, record): (&Call, &TripRecord)| Response {
            called_s: call.at_s,
            detect_s: self.detect_s,
            dispatch_s: self.dispatch_s,
            on_scene_s: record.arrived_s,
        };
        self.calls.iter().zip(records).map(of).collect()
    }
}

/// Whether a scenario's table makes sense on its map.
///
/// # Errors
/// A number of calls out of range, or no hospital or station that a way leads from.
pub fn check(parsed: &Parsed, network: &RoadNetwork) -> Result<(), RunError> {
    let Some(table) = &parsed.file.emergency else { return Ok(()) };
    if !(1..=600).contains(&table.calls) {
        return Err(parsed.error_at("emergency.calls", format!("{} calls an hour, expected 1 to 600", table.calls)).into());
    }
    if stations(network, &table.from).is_empty() {
        let message = "the map has no such place beside a road; name another kind in `from`, or correct the map";
        return Err(parsed.error_at("emergency", message).into());
    }
    Ok(())
}

fn assumed(table: &EmergencyTable, left_out: usize) -> Vec<Bilingual> {
    let mut found = vec![Bilingual::new(
        "Vị trí các vụ khẩn cấp được bốc thăm trên các đường có xe chạy, tỷ lệ với lượng xe (giả định); mọi cuộc gọi đều có xe sẵn sàng.",
        "Places of emergencies are drawn along the roads in use, in proportion to their traffic (assumed); a vehicle is ready for every call.",
    )];
    if table.detect.is_none() || table.dispatch.is_none() {
        found.push(Bilingual::new(
            "Thời gian phát hiện 60 giây và điều xe 90 giây là giả định; khai báo `detect`, `dispatch` trong bảng [emergency].",
            "Detection in 60 s and dispatch in 90 s are assumed; say `detect` and `dispatch` in the table [emergency].",
        ));
    }
    if left_out > 0 {
        found.push(Bilingual::new(
            format!("{left_out} vụ khẩn cấp không có đường đến và đã bị bỏ qua."),
            format!("{left_out} emergencies that no way leads to were left out."),
        ));
    }
    found
}

fn stations(network: &RoadNetwork, kinds: &[StationName]) -> Vec<LinkPosition> {
    let wanted = |kind: PlaceKind| {
        kinds.iter().any(|k| match k {
            StationName::Hospital => kind == PlaceKind::Hospital,
            StationName::FireStation => kind == PlaceKind::FireStation,
            StationName::Police => kind == PlaceKind::Police,
        })
    };
    let access = network.places.iter().filter(|p| wanted(p.kind)).filter_map(|p| p.access);
    access.filter(|(l, _)| network.link(*l).kind == LinkKind::Road).map(|(link, pos_m)| LinkPosition { link, pos_m }).collect()
}

/// Times evenly drawn, places by use × length. Keyed by the call's number alone: seeds and variants share them.
fn draw(network: &RoadNetwork, table: &EmergencyTable, window: &Window, trips: &[Trip]) -> Vec<Call> {
    let mut uses = vec![0.0; network.links.len()];
    for link in trips.iter().flat_map(|t| t.route.iter()) {
        uses[link.index()] += 1.0;
    }
    let mut sum = 0.0;
    let ends: Vec<f64> = network
        .links
        .iter()
        .zip(uses)
        .map(|(link, uses)| {
            sum += if link.kind == LinkKind::Road { uses * f64::from(link.length_m) } else { 0.0 };
            sum
        })
        .collect();
    if sum == 0.0 {
        return Vec::new();
    }
    let measured_s = window.to_s - window.measured_from_s;
    let span_s = measured_s - BEFORE_END_S.min(measured_s / 3.0);
    let count = libm::round(f64::from(table.calls) * span_s / 3600.0).max(1.0) as u64;
    let mut calls: Vec<Call> = (0..count)
        .map(|n| {
            let of = |what| uniform(0, "emergency", what, n);
            let at = of("place") * sum;
            let link = &network.links[ends.partition_point(|end| *end <= at).min(ends.len() - 1)];
            let pos_m = link.length_m * (0.1 + 0.8 * of("position") as f32);
            Call { at_s: window.measured_from_s + span_s * of("time"), place: (link.ref_.clone(), pos_m) }
        })
        .collect();
    calls.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    calls
}
