use super::*;
use crate::testing::{Builder, crossroads};
use sim_core::{
    class::{ClassSet, VehicleClass},
    geometry::Point,
    network::RoadClass,
};

fn only<'a>(changes: &'a Changes, ref_: &str) -> &'a [FieldChange] {
    assert!(changes.added.is_empty() && changes.removed.is_empty(), "{changes:?}");
    let [changed] = &changes.changed[..] else { panic!("{changes:?}") };
    assert_eq!(changed.ref_, ref_);
    &changed.fields
}

#[test]
fn a_map_does_not_differ_from_itself_however_its_objects_are_ordered() {
    let network = crossroads();
    let mut moved = network.clone();
    moved.places.reverse();
    let same = diff(&network, &moved);
    assert!(same.is_empty(), "{same}");
    assert_eq!(same.to_string(), "The maps say the same: 12 links, 7 junctions.\n");
}

#[test]
fn each_changed_field_is_named_with_both_values() {
    let a = crossroads();
    let mut b = a.clone();
    b.links[0].limits.heavy_mps = 40.0 / 3.6;
    b.links[0].access = ClassSet::of(&[VehicleClass::Motorcycle]);
    b.links[0].geometry[1].y += 4.0;
    let found = diff(&a, &b);
    let fields = only(&found.links, "osm:w10:osm:n6>osm:n5");
    assert_eq!(fields.iter().map(|f| f.field).collect::<Vec<_>>(), ["lanes", "limits", "access", "geometry"]);
    assert!(fields[1].before.contains("heavy 50 km/h") && fields[1].after.contains("heavy 40 km/h"));
    assert!(fields[3].after.contains("up to 4.0 m away"), "{fields:?}");
    assert!(found.movements.is_empty() && found.signals.is_empty());
}

#[test]
fn a_moved_origin_is_no_difference() {
    let a = crossroads();
    let mut b = a.clone();
    b.meta.frame.origin.lat += 0.001;
    b.meta.frame.origin.lon -= 0.002;
    let carry = |p: Point| b.meta.frame.project(a.meta.frame.unproject(p));
    let mut links = b.links.clone();
    links.iter_mut().for_each(|l| l.geometry.iter_mut().for_each(|p| *p = carry(*p)));
    let mut junctions = b.junctions.clone();
    junctions.iter_mut().for_each(|j| j.centre = carry(j.centre));
    let mut places = b.places.clone();
    places.iter_mut().for_each(|p| p.point = carry(p.point));
    (b.links, b.junctions, b.places) = (links, junctions, places);
    let found = diff(&a, &b);
    assert!(found.is_empty(), "{found}");
}

#[test]
fn a_new_road_is_added_with_its_junction_but_without_its_movements() {
    let one = |longer: bool| {
        let mut b = Builder::new();
        let (w, m, e) = (b.junction("w", 0.0, 0.0), b.junction("m", 200.0, 0.0), b.junction("e", 400.0, 0.0));
        b.two_way("x", w, m, RoadClass::Primary, 1);
        b.two_way("y", m, e, RoadClass::Primary, 1);
        if longer {
            let n = b.junction("n", 200.0, 200.0);
            b.one_way("z", m, n, RoadClass::Service, 1);
        }
        b.finish(&[])
    };
    let found = diff(&one(false), &one(true));
    assert_eq!(
        (found.links.added.as_slice(), found.junctions.added.as_slice()),
        (["z".to_owned()].as_slice(), ["n".to_owned()].as_slice())
    );
    assert!(found.movements.is_empty() && found.links.removed.is_empty());
    assert!(found.to_string().contains("links: 1 added, 0 removed, 0 changed, 4 the same\n  + z\n"), "{found}");
    assert_eq!(diff(&one(true), &one(false)).links.removed, ["z"]);
}

#[test]
fn signals_and_turns_are_compared() {
    let a = crossroads();
    let mut b = a.clone();
    let plan = sim_core::network::SignalPlan::new(12.0, a.controllers[0].plan.phases().to_vec()).unwrap();
    b.controllers[0].plan = plan;
    b.movements[0].access = ClassSet::of(&[VehicleClass::Bus]);
    let found = diff(&a, &b);
    assert_eq!(only(&found.signals, "osm:n1"), [FieldChange { field: "offset", before: "0.0 s".into(), after: "12.0 s".into() }]);
    assert_eq!(found.movements.changed[0].fields[0].after, "bus");
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["signals"]["changed"][0]["ref"], "osm:n1");
}
