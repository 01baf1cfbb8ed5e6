//! Trips: a wish to go from here to there at a time, in a vehicle of a class.

use crate::{class::VehicleClass, halt::Halt, ids::LinkId, reference::Ref};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A place on a link where a trip begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkPosition {
    /// The link.
    pub link: LinkId,
    /// Metres from its start, 0 to its length.
    pub pos_m: f32,
}

/// What a trip is for; reports group by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Everyday trips of residents and visitors.
    #[default]
    Personal,
    /// Goods.
    Freight,
    /// A public-transport run.
    PublicTransport,
    /// Blue light.
    Emergency,
}

/// A wish to travel, with the route it was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    /// Stable name; it keys every random draw of this traveller, so adding a trip changes no other's draws.
    pub ref_: Ref,
    /// Vehicle class.
    pub class: VehicleClass,
    /// What for.
    pub purpose: Purpose,
    /// When it wishes to leave, seconds after local midnight.
    pub depart_s: f64,
    /// Where from: on the first link of `route`.
    pub origin: LinkPosition,
    /// Where to: on the last link of `route`.
    pub destination: LinkPosition,
    /// The links to drive, first to last, at least one; consecutive ones are joined by a movement open to the class. Shared between
    /// trips that drive the same way.
    pub route: Arc<[LinkId]>,
    /// Where it stops on its way, in order; of a bus its stops. A stop is made from the kerb-side lane.
    #[serde(default)]
    pub halts: Arc<[Halt]>,
}
