//! Who may drive on a way: the class of the road gives the default, access tags from the general to the particular override it.

use crate::osm::Tags;
use sim_core::class::{ClassSet, VehicleClass};

use VehicleClass::{ArticulatedTruck, Bicycle, Bus, Car, Emergency, HeavyTruck, LightTruck, Minibus, Motorcycle, Shuttle, Taxi};

/// Everything with an engine.
pub(crate) const MOTOR: ClassSet = ClassSet::ALL.without(ClassSet::of(&[Bicycle]));

/// The access keys from the most general to the most particular, and whom each speaks of. Later keys override earlier ones.
/// <https://wiki.openstreetmap.org/wiki/Key:access#Land-based_transportation>
const KEYS: [(&str, ClassSet); 17] = [
    ("access", ClassSet::ALL),
    ("vehicle", ClassSet::ALL),
    ("bicycle", ClassSet::of(&[Bicycle])),
    ("motor_vehicle", MOTOR),
    ("motorcycle", ClassSet::of(&[Motorcycle])),
    ("motorcar", ClassSet::of(&[Car, Taxi, Shuttle, Emergency])),
    ("goods", ClassSet::of(&[LightTruck])),
    ("hgv", ClassSet::of(&[HeavyTruck, ArticulatedTruck])),
    ("hgv_articulated", ClassSet::of(&[ArticulatedTruck])),
    ("trailer", ClassSet::of(&[ArticulatedTruck])),
    ("tourist_bus", ClassSet::of(&[Bus, Minibus])),
    ("coach", ClassSet::of(&[Bus, Minibus])),
    ("psv", ClassSet::of(&[Bus, Minibus, Taxi])),
    ("bus", ClassSet::of(&[Bus, Minibus])),
    ("minibus", ClassSet::of(&[Minibus])),
    ("taxi", ClassSet::of(&[Taxi])),
    ("emergency", ClassSet::of(&[Emergency])),
];

/// Whether an access value lets the public through.
fn permits(value: &str) -> Option<bool> {
    match value {
        "yes" | "permissive" | "designated" | "official" | "destination" | "customers" | "delivery" | "public" => Some(true),
        "no"
        | "private"
        | "military"
        | "agricultural"
        | "forestry"
        | "agricultural;forestry"
        | "emergency"
        | "permit"
        | "residents"
        | "use_sidepath"
        | "dismount"
        | "discouraged"
        | "employees"
        | "restricted" => Some(false),
        _ => None,
    }
}

/// Who may use a way in the direction `suffix` (`:forward` or `:backward`), starting from the default for its class.
pub(crate) fn access(tags: &Tags, default: ClassSet, suffix: &str) -> ClassSet {
    let mut open = default;
    for (key, classes) in KEYS {
        for value in [tags.get(key), tags.get(&format!("{key}{suffix}"))].into_iter().flatten() {
            match permits(value) {
                // `access=yes` does not open a motorway to bicycles; a key that names a class does.
                Some(true) if matches!(key, "access" | "vehicle") => open = open.union(classes.intersection(default)),
                Some(true) => open = open.union(classes),
                Some(false) => open = open.without(classes),
                None => {}
            }
        }
    }
    if open.intersection(MOTOR).is_empty() { open } else { open.union(ClassSet::of(&[Emergency])) }
}

/// The classes a turn restriction's `except` value spares.
pub(crate) fn excepted(value: &str) -> ClassSet {
    value
        .split(';')
        .filter_map(|name| KEYS.iter().find(|(key, _)| *key == name.trim()).map(|(_, classes)| *classes))
        .fold(ClassSet::NONE, ClassSet::union)
}

/// The classes a restriction key such as `restriction:hgv` speaks of; all motor vehicles and bicycles for plain `restriction`.
pub(crate) fn restricted(suffix: Option<&str>) -> Option<ClassSet> {
    match suffix {
        None => Some(ClassSet::ALL),
        Some(name) => KEYS.iter().find(|(key, _)| *key == name).map(|(_, classes)| *classes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particular_keys_override_general_ones() {
        let all = ClassSet::ALL;
        type Case<'a> = (&'a [(&'a str, &'a str)], ClassSet);
        let cases: [Case<'_>; 9] = [
            (&[], all),
            (&[("access", "private")], ClassSet::NONE),
            (&[("access", "no"), ("motorcycle", "yes")], ClassSet::of(&[Motorcycle, Emergency])),
            (&[("access", "no"), ("bus", "yes")], ClassSet::of(&[Bus, Minibus, Emergency])),
            (&[("motor_vehicle", "no")], ClassSet::of(&[Bicycle])),
            (&[("hgv", "no")], all.without(ClassSet::of(&[HeavyTruck, ArticulatedTruck]))),
            (&[("motorcar", "no")], all.without(ClassSet::of(&[Car, Taxi, Shuttle]))),
            (&[("motorcycle:backward", "no")], all),
            (&[("motorcycle:forward", "no")], all.without(ClassSet::of(&[Motorcycle]))),
        ];
        for (tags, expected) in cases {
            let tags = Tags(tags.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect());
            assert_eq!(access(&tags, ClassSet::ALL, ":forward"), expected, "{tags:?}");
        }
    }

    #[test]
    fn a_general_yes_does_not_open_a_motorway_to_bicycles() {
        let motorway = MOTOR.without(ClassSet::of(&[Motorcycle]));
        let tags = |k: &str| Tags(vec![(k.into(), "yes".into())]);
        assert_eq!(access(&tags("access"), motorway, ":forward"), motorway);
        assert_eq!(access(&tags("motorcycle"), motorway, ":forward"), MOTOR);
    }

    #[test]
    fn exceptions_name_classes() {
        assert_eq!(excepted("psv;bicycle"), ClassSet::of(&[Bus, Minibus, Taxi, Bicycle]));
        assert_eq!(restricted(Some("hgv")), Some(ClassSet::of(&[HeavyTruck, ArticulatedTruck])));
        assert_eq!(restricted(Some("elephants")), None);
    }
}
