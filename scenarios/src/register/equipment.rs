//! A register looked up on a map: which links, junctions and places its rows mean.

use super::{
    External, Fleet, FreightItem, ManagedRoute, Monitoring, Register, RegisterError, RoadCategory, SensorSite, StationOrPark, Technology,
    WeighStation, Zone,
    problem::{Problems, did_you_mean},
    road_number::{normal, numbers_of},
    rows::Header,
    schema::TableKind,
};
use sim_core::{
    class::VehicleClass,
    geometry::Point,
    ids::{JunctionId, LinkId},
    network::RoadNetwork,
};
use std::collections::{BTreeMap, BTreeSet};

/// A connected sensor in the network's frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Where it stands.
    pub point: Point,
    /// How far it sees, metres.
    pub reach_m: f64,
}

/// What the register says of the roads of one map. Every ref in it exists there. An `Option` is `None` where the province has not
/// supplied the table, which is not the same as an empty one it declared complete.
#[derive(Clone, Debug, PartialEq)]
pub struct Equipment {
    /// What the register says of itself.
    pub header: Header,
    /// Connected cameras and sensors.
    pub sensors: Option<Vec<Placed>>,
    /// Links under surveillance over their whole length.
    pub surveillance: Option<BTreeSet<LinkId>>,
    /// Links with sensors for maintenance.
    pub maintenance: Option<BTreeSet<LinkId>>,
    /// Junctions with adaptive signals.
    pub adaptive: Option<BTreeSet<JunctionId>>,
    /// Links managed by IoT: sensors, and control or forecast.
    pub managed: Option<BTreeSet<LinkId>>,
    /// What each technology reaches; a technology without any row or zone is absent.
    pub coverage: BTreeMap<Technology, Coverage>,
    /// Fleets.
    pub trackers: Option<Vec<Fleet>>,
    /// Stations and car parks.
    pub stations_parks: Option<Vec<StationOrPark>>,
    /// Roads by category; a category without rows is absent.
    pub categories: BTreeMap<RoadCategory, BTreeSet<LinkId>>,
    /// Scales and what they weighed.
    pub weigh_stations: Option<Vec<WeighStation>>,
    /// Prices and loads of road haulage, all of them.
    pub freight_prices: Option<BTreeMap<(FreightItem, VehicleClass), f64>>,
    /// Indicators only the province knows.
    pub external: Vec<External>,
}

/// What one technology reaches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    /// Links covered over their whole length.
    pub links: BTreeSet<LinkId>,
    /// Areas.
    pub zones: Vec<Zone>,
}

impl Register {
    /// Looks every road, junction and place up on `network`.
    ///
    /// # Errors
    /// Each row whose ref or road number the network does not have, with near names.
    pub fn on(&self, network: &RoadNetwork) -> Result<Equipment, RegisterError> {
        let mut problems = Problems::default();
        let names = Names::of(network);
        let supplied = |kind: TableKind, rows: usize| rows > 0 || self.is_complete(kind);

        let mut sensors = Vec::new();
        for sensor in &self.sensors {
            let point = match &sensor.site {
                SensorSite::Position(place) => Some(network.meta.frame.project(*place)),
                SensorSite::Ref(name) => names.point(network, name.as_str()),
            };
            match (point, &sensor.site) {
                (Some(point), _) if sensor.is_connected => sensors.push(Placed { point, reach_m: sensor.reach_m }),
                (None, SensorSite::Ref(name)) => names.unknown(TableKind::Sensors, sensor.line, "place", name.as_str(), &mut problems),
                _ => {}
            }
        }

        let mut adaptive = BTreeSet::new();
        for row in &self.adaptive_signals {
            match names.junction(row.junction.as_str()) {
                Some(junction) => {
                    adaptive.insert(junction);
                }
                None => names.unknown(TableKind::AdaptiveSignals, row.line, "junction", row.junction.as_str(), &mut problems),
            }
        }

        let mut links_of = |kind: TableKind, rows: &mut dyn Iterator<Item = (u64, &str)>| {
            let mut found = BTreeSet::new();
            for (line, road) in rows {
                match names.road(road) {
                    Some(links) => found.extend(links),
                    None => names.unknown(kind, line, "road", road, &mut problems),
                }
            }
            found
        };
        let mut monitored = |purpose: Monitoring| {
            let rows = || self.monitored_routes.iter().filter(|r| r.purpose == purpose);
            // Roads whose data reach nobody are looked up too, so that a wrong name is found, but do not count.
            links_of(TableKind::MonitoredRoutes, &mut rows().filter(|r| !r.is_connected).map(|r| (r.line, r.road.as_str())));
            let links = links_of(TableKind::MonitoredRoutes, &mut rows().filter(|r| r.is_connected).map(|r| (r.line, r.road.as_str())));
            supplied(TableKind::MonitoredRoutes, rows().count()).then_some(links)
        };
        let (surveillance, maintenance) = (monitored(Monitoring::Surveillance), monitored(Monitoring::Maintenance));

        let is_managed = |r: &&ManagedRoute| r.is_managed();
        links_of(TableKind::ManagedRoutes, &mut self.managed_routes.iter().filter(|r| !is_managed(r)).map(|r| (r.line, r.road.as_str())));
        let managed =
            links_of(TableKind::ManagedRoutes, &mut self.managed_routes.iter().filter(is_managed).map(|r| (r.line, r.road.as_str())));

        let mut coverage = BTreeMap::new();
        for technology in [Technology::FiveG, Technology::Fibre] {
            let rows = || self.coverage_roads.iter().filter(|r| r.technology == technology);
            let zones: Vec<Zone> = self.zones.iter().filter(|z| z.technology == technology).cloned().collect();
            let links = links_of(TableKind::CoverageRoads, &mut rows().map(|r| (r.line, r.road.as_str())));
            let is_complete = self.is_complete(TableKind::CoverageRoads) && self.is_complete(TableKind::Coverage);
            if rows().count() + zones.len() > 0 || is_complete {
                coverage.insert(technology, Coverage { links, zones });
            }
        }

        let mut categories: BTreeMap<RoadCategory, BTreeSet<LinkId>> = BTreeMap::new();
        for row in &self.road_categories {
            let links = links_of(TableKind::RoadCategories, &mut std::iter::once((row.line, row.road.as_str())));
            categories.entry(row.category).or_default().extend(links);
        }

        for row in &self.stations_parks {
            if let Some(place) = &row.place
                && !names.places.contains_key(place.as_str())
            {
                names.unknown(TableKind::StationsParks, row.line, "place", place.as_str(), &mut problems);
            }
        }

        for row in &self.weigh_stations {
            if let Some(place) = &row.place
                && !names.places.contains_key(place.as_str())
            {
                names.unknown(TableKind::WeighStations, row.line, "place", place.as_str(), &mut problems);
            }
        }

        let equipment = Equipment {
            header: self.header.clone(),
            sensors: supplied(TableKind::Sensors, self.sensors.len()).then_some(sensors),
            surveillance,
            maintenance,
            adaptive: supplied(TableKind::AdaptiveSignals, self.adaptive_signals.len()).then_some(adaptive),
            managed: supplied(TableKind::ManagedRoutes, self.managed_routes.len()).then_some(managed),
            coverage,
            trackers: supplied(TableKind::Trackers, self.trackers.len()).then(|| self.trackers.clone()),
            stations_parks: supplied(TableKind::StationsParks, self.stations_parks.len()).then(|| self.stations_parks.clone()),
            categories,
            weigh_stations: supplied(TableKind::WeighStations, self.weigh_stations.len()).then(|| self.weigh_stations.clone()),
            freight_prices: (!self.freight_prices.is_empty())
                .then(|| self.freight_prices.iter().map(|p| ((p.item, p.class), p.value)).collect()),
            external: self.external.clone(),
        };
        problems.into_result(equipment)
    }
}

/// Every name of a network that a register may use.
struct Names<'n> {
    junctions: BTreeMap<&'n str, JunctionId>,
    controllers: BTreeMap<&'n str, JunctionId>,
    places: BTreeMap<&'n str, Point>,
    links: BTreeMap<&'n str, LinkId>,
    /// By number without what people write differently.
    roads: BTreeMap<String, Road<'n>>,
}

/// The links of a road number, and how the map writes it.
struct Road<'n> {
    written: &'n str,
    links: Vec<LinkId>,
}

impl<'n> Names<'n> {
    fn of(network: &'n RoadNetwork) -> Self {
        let mut roads: BTreeMap<String, Road<'n>> = BTreeMap::new();
        for (i, link) in network.links.iter().enumerate() {
            for number in link.road_number.iter().flat_map(|n| numbers_of(n)) {
                let road = roads.entry(normal(number)).or_insert_with(|| Road { written: number, links: Vec::new() });
                road.links.push(LinkId::from_index(i));
            }
        }
        Self {
            junctions: network.junctions.iter().enumerate().map(|(i, j)| (j.ref_.as_str(), JunctionId::from_index(i))).collect(),
            controllers: network.controllers.iter().map(|c| (c.ref_.as_str(), c.junction)).collect(),
            places: network.places.iter().map(|p| (p.ref_.as_str(), p.point)).collect(),
            links: network.links.iter().enumerate().map(|(i, l)| (l.ref_.as_str(), LinkId::from_index(i))).collect(),
            roads,
        }
    }

    fn junction(&self, name: &str) -> Option<JunctionId> {
        self.junctions.get(name).or_else(|| self.controllers.get(name)).copied()
    }

    fn point(&self, network: &RoadNetwork, name: &str) -> Option<Point> {
        if let Some(point) = self.places.get(name) {
            return Some(*point);
        }
        if let Some(junction) = self.junction(name) {
            return Some(network.junction(junction).centre);
        }
        let link = network.link(*self.links.get(name)?);
        Some(sim_core::geometry::point_along(&link.geometry, f64::from(link.length_m) / 2.0).0)
    }

    fn road(&self, name: &str) -> Option<Vec<LinkId>> {
        if let Some(link) = self.links.get(name) {
            return Some(vec![*link]);
        }
        self.roads.get(&normal(name)).map(|road| road.links.clone())
    }

    fn unknown(&self, table: TableKind, line: u64, what: &str, name: &str, problems: &mut Problems) {
        if problems.is_many() {
            problems.add(table.file(), line, format!("no {what} `{name}` on this map"));
            return;
        }
        let near = match what {
            "road" => did_you_mean(name, self.roads.values().map(|r| r.written).chain(self.links.keys().copied())),
            "junction" => did_you_mean(name, self.controllers.keys().chain(self.junctions.keys()).copied()),
            _ if table == TableKind::StationsParks => did_you_mean(name, self.places.keys().copied()),
            _ => did_you_mean(name, self.places.keys().chain(self.junctions.keys()).chain(self.links.keys()).copied()),
        };
        problems.add(table.file(), line, format!("no {what} `{name}` on this map{near}"));
    }
}
