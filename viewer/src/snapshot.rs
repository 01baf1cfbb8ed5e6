//! What the window draws of one moment: small, immutable, already in the drawing's coordinates. Made on the simulation's thread.

use sim_core::{
    class::{CLASS_COUNT, VehicleClass},
    frame::Light,
};

/// A vehicle as drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body {
    /// Its id: the same body in two snapshots.
    pub id: u32,
    /// Its class.
    pub class: VehicleClass,
    /// The middle of the body, metres east and north of the drawing's origin.
    pub at: [f32; 2],
    /// Radians counter-clockwise from east.
    pub heading: f32,
    /// Metres.
    pub length_m: f32,
    /// Metres.
    pub width_m: f32,
}

/// One moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Which publication this is, from 1.
    pub number: u64,
    /// Seconds after midnight.
    pub time_s: f64,
    /// Every body on the road, in id order.
    pub bodies: Vec<Body>,
    /// Trips whose time has come but who found no room yet.
    pub waiting: u64,
    /// Trips that have ended at their destination.
    pub arrived: u64,
    /// What each movement's signal shows, by movement id; `None` where no signal holds it.
    pub lights: Vec<Option<Light>>,
    /// Whether the scenario's end is reached.
    pub finished: bool,
}

impl Snapshot {
    /// How many of each class are on the road, by class index.
    pub fn count_by_class(&self) -> [usize; CLASS_COUNT] {
        let mut count = [0; CLASS_COUNT];
        for body in &self.bodies {
            count[body.class.index()] += 1;
        }
        count
    }
}

/// Each body of `now` with the place and heading it had in `before`: the same as now for one that has just entered, or that is more than
/// `jump_m` away (the two moments are too far apart to draw the way between them). Both are in id order.
pub fn poses_before(before: &[Body], now: &[Body], jump_m: f32) -> Vec<([f32; 2], f32)> {
    let mut old = before.iter().peekable();
    now.iter()
        .map(|body| {
            while old.peek().is_some_and(|o| o.id < body.id) {
                old.next();
            }
            match old.peek() {
                Some(o) if o.id == body.id && (o.at[0] - body.at[0]).hypot(o.at[1] - body.at[1]) <= jump_m => (o.at, o.heading),
                _ => (body.at, body.heading),
            }
        })
        .collect()
}

/// The colour of each class, sRGB bytes: the panel's legend and the vehicles share it.
pub fn class_colour(class: VehicleClass) -> [u8; 3] {
    match class {
        VehicleClass::Motorcycle => [0x1f, 0x5f, 0xbf],
        VehicleClass::Bicycle => [0x2a, 0x9d, 0x8f],
        VehicleClass::Car => [0x3a, 0x3f, 0x4a],
        VehicleClass::Taxi => [0xd4, 0x9a, 0x00],
        VehicleClass::Minibus => [0x6a, 0x9a, 0x2b],
        VehicleClass::Bus => [0x1b, 0x8a, 0x3a],
        VehicleClass::LightTruck => [0xa0, 0x6a, 0x3c],
        VehicleClass::HeavyTruck => [0x7d, 0x45, 0x1c],
        VehicleClass::ArticulatedTruck => [0x4f, 0x2a, 0x0c],
        VehicleClass::Emergency => [0xd6, 0x1f, 0x26],
        VehicleClass::Shuttle => [0x8e, 0x44, 0xad],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(id: u32, x: f32) -> Body {
        Body { id, class: VehicleClass::Motorcycle, at: [x, 0.0], heading: 0.0, length_m: 1.9, width_m: 0.75 }
    }

    #[test]
    fn a_body_is_followed_by_its_id_though_others_come_and_go() {
        let before = [body(1, 0.0), body(3, 10.0), body(7, 20.0)];
        let now = [body(3, 14.0), body(5, 50.0), body(7, 400.0)];
        let poses = poses_before(&before, &now, 100.0);
        assert_eq!(poses.iter().map(|p| p.0[0]).collect::<Vec<_>>(), [10.0, 50.0, 400.0]);
    }
}
