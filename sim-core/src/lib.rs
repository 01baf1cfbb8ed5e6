//! The engine of An Giang Twin: what a road network, a trip, a vehicle and a signal are, and how one step changes them.
//!
//! It knows no file format, no network protocol and no screen. `maps` builds a [`network::RoadNetwork`], `scenarios` brings
//! [`demand::Trip`]s and reads the measurements, the viewer draws frames.
//!
//! Conventions, valid everywhere in this crate:
//! - SI units; a name ends in its unit (`length_m`, `speed_mps`, `depart_s`). Times of day are seconds after local midnight.
//! - World coordinates are metres east and north of the network's origin ([`geometry::Frame`]).
//! - A place on a link is `(s, y)`: `s` metres from the link's start along it, `y` metres from its kerb-side edge across it
//!   (the right edge where traffic keeps right). A vehicle's `s` is that of its front bumper, its `y` that of its kerb-side flank.
//! - In memory an id is a dense index ([`ids`]); in every file it is a stable [`reference::Ref`].

pub mod check;
pub mod class;
pub mod compare;
pub mod control;
mod cross;
pub mod demand;
pub mod detector;
pub mod draw;
pub mod driving;
pub mod emission;
pub mod error;
mod ferry;
pub mod frame;
pub mod geometry;
mod ground;
pub mod guide;
pub mod halt;
pub mod hash;
pub mod ids;
pub mod incident;
mod input;
mod joint;
mod junction;
pub mod kinematics;
mod manner;
pub mod measure;
pub mod network;
pub mod order;
mod overtake;
pub mod parking;
mod picture;
mod plan;
pub mod reference;
mod release;
mod segment;
mod sense;
pub mod simulation;
mod state;
pub mod station;
mod step;
mod strips;
mod vehicles;
pub mod walk;
