//! A part of the map that an intervention names: towns and wards by name, a circle, a box, a polygon; and where trips begin or end, zones of the
//! demand besides.
//!
//! A town is known to the map as a point with inhabitants. It is taken to be the circle in which its trips begin when zones are made of the map
//! (assumed: [`crate::demand::zones`]); who knows its border gives a polygon.

use super::{
    Problem, Site,
    place::{candidates, point},
};
use crate::{
    demand::{draw::pair_of, zones::reach_m},
    scenario::{
        area::{Area, AreaTable},
        error::nearest,
    },
};
use maps::osm::Region;
use sim_core::{
    demand::Trip,
    geometry::{Frame, Point},
    network::{Place, PlaceKind, RoadNetwork},
    reference::Ref,
};

/// A part of the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    frame: Frame,
    /// Centres and radii, metres.
    circles: Vec<(Point, f64)>,
    region: Option<Region>,
    /// Zones of the demand, by their refs.
    zones: Vec<Ref>,
}

/// Which end of a trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Where it begins.
    Origin,
    /// Where it ends.
    Destination,
}

impl Ground {
    /// What `area` means on the map; `key` is how the file calls it.
    ///
    /// # Errors
    /// A town that the map does not know, a shape that makes no sense.
    pub fn of(area: &Area, key: &'static str, site: &Site<'_>) -> Result<Self, Problem> {
        Self::among(area, key, site, &[])
    }

    /// The same for the ends of trips: a name may be that of a zone of the demand, then the zone is meant and not the town.
    ///
    /// # Errors
    /// As [`Ground::of`].
    pub fn of_trips(area: &Area, key: &'static str, site: &Site<'_>) -> Result<Self, Problem> {
        Self::among(area, key, site, site.zones)
    }

    fn among(area: &Area, key: &'static str, site: &Site<'_>, zones: &[(Ref, String)]) -> Result<Self, Problem> {
        let mut ground = Self { frame: site.network.meta.frame, circles: Vec::new(), region: None, zones: Vec::new() };
        match area {
            Area::Named(names) => {
                for name in names {
                    match zones.iter().find(|(ref_, shown)| ref_.as_str() == name || is_same(shown, name)) {
                        Some((ref_, _)) => ground.zones.push(ref_.clone()),
                        None => ground.circles.push(town(name, key, site.network, zones)?),
                    }
                }
            }
            Area::Shape(table) => ground.set(table, key, site)?,
        }
        Ok(ground)
    }

    fn set(&mut self, area: &AreaTable, key: &'static str, site: &Site<'_>) -> Result<(), Problem> {
        let refuse = |message: &str| Err(Problem::new(key, message));
        match (&area.centre, &area.bbox, &area.polygon) {
            (Some(centre), None, None) => {
                let Some(radius) = area.radius.filter(|r| r.base() > 0.0) else { return refuse("a circle needs a `radius` above 0 m") };
                let Some(centre) = point(site.network, *centre) else {
                    return refuse("expected a centre of latitude (within ±90) and longitude (within ±180)");
                };
                self.circles.push((centre, radius.base()));
            }
            (None, Some(text), None) => self.region = Some(Region::parse_box(text).map_err(|e| Problem::new(key, e.to_string()))?),
            (None, None, Some(name)) => {
                let path = site.source.and_then(|s| s.path(name));
                let Some(path) = path else { return refuse("a polygon's file must lie beside a scenario file on disk") };
                self.region = Some(Region::read_geojson(&path).map_err(|e| Problem::new(key, e.to_string()))?);
            }
            _ => {
                return refuse(
                    "an area is a circle (`centre`, `radius`), a `bbox` or a `polygon`: give one of them, or the name of a town",
                );
            }
        }
        Ok(())
    }

    /// Whether a point is in it.
    pub fn contains(&self, point: Point) -> bool {
        self.circles.iter().any(|(centre, radius_m)| point.distance_m(*centre) <= *radius_m)
            || self.region.as_ref().is_some_and(|r| r.contains(self.frame.unproject(point)))
    }

    /// Whether an end of a trip, at this point, is in it.
    pub fn holds(&self, trip: &Trip, end: End, at: Point) -> bool {
        let of_zone = |pair: &str, zone: &str| match end {
            End::Origin => pair.strip_prefix(zone).is_some_and(|rest| rest.starts_with('>')),
            End::Destination => pair.strip_suffix(zone).is_some_and(|rest| rest.ends_with('>')),
        };
        let in_zone = || pair_of(trip.ref_.as_str()).is_some_and(|pair| self.zones.iter().any(|z| of_zone(pair, z.as_str())));
        self.contains(at) || (!self.zones.is_empty() && in_zone())
    }
}

fn is_same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// Centre and radius of the town or ward of this name or ref; `zones` could have been meant as well.
fn town(name: &str, key: &'static str, network: &RoadNetwork, zones: &[(Ref, String)]) -> Result<(Point, f64), Problem> {
    let towns = || network.places.iter().filter(|p| p.kind == PlaceKind::Settlement);
    let is_it = |p: &&Place| p.ref_.as_str() == name || p.name.as_deref().is_some_and(|n| is_same(n, name));
    let found: Vec<&Place> = towns().filter(is_it).collect();
    match found[..] {
        [place] => match place.size {
            Some(people) if people > 0 => Ok((place.point, reach_m(f64::from(people)))),
            _ => Err(Problem::new(
                key,
                format!(
                    "the map knows where `{name}` is, but not how many people live there, so not how far it reaches; give `centre` and `radius`"
                ),
            )),
        },
        [] => {
            let known = towns().filter_map(|p| p.name.as_deref()).chain(zones.iter().map(|z| z.1.as_str()));
            let hint = nearest(name, known).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            let what = if zones.is_empty() { "no town or ward of the map" } else { "no town or ward of the map and no zone of the demand" };
            Err(Problem::new(key, format!("{what} is called `{name}`{hint}")))
        }
        ref several => {
            let refs = candidates(several.iter().map(|p| p.ref_.to_string()));
            Err(Problem::new(key, format!("{} places are called `{name}`; name one by its ref{refs}", several.len())))
        }
    }
}
