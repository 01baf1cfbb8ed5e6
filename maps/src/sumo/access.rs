//! SUMO's vehicle classes (<https://sumo.dlr.de/docs/Simulation/VehiclePermissions.html>) in the words of this project.

use super::xml::{Element, SumoError};
use sim_core::class::{ClassSet, VehicleClass};

use VehicleClass::{ArticulatedTruck, Bicycle, Bus, Car, Emergency, HeavyTruck, LightTruck, Minibus, Motorcycle, Shuttle, Taxi};

/// SUMO's classes that drive on roads, and ours that each stands for when a lane is opened or closed.
const ROAD_CLASSES: [(&str, ClassSet); 11] = [
    ("passenger", ClassSet::of(&[Car, Shuttle])),
    ("taxi", ClassSet::of(&[Taxi])),
    ("bus", ClassSet::of(&[Bus])),
    ("coach", ClassSet::of(&[Minibus])),
    ("delivery", ClassSet::of(&[LightTruck])),
    ("truck", ClassSet::of(&[HeavyTruck])),
    ("trailer", ClassSet::of(&[ArticulatedTruck])),
    ("motorcycle", ClassSet::of(&[Motorcycle])),
    ("bicycle", ClassSet::of(&[Bicycle])),
    ("emergency", ClassSet::of(&[Emergency])),
    ("all", ClassSet::ALL),
];

fn classes(list: &str) -> ClassSet {
    let one = |name: &str| ROAD_CLASSES.iter().find(|(n, _)| *n == name).map_or(ClassSet::NONE, |(_, set)| *set);
    list.split_whitespace().map(one).fold(ClassSet::NONE, ClassSet::union)
}

/// Who may use a lane: `allow` names all who may, else everybody but those in `disallow`.
pub(super) fn lane_access(lane: &Element) -> ClassSet {
    match (lane.get("allow"), lane.get("disallow")) {
        (Some(allow), _) => classes(allow),
        (None, Some(disallow)) => ClassSet::ALL.without(classes(disallow)),
        (None, None) => ClassSet::ALL,
    }
}

/// The class that a vehicle type with this `vClass` belongs to: what it is most like on the road. `None` for pedestrians, rail, ships.
pub fn class_of(v_class: &str) -> Option<VehicleClass> {
    Some(match v_class {
        "ignoring" | "passenger" | "private" | "hov" | "evehicle" | "vip" | "custom1" | "custom2" => Car,
        "taxi" => Taxi,
        "bus" => Bus,
        "coach" => Bus,
        "delivery" => LightTruck,
        "truck" | "army" => HeavyTruck,
        "trailer" => ArticulatedTruck,
        "motorcycle" | "moped" => Motorcycle,
        "bicycle" => Bicycle,
        "emergency" | "authority" => Emergency,
        _ => return None,
    })
}

/// A lane's line, given as text `x,y x,y …` (a third number, the height, is left out).
pub(super) fn points(file: &str, element: &Element, key: &str) -> Result<Vec<[f64; 2]>, SumoError> {
    let text = element.need(file, key)?;
    let bad = |point: &str| element.error(file, format!("`{key}` holds the point `{point}`, expected `x,y`"));
    text.split_whitespace()
        .map(|point| {
            let mut numbers = point.split(',').map(str::parse::<f64>);
            match (numbers.next(), numbers.next()) {
                (Some(Ok(x)), Some(Ok(y))) if x.is_finite() && y.is_finite() => Ok([x, y]),
                _ => Err(bad(point)),
            }
        })
        .collect()
}
