//! The import on small maps drawn here, pass by pass.

mod errors;
mod junctions;
mod places;
mod roads;
mod signals;
mod turns;

use super::{ImportOptions, Imported, import};
use crate::osm::{Member, MemberKind, Node, OsmData, Relation, Tags, Way};
use sim_core::{
    geometry::{Frame, LatLon, Point},
    ids::{JunctionId, LinkId},
    network::{Movement, RoadNetwork},
};

/// Where the maps lie: Long Xuyên.
const FRAME: Frame = Frame { origin: LatLon { lat: 10.38, lon: 105.43 } };

/// A map under construction. Coordinates are metres east and north.
#[derive(Clone, Default)]
pub(super) struct Map {
    nodes: Vec<Node>,
    ways: Vec<Way>,
    relations: Vec<Relation>,
}

pub(super) fn tags(text: &str) -> Tags {
    Tags(text.split_whitespace().filter_map(|t| t.split_once('=')).map(|(k, v)| (k.into(), v.into())).collect())
}

impl Map {
    pub(super) fn node(mut self, id: i64, x: f64, y: f64, text: &str) -> Self {
        self.nodes.push(Node { id, place: FRAME.unproject(Point::new(x, y)), tags: tags(text) });
        self
    }

    /// Plain nodes: (id, x, y).
    pub(super) fn nodes(mut self, list: &[(i64, f64, f64)]) -> Self {
        for (id, x, y) in list {
            self = self.node(*id, *x, *y, "");
        }
        self
    }

    pub(super) fn way(mut self, id: i64, nodes: &[i64], text: &str) -> Self {
        self.ways.push(Way { id, nodes: nodes.to_vec(), tags: tags(text) });
        self
    }

    /// A turn restriction via a node.
    pub(super) fn restrict(mut self, id: i64, kind: &str, from: i64, via: i64, to: i64, more: &str) -> Self {
        let member = |kind, id, role: &str| Member { kind, id, role: role.into() };
        self.relations.push(Relation {
            id,
            members: vec![member(MemberKind::Way, from, "from"), member(MemberKind::Node, via, "via"), member(MemberKind::Way, to, "to")],
            tags: tags(&format!("type=restriction restriction={kind} {more}")),
        });
        self
    }

    /// A turn restriction over a way.
    pub(super) fn restrict_over(mut self, id: i64, kind: &str, from: i64, via: i64, to: i64) -> Self {
        self = self.restrict(id, kind, from, via, to, "");
        if let Some(relation) = self.relations.last_mut() {
            relation.members[1].kind = MemberKind::Way;
        }
        self
    }

    pub(super) fn data(&self) -> OsmData {
        OsmData::from_elements(self.nodes.clone(), self.ways.clone(), self.relations.clone())
    }

    pub(super) fn import(&self) -> Imported {
        self.import_with(&ImportOptions::default())
    }

    pub(super) fn import_with(&self, options: &ImportOptions) -> Imported {
        let imported = import(self.data(), "test.osm", options).unwrap();
        imported.network.check().unwrap();
        for (i, link) in imported.network.links.iter().enumerate() {
            let ends = imported.network.junction(link.to).outgoing.is_empty();
            let goes_on = imported.network.movements_from(LinkId(i as u32)).next().is_some();
            assert!(ends || goes_on, "{} has no way on", link.ref_);
        }
        imported
    }
}

/// The link with this ref.
pub(super) fn link(network: &RoadNetwork, ref_: &str) -> LinkId {
    let refs: Vec<&str> = network.links.iter().map(|l| l.ref_.as_str()).collect();
    let at = refs.iter().position(|r| *r == ref_);
    LinkId::from_index(at.unwrap_or_else(|| panic!("no link {ref_} among {refs:#?}")))
}

/// The junction with this ref.
pub(super) fn junction(network: &RoadNetwork, ref_: &str) -> JunctionId {
    let refs: Vec<&str> = network.junctions.iter().map(|j| j.ref_.as_str()).collect();
    let at = refs.iter().position(|r| *r == ref_);
    JunctionId::from_index(at.unwrap_or_else(|| panic!("no junction {ref_} among {refs:?}")))
}

/// The movement between two links, by ref.
pub(super) fn movement<'a>(network: &'a RoadNetwork, from: &str, to: &str) -> Option<&'a Movement> {
    network.movement_between(link(network, from), link(network, to)).map(|m| network.movement(m))
}

/// A crossing of two two-way roads in the middle (node 1), arms of 200 m to the east (2), north (3), west (4) and south (5): way 10 runs
/// west to east, way 20 south to north, both cut at the middle (11 and 21 are the far halves).
pub(super) fn cross(east_west: &str, north_south: &str) -> Map {
    Map::default()
        .nodes(&[(1, 0.0, 0.0), (2, 200.0, 0.0), (3, 0.0, 200.0), (4, -200.0, 0.0), (5, 0.0, -200.0)])
        .way(10, &[4, 1], east_west)
        .way(11, &[1, 2], east_west)
        .way(20, &[5, 1], north_south)
        .way(21, &[1, 3], north_south)
}
