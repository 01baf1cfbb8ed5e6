//! What a route costs: travel time at the limit, and the wait and effort of every turn. All waits are expectations without traffic; the
//! fit corrects them by what the simulation shows.

use sim_core::{
    class::{ClassTable, VehicleClass},
    network::{Link, LinkKind, Movement, Priority, RoadNetwork, Turn},
};

/// Effort of a left turn, seconds (assumed).
const LEFT_S: f64 = 4.0;
/// Effort of a right turn, seconds (assumed).
const RIGHT_S: f64 = 2.0;
/// Effort of a U-turn, seconds (assumed).
const U_TURN_S: f64 = 25.0;
/// Mean wait of a side road's vehicle that goes straight on or right, seconds (assumed).
const MINOR_S: f64 = 4.0;
/// Mean wait of a vehicle that crosses the opposing stream, seconds (assumed).
const CROSSING_S: f64 = 7.0;
/// Average height above or below which a route's pace on narrow service ways falls, as a share of the limit (assumed).
const SERVICE_PACE: f64 = 0.6;

/// The class whose pace routes of `class` are timed by: drivers of one group weigh roads alike.
pub(crate) fn pace_class(class: VehicleClass) -> VehicleClass {
    match class {
        VehicleClass::Motorcycle | VehicleClass::Bicycle => class,
        VehicleClass::Bus | VehicleClass::HeavyTruck | VehicleClass::ArticulatedTruck => VehicleClass::HeavyTruck,
        VehicleClass::Car
        | VehicleClass::Taxi
        | VehicleClass::Minibus
        | VehicleClass::LightTruck
        | VehicleClass::Emergency
        | VehicleClass::Shuttle => VehicleClass::Car,
    }
}

/// Time to drive a link from end to end without traffic, seconds.
pub(crate) fn link_time_s(link: &Link, class: VehicleClass, table: &ClassTable) -> f64 {
    match link.kind {
        LinkKind::Ferry(_) => f64::from(link.free_flow_s(class)),
        LinkKind::Road => {
            let desired_mps = f64::from(table.get(pace_class(class)).desired_speed_mps);
            let pace = if link.class == sim_core::network::RoadClass::Service { SERVICE_PACE } else { 1.0 };
            f64::from(link.length_m) / (f64::from(link.limits.of(class)).min(desired_mps) * pace)
        }
    }
}

/// Expected wait and effort of a movement, seconds: its turn, the red of its signal group (first term of Webster's delay at no flow:
/// r² / 2C), and where nothing holds it the streams it gives way to.
pub(crate) fn movement_delay_s(network: &RoadNetwork, movement: &Movement) -> f64 {
    let turn_s = match movement.turn {
        Turn::Through => 0.0,
        Turn::Left => LEFT_S,
        Turn::Right => RIGHT_S,
        Turn::UTurn => U_TURN_S,
    };
    let wait_s = match red_s(network, movement) {
        Some((red_s, cycle_s)) => red_s * red_s / (2.0 * cycle_s),
        None if movement.priority >= Priority::MINOR_LEFT => MINOR_S + CROSSING_S,
        None if movement.priority >= Priority::MINOR => MINOR_S,
        None if movement.priority >= Priority::MAJOR_LEFT => CROSSING_S,
        None => 0.0,
    };
    turn_s + wait_s
}

/// Red time and cycle of a signalled movement, seconds.
pub(crate) fn red_s(network: &RoadNetwork, movement: &Movement) -> Option<(f64, f64)> {
    let sim_core::network::JunctionKind::Signal(controller) = network.junction(movement.junction).kind else { return None };
    let group = movement.group?;
    let plan = &network.controller(controller).plan;
    let green_s: f64 = plan.phases().iter().filter(|p| p.groups.contains(&group)).map(|p| f64::from(p.green_s)).sum();
    let cycle_s = f64::from(plan.cycle_s());
    Some(((cycle_s - green_s).max(0.0), cycle_s))
}
