//! The panels about a station (bus stop, gate, car park, ferry landing) and about a detector.

use super::{View, Wish, chart, overlay::sensor_name_of, pick::link_name, row, top::place_kind};
use crate::{
    detail::{Detail, Focus},
    station::{Mark, StationNow},
    text::Text,
};
use bevy_egui::egui;
use scenarios::lang::{clock, integer, number};
use sim_core::network::{PlaceKind, RoadNetwork};

/// What a station is.
pub fn kind_name(mark: &Mark, view: &View) -> &'static str {
    mark.kind.map_or_else(|| view.say(Text::Gate), |kind| place_kind(kind, view.lang))
}

/// What those who are being served do there.
fn inside_name(mark: &Mark) -> Text {
    match mark.kind {
        Some(PlaceKind::CarPark) => Text::ParkedNow,
        Some(PlaceKind::FerryLanding) => Text::AboardNow,
        Some(PlaceKind::BusStop | PlaceKind::BusStation) => Text::StandNow,
        _ => Text::ServedNow,
    }
}

/// A station's numbers at this moment, each with its name.
pub fn facts(station: &StationNow, view: &View) -> Vec<(&'static str, String)> {
    let count = |n: u64| integer(view.lang, n);
    let inside = match station.mark.spaces {
        Some(spaces) => format!("{} / {}", count(station.inside.into()), count(spaces.into())),
        None => count(station.inside.into()),
    };
    let mut all = vec![
        (view.say(inside_name(&station.mark)), inside),
        (view.say(Text::WaitThere), count(station.waiting.into())),
        (view.say(Text::ServedSoFar), count(station.served)),
    ];
    if let Some(leaves_s) = station.leaves_s {
        all.push((view.say(Text::NextBoat), clock(leaves_s)));
    }
    all
}

/// The panel about a station.
pub fn station(ui: &mut egui::Ui, view: &View, network: &RoadNetwork, index: u32) -> Option<Wish> {
    let station = view.snapshot.stations.get(index as usize)?;
    let mark = &station.mark;
    ui.heading(mark.name.clone().unwrap_or_else(|| link_name(network, mark.link, view)));
    ui.weak(kind_name(mark, view));
    for (name, value) in facts(station, view) {
        row(ui, name, value);
    }
    ui.separator();
    if let Some(Detail::Station(detail)) = view.snapshot.detail.as_deref()
        && detail.station == index
        && !detail.history.is_empty()
    {
        let now_s = view.snapshot.time_s;
        ui.label(view.say(inside_name(mark)));
        chart::over_time(ui, "inside", "", chart::BLUE, detail.history.iter().map(|m| [m.at_s, m.inside.into()]).collect(), now_s);
        ui.label(view.say(Text::WaitThere));
        chart::over_time(ui, "waiting", "", chart::ORANGE, detail.history.iter().map(|m| [m.at_s, m.waiting.into()]).collect(), now_s);
        ui.label(format!("{}, {}", view.say(Text::ServedSoFar), view.say(Text::UnitPerHour)));
        chart::over_time(ui, "served", "", chart::BLUE, detail.history.iter().map(|m| [m.at_s, m.per_hour]).collect(), now_s);
    } else {
        ui.weak(view.say(Text::AfterMinute));
    }
    ui.separator();
    to_link(ui, view, mark.link)
}

/// The panel about a detector.
pub fn detector(ui: &mut egui::Ui, view: &View, network: &RoadNetwork, index: u32) -> Option<Wish> {
    let sensor = view.snapshot.watch.sensors.iter().find(|s| s.detector == index)?;
    ui.heading(&sensor.ref_);
    ui.weak(view.say(sensor_name_of(sensor.kind)));
    ui.label(link_name(network, sensor.link, view));
    let [from, to] = view.snapshot.watch.interval_s.map(clock);
    if let Some(counted) = sensor.counted {
        row(ui, &format!("{from}–{to}, {}", view.say(Text::CountedSim)), integer(view.lang, counted.into()));
    }
    if let Some(observed) = sensor.observed {
        row(ui, &format!("{from}–{to}, {}", view.say(Text::CountedReal)), number(view.lang, observed, 0));
    }
    if let Some(Detail::Detector(detail)) = view.snapshot.detail.as_deref()
        && detail.detector == index
    {
        row(ui, view.say(Text::CountedSoFar), integer(view.lang, detail.look.counted));
        row(ui, view.say(Text::OccupiedNow), format!("{} %", number(view.lang, f64::from(detail.look.occupancy) * 100.0, 0)));
        ui.separator();
        if detail.counted.is_empty() {
            ui.weak(view.say(Text::AfterMinute));
        } else {
            ui.label(format!("{}, {}", view.say(Text::LayerFlow), view.say(Text::UnitPerHour)));
            let lines = [
                (view.say(Text::CountedSim), chart::BLUE, &detail.counted),
                (view.say(Text::CountedReal), chart::ORANGE, &detail.observed),
            ];
            chart::beside(ui, "counts", &lines, view.snapshot.time_s);
        }
    }
    ui.separator();
    to_link(ui, view, sensor.link)
}

/// The way from it to its road.
fn to_link(ui: &mut egui::Ui, view: &View, link: u32) -> Option<Wish> {
    ui.button(view.say(Text::ShowRoad)).clicked().then_some(Wish::Select(Some(Focus::Link(link))))
}
