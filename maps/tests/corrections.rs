//! Corrections outlive the next extract: what still fits is applied again, what does not is named with near candidates.

#![allow(clippy::unwrap_used, reason = "a test's panic is its report")]

mod town;

use maps::{
    corrections::{Corrections, CorrectionsReport, Outcome, apply},
    import::{ImportOptions, import},
    osm,
};
use sim_core::{
    class::VehicleClass,
    ids::LinkId,
    network::{JunctionKind, RoadNetwork},
};

const CORRECTIONS: &str = r#"
[[link]]
ref = "osm:w10:n5>n1"
lanes = 3
width = "10.5 m"

[[link]]
ref = "osm:w10:n6>n5"
speed = "50 km/h"

[[link]]
ref = "osm:w13:n5>n4"
class = "tertiary"

[[turn]]
from = "osm:w12:n2>n1"
to = "osm:w11:n1>n3"
ban = ["heavy_truck", "articulated_truck"]

[[signal]]
junction = "osm:n1"
[[signal.phase]]
approaches = ["osm:w10:n5>n1", "osm:w11:n3>n1"]
green = "35 s"
[[signal.phase]]
approaches = ["osm:w12:n2>n1", "osm:w12:n4>n1"]
green = "20 s"

[[signal]]
junction = "osm:n5"

[[new_link]]
ref = "local:bridge"
from = "osm:n3"
to = "osm:n8"
class = "secondary"
lanes = 1
speed = "50 km/h"
two_way = true
"#;

fn corrected(xml: &str, corrections: &Corrections) -> (RoadNetwork, CorrectionsReport) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.osm");
    std::fs::write(&path, xml).unwrap();
    let options = ImportOptions { never_merge: corrections.split_nodes().collect(), ..ImportOptions::default() };
    let imported = import(osm::read(&path).unwrap(), "town.osm", &options).unwrap();
    let (network, report) = apply(imported.network, corrections).unwrap();
    network.check().unwrap();
    (network, report)
}

fn link(network: &RoadNetwork, ref_: &str) -> LinkId {
    LinkId::from_index(network.links.iter().position(|l| l.ref_.as_str() == ref_).unwrap_or_else(|| panic!("no link {ref_}")))
}

/// What holds in both extracts.
fn check_corrected(network: &RoadNetwork) {
    let wide = network.link(link(network, "osm:w10:n5>n1"));
    assert_eq!((wide.lanes.len(), wide.width_m), (3, 10.5));
    let (from, to) = (link(network, "osm:w12:n2>n1"), link(network, "osm:w11:n1>n3"));
    let turn = network.movement(network.movement_between(from, to).expect("banned for trucks only"));
    assert!(!turn.access.contains(VehicleClass::HeavyTruck) && turn.access.contains(VehicleClass::Bus));
    let junction = network.junctions.iter().find(|j| j.ref_.as_str() == "osm:n1").unwrap();
    let JunctionKind::Signal(controller) = junction.kind else { panic!("no signals at osm:n1") };
    let plan = &network.controller(controller).plan;
    assert_eq!(plan.phases().iter().map(|p| p.green_s).collect::<Vec<_>>(), [35.0, 20.0]);
    assert!(!network.controller(controller).plan_is_assumed);
    assert!(junction.movements.clone().all(|m| network.movements[m as usize].group.is_some()));
    assert!(network.movements_from(link(network, "local:bridge")).next().is_some());
    let new_signal = network.junctions.iter().find(|j| j.ref_.as_str() == "osm:n5").unwrap();
    assert!(matches!(new_signal.kind, JunctionKind::Signal(_)));
}

#[test]
fn the_same_corrections_still_apply_to_the_next_extract() {
    let corrections = Corrections::parse("corrections.toml", CORRECTIONS).unwrap();
    let (first, report) = corrected(&town::first_extract(), &corrections);
    assert_eq!(report.applied, corrections.len(), "{report}");
    assert_eq!(report.with(Outcome::Stale).count() + report.with(Outcome::Refused).count(), 0, "{report}");
    check_corrected(&first);

    let (next, report) = corrected(&town::next_extract(), &corrections);
    check_corrected(&next);
    assert_eq!(report.applied, corrections.len() - 2, "{report}");
    let stale: Vec<_> = report.with(Outcome::Stale).map(|r| (r.line, r.ref_.as_str())).collect();
    assert_eq!(stale, [(7, "osm:w10:n6>n5"), (11, "osm:w13:n5>n4")], "{report}");
    let candidates =
        |i: usize| -> Vec<&str> { report.with(Outcome::Stale).nth(i).unwrap().candidates.iter().map(|r| r.as_str()).collect() };
    assert!(candidates(0).contains(&"osm:w10:n6>n20") && candidates(0).contains(&"osm:w10:n20>n5"), "{report}");
    assert_eq!(candidates(1)[0], "osm:w15:n5>n4", "{report}");
}

#[test]
fn nodes_kept_apart_stay_junctions_of_their_own() {
    let signals = |text: &str| {
        let (network, report) = corrected(&town::twin_signals(), &Corrections::parse("corrections.toml", text).unwrap());
        (network.controllers.iter().map(|c| c.ref_.to_string()).collect::<Vec<_>>(), report)
    };
    assert_eq!(signals("").0, ["osm:n1"], "the import takes them for one junction");
    let (apart, report) = signals("[[split]]\nnodes = [\"osm:n2\"]");
    assert_eq!((apart, report.applied), (vec!["osm:n1".to_owned(), "osm:n2".to_owned()], 1), "{report}");
    let (_, report) = signals("[[split]]\nnodes = [77]");
    assert_eq!(report.with(Outcome::Stale).count(), 1);
}
