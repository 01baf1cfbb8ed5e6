//! Interventions on who travels and when: demand of a place scaled, departures moved. They are made on the trips before a run, so that those
//! who choose their ways know of them.
//!
//! Nothing is drawn anew: a trip that is not concerned keeps its name, so every draw of its own, in the run and in its base. Whether one stays away
//! or sets out twice is the draw that the engine takes for demand of all places ([`sim_core::order`]); whether one leaves at another time is
//! a draw by its name. Shares of several shifts stand side by side on that draw, so that 20 % earlier and 20 % later are 40 % of the trips.

use super::{
    Item, Problem, Script, Site, What,
    ground::{End, Ground},
    meaning::needed,
};
use crate::{
    demand::{draw_uniform, is_same_door},
    scenario::{
        file::classes_or,
        interventions::{InterventionKind as Kind, InterventionTable, Moment},
    },
};
use serde::Serialize;
use sim_core::{
    class::ClassSet,
    demand::{LinkPosition, Purpose, Trip},
    draw::{Draw, key_of, uniform},
    geometry::Point,
    network::{RoadNetwork, world_point},
    reference::Ref,
};

/// A copy leaves so much later at most, seconds: as where the engine makes it (assumed).
const LATER_S: f64 = 300.0;
/// Departures are moved so far at most, seconds: half a day (assumed: beyond it another day is meant).
const FARTHEST_S: f64 = 43_200.0;

/// The trips that are concerned.
#[derive(Clone, Debug, PartialEq)]
pub struct Whose {
    /// Of these classes.
    pub classes: ClassSet,
    /// That would leave from then on, seconds after midnight …
    pub from_s: f64,
    /// … and before then.
    pub until_s: f64,
    /// That begin there.
    pub origin: Option<Ground>,
    /// That end there.
    pub destination: Option<Ground>,
    /// That begin or end there.
    pub either: Option<Ground>,
}

/// What becomes of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// So many times as many set out.
    Scale(f64),
    /// A share of them leaves so much later, seconds; earlier where it is negative.
    Shift {
        /// The share, 0 to 1.
        share: f64,
        /// How much.
        by_s: f64,
    },
}

/// An intervention on trips.
#[derive(Clone, Debug, PartialEq)]
pub struct Travel {
    /// Which.
    pub whose: Whose,
    /// What becomes of them.
    pub change: Change,
}

/// What an intervention did to the trips of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Redrawn {
    /// The intervention.
    pub intervention: String,
    /// Trips it concerns.
    pub concerned: u64,
    /// Trips made besides them.
    pub added: u64,
    /// Trips that stay away.
    pub left_out: u64,
    /// Trips that leave at another time.
    pub moved: u64,
}

/// Whether a table names where trips begin or end.
pub fn has_ends(t: &InterventionTable) -> bool {
    t.area.is_some() || t.origin.is_some() || t.destination.is_some()
}

/// Whether a scenario's demand is changed before the run: as soon as one of its interventions needs that, all of them are.
pub fn is_made_before(tables: &[InterventionTable]) -> bool {
    tables.iter().any(|t| !t.edit && (t.kind == Kind::Departures || (t.kind == Kind::Demand && has_ends(t))))
}

/// What a table changes in the trips.
///
/// # Errors
/// A place that is not there, a value out of range, a time outside the run.
pub(super) fn travel(t: &InterventionTable, site: &Site<'_>) -> Result<What, Problem> {
    if t.edit {
        let message = "who travels from where, and when, is known before a run and cannot change while it runs; remove `edit`";
        return Err(Problem::new("edit", message));
    }
    let (from_s, until_s) = (t.at.map_or(site.start_s, Moment::seconds), t.until.map_or(site.end_s, Moment::seconds));
    if t.area.is_some() && (t.origin.is_some() || t.destination.is_some()) {
        return Err(Problem::new("area", "`area` is where trips begin or end; give it, or `origin` and `destination`"));
    }
    let change = match t.kind {
        Kind::Demand => Change::Scale(needed(t.factor, "factor", t.kind)?.base()),
        _ => shift(t, from_s, until_s, site)?,
    };
    let of = |area: &Option<_>, key| area.as_ref().map(|a| Ground::of_trips(a, key, site)).transpose();
    let whose = Whose {
        classes: classes_or(&t.classes, ClassSet::ALL),
        from_s,
        until_s,
        origin: of(&t.origin, "origin")?,
        destination: of(&t.destination, "destination")?,
        either: of(&t.area, "area")?,
    };
    Ok(What::Travel(Box::new(Travel { whose, change })))
}

fn shift(t: &InterventionTable, from_s: f64, until_s: f64, site: &Site<'_>) -> Result<Change, Problem> {
    let (key, by, sign) = match (t.earlier, t.later) {
        (Some(by), None) => ("earlier", by, -1.0),
        (None, Some(by)) => ("later", by, 1.0),
        (None, None) => return Err(Problem::new("kind", "a `departures` needs one of the keys `earlier` and `later`")),
        (Some(_), Some(_)) => {
            return Err(Problem::new("later", "give one of `earlier` and `later`; for some of each write two interventions"));
        }
    };
    if !(by.base() > 0.0 && by.base() <= FARTHEST_S) {
        return Err(Problem::new(key, format!("moved by {by}, expected more than 0 min and up to 12 h")));
    }
    let share = needed(t.share, "share", t.kind)?;
    if !(share.base() > 0.0 && share.base() <= 1.0) {
        return Err(Problem::new("share", format!("a share of {share}, expected more than 0 % and up to 100 %")));
    }
    let clock = Moment::from_seconds;
    if sign < 0.0 && from_s - by.base() < site.start_s {
        let message = format!(
            "who would leave at {} would leave before the run begins at {}; begin the run earlier, or say from when on by `at`",
            clock(from_s),
            clock(site.start_s)
        );
        return Err(Problem::new(key, message));
    }
    if sign > 0.0 && until_s + by.base() > site.end_s {
        let message = format!(
            "who would leave at {} would leave after the run ends at {}; end the run later, or say until when by `until`",
            clock(until_s),
            clock(site.end_s)
        );
        return Err(Problem::new(key, message));
    }
    Ok(Change::Shift { share: share.base(), by_s: sign * by.base() })
}

/// A trip with its ends on the map.
struct Placed<'a> {
    trip: &'a Trip,
    ends: [Point; 2],
}

impl<'a> Placed<'a> {
    fn of(trip: &'a Trip, network: &RoadNetwork) -> Self {
        let at = |p: LinkPosition| world_point(network, p.link, f64::from(p.pos_m), f64::from(network.link(p.link).width_m) / 2.0).0;
        Self { trip, ends: [at(trip.origin), at(trip.destination)] }
    }
}

impl Whose {
    fn concerns(&self, p: &Placed<'_>) -> bool {
        let is_exempt = matches!(p.trip.purpose, Purpose::PublicTransport | Purpose::Emergency);
        let is_timely = self.from_s <= p.trip.depart_s && p.trip.depart_s < self.until_s;
        let holds = |ground: &Ground, end: End| ground.holds(p.trip, end, p.ends[if end == End::Origin { 0 } else { 1 }]);
        let (begins, ends) = (|g: &Ground| holds(g, End::Origin), |g: &Ground| holds(g, End::Destination));
        !is_exempt
            && is_timely
            && self.classes.contains(p.trip.class)
            && self.origin.as_ref().is_none_or(begins)
            && self.destination.as_ref().is_none_or(ends)
            && self.either.as_ref().is_none_or(|g| begins(g) || ends(g))
    }
}

/// An intervention on trips with its number in the script.
type Numbered<'a> = (usize, &'a Item, &'a Travel);

fn of_script(script: &Script) -> Vec<Numbered<'_>> {
    let mut all = Vec::new();
    for (n, item) in script.items.iter().enumerate() {
        if let What::Travel(travel) = &item.what {
            all.push((n, item, &**travel));
        }
    }
    all
}

/// The trips of a seed as the interventions of a script make them: first scaled, then moved; and what each intervention did.
pub fn redraw(trips: Vec<Trip>, script: &Script, network: &RoadNetwork, seed: u64) -> (Vec<Trip>, Vec<Redrawn>) {
    let all = of_script(script);
    if all.is_empty() {
        return (trips, Vec::new());
    }
    let none = |(_, item, _): &Numbered<'_>| Redrawn { intervention: item.name.clone(), concerned: 0, added: 0, left_out: 0, moved: 0 };
    let mut done: Vec<Redrawn> = all.iter().map(none).collect();
    let mut scaled: Vec<Trip> = Vec::with_capacity(trips.len());
    for trip in trips {
        let Some((i, factor)) = scale_of(&all, &Placed::of(&trip, network)) else {
            scaled.push(trip);
            continue;
        };
        done[i].concerned += 1;
        let times = factor as u32 + u32::from(uniform(seed, Draw::DemandFactor, key_of(&trip.ref_), 0) < factor.fract());
        done[i].left_out += u64::from(times == 0);
        for n in 1..times {
            let ref_ = Ref::from(format!("{}+{n}", trip.ref_));
            let later = uniform(seed, Draw::CopyDeparture, key_of(&ref_), 0);
            scaled.push(Trip { ref_, depart_s: trip.depart_s + later * LATER_S, ..trip.clone() });
            done[i].added += 1;
        }
        if times > 0 {
            scaled.push(trip);
        }
    }
    for trip in &mut scaled {
        let placed = Placed::of(trip, network);
        let (mut drawn, mut by_s) = (None, 0.0);
        let mut before = 0.0;
        for (i, (_, _, travel)) in all.iter().enumerate() {
            let Change::Shift { share, by_s: this_s } = travel.change else { continue };
            if !travel.whose.concerns(&placed) {
                continue;
            }
            done[i].concerned += 1;
            let drawn = *drawn.get_or_insert_with(|| draw_uniform(seed, "shift", placed.trip.ref_.as_str(), 0));
            if (before..before + share).contains(&drawn) {
                done[i].moved += 1;
                by_s = this_s;
            }
            before += share;
        }
        trip.depart_s += by_s;
    }
    scaled.sort_by(|a, b| a.depart_s.total_cmp(&b.depart_s).then_with(|| a.ref_.cmp(&b.ref_)));
    (scaled, done)
}

/// The factor of a trip: of those that concern it the one that begins last holds. With its place among `all`.
fn scale_of(all: &[Numbered<'_>], placed: &Placed<'_>) -> Option<(usize, f64)> {
    let scales = all.iter().enumerate().filter_map(|(i, (_, item, travel))| match travel.change {
        Change::Scale(factor) if travel.whose.concerns(placed) => Some((item.step, i, factor)),
        _ => None,
    });
    scales.max_by_key(|(step, i, _)| (*step, *i)).map(|(_, i, factor)| (i, factor))
}

/// What is wrong with the interventions on these trips.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// One concerns nobody.
    Nobody {
        /// Its number.
        item: usize,
    },
    /// Two set other values for the same trip.
    Clash {
        /// The first, by number.
        first: usize,
        /// The second.
        second: usize,
        /// What both set.
        what: String,
        /// When.
        when: &'static str,
    },
}

/// Whether the interventions of a script make sense on the trips of its scenario: each concerns somebody, no two give one trip two factors, and no
/// trip leaves at more than all of its other times.
///
/// # Errors
/// The first that does not.
pub fn check(trips: &[Trip], script: &Script, network: &RoadNetwork) -> Result<(), Fault> {
    let all = of_script(script);
    let mut is_concerned = vec![false; all.len()];
    for trip in trips {
        let placed = Placed::of(trip, network);
        let these: Vec<usize> = (0..all.len()).filter(|i| all[*i].2.whose.concerns(&placed)).collect();
        these.iter().for_each(|i| is_concerned[*i] = true);
        let mut share_of_all = 0.0;
        for (k, b) in these.iter().enumerate() {
            let ((second, b_item, travel), before) = (all[*b], &these[..k]);
            match travel.change {
                Change::Shift { share, .. } => {
                    share_of_all += share;
                    let other = before.iter().rfind(|a| matches!(all[**a].2.change, Change::Shift { .. }));
                    if let (Some(a), true) = (other, share_of_all > 1.0 + 1e-9) {
                        let what = format!("when the same trips leave, {:.0} % of them", share_of_all * 100.0);
                        return Err(Fault::Clash { first: all[*a].0, second, what, when: "expected 100 % at most" });
                    }
                }
                Change::Scale(factor) => {
                    let clash = before.iter().find_map(|a| {
                        let (first, a_item, other) = all[*a];
                        let is_other = matches!(other.change, Change::Scale(f) if f != factor);
                        super::clash::when(a_item, b_item).filter(|_| is_other).map(|when| (first, when))
                    });
                    if let Some((first, when)) = clash {
                        return Err(Fault::Clash {
                            first,
                            second,
                            what: format!("the demand of the same trips (e.g. {})", trip.ref_),
                            when,
                        });
                    }
                }
            }
        }
    }
    match is_concerned.iter().position(|c| !c) {
        Some(i) if !trips.is_empty() => Err(Fault::Nobody { item: all[i].0 }),
        _ => Ok(()),
    }
}

/// The trips with the ways that the same trips took elsewhere; a copy takes that of the trip it repeats. Who begins or ends at another door
/// keeps the way that was drawn.
pub fn along(mut trips: Vec<Trip>, ways: &[Trip], network: &RoadNetwork) -> Vec<Trip> {
    let mut by_name: Vec<&Trip> = ways.iter().collect();
    by_name.sort_unstable_by(|a, b| a.ref_.cmp(&b.ref_));
    let find = |name: &str| by_name.binary_search_by(|t| t.ref_.as_str().cmp(name)).ok().map(|i| by_name[i]);
    let is_same = |a: &Trip, b: &Trip| {
        let doors = [(a.origin, b.origin), (a.destination, b.destination)];
        a.class == b.class && doors.into_iter().all(|(a, b)| is_same_door(network, a, b))
    };
    for trip in &mut trips {
        let name = trip.ref_.as_str();
        let same = find(name).or_else(|| name.rsplit_once('+').and_then(|(of, _)| find(of)));
        if let Some(way) = same.filter(|w| is_same(w, trip)) {
            (trip.origin, trip.destination, trip.route) = (way.origin, way.destination, way.route.clone());
        }
    }
    trips
}

#[cfg(test)]
#[path = "travel_tests.rs"]
mod tests;
