//! A network taken apart so that links, junctions and movements can be changed, and put together again with dense ids.

use super::ways::{Sign, signs};
use sim_core::{
    ids::{ControllerId, JunctionId, LinkId, MovementId},
    network::{Junction, JunctionKind, Link, Movement, Phase, RoadNetwork, SignalController, SignalPlan},
    reference::Ref,
};
use std::collections::{BTreeMap, BTreeSet};

/// A network that is being changed. Ids stay what they were until [`Draft::finish`].
pub(super) struct Draft {
    /// Its movements are in `movements` meanwhile.
    network: RoadNetwork,
    /// The movements of each junction.
    pub(super) movements: Vec<Vec<Movement>>,
    gone_links: BTreeSet<LinkId>,
    gone_junctions: BTreeSet<JunctionId>,
    /// Junctions whose movements lead over other lanes than before.
    pub(super) new_lanes: BTreeSet<JunctionId>,
    /// Junctions whose right of way may be another than before.
    pub(super) new_ranks: BTreeSet<JunctionId>,
    /// Signalised junctions whose groups no longer fit their movements.
    pub(super) new_signals: BTreeSet<JunctionId>,
    /// What signs say at the end of each link.
    signs: Vec<Sign>,
    link_by_ref: BTreeMap<Ref, LinkId>,
    junction_by_ref: BTreeMap<Ref, JunctionId>,
}

impl Draft {
    pub(super) fn new(mut network: RoadNetwork) -> Self {
        let signs = signs(&network);
        let mut all = std::mem::take(&mut network.movements).into_iter();
        let movements = network.junctions.iter().map(|j| all.by_ref().take(j.movements.len()).collect()).collect();
        Self {
            signs,
            movements,
            gone_links: BTreeSet::new(),
            gone_junctions: BTreeSet::new(),
            new_lanes: BTreeSet::new(),
            new_ranks: BTreeSet::new(),
            new_signals: BTreeSet::new(),
            link_by_ref: network.links.iter().enumerate().map(|(i, l)| (l.ref_.clone(), LinkId::from_index(i))).collect(),
            junction_by_ref: network.junctions.iter().enumerate().map(|(i, j)| (j.ref_.clone(), JunctionId::from_index(i))).collect(),
            network,
        }
    }

    /// The network but for its movements.
    pub(super) fn network(&self) -> &RoadNetwork {
        &self.network
    }

    pub(super) fn link(&self, id: LinkId) -> &Link {
        self.network.link(id)
    }

    pub(super) fn link_mut(&mut self, id: LinkId) -> &mut Link {
        &mut self.network.links[id.index()]
    }

    pub(super) fn junction(&self, id: JunctionId) -> &Junction {
        self.network.junction(id)
    }

    pub(super) fn junction_mut(&mut self, id: JunctionId) -> &mut Junction {
        &mut self.network.junctions[id.index()]
    }

    pub(super) fn find_link(&self, ref_: &str) -> Option<LinkId> {
        self.link_by_ref.get(ref_).copied()
    }

    pub(super) fn find_junction(&self, ref_: &str) -> Option<JunctionId> {
        self.junction_by_ref.get(ref_).copied()
    }

    pub(super) fn link_refs(&self) -> impl Iterator<Item = &Ref> {
        self.link_by_ref.keys()
    }

    pub(super) fn junction_refs(&self) -> impl Iterator<Item = &Ref> {
        self.junction_by_ref.keys()
    }

    /// The links that are still there.
    pub(super) fn live_links(&self) -> impl Iterator<Item = LinkId> {
        (0..self.network.links.len()).map(LinkId::from_index).filter(|l| !self.gone_links.contains(l))
    }

    /// Adds a link between two junctions.
    pub(super) fn add_link(&mut self, link: Link) -> LinkId {
        let id = LinkId::from_index(self.network.links.len());
        self.link_by_ref.insert(link.ref_.clone(), id);
        self.junction_mut(link.from).outgoing.push(id);
        self.junction_mut(link.to).incoming.push(id);
        self.network.links.push(link);
        self.signs.push(Sign::None);
        id
    }

    /// Takes a link away, and the movements over it.
    pub(super) fn remove_link(&mut self, id: LinkId) {
        self.gone_links.insert(id);
        let link = self.link(id).clone();
        self.link_by_ref.remove(&link.ref_);
        for end in [link.from, link.to] {
            self.junction_mut(end).incoming.retain(|l| *l != id);
            self.junction_mut(end).outgoing.retain(|l| *l != id);
            self.movements[end.index()].retain(|m| m.from != id && m.to != id);
            self.new_lanes.insert(end);
        }
        if let Some(opposite) = link.opposite {
            self.link_mut(opposite).opposite = None;
        }
    }

    /// Has the lanes and ranks of all movements through a junction found anew, and its signal groups where it has signals.
    pub(super) fn renew(&mut self, id: JunctionId) {
        self.new_lanes.insert(id);
        self.new_ranks.insert(id);
        if matches!(self.junction(id).kind, JunctionKind::Signal(_)) {
            self.new_signals.insert(id);
        }
    }

    /// Takes a junction away that other junctions' merge has emptied; its ref now means `into`.
    pub(super) fn remove_junction(&mut self, id: JunctionId, into: JunctionId) {
        self.gone_junctions.insert(id);
        let ref_ = self.junction(id).ref_.clone();
        self.junction_by_ref.insert(ref_, into);
    }

    /// Gives a junction signals, or takes them away. Groups and plan come later.
    pub(super) fn set_signal(&mut self, id: JunctionId, on: bool) {
        let junction = self.junction(id);
        match (junction.kind, on) {
            (JunctionKind::Signal(_), false) => {
                self.junction_mut(id).kind = JunctionKind::Priority;
                self.movements[id.index()].iter_mut().for_each(|m| m.group = None);
                self.new_ranks.insert(id);
            }
            (kind, true) if !matches!(kind, JunctionKind::Signal(_)) => {
                let controller = ControllerId::from_index(self.network.controllers.len());
                // A plan must have a phase; what it is worth is decided in `finish`, from the groups that are made there.
                let phase = Phase { groups: vec![0], green_s: 30.0, yellow_s: 3.0, all_red_s: 2.0 };
                let plan = SignalPlan::new(0.0, vec![phase]).expect("its times are within the ranges of a plan");
                let ref_ = self.junction(id).ref_.clone();
                self.network.controllers.push(SignalController { ref_, junction: id, groups: vec![], plan, plan_is_assumed: true });
                self.junction_mut(id).kind = JunctionKind::Signal(controller);
                self.new_signals.insert(id);
                self.new_ranks.insert(id);
            }
            _ => {}
        }
    }

    /// The network with dense ids again, and what is left to do: the movements of some junctions have lanes, ranks or groups that no
    /// longer fit. The groups of the others hold the movements that are still there.
    pub(super) fn finish(mut self) -> (RoadNetwork, ToDo) {
        self.drop_empty_junctions();
        let links = renumber(self.network.links.len(), |i| self.gone_links.contains(&LinkId::from_index(i)));
        let junctions = renumber(self.network.junctions.len(), |i| self.gone_junctions.contains(&JunctionId::from_index(i)));
        let link = |id: LinkId| links[id.index()].map(LinkId::from_index);
        let junction = |id: JunctionId| junctions[id.index()].map(JunctionId::from_index);
        let Self { mut network, movements, .. } = self;

        let mut packed = vec![];
        let kept = |list: Vec<LinkId>| -> Vec<LinkId> {
            let mut list: Vec<LinkId> = list.into_iter().filter_map(link).collect();
            list.sort_unstable();
            list
        };
        let mut kept_junctions = vec![];
        for (i, (mut j, own)) in std::mem::take(&mut network.junctions).into_iter().zip(movements).enumerate() {
            let Some(id) = junction(JunctionId::from_index(i)) else { continue };
            let start = packed.len() as u32;
            for m in own {
                if let (Some(from), Some(to)) = (link(m.from), link(m.to)) {
                    packed.push(Movement { junction: id, from, to, ..m });
                }
            }
            j.movements = start..packed.len() as u32;
            j.incoming = kept(j.incoming);
            j.outgoing = kept(j.outgoing);
            kept_junctions.push(j);
        }
        network.junctions = kept_junctions;
        network.movements = packed;
        let old_links = std::mem::take(&mut network.links);
        for (i, mut l) in old_links.into_iter().enumerate() {
            if links[i].is_none() {
                continue;
            }
            let end = |j: JunctionId| junction(j).expect("a junction with a link is kept");
            (l.from, l.to, l.opposite) = (end(l.from), end(l.to), l.opposite.and_then(link));
            network.links.push(l);
        }
        for place in &mut network.places {
            place.access = place.access.and_then(|(l, pos)| link(l).map(|l| (l, pos.min(network.links[l.index()].length_m))));
        }
        let moved = |set: BTreeSet<JunctionId>| -> BTreeSet<JunctionId> { set.into_iter().filter_map(junction).collect() };
        let signs = (0..links.len()).filter(|i| links[*i].is_some()).map(|i| self.signs[i]).collect();
        let to_do =
            ToDo { signs, new_lanes: moved(self.new_lanes), new_ranks: moved(self.new_ranks), new_signals: moved(self.new_signals) };
        keep_live_controllers(&mut network, &junctions);
        (network, to_do)
    }

    fn drop_empty_junctions(&mut self) {
        for i in 0..self.network.junctions.len() {
            let j = &self.network.junctions[i];
            if j.incoming.is_empty() && j.outgoing.is_empty() {
                self.gone_junctions.insert(JunctionId::from_index(i));
            }
        }
    }
}

/// Junctions of a put-together network whose movements have to be looked at again.
pub(super) struct ToDo {
    /// What signs say at the end of each link.
    pub(super) signs: Vec<Sign>,
    /// See [`Draft::new_lanes`].
    pub(super) new_lanes: BTreeSet<JunctionId>,
    /// See [`Draft::new_ranks`].
    pub(super) new_ranks: BTreeSet<JunctionId>,
    /// See [`Draft::new_signals`].
    pub(super) new_signals: BTreeSet<JunctionId>,
}

/// The new index of each object that stays.
fn renumber(count: usize, is_gone: impl Fn(usize) -> bool) -> Vec<Option<usize>> {
    let mut next = 0..;
    (0..count).map(|i| if is_gone(i) { None } else { next.next() }).collect()
}

/// Drops the controllers that no junction names any more, and from the others the movements that are gone.
fn keep_live_controllers(network: &mut RoadNetwork, junctions: &[Option<usize>]) {
    let mut kept = vec![];
    for (i, mut controller) in std::mem::take(&mut network.controllers).into_iter().enumerate() {
        let Some(at) = junctions[controller.junction.index()] else { continue };
        let junction = &mut network.junctions[at];
        if junction.kind != JunctionKind::Signal(ControllerId::from_index(i)) {
            continue;
        }
        junction.kind = JunctionKind::Signal(ControllerId::from_index(kept.len()));
        controller.junction = JunctionId::from_index(at);
        for (g, group) in controller.groups.iter_mut().enumerate() {
            let own = junction.movements.clone().filter(|m| network.movements[*m as usize].group.map(usize::from) == Some(g));
            group.movements = own.map(MovementId).collect();
        }
        kept.push(controller);
    }
    network.controllers = kept;
}
