//! The OpenStreetMap tags of roads, ferries and places.

use super::source::{PlaceLine, Road};
use crate::osm::Tags;
use sim_core::network::{PlaceKind, RoadClass};

/// Tags of a stretch of `road`, on one of its bridges or on the ground.
pub(super) fn way_tags(road: &Road, bridge: Option<usize>) -> Tags {
    let mut tags = Tags::default();
    tags.set("twin:ref", &road.ref_);
    match &road.service {
        Some(service) => {
            tags.set("route", "ferry");
            tags.set("motor_vehicle", if service.cars > 0 { "yes" } else { "no" });
            tags.set("motorcycle", "yes");
            tags.set("duration", &clock(service.crossing_s));
            tags.set("interval", &clock(service.interval_s));
            tags.set("capacity:car", &service.cars.to_string());
            tags.set("capacity:motorcycle", &service.motorcycles.to_string());
        }
        None => {
            tags.set("highway", class_name(road.class));
            tags.set("oneway", if road.is_oneway { "yes" } else { "no" });
            tags.set("zone:traffic", if road.is_urban { "VN:urban" } else { "VN:rural" });
        }
    }
    let mut optional = |key, value: Option<String>| {
        if let Some(value) = value {
            tags.set(key, &value);
        }
    };
    optional("name", road.name.clone());
    optional("ref", road.number.clone());
    optional("lanes", road.lanes.map(|n| n.to_string()));
    optional("width", road.width_m.map(|w| w.to_string()));
    optional("maxspeed", road.speed_kmh.map(|v| v.to_string()));
    optional("toll", road.is_toll.then(|| "yes".to_owned()));
    if let Some(bridge) = bridge {
        tags.set("bridge", "yes");
        tags.set("layer", "1");
        if let Some(name) = &road.bridges[bridge] {
            tags.set("bridge:name", name);
        }
    }
    for (key, value) in &road.tags {
        tags.set(key, value);
    }
    tags
}

fn clock(seconds: u32) -> String {
    format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
}

fn class_name(class: RoadClass) -> &'static str {
    match class {
        RoadClass::Motorway => "motorway",
        RoadClass::Trunk => "trunk",
        RoadClass::Primary => "primary",
        RoadClass::Secondary => "secondary",
        RoadClass::Tertiary => "tertiary",
        RoadClass::Unclassified => "unclassified",
        RoadClass::Residential => "residential",
        RoadClass::Service | RoadClass::Ferry => "service",
    }
}

/// Adds the tags of a place to its node's.
pub(super) fn place_tags(place: &PlaceLine, tags: &mut Tags) {
    let size = place.size.map(|n| n.to_string());
    let (key, value, size_key) = match place.kind {
        PlaceKind::Settlement => ("place", settlement(place.size), "population"),
        PlaceKind::Hospital => ("amenity", "hospital", "beds"),
        PlaceKind::FireStation => ("amenity", "fire_station", "capacity"),
        PlaceKind::Police => ("amenity", "police", "capacity"),
        PlaceKind::BusStation => ("amenity", "bus_station", "capacity"),
        PlaceKind::BusStop => ("highway", "bus_stop", "capacity"),
        PlaceKind::CarPark => ("amenity", "parking", "capacity"),
        PlaceKind::FerryLanding => ("amenity", "ferry_terminal", "capacity"),
        PlaceKind::TollGate => ("barrier", "toll_booth", "capacity"),
        PlaceKind::WeighStation => ("amenity", "weighbridge", "capacity"),
        PlaceKind::BorderGate => ("barrier", "border_control", "capacity"),
        PlaceKind::Crossing => ("highway", "crossing", "capacity"),
        PlaceKind::TouristSite => ("tourism", "attraction", "capacity"),
        PlaceKind::School => ("amenity", "school", "capacity"),
        PlaceKind::Market => ("amenity", "marketplace", "capacity"),
        PlaceKind::IndustrialPark => ("landuse", "industrial", "capacity"),
        PlaceKind::Airport => ("aeroway", "aerodrome", "capacity"),
    };
    tags.set(key, value);
    tags.set("name", &place.name);
    if let Some(size) = size {
        tags.set(size_key, &size);
    }
}

/// How OpenStreetMap calls a settlement of this many inhabitants.
fn settlement(population: Option<u32>) -> &'static str {
    match population {
        Some(100_000..) => "city",
        Some(10_000..) => "town",
        _ => "village",
    }
}
