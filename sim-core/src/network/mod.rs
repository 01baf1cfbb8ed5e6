//! The road network: links, junctions, movements, signals and places, and the invariants that hold between them.
//!
//! `maps` makes it, [`RoadNetwork::check`] holds it to its invariants after every pass, the engine and the router only read it.

mod check;
mod conflict;
mod junction;
mod link;
mod movement;
mod path;
mod place;
mod signal;
pub mod town;

pub use check::NetworkError;
pub use conflict::{ConflictKind, conflict_path, movements_conflict, paths_conflict};
pub use junction::{Junction, JunctionKind};
pub use link::{FerryService, Lane, LaneKind, Link, LinkKind, RoadClass, SpeedLimits, TurnSet};
pub use movement::{Movement, Priority, Turn};
pub use path::{PathEnds, lanes_middle_m, middle_path, path_length_m, world_point};
pub use place::{Place, PlaceKind};
pub use signal::{Phase, SignalController, SignalGroup, SignalPlan, SignalPlanError};

use crate::{
    geometry::Frame,
    ids::{ControllerId, JunctionId, LinkId, MovementId, PlaceId},
};
use serde::{Deserialize, Serialize};

/// Which side of the road traffic keeps to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrivingSide {
    /// As in Vietnam.
    #[default]
    Right,
    /// As in Thailand or Britain.
    Left,
}

/// What a network is and where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkMeta {
    /// A name for people, e.g. `An Giang (sketch)`.
    pub name: String,
    /// The file or files it was made from, without folders.
    pub source: String,
    /// Whom to credit, e.g. `© OpenStreetMap contributors, ODbL`.
    pub attribution: String,
    /// Whether the geometry was drawn from facts instead of surveyed: every report says so.
    pub is_sketch: bool,
    /// The side traffic keeps to.
    pub driving_side: DrivingSide,
    /// The metric frame of all coordinates.
    pub frame: Frame,
}

/// A road network. Ids are positions in these lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoadNetwork {
    /// What it is and where it came from.
    pub meta: NetworkMeta,
    /// All junctions.
    pub junctions: Vec<Junction>,
    /// All links.
    pub links: Vec<Link>,
    /// All movements, grouped by junction: see [`Junction::movements`].
    pub movements: Vec<Movement>,
    /// All signal controllers.
    pub controllers: Vec<SignalController>,
    /// Hospitals, car parks, border gates, towns …
    pub places: Vec<Place>,
}

impl RoadNetwork {
    /// The link with this id.
    pub fn link(&self, id: LinkId) -> &Link {
        &self.links[id.index()]
    }

    /// The junction with this id.
    pub fn junction(&self, id: JunctionId) -> &Junction {
        &self.junctions[id.index()]
    }

    /// The movement with this id.
    pub fn movement(&self, id: MovementId) -> &Movement {
        &self.movements[id.index()]
    }

    /// The signal controller with this id.
    pub fn controller(&self, id: ControllerId) -> &SignalController {
        &self.controllers[id.index()]
    }

    /// The place with this id.
    pub fn place(&self, id: PlaceId) -> &Place {
        &self.places[id.index()]
    }

    /// The ids of the movements through `junction`.
    pub fn movements_of(&self, junction: JunctionId) -> impl Iterator<Item = MovementId> {
        self.junction(junction).movements.clone().map(MovementId)
    }

    /// The movements that begin at the end of `link`.
    pub fn movements_from(&self, link: LinkId) -> impl Iterator<Item = MovementId> {
        self.movements_of(self.link(link).to).filter(move |m| self.movement(*m).from == link)
    }

    /// The movement from `from` to `to`, if there is one.
    pub fn movement_between(&self, from: LinkId, to: LinkId) -> Option<MovementId> {
        self.movements_from(from).find(|m| self.movement(*m).to == to)
    }

    /// The sum of all link lengths, metres.
    pub fn total_length_m(&self) -> f64 {
        self.links.iter().map(|l| f64::from(l.length_m)).sum()
    }
}
