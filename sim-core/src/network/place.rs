//! Places beside the road: where people go, queue or are helped.

use crate::{geometry::Point, ids::LinkId, reference::Ref};
use serde::{Deserialize, Serialize};

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// City, town or commune centre; its population weighs the demand.
    Settlement,
    /// Hospital with an emergency department.
    Hospital,
    /// Fire station.
    FireStation,
    /// Police station.
    Police,
    /// Bus station.
    BusStation,
    /// Bus stop.
    BusStop,
    /// Car park.
    CarPark,
    /// Ferry landing.
    FerryLanding,
    /// Toll gate.
    TollGate,
    /// Weigh station.
    WeighStation,
    /// Border control point.
    BorderGate,
    /// Pedestrian crossing.
    Crossing,
    /// Tourist site.
    TouristSite,
    /// School or university.
    School,
    /// Market.
    Market,
    /// Industrial park.
    IndustrialPark,
    /// Airport.
    Airport,
}

/// A place beside the road.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Stable name.
    pub ref_: Ref,
    /// What it is.
    pub kind: PlaceKind,
    /// Its name.
    pub name: Option<String>,
    /// Where it is.
    pub point: Point,
    /// The link it is reached from, and metres along it; `None` where none is near.
    pub access: Option<(LinkId, f32)>,
    /// Inhabitants of a settlement, spaces of a car park, beds of a hospital; `None` where unknown.
    pub size: Option<u32>,
}
