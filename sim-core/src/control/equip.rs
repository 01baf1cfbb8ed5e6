//! The detectors a controller needs, put where it needs them: at the stop lines, along the approaches, at the ends of the exits.

use super::Needs;
use crate::{
    detector::{Detector, DetectorErrors, DetectorKind},
    ids::{ControllerId, DetectorId, LinkId},
    network::{LinkKind, RoadNetwork, Turn},
};
use serde::{Deserialize, Serialize};

/// The stretch before the stop line on which somebody is seen, metres (assumed; stop-line zones are 6 to 20 m).
const STOP_LINE_M: f32 = 12.0;
/// How far a camera sees up its approach, metres: what 40 km/h covers in 15 s, the effective range of Zhang et al. 2022 at their speed.
pub const RANGE_M: f32 = 167.0;
/// Who enters a link is counted so far from its beginning, metres (assumed): nobody has stopped there to turn into it.
const ENTRY_M: f32 = 10.0;
/// Width of a usual lane, metres.
const LANE_M: f32 = 3.5;

/// The detectors that watch one group. The first three lists are by incoming link and lanes; a group of several links has several.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GroupSensors {
    /// At the stop line: presence and counts.
    pub stop_line: Vec<DetectorId>,
    /// Cameras along the approach.
    pub approach: Vec<DetectorId>,
    /// Counts at the beginnings of the links it comes from, over their whole width.
    pub entries: Vec<DetectorId>,
    /// The same over the group's own lanes; the same detectors where it uses all.
    pub own_entries: Vec<DetectorId>,
    /// Time over the longest of those links at its limit, seconds.
    pub travel_s: f32,
    /// Cameras at the ends of the links it leads into, with the share of its vehicles that is assumed to go there and the lanes there.
    pub exits: Vec<(DetectorId, f32, f32)>,
    /// Width of its lanes in lanes of 3.5 m.
    pub lanes: f32,
}

impl GroupSensors {
    /// All of them; some more than once.
    pub(crate) fn ids(&self) -> impl Iterator<Item = DetectorId> + '_ {
        let counts = self.stop_line.iter().chain(&self.approach).chain(&self.entries).chain(&self.own_entries);
        counts.copied().chain(self.exits.iter().map(|(d, ..)| *d))
    }
}

/// The share of an approach's vehicles that is assumed to turn so.
pub(super) const fn share(turn: Turn) -> f32 {
    match turn {
        Turn::Through => 0.7,
        Turn::Left | Turn::Right => 0.15,
        Turn::UTurn => 0.02,
    }
}

/// Puts the detectors that a controller with these needs asks for into `detectors`, one for each place however many groups and junctions use
/// it, and says which watch each group. Their errors are those of usual equipment, or none.
pub fn equip(
    network: &RoadNetwork,
    controller: ControllerId,
    needs: Needs,
    with_errors: bool,
    detectors: &mut Vec<Detector>,
) -> Vec<GroupSensors> {
    let mut place = |kind: DetectorKind, what: &str, link: LinkId, lanes: Option<(u8, u8)>, length_m: f32| {
        let l = network.link(link);
        let at_m = if what == "entry" { ENTRY_M.min(l.length_m / 2.0) } else { l.length_m };
        // Upper bounds have detectors of their own, which make no errors.
        let whose = if needs == Needs::Truth { "truth" } else { "signal" };
        let name = match lanes {
            None => format!("{whose}:{}:{what}", l.ref_),
            Some((first, last)) => format!("{whose}:{}:{what}:{first}-{last}", l.ref_),
        };
        if let Some(n) = detectors.iter().position(|d| d.ref_.as_str() == name) {
            return DetectorId::from_index(n);
        }
        let errors = if with_errors && needs != Needs::Truth { DetectorErrors::typical(kind) } else { DetectorErrors::NONE };
        let new = Detector { lanes, errors, ..Detector::new(&name, kind, link, at_m, length_m.min(at_m)) };
        detectors.push(new);
        DetectorId::from_index(detectors.len() - 1)
    };
    let mut all = Vec::new();
    for group in &network.controller(controller).groups {
        let mut sensors = GroupSensors::default();
        let mut from: Vec<LinkId> = group.movements.iter().map(|m| network.movement(*m).from).collect();
        from.sort_unstable();
        from.dedup();
        for link in from {
            let l = network.link(link);
            let of_link = || group.movements.iter().map(|m| network.movement(*m)).filter(|m| m.from == link);
            let first = of_link().map(|m| m.from_lanes.start).min().unwrap_or(0);
            let end = of_link().map(|m| m.from_lanes.end).max().unwrap_or(l.lanes.len() as u8);
            let is_all = first == 0 && usize::from(end) == l.lanes.len();
            let lanes = (!is_all).then_some((first, end - 1));
            sensors.lanes += l.lanes[usize::from(first)..usize::from(end)].iter().map(|lane| lane.width_m).sum::<f32>() / LANE_M;
            if needs >= Needs::StopLine {
                sensors.stop_line.push(place(DetectorKind::Loop, "stop-line", link, lanes, STOP_LINE_M));
            }
            if needs >= Needs::Entries && l.kind == LinkKind::Road {
                sensors.entries.push(place(DetectorKind::Loop, "entry", link, None, 0.0));
                sensors.own_entries.push(place(DetectorKind::Loop, "entry", link, lanes, 0.0));
                sensors.travel_s = sensors.travel_s.max(l.length_m / l.limits.light_mps);
            }
            if needs >= Needs::Approach {
                sensors.approach.push(place(DetectorKind::Camera, "approach", link, lanes, RANGE_M));
            }
        }
        if needs >= Needs::Exits {
            let movements = || group.movements.iter().map(|m| network.movement(*m));
            let sum: f32 = movements().map(|m| share(m.turn)).sum();
            for m in movements().filter(|m| network.link(m.to).kind == LinkKind::Road) {
                let camera = place(DetectorKind::Camera, "approach", m.to, None, RANGE_M);
                sensors.exits.push((camera, share(m.turn) / sum, network.link(m.to).width_m / LANE_M));
            }
        }
        all.push(sensors);
    }
    all
}
