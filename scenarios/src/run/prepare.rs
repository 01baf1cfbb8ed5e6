//! From what a scenario says about demand to trips: files are read, zones and tables made, routes searched, tables fitted to counts.

use super::{RunError, load::Found};
use crate::{
    demand::{
        Counts, Drawn, OdTable, PriorSettings, Region, Rounding, RouteBook, Router, RouterSettings, SyntheticSettings,
        Window as DemandWindow, Zone, ZoneSettings, cityflow, detectors, draw, prior, sumo, synthetic, trip_list, zone_file, zones,
    },
    results::record::InputRecord,
    scenario::{
        check::{Demand, Window, Zoning},
        source::{Source, SourceFile},
    },
};
use maps::index::NetworkIndex;
use sim_core::{
    class::{CLASS_COUNT, ClassTable, VehicleClass},
    detector::Detector,
    geometry::LatLon,
    network::{LinkKind, RoadNetwork},
    reference::Ref,
};

/// Vehicles an hour for each kilometre of road (each direction counted) when synthetic demand names no flow: moderate traffic (assumed).
const SYNTHETIC_PER_KM_HOUR: f64 = 15.0;
/// The most vehicles an hour that are made up for a map nobody named a flow for: a city of a million in the peak (assumed).
const SYNTHETIC_MOST_PER_HOUR: f64 = 60_000.0;

/// Reads the files of a scenario and remembers what was read.
#[derive(Debug)]
pub struct Reader<'a> {
    source: &'a Source,
    /// What was read so far.
    pub inputs: Vec<InputRecord>,
}

impl<'a> Reader<'a> {
    /// A reader of what `found` names.
    pub fn new(found: &'a Found) -> Self {
        Self { source: &found.source, inputs: found.inputs.clone() }
    }

    /// Reads a file for a purpose, e.g. `counts`.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn read(&mut self, role: &str, name: &str) -> Result<SourceFile, RunError> {
        let file = self.source.read(name)?;
        self.inputs.push(InputRecord::of(role, &file.name, &file.bytes));
        Ok(file)
    }
}

impl Reader<'_> {
    /// Reads every file of a folder for a purpose.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn read_folder(&mut self, role: &str, name: &str) -> Result<Vec<SourceFile>, RunError> {
        let files = self.source.read_folder(name)?;
        self.inputs.extend(files.iter().map(|f| InputRecord::of(role, &f.name, &f.bytes)));
        Ok(files)
    }
}

/// Demand that is ready to be drawn, for any seed.
#[derive(Debug)]
pub enum Prepared {
    /// A table over zones and its routes.
    Table {
        /// How many trips go where.
        od: OdTable,
        /// The ways they take.
        book: RouteBook,
        /// Names of its zones for people, in their order.
        names: Vec<String>,
    },
    /// A list of trips, a route file of SUMO or a flow file of CityFlow: the seed chooses among alternative ways.
    List(SourceFile),
    /// Made up; the seed is set when drawn.
    Synthetic(SyntheticSettings),
}

/// A table of demand over zones, before routes are searched.
#[derive(Debug)]
pub struct Counted {
    /// The zones.
    pub zones: Vec<Zone>,
    /// What is known before counting.
    pub prior: OdTable,
    /// The counts, of one day.
    pub counts: Counts,
}

/// A network with what finds places and ways on it.
pub struct Ground<'a> {
    /// The network.
    pub network: &'a RoadNetwork,
    /// Finds links near a place.
    pub index: NetworkIndex,
    /// Finds ways.
    pub router: Router,
}

impl<'a> Ground<'a> {
    /// Prepares a network.
    pub fn new(network: &'a RoadNetwork, classes: &ClassTable) -> Self {
        Self { network, index: NetworkIndex::new(network), router: Router::new(network, classes, RouterSettings::default()) }
    }
}

/// The detectors of a scenario, none where it names no file.
///
/// # Errors
/// The file is not there or has bad rows.
pub fn read_detectors(demand: &Demand, reader: &mut Reader, ground: &Ground) -> Result<Vec<Detector>, RunError> {
    let name = match demand {
        Demand::Counts { detectors, .. } => Some(detectors),
        Demand::Od { detectors, .. } | Demand::Trips { detectors, .. } | Demand::Synthetic { detectors, .. } => detectors.as_ref(),
    };
    let Some(name) = name else { return Ok(Vec::new()) };
    let file = reader.read("detectors", name)?;
    detectors::parse(&file.shown, &file.bytes, ground.network, &ground.index).map_err(RunError::input)
}

/// The counts of the day to rebuild, held against the detectors.
///
/// # Errors
/// The file is not there, has bad rows or names unknown detectors, or nothing was counted on that day.
pub fn read_counts(found: &Found, reader: &mut Reader, detectors: &[Detector]) -> Result<Counts, RunError> {
    let Demand::Counts { counts, day, .. } = &found.scenario.demand else {
        return Err(RunError::input("this scenario has no counts"));
    };
    let file = reader.read("counts", counts)?;
    let all = Counts::parse(&file.shown, &file.bytes).map_err(RunError::input)?;
    let report = all.check(detectors);
    if !report.is_ok() {
        return Err(RunError::input(report));
    }
    let Some(day) = day.or_else(|| all.representative_day()) else {
        return Err(RunError::Input(format!("{}: no counts in it", file.shown)));
    };
    let of_day = all.on(day);
    if of_day.rows().is_empty() {
        let days: Vec<_> = all.days().iter().map(ToString::to_string).collect();
        let message = format!("nothing was counted on {day}; {} has {}", file.shown, days.join(", "));
        return Err(found.scenario.parsed.error_at("demand.day", message).into());
    }
    Ok(of_day)
}

/// The zones of a scenario.
///
/// # Errors
/// The zones file is not there or has bad rows, or fewer than two zones are left.
pub fn make_zones(zoning: &Zoning, found: &Found, reader: &mut Reader, network: &RoadNetwork) -> Result<Vec<Zone>, RunError> {
    let region = zoning.region.map(|circle| {
        let [lat, lon] = circle.centre;
        Region { centre: network.meta.frame.project(LatLon { lat, lon }), radius_m: circle.radius.base() }
    });
    let settings = ZoneSettings { region, ..ZoneSettings::default() };
    let zones = match &zoning.file {
        None => zones::from_network(network, &settings),
        Some(name) => {
            let file = reader.read("zones", name)?;
            let lower = name.to_ascii_lowercase();
            let is_json = lower.ends_with("json");
            let parse = if is_json { zone_file::parse_geojson } else { zone_file::parse_csv };
            let points = parse(&file.shown, &file.bytes, network).map_err(RunError::input)?;
            zones::from_points(network, &points, &settings)
        }
    };
    if zones.len() < 2 {
        let message = format!("{} zones on this map, demand needs at least 2; name a file of zones or a larger region", zones.len());
        return Err(found.scenario.parsed.error_at("demand", message).into());
    }
    Ok(zones)
}

/// Trips may leave in here.
pub fn demand_window(window: &Window) -> DemandWindow {
    DemandWindow::new(window.from_s, window.to_s)
}

/// What is known before the counts: zones and a gravity prior with the counted mix of classes.
///
/// # Errors
/// As [`make_zones`].
pub fn make_prior(found: &Found, zoning: &Zoning, reader: &mut Reader, ground: &Ground, counts: Counts) -> Result<Counted, RunError> {
    let zones = make_zones(zoning, found, reader, ground.network)?;
    let shipped = PriorSettings::default();
    let class_shares = prior::class_shares_of(&counts, &shipped.class_shares);
    let prior = prior::gravity(&ground.router, &zones, demand_window(&found.scenario.window), &PriorSettings { class_shares, ..shipped });
    Ok(Counted { zones, prior, counts })
}

/// Demand given as a table, a list or a flow.
///
/// # Errors
/// A file that is not there or has bad rows.
///
/// # Panics
/// On demand from counts, which is fitted: see [`make_prior`].
pub fn read_demand(found: &Found, reader: &mut Reader, ground: &Ground) -> Result<Prepared, RunError> {
    match &found.scenario.demand {
        Demand::Od { od, zones, .. } => {
            let zones = make_zones(zones, found, reader, ground.network)?;
            let file = reader.read("od", od)?;
            let od = OdTable::parse(&file.shown, &file.bytes, &zones).map_err(RunError::input)?;
            Ok(Prepared::table(od, &zones, &ground.router))
        }
        Demand::Trips { trips, .. } => {
            let file = reader.read("trips", trips)?;
            Ok(Prepared::List(file))
        }
        Demand::Synthetic { per_hour, mix, .. } => {
            let per_hour = per_hour.unwrap_or_else(|| moderate_flow(ground.network));
            let mut settings = SyntheticSettings::new(per_hour, demand_window(&found.scenario.window), 0);
            if !mix.is_empty() {
                settings.class_shares = shares(mix);
            }
            Ok(Prepared::Synthetic(settings))
        }
        Demand::Counts { .. } => unreachable!("demand from counts is fitted"),
    }
}

fn shares(mix: &[(VehicleClass, f64)]) -> [f64; CLASS_COUNT] {
    let sum: f64 = mix.iter().map(|(_, s)| s).sum();
    let mut shares = [0.0; CLASS_COUNT];
    for (class, share) in mix {
        shares[class.index()] = share / sum;
    }
    shares
}

/// Moderate traffic for a network of this size, vehicles an hour.
pub fn moderate_flow(network: &RoadNetwork) -> f64 {
    let road_m: f64 = network.links.iter().filter(|l| l.kind == LinkKind::Road).map(|l| f64::from(l.length_m)).sum();
    libm::round(road_m / 1000.0 * SYNTHETIC_PER_KM_HOUR).min(SYNTHETIC_MOST_PER_HOUR)
}

impl Prepared {
    /// A table over `zones`, on the ways that travellers know before there is traffic.
    pub fn table(od: OdTable, zones: &[Zone], router: &Router) -> Self {
        let book = RouteBook::new(router, zones, &od);
        Self::table_on(od, book, zones)
    }

    /// A table over `zones` on these ways.
    pub fn table_on(od: OdTable, book: RouteBook, zones: &[Zone]) -> Self {
        Self::Table { od, book, names: zones.iter().map(|z| z.name.clone()).collect() }
    }

    /// The zones of a table, refs and names.
    pub fn zones(&self) -> Vec<(Ref, String)> {
        match self {
            Self::Table { od, names, .. } => od.zones().iter().cloned().zip(names.iter().cloned()).collect(),
            Self::List(_) | Self::Synthetic(_) => Vec::new(),
        }
    }

    /// The trips of one seed that wish to leave within the window.
    ///
    /// # Errors
    /// A trip list with bad rows.
    pub fn draw(&self, ground: &Ground, window: &Window, seed: u64) -> Result<Drawn, RunError> {
        let mut drawn = match self {
            Self::Table { od, book, .. } => draw::draw(od, book, seed, Rounding::default()),
            Self::List(file) if sumo::is_routes(&file.bytes) => {
                sumo::parse_routes(&file.shown, &file.bytes, ground.network, &ground.router, seed).map_err(RunError::input)?
            }
            Self::List(file) if cityflow::is_flow(&file.bytes) => {
                cityflow::parse_flow(&file.shown, &file.bytes, ground.network).map_err(RunError::input)?
            }
            Self::List(file) => {
                trip_list::parse_trips(&file.shown, &file.bytes, ground.network, &ground.router, seed).map_err(RunError::input)?
            }
            Self::Synthetic(settings) => {
                synthetic::synthetic(ground.network, &ground.router, &SyntheticSettings { seed, ..settings.clone() })
            }
        };
        drawn.trips.retain(|t| t.depart_s >= window.from_s && t.depart_s < window.to_s);
        Ok(drawn)
    }
}
