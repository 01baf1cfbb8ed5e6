//! From a demand table to trips. Every draw is keyed by (seed, zones, class, quarter-hour) and a trip's own by its number in the cell, so a
//! cell that grows keeps the trips it had and changes none elsewhere.

use super::{
    book::RouteBook,
    draw_keys::{pick, poisson, stream, uniform},
    od::OdTable,
    time::{QUARTER_S, quarter_start_s},
};
use sim_core::{
    class::VehicleClass,
    demand::{Purpose, Trip},
    reference::Ref,
};
use std::{collections::BTreeMap, fmt};

/// How a cell's expected trips become whole trips.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Down or up, so that the mean is right: little noise, for demand that was fitted to one morning.
    #[default]
    Stochastic,
    /// A Poisson draw: as much noise as independent travellers make from day to day.
    Poisson,
}

/// Trips that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    /// The trip, or the pair of zones and class (`od:z1>z2:motorcycle`) they all belong to.
    pub ref_: Ref,
    /// The class.
    pub class: VehicleClass,
    /// Where from: a zone or link.
    pub from: Ref,
    /// Where to.
    pub to: Ref,
    /// How many trips.
    pub trips: u64,
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: no way open to {} leads from {} to {} ({} trips)", self.ref_, self.class, self.from, self.to, self.trips)
    }
}

/// Trips, and those that could not be made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    /// Trips by time of departure, then name.
    pub trips: Vec<Trip>,
    /// The others, counted and named.
    pub unreachable: Vec<Unreachable>,
    /// What the source says and nothing uses, counted by what it is; only route files of SUMO have any.
    pub unused: BTreeMap<String, u64>,
}

impl Drawn {
    /// How many trips could not be made.
    pub fn unreachable_trips(&self) -> u64 {
        self.unreachable.iter().map(|u| u.trips).sum()
    }

    pub(crate) fn sort(&mut self) {
        self.trips.sort_by(|a, b| a.depart_s.total_cmp(&b.depart_s).then_with(|| a.ref_.cmp(&b.ref_)));
    }
}

/// Draws the trips of a table along the routes of `book`.
pub fn draw(od: &OdTable, book: &RouteBook, seed: u64, rounding: Rounding) -> Drawn {
    let mut drawn = Drawn::default();
    let mut lost: BTreeMap<(u32, u32, VehicleClass), u64> = BTreeMap::new();
    for (key, expected) in od.cells() {
        let (from, to) = (&od.zones()[key.from as usize], &od.zones()[key.to as usize]);
        let name = format!("od:{from}>{to}:{}:{}", key.class, key.quarter);
        let trips = match rounding {
            Rounding::Poisson => poisson(expected, &mut stream(seed, "trips", &name, 0)),
            Rounding::Stochastic => {
                let whole = libm::floor(expected);
                whole as u64 + u64::from(uniform(seed, "trips", &name, 0) < expected - whole)
            }
        };
        let routes = book.routes(key.class, key.from, key.to);
        if routes.is_empty() {
            *lost.entry((key.from, key.to, key.class)).or_default() += trips;
            continue;
        }
        for n in 0..trips {
            let way = &routes[pick(routes.iter().map(|r| r.share), uniform(seed, "route", &name, n))];
            drawn.trips.push(Trip {
                ref_: Ref::from(format!("{name}:{n}")),
                class: key.class,
                purpose: purpose_of(key.class),
                depart_s: quarter_start_s(key.quarter) + QUARTER_S * uniform(seed, "departure", &name, n),
                origin: way.origin,
                destination: way.destination,
                route: way.route.links.clone(),
                halts: Default::default(),
            });
        }
    }
    drawn.unreachable = lost
        .into_iter()
        .filter(|(_, trips)| *trips > 0)
        .map(|((from, to, class), trips)| {
            let (from, to) = (od.zones()[from as usize].clone(), od.zones()[to as usize].clone());
            Unreachable { ref_: Ref::from(format!("od:{from}>{to}:{class}")), class, from, to, trips }
        })
        .collect();
    drawn.sort();
    drawn
}

/// The pair of zones in the name of a trip that [`draw`] made, `from>to`; `None` for a trip of another source.
pub(crate) fn pair_of(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("od:")?;
    // Behind it stand class, quarter-hour and number; a zone may have a colon in its name.
    rest.rsplitn(4, ':').nth(3)
}

/// What a trip of this class is for when nobody says.
pub(crate) fn purpose_of(class: VehicleClass) -> Purpose {
    match class {
        VehicleClass::LightTruck | VehicleClass::HeavyTruck | VehicleClass::ArticulatedTruck => Purpose::Freight,
        VehicleClass::Bus | VehicleClass::Shuttle => Purpose::PublicTransport,
        VehicleClass::Emergency => Purpose::Emergency,
        VehicleClass::Motorcycle | VehicleClass::Bicycle | VehicleClass::Car | VehicleClass::Taxi | VehicleClass::Minibus => {
            Purpose::Personal
        }
    }
}
