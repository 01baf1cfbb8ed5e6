//! Car parks of a scenario on its map, and which trips end in one.

use super::{Keyed, spot};
use crate::{
    kpi::Bilingual,
    scenario::{
        conditions::{CarParkTable, ServiceSpread},
        error::ScenarioError,
        file::classes_or,
        read::Parsed,
    },
};
use sim_core::{
    class::{ClassSet, VehicleClass},
    demand::{LinkPosition, Purpose, Trip},
    halt::Spread,
    ids::LinkId,
    network::{LinkKind, PlaceKind, RoadNetwork, world_point},
    parking::CarPark,
    reference::Ref,
};

/// The engine wants this much road before an entrance, metres.
const BEFORE_M: f32 = 20.0;
/// And a link at least this long.
const LINK_M: f32 = 25.0;
/// Mean stay where the scenario says nothing, seconds (assumed).
const STAY_S: f32 = 3_600.0;
/// Spaces of a car park of the map that says nothing of its size (assumed).
const SPACES: u32 = 40;
/// Trips that end this near to an entrance park there, where the scenario says nothing, metres (assumed).
const SERVES_M: f64 = 200.0;

/// A car park and how far around it destinations are that it serves.
#[derive(Clone, Debug, PartialEq)]
pub struct Served {
    /// The car park.
    pub park: CarPark,
    /// As the crow flies from the entrance, metres.
    pub within_m: f64,
}

/// Those of the file.
pub(super) fn of(parsed: &Parsed, network: &RoadNetwork, assumed: &mut Vec<Bilingual>) -> Result<Vec<Keyed<Served>>, ScenarioError> {
    let mut all = Vec::new();
    for (i, table) in parsed.file.car_parks.iter().enumerate() {
        let key = format!("car_parks.{i}");
        let within_m = table.serves.map_or(SERVES_M, |l| l.base());
        if !(0.0..=5_000.0).contains(&within_m) {
            return Err(parsed.error_at(&format!("{key}.serves"), "a car park serves destinations within 0 m to 5 km"));
        }
        let parks = if table.from_map { of_map(parsed, network, &key, table)? } else { vec![one(parsed, network, &key, table, i)?] };
        all.extend(parks.into_iter().map(|park| Keyed { key: key.clone(), it: Served { park, within_m } }));
    }
    if parsed.file.car_parks.iter().any(|t| t.stay.is_none()) {
        assumed.push(Bilingual::new(
            "Thời gian đỗ xe là giả định: trung bình 1 giờ, phân bố mũ.",
            "Stays in car parks are assumed: 1 h in the mean, exponential.",
        ));
    }
    Ok(all)
}

fn park(t: &CarParkTable, ref_: Ref, (link, pos_m): (LinkId, f32), spaces: u32) -> CarPark {
    let classes = classes_or(&t.classes, ClassSet::of(&[VehicleClass::Car]));
    CarPark {
        ref_,
        link,
        pos_m,
        spaces,
        classes,
        entry_s: t.entry.base() as f32,
        stay_s: t.stay.map_or(STAY_S, |s| s.base() as f32),
        spread: match t.spread {
            ServiceSpread::Fixed => Spread::Fixed,
            ServiceSpread::Exponential => Spread::Exponential,
        },
    }
}

fn one(parsed: &Parsed, network: &RoadNetwork, key: &str, t: &CarParkTable, i: usize) -> Result<CarPark, ScenarioError> {
    let (Some(name), Some(position), Some(spaces)) = (&t.link, t.position, t.spaces) else {
        return Err(parsed.error_at(key, "a car park needs `link`, `position` and `spaces`, or `from_map = true`"));
    };
    let link = spot::link_of(parsed, network, &format!("{key}.link"), name)?;
    let ref_ = Ref::from(t.name.clone().unwrap_or_else(|| format!("car-park-{}", i + 1)));
    let (pos_m, whole_m) = (position.base() as f32, network.link(link).length_m);
    if whole_m >= LINK_M && !(BEFORE_M..=whole_m).contains(&pos_m) {
        let message = format!("has its entrance at {pos_m} m of link {name}; expected {BEFORE_M} to {whole_m} m");
        return Err(parsed.error_at(&format!("{key}.position"), message));
    }
    Ok(park(t, ref_, (link, pos_m), spaces))
}

fn of_map(parsed: &Parsed, network: &RoadNetwork, key: &str, t: &CarParkTable) -> Result<Vec<CarPark>, ScenarioError> {
    for (part, is_set) in [("link", t.link.is_some()), ("position", t.position.is_some()), ("name", t.name.is_some())] {
        if is_set {
            return Err(parsed.error_at(&format!("{key}.{part}"), format!("`{part}` has no meaning with `from_map = true`; remove one")));
        }
    }
    let fits = |link: LinkId| network.link(link).kind == LinkKind::Road && network.link(link).length_m >= LINK_M;
    let found = network.places.iter().filter(|p| p.kind == PlaceKind::CarPark);
    let parks: Vec<CarPark> = found
        .filter_map(|p| Some((p, p.access.filter(|(link, _)| fits(*link))?)))
        .map(|(p, (link, pos_m))| {
            let pos_m = pos_m.clamp(BEFORE_M, network.link(link).length_m);
            park(t, p.ref_.clone(), (link, pos_m), p.size.or(t.spaces).unwrap_or(SPACES))
        })
        .collect();
    if parks.is_empty() {
        return Err(parsed.error_at(key, "the map has no car park beside a road; name one with `link`, `position` and `spaces`"));
    }
    Ok(parks)
}

/// Sends trips that end near an entrance to it: of several the nearest. Who would have to drive less than to the entrance's own link, because
/// the trip begins there behind it, keeps its destination. The way to the new destination is `way`'s to find.
pub fn send(trips: &mut [Trip], parks: &[Served], network: &RoadNetwork, mut way: impl FnMut(&Trip) -> Option<Vec<LinkId>>) {
    let place = |at: LinkPosition| world_point(network, at.link, at.pos_m.into(), 0.0).0;
    let entrances: Vec<_> =
        parks.iter().map(|s| (LinkPosition { link: s.park.link, pos_m: s.park.pos_m }, s.within_m, s.park.classes)).collect();
    for trip in trips.iter_mut().filter(|t| t.halts.is_empty() && t.purpose != Purpose::Emergency) {
        let goal = place(trip.destination);
        let near = entrances.iter().filter(|(_, _, classes)| classes.contains(trip.class));
        let near =
            near.map(|(at, within_m, _)| (place(*at).distance_m(goal), *within_m, *at)).filter(|(far_m, within_m, _)| far_m <= within_m);
        let Some((_, _, at)) = near.min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
        if at.link == trip.destination.link && (trip.route.len() > 1 || trip.origin.pos_m <= at.pos_m) {
            trip.destination = at;
            continue;
        }
        let wish = Trip { destination: at, ..trip.clone() };
        let found = if at.link == trip.origin.link && trip.origin.pos_m <= at.pos_m { Some(vec![at.link]) } else { way(&wish) };
        if let Some(found) = found {
            *trip = Trip { route: found.into(), ..wish };
        }
    }
}
