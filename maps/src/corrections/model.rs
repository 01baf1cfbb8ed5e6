//! What a corrections file says, parsed: every value within its range, quantities in SI, refs not yet looked up.

use sim_core::{
    class::ClassSet,
    geometry::LatLon,
    network::{Lane, RoadClass, SpeedLimits},
    reference::Ref,
};

/// An entry of the file, with the line it begins in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry<T> {
    pub(super) line: usize,
    pub(super) what: T,
}

/// Corrections to a map, as read from a file. [`super::apply`] makes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Corrections {
    pub(super) file: String,
    pub(super) merges: Vec<Entry<Merge>>,
    pub(super) splits: Vec<Entry<Split>>,
    pub(super) new_links: Vec<Entry<NewLink>>,
    pub(super) links: Vec<Entry<LinkChange>>,
    pub(super) turns: Vec<Entry<TurnChange>>,
    pub(super) signals: Vec<Entry<SignalChange>>,
}

/// `[[merge]]`: several junctions that are one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Merge {
    pub(super) junctions: Vec<Ref>,
    pub(super) name: Option<String>,
}

/// `[[split]]`: nodes that the importer must not put into one junction with any other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Split {
    pub(super) nodes: Vec<i64>,
}

/// `[[new_link]]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewLink {
    pub(super) ref_: Ref,
    pub(super) from: Ref,
    pub(super) to: Ref,
    pub(super) via: Vec<LatLon>,
    pub(super) class: RoadClass,
    pub(super) lanes: Vec<Lane>,
    pub(super) limits: SpeedLimits,
    pub(super) access: ClassSet,
    pub(super) name: Option<String>,
    pub(super) road_number: Option<String>,
    pub(super) two_way: bool,
    pub(super) is_urban: bool,
    pub(super) is_bridge: bool,
    pub(super) is_toll: bool,
}

/// `[[link]]`: `None` leaves a property as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LinkChange {
    pub(super) ref_: String,
    pub(super) both_directions: bool,
    pub(super) remove: bool,
    pub(super) lanes: Option<Lanes>,
    pub(super) width_m: Option<f32>,
    pub(super) class: Option<RoadClass>,
    pub(super) speed: Option<SpeedChange>,
    pub(super) access: Option<ClassSet>,
    pub(super) name: Option<String>,
    pub(super) road_number: Option<String>,
    pub(super) is_urban: Option<bool>,
    pub(super) is_bridge: Option<bool>,
    pub(super) is_toll: Option<bool>,
}

/// Lanes of a link.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lanes {
    /// So many, of equal width.
    Count(u8),
    /// These, from the kerb side.
    Each(Vec<Lane>),
}

/// Speed limits to set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum SpeedChange {
    /// One for everybody.
    Uniform(f32),
    /// By group, light, heavy, motorcycle, articulated, slow.
    Groups([Option<f32>; 5]),
}

impl SpeedChange {
    /// The limits `old` with this change.
    pub(super) fn on(self, old: SpeedLimits) -> SpeedLimits {
        match self {
            Self::Uniform(mps) => SpeedLimits::uniform(mps),
            Self::Groups([light, heavy, motorcycle, articulated, slow]) => SpeedLimits {
                light_mps: light.unwrap_or(old.light_mps),
                heavy_mps: heavy.unwrap_or(old.heavy_mps),
                motorcycle_mps: motorcycle.unwrap_or(old.motorcycle_mps),
                articulated_mps: articulated.unwrap_or(old.articulated_mps),
                slow_mps: slow.unwrap_or(old.slow_mps),
            },
        }
    }
}

/// `[[turn]]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TurnChange {
    pub(super) from: Ref,
    pub(super) to: Ref,
    pub(super) ban: ClassSet,
    pub(super) allow: ClassSet,
    pub(super) from_lanes: Option<std::ops::Range<u8>>,
    pub(super) to_lanes: Option<std::ops::Range<u8>>,
}

/// `[[signal]]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SignalChange {
    pub(super) junction: Ref,
    pub(super) remove: bool,
    pub(super) offset_s: Option<f32>,
    pub(super) phases: Vec<PhaseChange>,
}

/// `[[signal.phase]]`: who has green, and for how long.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PhaseChange {
    /// Links all of whose movements are green.
    pub(super) approaches: Vec<Ref>,
    /// Movements that are green.
    pub(super) movements: Vec<(Ref, Ref)>,
    pub(super) green_s: f32,
    pub(super) yellow_s: f32,
    pub(super) all_red_s: f32,
}

impl Corrections {
    /// The OSM nodes that the importer must not put into one junction with any other, in order: see `[[split]]`.
    pub fn split_nodes(&self) -> impl Iterator<Item = i64> {
        let nodes: std::collections::BTreeSet<i64> = self.splits.iter().flat_map(|s| s.what.nodes.iter().copied()).collect();
        nodes.into_iter()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.merges.len() + self.splits.len() + self.new_links.len() + self.links.len() + self.turns.len() + self.signals.len()
    }

    /// Whether there is nothing to correct.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
