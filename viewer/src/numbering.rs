//! Two scenarios on one map may have different roads: one has a bridge that the other lacks. What is told of the one with fewer is then written in the numbers of the
//! other, whose map the window draws.

use crate::snapshot::Snapshot;
use sim_core::network::RoadNetwork;
use std::{collections::HashMap, sync::Arc};

/// How the numbers of a network are written in those of another that has all its links, and maybe more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbering {
    /// By its link, the other's.
    links: Vec<u32>,
    /// By the other's movement, its own.
    movements: Vec<Option<usize>>,
    /// By its junction, the other's.
    junctions: Vec<u32>,
    /// Links of the other that it lacks.
    lacks: Arc<Vec<u32>>,
    /// Every number stays as it is.
    is_same: bool,
}

impl Numbering {
    /// That of `part` in `whole`; `None` if `part` has a link or a junction that `whole` lacks, or has elsewhere.
    pub fn of(part: &RoadNetwork, whole: &RoadNetwork) -> Option<Self> {
        let link_of: HashMap<&str, usize> = whole.links.iter().enumerate().map(|(i, l)| (l.ref_.as_str(), i)).collect();
        let junction_of: HashMap<&str, usize> = whole.junctions.iter().enumerate().map(|(i, j)| (j.ref_.as_str(), i)).collect();
        let same_link = |l: &sim_core::network::Link| {
            let there = *link_of.get(l.ref_.as_str())?;
            (whole.links[there].geometry == l.geometry).then_some(there as u32)
        };
        let links: Vec<u32> = part.links.iter().map(same_link).collect::<Option<_>>()?;
        let junctions: Vec<u32> =
            part.junctions.iter().map(|j| junction_of.get(j.ref_.as_str()).map(|i| *i as u32)).collect::<Option<_>>()?;
        let own: HashMap<(u32, u32), usize> =
            part.movements.iter().enumerate().map(|(i, m)| ((links[m.from.index()], links[m.to.index()]), i)).collect();
        let movements: Vec<Option<usize>> = whole.movements.iter().map(|m| own.get(&(m.from.0, m.to.0)).copied()).collect();
        let mut has = vec![false; whole.links.len()];
        links.iter().for_each(|l| has[*l as usize] = true);
        let lacks: Vec<u32> = (0u32..).zip(&has).filter(|(_, has)| !**has).map(|(l, _)| l).collect();
        let counts = |all: &[u32]| (0u32..).zip(all).all(|(i, l)| i == *l);
        let is_same = lacks.is_empty()
            && part.movements.len() == movements.len()
            && counts(&links)
            && counts(&junctions)
            && movements.iter().enumerate().all(|(i, m)| *m == Some(i));
        Some(Self { links, movements, junctions, lacks: Arc::new(lacks), is_same })
    }

    /// Writes what is drawn of a moment in the other's numbers.
    pub fn write(&self, snapshot: &mut Snapshot) {
        if self.is_same {
            return;
        }
        snapshot.lacks = self.lacks.clone();
        snapshot.lights = self.movements.iter().map(|m| m.and_then(|m| snapshot.lights.get(m).copied().flatten())).collect();
        let sample = Arc::make_mut(&mut snapshot.sample);
        sample.links.iter_mut().for_each(|(l, _)| self.link(l));
        sample.links.sort_unstable_by_key(|(l, _)| *l);
        snapshot.hindrances.iter_mut().for_each(|h| self.link(&mut h.link));
        let watch = Arc::make_mut(&mut snapshot.watch);
        watch.sensors.iter_mut().for_each(|s| self.link(&mut s.link));
        if let Some(conflicts) = &mut watch.conflicts {
            conflicts.iter_mut().for_each(|(l, _)| self.link(l));
            conflicts.sort_unstable_by_key(|(l, _)| *l);
        }
        watch.in_junctions.iter_mut().for_each(|(j, _)| *j = self.junctions[*j as usize]);
        for station in Arc::make_mut(&mut snapshot.stations) {
            self.link(&mut Arc::make_mut(&mut station.mark).link);
        }
    }

    fn link(&self, link: &mut u32) {
        *link = self.links[*link as usize];
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

    use super::*;
    use crate::{live::LinkLive, live::Sample, load::built_bridge, snapshot::Hindrance};
    use sim_core::frame::Light;

    #[test]
    fn what_is_told_of_a_map_without_the_bridge_is_written_in_the_numbers_of_that_with_it() {
        let (plain, built) = built_bridge();
        assert!(Numbering::of(&built, &plain).is_none(), "a road that the map of the window lacks is nowhere to be drawn");
        let numbering = Numbering::of(&plain, &built).unwrap();
        assert_eq!(numbering.lacks.len(), 2, "both ways of it");
        let first = plain.links.len() as u32 - 1;
        let lit = plain.movements.iter().position(|m| m.from.0 == first).unwrap();
        let mut snapshot = Snapshot {
            lights: (0..plain.movements.len()).map(|m| (m == lit).then_some(Light::Green)).collect(),
            sample: Arc::new(Sample { links: vec![(first, LinkLive { exited: 7, ..LinkLive::default() })], ..Sample::default() }),
            hindrances: vec![Hindrance { at: [0.0; 2], link: first }],
            ..Snapshot::default()
        };
        numbering.write(&mut snapshot);
        let refs = |l: u32| (built.links[l as usize].ref_.as_str(), plain.links[first as usize].ref_.as_str());
        let (link, live) = snapshot.sample.links[0];
        assert_eq!((refs(link).0, live.exited), (refs(link).1, 7));
        assert_eq!(refs(snapshot.hindrances[0].link).0, refs(link).1);
        assert_eq!(snapshot.lights.len(), built.movements.len());
        let on: Vec<usize> = (0..snapshot.lights.len()).filter(|m| snapshot.lights[*m].is_some()).collect();
        let ends =
            |n: &RoadNetwork, m: usize| [n.movements[m].from, n.movements[m].to].map(|l| n.links[l.index()].ref_.as_str().to_owned());
        assert_eq!(on.iter().map(|m| ends(&built, *m)).collect::<Vec<_>>(), [ends(&plain, lit)], "the same lamp");
        assert!(snapshot.lacks.iter().all(|l| built.links[*l as usize].ref_.as_str().starts_with("local:bridge")));
    }

    #[test]
    fn a_road_that_the_second_lacks_is_drawn_apart_and_tells_nothing_on_its_side() {
        use crate::{
            colour::Theme,
            layer::{Layer, records},
            ribbon::network_ribbons,
        };
        let (plain, built) = built_bridge();
        let lacks = Numbering::of(&plain, &built).unwrap().lacks;
        let points = |all: &[crate::ribbon::Ribbons]| all.iter().map(|r| r.points.len()).sum::<usize>();
        let origin = sim_core::geometry::Point::default();
        let [_, own] = network_ribbons(&built, origin, Theme::Light, &lacks);
        let of_bridge: usize = lacks.iter().map(|l| 2 * built.links[*l as usize].geometry.len()).sum();
        assert_eq!(points(&own), of_bridge, "both edges of both ways, and nothing else");
        let snapshot = Snapshot { lacks: lacks.clone(), ..Snapshot::default() };
        let told = records(Layer::Speed, &snapshot, None, &built, Theme::Light);
        let drawn = |l: u32| told[l as usize] != [0.0; 8];
        assert!(lacks.iter().all(|l| !drawn(*l)) && drawn(0));
    }

    #[test]
    fn the_same_map_keeps_its_numbers() {
        let (plain, _) = built_bridge();
        let numbering = Numbering::of(&plain, &plain).unwrap();
        assert!(numbering.is_same && numbering.lacks.is_empty());
    }
}
