//! Applying corrections. The order is fixed, whatever the order in the file: merge junctions, add links, change or remove links, change
//! turns, change signals. Then lanes, right of way and signal groups of every junction that was touched are made to fit again.

mod draft;
mod links;
mod merge;
mod new_links;
mod signals;
mod turns;
mod ways;

use super::{
    Corrections, CorrectionsError,
    report::{CorrectionsReport, Outcome, Remark},
};
use crate::index::{NetworkIndex, near_refs};
use draft::Draft;
use sim_core::{
    ids::{JunctionId, LinkId},
    network::RoadNetwork,
    reference::Ref,
};

/// How many near refs a remark names.
const CANDIDATES: usize = 5;
/// From how far away a place is reached whose link is gone, metres (assumed).
const PLACE_REACH_M: f64 = 300.0;

/// Applies `corrections` to `network`. Entries that name what is not there, or that do not fit, are left out and reported: the next
/// extract must not stop the work of a day. [`Corrections::split_nodes`] must have been given to the import already.
///
/// # Errors
/// The corrected network breaks an invariant.
pub fn apply(network: RoadNetwork, corrections: &Corrections) -> Result<(RoadNetwork, CorrectionsReport), CorrectionsError> {
    let mut log = Log { report: CorrectionsReport { file: corrections.file.clone(), ..CorrectionsReport::default() } };
    if corrections.is_empty() {
        return Ok((network, log.report));
    }
    let mut draft = Draft::new(network);
    for entry in &corrections.splits {
        let outcome = merge::check_split(&draft, entry, &mut log);
        log.count(outcome);
    }
    for entry in &corrections.merges {
        let outcome = merge::merge(&mut draft, entry, &mut log);
        log.count(outcome);
    }
    for entry in &corrections.new_links {
        let outcome = new_links::add(&mut draft, entry, &mut log);
        log.count(outcome);
    }
    for entry in &corrections.links {
        let outcome = links::change(&mut draft, entry, &mut log);
        log.count(outcome);
    }
    for entry in &corrections.turns {
        let outcome = turns::change(&mut draft, entry, &mut log);
        log.count(outcome);
    }
    for entry in &corrections.signals {
        let outcome = signals::switch(&mut draft, entry, &mut log);
        log.count(outcome);
    }
    let placed = draft.network().places.iter().map(|p| p.access.is_some()).collect::<Vec<_>>();
    let (mut network, to_do) = draft.finish();
    for junction in &to_do.new_lanes {
        ways::assign_lanes(&mut network, *junction);
    }
    for junction in &to_do.new_ranks {
        ways::rank(&mut network, *junction, &to_do.signs);
    }
    for entry in &corrections.turns {
        turns::set_lanes(&mut network, entry, &mut log);
    }
    signals::mend(&mut network, &to_do.new_signals);
    for entry in &corrections.signals {
        signals::set_plan(&mut network, entry, &mut log);
    }
    reach_places_again(&mut network, &placed);
    network.check()?;
    log.report.remarks.sort_by_key(|r| r.line);
    Ok((network, log.report))
}

/// Places whose link is gone are reached from the nearest one.
fn reach_places_again(network: &mut RoadNetwork, placed: &[bool]) {
    let lost: Vec<usize> = (0..placed.len()).filter(|i| placed[*i] && network.places[*i].access.is_none()).collect();
    if lost.is_empty() {
        return;
    }
    let index = NetworkIndex::new(network);
    for i in lost {
        network.places[i].access = index.nearest_link(network.places[i].point, None, None, PLACE_REACH_M).map(|hit| (hit.link, hit.pos_m));
    }
}

/// Whether an entry was applied; if not, a remark says why.
pub(super) type Applied = bool;

/// Where the functions that apply entries leave their remarks.
struct Log {
    report: CorrectionsReport,
}

impl Log {
    fn count(&mut self, applied: Applied) {
        self.report.applied += usize::from(applied);
    }

    /// Remarks on an entry that is left out.
    fn left_out(&mut self, line: usize, entry: &'static str, ref_: impl ToString, outcome: Outcome, message: impl Into<String>) -> Applied {
        let message = message.into();
        self.report.remarks.push(Remark { line, entry, outcome, ref_: ref_.to_string(), message, candidates: vec![] });
        false
    }

    /// Remarks on an entry that was applied.
    fn note(&mut self, line: usize, entry: &'static str, ref_: impl ToString, message: impl Into<String>) {
        self.left_out(line, entry, ref_, Outcome::Assumed, message);
    }

    /// The link an entry names, or a remark that it is not there.
    fn link(&mut self, draft: &Draft, line: usize, entry: &'static str, ref_: &str) -> Option<LinkId> {
        let found = draft.find_link(ref_);
        if found.is_none() {
            self.stale(line, entry, ref_, "this link is not in the map", near_refs(ref_, draft.link_refs(), CANDIDATES));
        }
        found
    }

    /// The junction an entry names, or a remark that it is not there.
    fn junction(&mut self, draft: &Draft, line: usize, entry: &'static str, ref_: &str) -> Option<JunctionId> {
        let found = draft.find_junction(ref_);
        if found.is_none() {
            self.stale(line, entry, ref_, "this junction is not in the map", near_refs(ref_, draft.junction_refs(), CANDIDATES));
        }
        found
    }

    fn stale(&mut self, line: usize, entry: &'static str, ref_: &str, message: &str, candidates: Vec<Ref>) {
        let (ref_, message) = (ref_.to_owned(), message.to_owned());
        self.report.remarks.push(Remark { line, entry, outcome: Outcome::Stale, ref_, message, candidates });
    }
}
