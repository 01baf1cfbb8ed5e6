//! Two interventions that contradict each other: the same place at the same time set to two values.
//!
//! Of two that begin one after the other the later one holds, unless the earlier one says until when: then its time is its own. What
//! was done by hand while a simulation ran is in order anyway.

use super::{Item, What};
use sim_core::{class::ClassSet, order::Order};

/// Two that contradict each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    /// The one that stands first in the file, by number.
    pub first: usize,
    /// The other.
    pub second: usize,
    /// What both set.
    pub what: String,
    /// When.
    pub when: &'static str,
}

/// The first contradiction.
pub fn first(items: &[Item]) -> Option<Clash> {
    for (second, b) in items.iter().enumerate() {
        for (first, a) in items[..second].iter().enumerate() {
            if a.edit || b.edit {
                continue;
            }
            let Some(when) = when(a, b) else { continue };
            if let Some(what) = both_set(&a.what, &b.what, Values::Differ) {
                return Some(Clash { first, second, what, when });
            }
        }
    }
    None
}

/// When two of them set at one time what may contradict itself; `None` where the later one simply follows.
pub(super) fn when(a: &Item, b: &Item) -> Option<&'static str> {
    let (early, late) = if a.step <= b.step { (a, b) } else { (b, a) };
    if early.step == late.step {
        Some("from the same time on")
    } else {
        early.until.is_some_and(|until| late.step < until).then_some("one while the other lasts")
    }
}

/// Which values count when two set the same thing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    /// Only those that contradict each other.
    Differ,
    /// Any: the later one stands on the earlier one.
    Any,
}

/// What both set, to whatever values: then the one cannot be undone while the other, made after it, holds.
pub fn shared(a: &What, b: &What) -> Option<String> {
    both_set(a, b, Values::Any)
}

/// What both set, if anything.
fn both_set(a: &What, b: &What, values: Values) -> Option<String> {
    match (a, b) {
        (What::Close { at, classes, opens }, What::Close { at: others, classes: other_classes, opens: other_opens }) => {
            let same_classes = classes.intersection(*other_classes) != ClassSet::NONE;
            let same_lane = at.iter().any(|(l, n)| others.iter().any(|(m, k)| l == m && n.iter().any(|x| k.contains(x))));
            let counts = values == Values::Any || opens != other_opens;
            (counts && same_classes && same_lane).then(|| "whether the same lane is closed".to_owned())
        }
        (What::Set(a), What::Set(b)) => a.iter().find_map(|x| b.iter().find_map(|y| same_place(x, y, values))),
        _ => None,
    }
}

/// What two orders both set.
fn same_place(a: &Order, b: &Order, values: Values) -> Option<String> {
    let any = values == Values::Any;
    if a == b && !any {
        return None;
    }
    let shared = |a: &[(sim_core::class::VehicleClass, f32)], b: &[(sim_core::class::VehicleClass, f32)]| {
        a.iter().find_map(|(c, x)| b.iter().any(|(d, y)| c == d && (any || x != y)).then_some(*c))
    };
    match (a, b) {
        (Order::Limits { link: l, .. }, Order::Limits { link: m, .. }) => (l == m).then(|| "the speed limit of the same link".into()),
        (Order::LaneUse { link: l, access: x }, Order::LaneUse { link: m, access: y }) => {
            let same = |(n, c): &(u8, ClassSet)| y.iter().any(|(k, d)| n == k && (any || c != d));
            (l == m && x.iter().any(same)).then(|| "who may use the same lane".into())
        }
        (Order::Plan { controller: l, .. }, Order::Plan { controller: m, .. }) => (l == m).then(|| "the plan of the same signal".into()),
        (Order::Method { controller: l, .. }, Order::Method { controller: m, .. }) => {
            (l == m).then(|| "the controller of the same junction".into())
        }
        (Order::Plan { controller: l, .. }, Order::Method { controller: m, .. })
        | (Order::Method { controller: l, .. }, Order::Plan { controller: m, .. }) => {
            (any && l == m).then(|| "the control of the same junction".into())
        }
        (Order::Demand { factors: x }, Order::Demand { factors: y }) => shared(x, y).map(|c| format!("the demand of {c}")),
        (Order::Electric { shares: x }, Order::Electric { shares: y }) => shared(x, y).map(|c| format!("the electric share of {c}")),
        (Order::Automation { system: a, shares: x }, Order::Automation { system: b, shares: y }) => {
            shared(x, y).filter(|_| a == b).map(|c| format!("the {} share of {c}", a.name()))
        }
        (Order::Trackers { .. }, Order::Trackers { .. }) => Some("who has a journey tracker".into()),
        (Order::Guidance(_), Order::Guidance(_)) => Some("who is told of travel times".into()),
        _ => None,
    }
}
