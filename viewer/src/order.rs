//! What a user asks of the simulation.

use crate::{detail::Focus, second::Against};
use scenarios::scenario::{automation::SystemName, interventions::SensorName, signals::ControllerName};
use sim_core::class::VehicleClass;
use std::path::PathBuf;

/// What a user asks of the simulation.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// Stand still.
    Pause,
    /// Go on.
    Play,
    /// One step, then stand still.
    Step,
    /// Simulated seconds per second, more than 0; infinity for as fast as possible.
    Speed(f64),
    /// From the beginning.
    Restart,
    /// To this time, seconds after midnight: back to a checkpoint and on from there, or on as fast as possible.
    Jump(f64),
    /// Tell more about this, or about nothing.
    Watch(Option<Focus>),
    /// Tell the indicators, or no longer.
    Indicators(bool),
    /// Change something, from the next step on.
    Edit(Edit),
    /// Take back the last edit that still holds.
    Undo,
    /// Take back this edit, by its name; those made after it stand.
    UndoEdit(String),
    /// Show another branch of the time line, by its position.
    Branch(usize),
    /// Write the branch on the screen as a scenario, to this file.
    Save(PathBuf),
    /// Run a second simulation beside the first, or no longer.
    Compare(Option<Against>),
}

/// A change while running. Places are indices of the network on the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Close lanes of a link, all of them where `lanes` is `None`, until it is undone.
    Close {
        /// The link.
        link: u32,
        /// The lanes, from the kerb side.
        lanes: Option<std::ops::Range<u8>>,
    },
    /// An accident: the kerb-side lane is blocked about the middle of the link.
    Accident {
        /// The link.
        link: u32,
        /// Until when, seconds after midnight.
        until_s: f64,
    },
    /// Another limit on a link, until it is undone.
    SpeedLimit {
        /// The link.
        link: u32,
        /// The limit, m/s.
        limit_mps: f32,
    },
    /// Another plan for a signal.
    Plan {
        /// The controller.
        controller: u32,
        /// The plan.
        plan: sim_core::network::SignalPlan,
    },
    /// Another way of controlling a signal, with the scenario's parameters.
    Method {
        /// The controller.
        controller: u32,
        /// By what.
        method: ControllerName,
    },
    /// More or fewer trips from now on.
    Demand {
        /// Of which classes; of all where it is empty.
        classes: Vec<VehicleClass>,
        /// Percent of the trips that the scenario has, 0 to 500.
        percent: u32,
    },
    /// How many of those who set out from now on drive on a battery.
    Electric {
        /// Of which classes; of all where it is empty.
        classes: Vec<VehicleClass>,
        /// Percent, 0 to 100.
        percent: u32,
    },
    /// How many of those who set out from now on a system drives.
    Automation {
        /// What drives.
        system: SystemName,
        /// Of which classes; of all that it can drive where it is empty.
        classes: Vec<VehicleClass>,
        /// Percent, 0 to 100.
        percent: u32,
    },
    /// How many have a journey tracker from now on.
    Trackers {
        /// Of which classes; of commercial transport where it is empty.
        classes: Vec<VehicleClass>,
        /// Percent, 0 to 100.
        percent: u32,
    },
    /// How many travellers are told of travel times on the way.
    Guidance {
        /// Percent, 0 to 100.
        percent: u32,
    },
    /// A detector.
    Detector {
        /// The link.
        link: u32,
        /// Where on it, metres from its start.
        pos_m: f32,
        /// How it senses.
        sensor: SensorName,
    },
}
