//! Junctions: permission before movement.
//!
//! A vehicle crosses a junction on a path of its own, from where it stands across its link's end to where it will stand across the next
//! link's start. It may enter only with a *grant*. The holders of a junction's grants are in a total order; a holder keeps out of the
//! *remaining corridor* (what the body sweeps from its rear to the end of its path) of every holder before it.
//!
//! # Why nothing collides in a junction
//! Take `A` before `B` in the order. `B` is bounded so that it can stop before the first place where its corridor touches `A`'s remaining one.
//! That place only ever moves on as `A` does. When `B` is granted it stands or can stop before its line, so it is outside; when it is put
//! before `A`, `A` must be able to stop in comfort before `B`'s corridor. Two certificates allow a speed, and either is enough, since each
//! can be kept by braking: `A`'s remaining corridor as a standing leader ([`Touch::limit_at`]), or `A`'s rear as a moving one
//! ([`Touch::lead_at`]), which follows a column of vehicles closely. Everybody sees everybody else in the old state and assumes
//! that it brakes as hard as any class can during this very step, so the order of updates does not matter.
//!
//! # Why nobody waits for ever inside
//! A grant asks for room on the exit link: body by body as all would come to stand there (`room.rs`), those before it in the order included, and who is put
//! before others leaves them theirs. (Counted by the share of its strips that others cover, too little was asked for: of three bodies that overlap by little the
//! last stayed in the junction.) So the first holder of the order waits for nobody in the junction and can leave it; then the next one is first. Where the exit
//! link is too short for the body, the next junction must be free as well and is granted together with this one.
//!
//! Two rules weaken this and are safe all the same. Who waits inside for a gap (`inside.rs`) is put behind others only while its light is green, so its wait
//! ends with the green. A vehicle that moves on a short link, with a grant that no signal takes back and nobody to wait for, is not counted as standing there:
//! a ring of such vehicles around several junctions could stand; none was seen, and the watch for gridlocks would name it.

mod course;
mod draft;
mod exit;
mod grants;
mod holder;
mod inside;
mod path;
mod rank;
mod requests;
mod revoke;
mod room;
mod touch;

pub(crate) use course::{Course, Leg, Place, Yield};
pub(crate) use draft::Drafts;
pub(crate) use grants::arbitrate;
pub(crate) use path::Path;
pub(crate) use requests::FARTHEST_GRANT_M;
pub(crate) use revoke::{drop_grants_at_signals, drop_grants_before_blocks, leave, revoke};
pub(crate) use room::Room;
pub(crate) use touch::{Touch, owed};

use crate::ids::VehicleId;
use bevy_ecs::prelude::Component;

/// A junction: who holds its grants, first in right of way first. A holder leaves when its tail has left the junction.
#[derive(Component, Clone, Debug, Default)]
pub(crate) struct Crossing {
    pub(crate) holders: Vec<VehicleId>,
    /// Whether what is asked of it may be answered otherwise than at the beginning of this step's decisions.
    changed: bool,
}
