//! Trip lists: `trip,class,depart,from_ref,from_pos_m,to_ref,to_pos_m[,purpose]`, one row for each trip; the router gives each its route.

use super::{
    draw::{Drawn, Unreachable, purpose_of},
    draw_keys::{pick, uniform},
    od::clock_s,
    routing::Router,
    table::{FileError, Row, RowErrors, Table, number, suggestion},
};
use rayon::prelude::*;
use sim_core::{
    class::VehicleClass,
    demand::{LinkPosition, Purpose, Trip},
    ids::LinkId,
    network::RoadNetwork,
    reference::Ref,
};
use std::{collections::BTreeMap, io, path::Path};

const COLUMNS: &str = "trip,class,depart,from_ref,from_pos_m,to_ref,to_pos_m[,purpose]";

/// What is wrong with a row of a trip list.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TripsProblem {
    /// No name.
    #[error("has no name; expected one in column `trip`: it keys the traveller's random draws")]
    NoName,
    /// Two trips with one name.
    #[error("trip `{trip}` stands already on line {other}; give each its own name")]
    Duplicate {
        /// The name.
        trip: Ref,
        /// The earlier line.
        other: u64,
    },
    /// A class nobody knows.
    #[error("{0}")]
    BadClass(sim_core::class::UnknownClass),
    /// No clock time.
    #[error("trip `{trip}`: `depart` is `{found}`, expected a local clock time like 06:31:07")]
    BadTime {
        /// The trip.
        trip: Ref,
        /// What stood there.
        found: String,
    },
    /// A link that is not in the map.
    #[error("trip `{trip}`: no link is called `{found}`{}", .near.as_ref().map_or(String::new(), |n| format!("; did you mean `{n}`?")))]
    UnknownLink {
        /// The trip.
        trip: Ref,
        /// What stood there.
        found: String,
        /// The nearest ref.
        near: Option<Ref>,
    },
    /// A place beyond the link's ends.
    #[error("trip `{trip}`: `{column}` is `{found}`, expected 0 to {length_m} m, the length of the link")]
    BadPosition {
        /// The trip.
        trip: Ref,
        /// The column.
        column: &'static str,
        /// What stood there.
        found: String,
        /// The link's length, metres.
        length_m: f32,
    },
    /// A purpose nobody knows.
    #[error("trip `{trip}`: purpose is `{found}`, expected personal, freight, public_transport or emergency")]
    BadPurpose {
        /// The trip.
        trip: Ref,
        /// What stood there.
        found: String,
    },
}

/// Why a trip list was refused.
pub type TripsError = FileError<TripsProblem>;

/// Reads a trip list and routes it; `seed` keys the choice among alternatives.
///
/// # Errors
/// The file cannot be read, lacks a column, or has bad rows: all of them are listed. A trip without a way is no error: it is counted and
/// named in the result.
pub fn read_trips(path: &Path, network: &RoadNetwork, router: &Router, seed: u64) -> Result<Drawn, TripsError> {
    trips_of(Table::read(path)?, network, router, seed)
}

/// Reads a trip list from the bytes of a file that messages call `file`.
///
/// # Errors
/// As [`read_trips`].
pub fn parse_trips(file: &str, bytes: &[u8], network: &RoadNetwork, router: &Router, seed: u64) -> Result<Drawn, TripsError> {
    trips_of(Table::parse(file.to_owned(), bytes)?, network, router, seed)
}

struct Wish {
    ref_: Ref,
    class: VehicleClass,
    purpose: Purpose,
    depart_s: f64,
    origin: LinkPosition,
    destination: LinkPosition,
}

fn trips_of(table: Table, network: &RoadNetwork, router: &Router, seed: u64) -> Result<Drawn, TripsError> {
    let need = |name| table.need::<TripsProblem>(name, COLUMNS);
    let reader = Reader {
        network,
        link_of: network.links.iter().enumerate().map(|(i, l)| (l.ref_.as_str(), LinkId::from_index(i))).collect(),
        trip: need("trip")?,
        class: need("class")?,
        depart: need("depart")?,
        from: (need("from_ref")?, table.column("from_pos_m")),
        to: (need("to_ref")?, table.column("to_pos_m")),
        purpose: table.column("purpose"),
    };
    let mut seen: BTreeMap<Ref, u64> = BTreeMap::new();
    let (mut wishes, mut problems) = (Vec::new(), Vec::new());
    for row in &table.rows {
        match reader.wish(row) {
            Ok(wish) => match seen.insert(wish.ref_.clone(), row.line) {
                None => wishes.push(wish),
                Some(other) => problems.push((row.line, TripsProblem::Duplicate { trip: wish.ref_, other })),
            },
            Err(problem) => problems.push((row.line, problem)),
        }
    }
    if !problems.is_empty() {
        return Err(RowErrors { file: table.file, problems }.into());
    }
    router.prepare(wishes.iter().map(|w| w.class), true);
    let routed: Vec<Result<Trip, Unreachable>> = wishes
        .into_par_iter()
        .map_init(
            || router.searcher(),
            |searcher, w| {
                let routes = searcher.alternatives(w.class, w.origin, w.destination);
                let name = |at: LinkPosition| network.link(at.link).ref_.clone();
                if routes.is_empty() {
                    return Err(Unreachable { from: name(w.origin), to: name(w.destination), class: w.class, ref_: w.ref_, trips: 1 });
                }
                let n = pick(routes.iter().map(|r| r.share), uniform(seed, "route", w.ref_.as_str(), 0));
                Ok(Trip {
                    ref_: w.ref_,
                    class: w.class,
                    purpose: w.purpose,
                    depart_s: w.depart_s,
                    origin: w.origin,
                    destination: w.destination,
                    route: routes[n].route.links.clone(),
                    halts: Default::default(),
                })
            },
        )
        .collect();
    let mut drawn = Drawn::default();
    for trip in routed {
        match trip {
            Ok(trip) => drawn.trips.push(trip),
            Err(unreachable) => drawn.unreachable.push(unreachable),
        }
    }
    drawn.sort();
    Ok(drawn)
}

struct Reader<'a> {
    network: &'a RoadNetwork,
    link_of: BTreeMap<&'a str, LinkId>,
    trip: Option<usize>,
    class: Option<usize>,
    depart: Option<usize>,
    from: (Option<usize>, Option<usize>),
    to: (Option<usize>, Option<usize>),
    purpose: Option<usize>,
}

impl Reader<'_> {
    fn wish(&self, row: &Row) -> Result<Wish, TripsProblem> {
        let trip = row.text(self.trip);
        if trip.is_empty() {
            return Err(TripsProblem::NoName);
        }
        let trip = Ref::from(trip);
        let class: VehicleClass = row.text(self.class).to_lowercase().parse().map_err(TripsProblem::BadClass)?;
        let depart = row.text(self.depart);
        let depart_s = clock_s(depart).ok_or_else(|| TripsProblem::BadTime { trip: trip.clone(), found: depart.to_owned() })?;
        let origin = self.position(row, &trip, self.from, "from_pos_m")?;
        let destination = self.position(row, &trip, self.to, "to_pos_m")?;
        let purpose = match row.text(self.purpose).to_lowercase().as_str() {
            "" => purpose_of(class),
            "personal" => Purpose::Personal,
            "freight" => Purpose::Freight,
            "public_transport" => Purpose::PublicTransport,
            "emergency" => Purpose::Emergency,
            found => return Err(TripsProblem::BadPurpose { trip, found: found.to_owned() }),
        };
        Ok(Wish { ref_: trip, class, purpose, depart_s, origin, destination })
    }

    fn position(
        &self,
        row: &Row,
        trip: &Ref,
        (ref_, pos_m): (Option<usize>, Option<usize>),
        column: &'static str,
    ) -> Result<LinkPosition, TripsProblem> {
        let found = row.text(ref_);
        let Some(link) = self.link_of.get(found) else {
            let near = suggestion(found, self.link_of.keys().copied()).map(Ref::from);
            return Err(TripsProblem::UnknownLink { trip: trip.clone(), found: found.to_owned(), near });
        };
        let length_m = self.network.link(*link).length_m;
        let text = row.text(pos_m);
        let pos = if text.is_empty() { Some(f64::from(length_m) / 2.0) } else { number(text) };
        match pos.filter(|p| (0.0..=f64::from(length_m)).contains(p)) {
            Some(p) => Ok(LinkPosition { link: *link, pos_m: p as f32 }),
            None => Err(TripsProblem::BadPosition { trip: trip.clone(), column, found: text.to_owned(), length_m }),
        }
    }
}

/// Writes trips as a trip list.
///
/// # Errors
/// When the writer fails.
pub fn write_trips(out: &mut dyn io::Write, trips: &[Trip], network: &RoadNetwork) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["trip", "class", "depart", "from_ref", "from_pos_m", "to_ref", "to_pos_m", "purpose"])?;
    for trip in trips {
        let purpose = match trip.purpose {
            Purpose::Personal => "personal",
            Purpose::Freight => "freight",
            Purpose::PublicTransport => "public_transport",
            Purpose::Emergency => "emergency",
        };
        let whole_s = libm::floor(trip.depart_s);
        let (h, m) = ((whole_s / 3600.0) as u64, (whole_s / 60.0) as u64 % 60);
        csv.write_record([
            trip.ref_.as_str(),
            trip.class.name(),
            &format!("{h:02}:{m:02}:{:05.2}", (trip.depart_s - (h * 3600 + m * 60) as f64).min(59.99)),
            network.link(trip.origin.link).ref_.as_str(),
            &format!("{}", trip.origin.pos_m),
            network.link(trip.destination.link).ref_.as_str(),
            &format!("{}", trip.destination.pos_m),
            purpose,
        ])?;
    }
    csv.flush()
}
