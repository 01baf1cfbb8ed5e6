//! Who stands between the holder of a grant and its junction.

use crate::{
    joint::is_kept,
    plan::Plan,
    segment::{HOLDER, LAST, OVER, Row},
    strips::overlap,
    vehicles::Vehicles,
};

/// How many of `rows`, front first, are on the way of a holder behind them to its junction and hold no grant themselves, though they go that
/// far: each would wait for the holder, and the holder for it.
pub(super) fn before_holders(plan: &Plan, vehicles: &Vehicles, rows: &[Row]) -> u64 {
    let is_in_way = |row: &&Row| !row.is(HOLDER | LAST | OVER) && row.next != u32::MAX && row.halt.is_infinite();
    let kept = |row: &Row| is_kept(plan, vehicles, row.flags, row.id);
    let before = |(i, holder): (usize, &Row)| {
        rows[..i].iter().filter(is_in_way).filter(|row| overlap(row.left, row.right, holder.left, holder.right)).count() as u64
    };
    rows.iter().enumerate().filter(|(_, row)| kept(row)).map(before).sum()
}
