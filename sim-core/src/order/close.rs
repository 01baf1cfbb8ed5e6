//! Lanes closed by orders, as vehicles see them: standing bodies, as incidents are.

use super::Orders;
use crate::{class::ClassSet, ids::LinkId, incident::Block, plan::Plan, segment::Road};

/// A closed lane beside an open one keeps so much at either end of the link for those who turn in and out, metres (assumed); on a short link
/// the middle third is closed.
const ENDS_M: f32 = 25.0;

impl Orders {
    /// Links that are closed somewhere, or were.
    pub(crate) fn places(&self) -> impl Iterator<Item = LinkId> + '_ {
        self.closed.keys().copied()
    }

    /// Adds what is closed to what hinders each link; the links' hindrances were emptied before.
    pub(crate) fn hinder(&self, plan: &Plan, roads: &mut [&mut Road]) {
        // A ferry lets nobody aboard: see there.
        for (link, closed) in self.closed.iter().filter(|(link, _)| !plan.is_ferry(**link)) {
            let length = plan.network.link(*link).length_m;
            let ends = ENDS_M.min(length / 3.0);
            let blocks = &mut roads[link.index()].hindrances.blocks;
            let shut = closed.iter().copied().reduce(ClassSet::intersection).unwrap_or(ClassSet::NONE);
            if !shut.is_empty() {
                blocks.push(Block { from: 0.0, to: length, left: 0, right: plan.strips[link.index()], classes: shut });
            }
            for (n, classes) in (0u8..).zip(closed) {
                let classes = classes.without(shut);
                if !classes.is_empty() {
                    let (left, right) = plan.lane_strips(*link, &(n..n + 1));
                    blocks.push(Block { from: ends, to: length - ends, left, right, classes });
                }
            }
        }
    }
}
