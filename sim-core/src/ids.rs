//! Dense ids: the `n`-th object of its kind, so also its index. They never leave memory: files carry a [`crate::reference::Ref`].

use serde::{Deserialize, Serialize};

macro_rules! dense_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// The position of this object in its network's or simulation's list.
            #[inline]
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of the object at `index`.
            ///
            /// # Panics
            /// Beyond 2³² objects of one kind.
            #[inline]
            pub fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 objects of one kind"))
            }
        }
    )+};
}

dense_id! {
    /// A link: one direction of a road between two junctions.
    LinkId,
    /// A junction.
    JunctionId,
    /// A movement: a permitted way through a junction.
    MovementId,
    /// A signal controller.
    ControllerId,
    /// A place: hospital, bus stop, car park, border gate …
    PlaceId,
    /// A detector.
    DetectorId,
    /// A segment: what one thread writes in a step.
    SegmentId,
    /// A trip of one simulation, and the vehicle that carries it.
    VehicleId,
}
