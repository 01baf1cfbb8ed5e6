//! Which edits hold, and which of them can be undone without pulling the ground from under a later one.
//!
//! What undoes an edit sets the values that stood before it. Where a later edit that still holds set the same thing, that would silently
//! take the later one away: so the later one is undone first. Edits that concern different things are undone in any order.

use super::{branch::Edit, error::TimelineError};
use crate::intervention::{What, clash};

/// The edit that an undoing, an undoing of an undoing and so on is about in the end; an edit itself, otherwise.
fn root<'a>(edits: &[&'a Edit], edit: &'a Edit) -> &'a Edit {
    let mut of = edit;
    while let What::Undo(name) = &of.item.what
        && let Some(next) = edits.iter().find(|e| e.item.name == *name)
    {
        of = next;
    }
    of
}

/// For each edit that holds: the edit itself, and the position of what made it hold last (itself, or an undoing of its undoing).
fn holding<'a>(edits: &[&'a Edit]) -> Vec<(&'a Edit, usize)> {
    let mut holding: Vec<(&Edit, usize)> = Vec::new();
    for (n, edit) in edits.iter().enumerate() {
        let of = root(edits, edit);
        match holding.iter().position(|(e, _)| e.item.name == of.item.name) {
            Some(there) => drop(holding.remove(there)),
            None => holding.push((of, n)),
        }
    }
    holding
}

/// The edits that hold, the one that was made or put back last first.
pub(super) fn names<'a>(edits: &[&'a Edit]) -> Vec<&'a str> {
    let mut holding = holding(edits);
    holding.sort_by_key(|(_, since)| std::cmp::Reverse(*since));
    holding.into_iter().map(|(e, _)| e.item.name.as_str()).collect()
}

/// What has to be undone so that the edit of this name is: itself, or what put it back last.
///
/// # Errors
/// There is no such edit, it is undone already, or a later edit that holds sets the same.
pub(super) fn to_undo<'a>(edits: &[&'a Edit], name: &str) -> Result<&'a str, TimelineError> {
    let at = edits.iter().position(|e| e.item.name == name).ok_or_else(|| TimelineError::NoEdit(name.to_owned()))?;
    let of = root(edits, edits[at]);
    let last = edits.iter().rposition(|e| root(edits, e).item.name == of.item.name).unwrap_or(at);
    let holding = holding(edits);
    let holds = holding.iter().any(|(e, _)| e.item.name == of.item.name);
    if at != last && !(holds && of.item.name == name) {
        return Err(TimelineError::Undone(name.to_owned(), edits[last].item.name.clone()));
    }
    // What is put back sets its values anew, on top of all others; only closures are told apart by who closed first.
    if holds || matches!(of.item.what, What::Close { .. }) {
        for (later, _) in holding.iter().filter(|(_, since)| *since > last) {
            if let Some(what) = clash::shared(&of.item.what, &later.item.what) {
                return Err(TimelineError::Stands { edit: name.to_owned(), later: later.item.name.clone(), what });
            }
        }
    }
    Ok(&edits[last].item.name)
}
