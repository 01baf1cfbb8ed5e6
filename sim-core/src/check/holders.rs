//! Who stands between the holder of a grant and its junction.

use crate::{
    ids::LinkId,
    joint::is_kept,
    plan::Plan,
    segment::{LAST, OVER, Road, Row},
    strips::overlap,
    vehicles::Vehicles,
};

/// How many are on the way of a holder on `link` to the junction that its road leads to, on further pieces of the road too, and hold no grant for it themselves,
/// though they go that far: each would wait for the holder, and the holder for it.
pub(super) fn before_holders(plan: &Plan, vehicles: &Vehicles, roads: &[&Road], link: LinkId) -> u64 {
    let kept = |row: &Row| is_kept(plan, vehicles, row.flags, row.id);
    let is_in_way = |row: &&Row| !kept(row) && !row.is(LAST | OVER) && row.next != u32::MAX && row.halt.is_infinite();
    let rows = &roads[link.index()].rows;
    let before = |(i, holder): (usize, &Row)| {
        let pieces =
            std::iter::successors(plan.joints.after(link), |joint| plan.joints.after(joint.to)).take_while(|joint| joint.to != link);
        let ahead = rows[..i].iter().chain(pieces.flat_map(|joint| &roads[joint.to.index()].rows));
        ahead.filter(is_in_way).filter(|row| overlap(row.left, row.right, holder.left, holder.right)).count() as u64
    };
    rows.iter().enumerate().filter(|(_, row)| kept(row)).map(before).sum()
}
