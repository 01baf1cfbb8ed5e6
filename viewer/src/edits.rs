//! Edits as the window asks for them, as the timeline takes them, and in words.

use crate::{
    order::Edit,
    text::{self, Text},
    ui::control,
};
use scenarios::{
    kpi::Bilingual,
    lang::{Lang, class_name, number, system_name},
    scenario::{
        conditions::Lanes,
        file::{ClassName, PhaseTable},
        interventions::{InterventionKind, InterventionTable, SensorName},
        quantity::{Duration, Length, Share, Speed},
    },
};
use sim_core::{class::VehicleClass, network::RoadNetwork};

/// How far an accident blocks its lane, metres (assumed).
const ACCIDENT_M: f64 = 20.0;

/// The intervention that an edit is.
pub fn table_of(edit: &Edit, network: &RoadNetwork) -> InterventionTable {
    let link_ref = |link: u32| Some(network.links[link as usize].ref_.to_string());
    match edit {
        Edit::Close { link, lanes } => InterventionTable {
            link: link_ref(*link),
            lanes: lanes.as_ref().map(|l| Lanes::These(l.clone().collect())),
            ..InterventionTable::new(InterventionKind::Closure)
        },
        Edit::Accident { link, until_s } => {
            let length_m = f64::from(network.links[*link as usize].length_m);
            let from_m = (length_m / 2.0 - ACCIDENT_M / 2.0).max(0.0);
            InterventionTable {
                link: link_ref(*link),
                position: Some(Length::from_base(from_m)),
                length: Some(Length::from_base(ACCIDENT_M.min(length_m - from_m))),
                lanes: Some(Lanes::These(vec![0])),
                until: Some(scenarios::scenario::interventions::Moment::from_seconds(*until_s)),
                ..InterventionTable::new(InterventionKind::Incident)
            }
        }
        Edit::SpeedLimit { link, limit_mps } => InterventionTable {
            link: link_ref(*link),
            speed: Some(Speed::from_base(f64::from(*limit_mps))),
            ..InterventionTable::new(InterventionKind::SpeedLimit)
        },
        Edit::Plan { controller, plan } => {
            let time = |s: f32| Duration::from_base((f64::from(s) * 10.0).round() / 10.0);
            let phase = |p: &sim_core::network::Phase| PhaseTable {
                groups: p.groups.clone(),
                green: time(p.green_s),
                yellow: time(p.yellow_s),
                all_red: time(p.all_red_s),
            };
            InterventionTable {
                junction: Some(network.controllers[*controller as usize].ref_.to_string()),
                phases: plan.phases().iter().map(phase).collect(),
                offset: Some(time(plan.offset_s())),
                ..InterventionTable::new(InterventionKind::Signal)
            }
        }
        Edit::Method { controller, method } => InterventionTable {
            junction: Some(network.controllers[*controller as usize].ref_.to_string()),
            controller: Some(*method),
            ..InterventionTable::new(InterventionKind::Signal)
        },
        Edit::Demand { classes, percent } => {
            InterventionTable { factor: share_of(*percent), classes: names_of(classes), ..InterventionTable::new(InterventionKind::Demand) }
        }
        Edit::Electric { classes, percent } => InterventionTable {
            share: share_of(*percent),
            classes: names_of(classes),
            ..InterventionTable::new(InterventionKind::Electric)
        },
        Edit::Automation { system, classes, percent } => InterventionTable {
            system: Some(*system),
            share: share_of(*percent),
            classes: names_of(classes),
            ..InterventionTable::new(InterventionKind::Automation)
        },
        Edit::Trackers { classes, percent } => InterventionTable {
            share: share_of(*percent),
            classes: names_of(classes),
            ..InterventionTable::new(InterventionKind::Trackers)
        },
        Edit::Guidance { percent } => InterventionTable { share: share_of(*percent), ..InterventionTable::new(InterventionKind::Guidance) },
        Edit::Detector { link, pos_m, sensor } => InterventionTable {
            link: link_ref(*link),
            position: Some(Length::from_base((f64::from(*pos_m) * 10.0).round() / 10.0)),
            sensor: Some(*sensor),
            ..InterventionTable::new(InterventionKind::Detector)
        },
    }
}

fn share_of(percent: u32) -> Option<Share> {
    Some(Share::from_base(f64::from(percent) / 100.0))
}

fn names_of(classes: &[VehicleClass]) -> Vec<ClassName> {
    classes.iter().copied().map(ClassName).collect()
}

/// What a sensor is called.
pub fn sensor_name(sensor: SensorName, lang: Lang) -> &'static str {
    let text = match sensor {
        SensorName::Camera => Text::ACamera,
        SensorName::Loop => Text::ALoop,
        SensorName::Radar => Text::ARadar,
    };
    text.in_lang(lang)
}

/// Whom an intervention concerns, in words.
fn of_whom(table: &InterventionTable, lang: Lang) -> String {
    if table.classes.is_empty() {
        return Text::AllClasses.in_lang(lang).to_owned();
    }
    table.classes.iter().map(|c| class_name(lang, c.0)).collect::<Vec<_>>().join(", ")
}

/// An intervention in words.
pub fn describe(table: &InterventionTable, network: &RoadNetwork) -> Bilingual {
    let told = |lang: Lang| {
        let place = place_of(table, network).unwrap_or_else(|| Text::ANamelessRoad.in_lang(lang).into());
        let lanes = match &table.lanes {
            Some(Lanes::These(lanes)) => Some(lanes.iter().map(|l| (l + 1).to_string()).collect::<Vec<_>>().join(", ")),
            _ => None,
        };
        match table.kind {
            InterventionKind::Closure => match lanes {
                Some(lanes) => text::closed_lanes(lang, place, lanes),
                None => text::closed(lang, place),
            },
            InterventionKind::Opening => match lanes {
                Some(lanes) => text::opened_lanes(lang, place, lanes),
                None => text::opened(lang, place),
            },
            InterventionKind::Incident => text::accident_at(lang, place),
            InterventionKind::SpeedLimit => {
                let kmh = table.speed.map_or(0.0, |s| s.base() * 3.6);
                text::limit_set(lang, number(lang, kmh, 0), place)
            }
            InterventionKind::Signal => match table.controller {
                Some(method) if table.phases.is_empty() => text::control_set(lang, place, control::name(method, lang)),
                _ => text::retimed(lang, place),
            },
            InterventionKind::Demand => {
                let percent = number(lang, table.factor.map_or(100.0, |f| f.base() * 100.0), 0);
                text::demand_set(lang, percent, of_whom(table, lang))
            }
            InterventionKind::Electric => {
                let percent = number(lang, table.share.map_or(0.0, |f| f.base() * 100.0), 0);
                text::electric_set(lang, percent, of_whom(table, lang))
            }
            InterventionKind::Automation => {
                let percent = number(lang, table.share.map_or(0.0, |f| f.base() * 100.0), 0);
                let system = table.system.map_or("", |s| system_name(lang, s.system()));
                let whom = if table.classes.is_empty() { Text::MotorVehicles.in_lang(lang).to_owned() } else { of_whom(table, lang) };
                text::automation_set(lang, system, percent, whom)
            }
            InterventionKind::Trackers => {
                let percent = number(lang, table.share.map_or(0.0, |f| f.base() * 100.0), 0);
                let whom = if table.classes.is_empty() { Text::CommercialVehicles.in_lang(lang).to_owned() } else { of_whom(table, lang) };
                text::trackers_set(lang, percent, whom)
            }
            InterventionKind::Guidance => {
                let percent = number(lang, table.share.map_or(0.0, |f| f.base() * 100.0), 0);
                text::guidance_set(lang, percent)
            }
            InterventionKind::Detector => {
                let sensor = sensor_name(table.sensor.unwrap_or(SensorName::Camera), lang);
                text::detector_set(lang, sensor, place)
            }
            InterventionKind::Undo => text::undid(lang, table.of.as_deref().unwrap_or_default()),
            InterventionKind::LaneUse => text::lane_use_set(lang, place),
            InterventionKind::Departures => text::departures_set(lang, of_whom(table, lang)),
            InterventionKind::RemoveVehicle => text::vehicle_removed(lang, table.trip.as_deref().unwrap_or_default()),
            InterventionKind::NewLink => text::new_road_set(lang, table.road.as_deref().unwrap_or_default()),
            InterventionKind::BusLine => text::bus_line_set(lang, table.line.as_deref().unwrap_or_default()),
            InterventionKind::CarPark => text::car_park_set(lang, table.name.as_deref().unwrap_or_default()),
        }
    };
    Bilingual::new(told(Lang::Vi), told(Lang::En))
}

/// An undoing in words.
pub fn undid(what: &Bilingual) -> Bilingual {
    Bilingual::new(text::undid(Lang::Vi, &what.vi), text::undid(Lang::En, &what.en))
}

fn place_of(table: &InterventionTable, network: &RoadNetwork) -> Option<String> {
    if let Some(link) = table.link.as_deref() {
        let link = network.links.iter().find(|l| l.ref_.as_str() == link)?;
        return link.name.clone().or_else(|| link.road_number.clone());
    }
    let controller = network.controllers.iter().find(|c| Some(c.ref_.as_str()) == table.junction.as_deref())?;
    network.junction(controller.junction).name.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_names_its_place_by_ref_and_is_told_in_both_languages() {
        let network = maps::sketch::embedded().unwrap().network;
        let link = network.links.iter().position(|l| l.name.as_deref() == Some("Trần Hưng Đạo")).unwrap() as u32;
        let table = table_of(&Edit::Close { link, lanes: Some(0..1) }, &network);
        assert_eq!(table.link.as_deref(), Some(network.links[link as usize].ref_.as_str()));
        let told = describe(&table, &network);
        assert_eq!((told.vi.as_str(), told.en.as_str()), ("Đóng Trần Hưng Đạo (làn 1)", "Closed: Trần Hưng Đạo (lane 1)"));
        let limit = describe(&table_of(&Edit::SpeedLimit { link, limit_mps: 30.0 / 3.6 }, &network), &network);
        assert_eq!(limit.en, "Limit 30 km/h, Trần Hưng Đạo");
    }

    #[test]
    fn an_edited_plan_keeps_its_phases() {
        let network = maps::sketch::embedded().unwrap().network;
        let plan = network.controllers[0].plan.clone();
        let table = table_of(&Edit::Plan { controller: 0, plan: plan.clone() }, &network);
        assert_eq!(table.phases.len(), plan.phases().len());
        assert!((table.phases[0].green.base() - f64::from(plan.phases()[0].green_s)).abs() < 0.06);
    }

    #[test]
    fn no_kind_of_change_is_told_by_its_name_in_files() {
        use InterventionKind as K;
        let network = maps::sketch::embedded().unwrap().network;
        for kind in [K::LaneUse, K::Departures, K::RemoveVehicle, K::NewLink, K::BusLine, K::CarPark] {
            let told = describe(&InterventionTable::new(kind), &network);
            assert!(told.vi != told.en && !told.vi.contains(kind.name()) && !told.en.contains(kind.name()), "{kind:?}: {told:?}");
            assert!(told.vi.chars().count() > 6 && !told.vi.contains('{'), "{told:?}");
        }
    }
}
