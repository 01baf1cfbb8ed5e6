//! Gates of a scenario on its map.

use super::{Keyed, spot};
use crate::{
    kpi::Bilingual,
    scenario::{
        conditions::{GateKind, GateTable, ServiceSpread},
        error::ScenarioError,
        file::classes_or,
        read::Parsed,
    },
};
use sim_core::{
    class::{ClassSet, VehicleClass},
    halt::{Gate, Spread},
    ids::LinkId,
    network::{LinkKind, PlaceKind, RoadNetwork},
    reference::Ref,
};

/// The engine wants this much road before a gate, metres.
const BEFORE_M: f32 = 20.0;
/// And a link at least this long.
const LINK_M: f32 = 25.0;

impl GateKind {
    fn place(self) -> PlaceKind {
        match self {
            Self::Toll => PlaceKind::TollGate,
            Self::Border => PlaceKind::BorderGate,
            Self::WeighStation => PlaceKind::WeighStation,
        }
    }

    /// Mean service time of a place of the map, seconds: assumed, nobody measured it at gates of the province.
    fn service_s(self) -> f32 {
        match self {
            Self::Toll => 5.0,
            Self::Border => 60.0,
            Self::WeighStation => 45.0,
        }
    }

    /// Whom it concerns (assumed): two-wheelers pay no toll, only goods vehicles over 3.5 t are weighed, nobody in an emergency is held.
    fn classes(self) -> ClassSet {
        use VehicleClass::{ArticulatedTruck, Bicycle, Emergency, HeavyTruck, Motorcycle};
        match self {
            Self::Toll => ClassSet::ALL.without(ClassSet::of(&[Motorcycle, Bicycle, Emergency])),
            Self::Border => ClassSet::ALL.without(ClassSet::of(&[Emergency])),
            Self::WeighStation => ClassSet::of(&[HeavyTruck, ArticulatedTruck]),
        }
    }
}

/// Those of the file.
pub(super) fn of(parsed: &Parsed, network: &RoadNetwork, assumed: &mut Vec<Bilingual>) -> Result<Vec<Keyed<Gate>>, ScenarioError> {
    let mut all = Vec::new();
    for (i, table) in parsed.file.gates.iter().enumerate() {
        let key = format!("gates.{i}");
        let found =
            if table.from_map { of_map(parsed, network, &key, table, assumed)? } else { vec![one(parsed, network, &key, table, i)?] };
        all.extend(found.into_iter().map(|it| Keyed { key: key.clone(), it }));
    }
    Ok(all)
}

fn spread(table: &GateTable) -> Spread {
    match table.spread {
        ServiceSpread::Fixed => Spread::Fixed,
        ServiceSpread::Exponential => Spread::Exponential,
    }
}

fn one(parsed: &Parsed, network: &RoadNetwork, key: &str, t: &GateTable, i: usize) -> Result<Gate, ScenarioError> {
    let at = |part: &str, message: &str| parsed.error_at(&format!("{key}.{part}"), message);
    if t.kind.is_some() {
        return Err(at("kind", "`kind` belongs to `from_map = true`; for a single gate say `classes` and `service`"));
    }
    let (Some(name), Some(position), Some(service)) = (&t.link, t.position, t.service) else {
        return Err(parsed.error_at(key, "a gate needs `link`, `position` and `service`, or `from_map = true`"));
    };
    let link = spot::link_of(parsed, network, &format!("{key}.link"), name)?;
    Ok(Gate {
        ref_: Ref::from(t.name.clone().unwrap_or_else(|| format!("gate-{}", i + 1)).as_str()),
        link,
        pos_m: position.base() as f32,
        classes: classes_or(&t.classes, ClassSet::ALL),
        service_s: service.base() as f32,
        spread: spread(t),
    })
}

fn of_map(
    parsed: &Parsed,
    network: &RoadNetwork,
    key: &str,
    t: &GateTable,
    assumed: &mut Vec<Bilingual>,
) -> Result<Vec<Gate>, ScenarioError> {
    for (part, is_set) in [("link", t.link.is_some()), ("position", t.position.is_some()), ("name", t.name.is_some())] {
        if is_set {
            return Err(parsed.error_at(&format!("{key}.{part}"), format!("`{part}` has no meaning with `from_map = true`; remove one")));
        }
    }
    let kinds = t.kind.map_or(vec![GateKind::Toll, GateKind::Border, GateKind::WeighStation], |k| vec![k]);
    let (mut gates, mut left_out) = (Vec::new(), 0);
    for kind in &kinds {
        for place in network.places.iter().filter(|p| p.kind == kind.place()) {
            let Some((link, pos_m)) = place.access.filter(|(link, _)| fits(network, *link)) else {
                left_out += 1;
                continue;
            };
            let back = network.link(link).opposite.filter(|b| fits(network, *b));
            let back = back.map(|b| (b, network.link(link).length_m - pos_m, format!("{} (opposite)", place.ref_)));
            for (link, pos_m, name) in std::iter::once((link, pos_m, place.ref_.to_string())).chain(back) {
                gates.push(Gate {
                    ref_: Ref::from(name.as_str()),
                    link,
                    pos_m: pos_m.clamp(BEFORE_M, network.link(link).length_m),
                    classes: classes_or(&t.classes, kind.classes()),
                    service_s: t.service.map_or(kind.service_s(), |s| s.base() as f32),
                    spread: spread(t),
                });
            }
        }
    }
    if gates.is_empty() {
        let message = "the map has no such gate on a road; name a gate with `link` and `position`, or correct the map";
        return Err(parsed.error_at(key, message));
    }
    if t.service.is_none() {
        assumed.push(Bilingual::new(
            "Thời gian phục vụ tại trạm là giả định: trạm thu phí 5 giây, cửa khẩu 60 giây, trạm cân 45 giây.",
            "Service times at gates are assumed: toll gate 5 s, border gate 60 s, weigh station 45 s.",
        ));
    }
    if left_out > 0 {
        assumed.push(Bilingual::new(
            format!("{left_out} trạm trên bản đồ không nằm cạnh đoạn đường đủ dài và đã bị bỏ qua."),
            format!("{left_out} gates of the map are beside no road that is long enough and were left out."),
        ));
    }
    Ok(gates)
}

fn fits(network: &RoadNetwork, link: LinkId) -> bool {
    let link = network.link(link);
    link.kind == LinkKind::Road && link.length_m >= LINK_M
}
