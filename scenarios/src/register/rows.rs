//! The rows of the register's tables, typed, and how they are read.

use super::{
    HEADER_FILE,
    problem::Problems,
    schema::TableKind,
    table::{Cells, Row, Table},
};
use chrono::NaiveDate;
use serde::Deserialize;
use sim_core::{class::VehicleClass, geometry::LatLon, reference::Ref};
use std::collections::BTreeSet;

/// What a register says of itself, from `register.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// The day it describes, `2026-09-30`.
    pub as_of: NaiveDate,
    /// Whether it was made up to show how a register works: every table then says so.
    pub illustrative: bool,
    /// Whose data, for the report.
    pub source: String,
    /// Tables that list everything there is, so that an empty one means "none" rather than "not supplied".
    pub complete: Vec<TableKind>,
}

/// Reads the header; a stand-in where it is missing or wrong, which is noted.
pub(super) fn header(bytes: Option<&[u8]>, problems: &mut Problems) -> Header {
    let stand_in =
        || Header { name: String::new(), as_of: NaiveDate::MIN, illustrative: true, source: String::new(), complete: Vec::new() };
    let Some(bytes) = bytes else {
        problems.add(HEADER_FILE, 0, "missing; it names the register and its date, see the template");
        return stand_in();
    };
    let text = match std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        Ok(text) => text,
        Err(_) => {
            problems.add(HEADER_FILE, 0, "not UTF-8 text");
            return stand_in();
        }
    };
    match toml::from_str::<RawHeader>(text) {
        Ok(raw) => {
            let as_of = NaiveDate::parse_from_str(&raw.as_of, "%Y-%m-%d");
            if as_of.is_err() {
                problems.add(HEADER_FILE, 0, format!("`as_of` is `{}`, expected a day as 2026-09-30", raw.as_of));
            }
            let as_of = as_of.unwrap_or(NaiveDate::MIN);
            Header { name: raw.name, as_of, illustrative: raw.illustrative, source: raw.source, complete: raw.complete }
        }
        Err(error) => {
            let before = error.span().map_or("", |span| &text[..span.start.min(text.len())]);
            let line = before.bytes().filter(|b| *b == b'\n').count() as u64 + 1;
            problems.add(HEADER_FILE, line, error.message().to_owned());
            stand_in()
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHeader {
    name: String,
    as_of: String,
    illustrative: bool,
    source: String,
    #[serde(default)]
    complete: Vec<TableKind>,
}

/// Reads every row of `table` with `read`, leaving out those that are wrong.
fn collect<T>(table: &Table, problems: &mut Problems, mut read: impl FnMut(Cells<'_>) -> Option<T>) -> Vec<T> {
    table.rows.iter().filter_map(|row: &Row| read(table.cells(row, problems))).collect()
}

/// What a sensor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SensorKind {
    /// Camera.
    Camera,
    /// Radar.
    Radar,
    /// Loop in the road.
    Loop,
    /// Weigh-in-motion.
    WeighInMotion,
    /// Any other IoT sensor.
    Other,
}

/// Where a sensor is.
#[derive(Clone, Debug, PartialEq)]
pub enum SensorSite {
    /// At a place, junction or the middle of a link of the map.
    Ref(Ref),
    /// At a position.
    Position(LatLon),
}

/// A camera or sensor beside the road.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensor {
    /// Its line.
    pub line: u64,
    /// The office's name for it.
    pub id: String,
    /// What it is.
    pub kind: SensorKind,
    /// Where.
    pub site: SensorSite,
    /// How far it sees, metres, 1 to 5000.
    pub reach_m: f64,
    /// Whether its data reach the operation centre; only then it counts.
    pub is_connected: bool,
    /// In service since.
    pub since: Option<NaiveDate>,
}

pub(super) fn sensors(table: &Table, problems: &mut Problems) -> Vec<Sensor> {
    let kinds = [
        ("camera", SensorKind::Camera),
        ("radar", SensorKind::Radar),
        ("loop", SensorKind::Loop),
        ("weigh_in_motion", SensorKind::WeighInMotion),
        ("other", SensorKind::Other),
    ];
    let mut ids = BTreeSet::new();
    collect(table, problems, |mut c| {
        let id = unique_id(&mut c, &mut ids);
        let kind = c.one_of("kind", &kinds);
        let place = c.optional("ref");
        let position = (c.number("lat", -90.0..=90.0), c.number("lon", -180.0..=180.0));
        let site = match (place, position) {
            (Some(name), (None, None)) => SensorSite::Ref(Ref::new(name)),
            (None, (Some(lat), Some(lon))) => SensorSite::Position(LatLon { lat, lon }),
            (Some(_), _) => {
                c.wrong("both `ref` and a position; give one of them");
                return None;
            }
            (None, _) => {
                c.wrong("no place; give `ref`, or `lat` and `lon`");
                return None;
            }
        };
        c.text("reach_m");
        let reach_m = c.number("reach_m", 1.0..=5000.0).unwrap_or(1.0);
        let (is_connected, since) = (must_say(&mut c, "connected"), c.date("since"));
        let line = c.line();
        c.keep(Sensor { line, id, kind, site, reach_m, is_connected, since })
    })
}

/// A junction whose signals adapt to traffic.
#[derive(Clone, Debug, PartialEq)]
pub struct AdaptiveSignal {
    /// Its line.
    pub line: u64,
    /// The junction's ref, or its controller's.
    pub junction: Ref,
    /// In service since.
    pub since: Option<NaiveDate>,
}

pub(super) fn adaptive_signals(table: &Table, problems: &mut Problems) -> Vec<AdaptiveSignal> {
    let mut seen = BTreeSet::new();
    collect(table, problems, |mut c| {
        let (junction, since, line) = (c.text("junction"), c.date("since"), c.line());
        if !junction.is_empty() && !seen.insert(junction.clone()) {
            c.wrong(format!("junction `{junction}` is listed twice"));
        }
        if junction.is_empty() {
            return None;
        }
        c.keep(AdaptiveSignal { line, junction: Ref::new(junction), since })
    })
}

/// A way of reaching a road with data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Technology {
    /// 5G radio.
    FiveG,
    /// Optical fibre.
    Fibre,
}

/// How the files spell them.
pub(super) const TECHNOLOGIES: [(&str, Technology); 2] = [("5g", Technology::FiveG), ("fibre", Technology::Fibre)];

/// A road that is covered over its whole length.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadCoverage {
    /// Its line.
    pub line: u64,
    /// Road number or link ref.
    pub road: String,
    /// By what.
    pub technology: Technology,
    /// Since.
    pub since: Option<NaiveDate>,
}

pub(super) fn coverage_roads(table: &Table, problems: &mut Problems) -> Vec<RoadCoverage> {
    collect(table, problems, |mut c| {
        let row = RoadCoverage {
            line: c.line(),
            road: c.text("road"),
            technology: c.one_of("technology", &TECHNOLOGIES),
            since: c.date("since"),
        };
        c.keep(row)
    })
}

/// A commercial fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct Fleet {
    /// Its name or kind, e.g. `fixed-route coaches`.
    pub fleet: String,
    /// Vehicles in it.
    pub vehicles: u32,
    /// Those with a working tracker.
    pub equipped: u32,
    /// On which day.
    pub as_of: Option<NaiveDate>,
}

pub(super) fn trackers(table: &Table, problems: &mut Problems) -> Vec<Fleet> {
    let mut names = BTreeSet::new();
    collect(table, problems, |mut c| {
        let fleet = c.text("fleet");
        if !fleet.is_empty() && !names.insert(fleet.clone()) {
            c.wrong(format!("fleet `{fleet}` is listed twice"));
        }
        c.text("as_of");
        let (vehicles, equipped, as_of) = (c.count("vehicles"), c.count("equipped"), c.date("as_of"));
        let (vehicles, equipped) = (vehicles?, equipped?);
        if equipped > vehicles {
            c.wrong(format!("`equipped` is {equipped}, more than the fleet's {vehicles} vehicles"));
        }
        c.keep(Fleet { fleet, vehicles, equipped, as_of })
    })
}

/// What a station or park is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacilityKind {
    /// Bus station.
    BusStation,
    /// Rail station.
    RailStation,
    /// Car park.
    CarPark,
}

/// A station or car park and its equipment.
#[derive(Clone, Debug, PartialEq)]
pub struct StationOrPark {
    /// Its line.
    pub line: u64,
    /// The office's name for it.
    pub id: String,
    /// What it is.
    pub kind: FacilityKind,
    /// Its name.
    pub name: String,
    /// The place of the map it is.
    pub place: Option<Ref>,
    /// Open to everybody.
    pub is_public: bool,
    /// Gates run by themselves.
    pub is_automated: bool,
    /// IoT sensors installed.
    pub has_iot: bool,
    /// Cashless payment.
    pub has_digital_payment: bool,
    /// Free spaces forecast in the app; `None` where it makes no sense or is unknown.
    pub has_forecast: Option<bool>,
}

pub(super) fn stations_parks(table: &Table, problems: &mut Problems) -> Vec<StationOrPark> {
    let kinds =
        [("bus_station", FacilityKind::BusStation), ("rail_station", FacilityKind::RailStation), ("car_park", FacilityKind::CarPark)];
    let mut ids = BTreeSet::new();
    collect(table, problems, |mut c| {
        let row = StationOrPark {
            line: c.line(),
            id: unique_id(&mut c, &mut ids),
            kind: c.one_of("kind", &kinds),
            name: c.text("name"),
            place: c.optional("place").map(Ref::new),
            is_public: must_say(&mut c, "public"),
            is_automated: must_say(&mut c, "automated"),
            has_iot: must_say(&mut c, "iot"),
            has_digital_payment: must_say(&mut c, "digital_payment"),
            has_forecast: c.yes("free_space_forecast"),
        };
        if row.kind == FacilityKind::CarPark && row.is_public && row.has_forecast.is_none() {
            c.wrong("`free_space_forecast` is empty; a public car park has it or not");
        }
        c.keep(row)
    })
}

/// What a road is monitored for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Monitoring {
    /// Cameras and sensors watch traffic (K02).
    Surveillance,
    /// Sensors serve management, supervision and maintenance of the road itself (K12).
    Maintenance,
}

/// A road monitored over its whole length.
#[derive(Clone, Debug, PartialEq)]
pub struct MonitoredRoute {
    /// Its line.
    pub line: u64,
    /// Road number or link ref.
    pub road: String,
    /// What for.
    pub purpose: Monitoring,
    /// Whether the data reach the operation centre; only then it counts.
    pub is_connected: bool,
    /// Since.
    pub since: Option<NaiveDate>,
}

pub(super) fn monitored_routes(table: &Table, problems: &mut Problems) -> Vec<MonitoredRoute> {
    let purposes = [("surveillance", Monitoring::Surveillance), ("maintenance", Monitoring::Maintenance)];
    collect(table, problems, |mut c| {
        let row = MonitoredRoute {
            line: c.line(),
            road: c.text("road"),
            purpose: c.one_of("purpose", &purposes),
            is_connected: must_say(&mut c, "connected"),
            since: c.date("since"),
        };
        c.keep(row)
    })
}

/// A road managed by IoT: it counts when it has sensors and either control or forecast acts on them.
#[derive(Clone, Debug, PartialEq)]
pub struct ManagedRoute {
    /// Its line.
    pub line: u64,
    /// Road number or link ref.
    pub road: String,
    /// Sensors measure its traffic.
    pub has_sensor: bool,
    /// Signals or signs act on what they measure.
    pub has_control: bool,
    /// Its state is forecast.
    pub has_forecast: bool,
    /// Since.
    pub since: Option<NaiveDate>,
}

impl ManagedRoute {
    /// Whether the road counts as managed by IoT (K13).
    pub const fn is_managed(&self) -> bool {
        self.has_sensor && (self.has_control || self.has_forecast)
    }
}

pub(super) fn managed_routes(table: &Table, problems: &mut Problems) -> Vec<ManagedRoute> {
    collect(table, problems, |mut c| {
        let row = ManagedRoute {
            line: c.line(),
            road: c.text("road"),
            has_sensor: must_say(&mut c, "sensor"),
            has_control: must_say(&mut c, "control"),
            has_forecast: must_say(&mut c, "forecast"),
            since: c.date("since"),
        };
        c.keep(row)
    })
}

/// What the plan calls a road, beyond its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoadCategory {
    /// Key provincial road (đường tỉnh trọng điểm).
    KeyProvincial,
    /// Gateway to the province (cửa ngõ ra vào tỉnh).
    Gateway,
    /// Tourist road (tuyến đường du lịch).
    Tourist,
    /// Key freight road (tuyến vận tải hàng hóa trọng điểm).
    Freight,
    /// Ring road or bypass (vành đai, tuyến tránh).
    RingRoad,
}

/// A road and what it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadCategoryRow {
    /// Its line.
    pub line: u64,
    /// Road number or link ref.
    pub road: String,
    /// What it is.
    pub category: RoadCategory,
}

pub(super) fn road_categories(table: &Table, problems: &mut Problems) -> Vec<RoadCategoryRow> {
    let categories = [
        ("key_provincial", RoadCategory::KeyProvincial),
        ("gateway", RoadCategory::Gateway),
        ("tourist", RoadCategory::Tourist),
        ("freight", RoadCategory::Freight),
        ("ring_road", RoadCategory::RingRoad),
    ];
    collect(table, problems, |mut c| {
        let row = RoadCategoryRow { line: c.line(), road: c.text("road"), category: c.one_of("category", &categories) };
        c.keep(row)
    })
}

/// A site with scales and what it weighed.
#[derive(Clone, Debug, PartialEq)]
pub struct WeighStation {
    /// Its line.
    pub line: u64,
    /// Its name.
    pub site: String,
    /// The place of the map it is.
    pub place: Option<Ref>,
    /// Vehicles weighed.
    pub weighed: u32,
    /// Those over the limit.
    pub overloaded: u32,
    /// On which day the count ended.
    pub as_of: Option<NaiveDate>,
}

pub(super) fn weigh_stations(table: &Table, problems: &mut Problems) -> Vec<WeighStation> {
    let mut sites = BTreeSet::new();
    collect(table, problems, |mut c| {
        let site = c.text("site");
        if !site.is_empty() && !sites.insert(site.clone()) {
            c.wrong(format!("site `{site}` is listed twice"));
        }
        c.text("as_of");
        let (line, place, as_of) = (c.line(), c.optional("place").map(Ref::new), c.date("as_of"));
        let (weighed, overloaded) = (c.count("weighed")?, c.count("overloaded")?);
        if overloaded > weighed {
            c.wrong(format!("`overloaded` is {overloaded}, more than the {weighed} weighed"));
        }
        c.keep(WeighStation { line, site, place, weighed, overloaded, as_of })
    })
}

/// What a price or load of road haulage is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FreightItem {
    /// An hour of vehicle and crew.
    Time,
    /// A litre of fuel.
    Fuel,
    /// A kilowatt-hour.
    Electricity,
    /// A passage of a toll gate.
    Toll,
    /// An hour lost at a border gate or weigh station, instead of `Time`.
    Wait,
    /// Tonnes aboard, empty runs included.
    Load,
}

/// How the file spells them, and the unit of each.
pub(super) const FREIGHT_ITEMS: [(&str, FreightItem, &str); 6] = [
    ("time", FreightItem::Time, "VND/h"),
    ("fuel", FreightItem::Fuel, "VND/l"),
    ("electricity", FreightItem::Electricity, "VND/kWh"),
    ("toll", FreightItem::Toll, "VND/passage"),
    ("wait", FreightItem::Wait, "VND/h"),
    ("load", FreightItem::Load, "t"),
];

/// A price or load.
#[derive(Clone, Debug, PartialEq)]
pub struct FreightPrice {
    /// Of what.
    pub item: FreightItem,
    /// Of which class of truck.
    pub class: VehicleClass,
    /// The value in the item's unit.
    pub value: f64,
    /// Where it comes from, or "assumed".
    pub source: String,
}

pub(super) fn freight_prices(table: &Table, problems: &mut Problems) -> Vec<FreightPrice> {
    let items = FREIGHT_ITEMS.map(|(name, item, _)| (name, item));
    let classes = crate::kpi::FREIGHT.map(|c| (c.name(), c));
    let mut seen = BTreeSet::new();
    let rows = collect(table, problems, |mut c| {
        let (item, class) = (c.one_of("item", &items), c.one_of("class", &classes));
        c.text("value");
        let (value, unit, source) = (c.number("value", 0.0..=1e12).unwrap_or(0.0), c.text("unit"), c.text("source"));
        let expected = FREIGHT_ITEMS.iter().find(|i| i.1 == item).map_or("", |i| i.2);
        if !unit.is_empty() && unit != expected {
            c.wrong(format!("`unit` is `{unit}`, expected `{expected}`"));
        }
        let row = c.keep(FreightPrice { item, class, value, source })?;
        seen.insert((item, class)).then_some(row)
    });
    // A price that is missing would count as nothing: a table with any row must have all.
    if !rows.is_empty() {
        for (name, item, unit) in FREIGHT_ITEMS {
            for (class_name, class) in classes {
                if !rows.iter().any(|r| (r.item, r.class) == (item, class)) {
                    problems.add(
                        TableKind::FreightPrices.file(),
                        0,
                        format!("no row `{name},{class_name}`, a number of {unit}; 0 where there is none"),
                    );
                }
            }
        }
    }
    rows
}

/// The value of an indicator that only the province can know.
#[derive(Clone, Debug, PartialEq)]
pub struct External {
    /// The indicator, e.g. `K21`.
    pub indicator: String,
    /// Its value in the indicator's unit.
    pub value: f64,
    /// On which day.
    pub as_of: Option<NaiveDate>,
    /// Who reported it.
    pub source: String,
}

pub(super) fn external(table: &Table, problems: &mut Problems) -> Vec<External> {
    let known = crate::kpi::external_ids();
    let mut seen = BTreeSet::new();
    collect(table, problems, |mut c| {
        let indicator = c.text("indicator");
        if !indicator.is_empty() && !known.contains(&indicator.as_str()) {
            c.wrong(format!("`{indicator}` is no indicator that the province supplies; expected one of {}", known.join(", ")));
        }
        if !indicator.is_empty() && !seen.insert(indicator.clone()) {
            c.wrong(format!("indicator `{indicator}` is listed twice"));
        }
        c.text("value");
        c.text("as_of");
        let value = c.number("value", 0.0..=1e12).unwrap_or(0.0);
        let (as_of, source) = (c.date("as_of"), c.text("source"));
        c.keep(External { indicator, value, as_of, source })
    })
}

fn unique_id(c: &mut Cells<'_>, ids: &mut BTreeSet<String>) -> String {
    let id = c.text("id");
    if !id.is_empty() && !ids.insert(id.clone()) {
        c.wrong(format!("id `{id}` is used twice"));
    }
    id
}

/// A yes or no that must be there; empty is noted.
fn must_say(c: &mut Cells<'_>, column: &str) -> bool {
    c.text(column);
    c.yes(column).unwrap_or(false)
}
