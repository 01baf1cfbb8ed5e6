//! Who drives linked to whom: found anew in every step, from the front of a link backwards.

use super::Machine;
use crate::{ids::VehicleId, plan::Body, segment::Row, strips::overlap};

/// Word from the vehicle ahead reaches so far, metres (assumed: far less than the 300 m of direct radio).
const REACH_M: f32 = 100.0;

/// The places of the rows of one link in their platoons; costs nothing where nobody connects.
#[derive(Debug, Default)]
pub(crate) struct Platoons {
    /// By row: 0 for who does not connect, else its place from 1.
    place: Vec<u8>,
}

impl Platoons {
    /// The body of row `i`, linked to the connected vehicle ahead of it if there is one with room behind it in its platoon.
    pub(crate) fn join(&mut self, rows: &[Row], i: usize, body: &Body, machine: &Machine, bodies: &[Body]) -> Body {
        if self.place.len() < rows.len() {
            self.place.resize(rows.len(), 0);
        }
        let leader = leader(rows, i).filter(|j| {
            let connects = bodies[usize::from(rows[*j].kind)].machine.as_ref().is_some_and(|m| m.connects);
            connects && (1..machine.longest).contains(&self.place[*j])
        });
        self.place[i] = leader.map_or(1, |j| self.place[j] + 1);
        let link: Option<VehicleId> = leader.map(|j| rows[j].id);
        Body { machine: Some(Machine { link, ..*machine }), ..*body }
    }
}

/// The nearest ahead in the way of row `i`, within reach.
fn leader(rows: &[Row], i: usize) -> Option<usize> {
    let me = &rows[i];
    let near = rows[..i].iter().enumerate().rev().take_while(|(_, o)| o.s - me.s < REACH_M + crate::plan::LONGEST_M);
    near.filter(|(_, o)| overlap(o.left, o.right, me.left, me.right))
        .map(|(j, o)| (j, o.rear()))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(j, _)| j)
}
