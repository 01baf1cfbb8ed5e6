//! Demand: who travels from where to where, when and in what; rebuilt from counts or given as a table or a list of trips.

pub mod assign;
pub mod book;
pub mod calibrate;
pub mod cityflow;
mod cost;
pub mod counts;
pub mod detectors;
mod door;
pub mod draw;
mod draw_keys;
pub(crate) use door::is_same_door;
pub(crate) use draw_keys::{stream as draw_stream, uniform as draw_uniform};
pub mod fit;
mod flows;
pub mod holdout;
pub mod illustrative;
mod link_use;
pub mod observe;
pub mod od;
pub mod prior;
pub mod quality;
pub mod routing;
mod solve;
pub mod sumo;
pub mod synthetic;
mod table;
pub mod time;
pub mod trip_list;
pub mod zone_file;
pub mod zones;

pub use book::{RouteBook, ZoneRoute};
pub use calibrate::{
    CalibrateError, Calibration, CalibrationInputs, CalibrationSettings, FitQuality, RunLabel, SimulatedCounts, calibrate,
};
pub use counts::{Count, Counts, CountsError, CountsProblem, CountsReport};
pub use detectors::{DetectorsError, DetectorsProblem};
pub use draw::{Drawn, Rounding, Unreachable, draw};
pub use fit::FitSettings;
pub use flows::trips_flow_pcu;
pub use holdout::{Corridor, HoldoutSettings, UnknownCorridor};
pub use illustrative::{CountsFrame, DetectorNoise, illustrative_counts, truth_demand, truth_drivers};
pub use observe::SaturatedInterval;
pub use od::{OdError, OdKey, OdTable};
pub use prior::{PriorSettings, gravity};
pub use quality::{HourRow, Quality, geh};
pub use routing::{Route, RouteShare, Router, RouterSettings, Searcher};
pub use solve::SolverError;
pub use synthetic::{SyntheticSettings, synthetic};
pub use table::{FileError, RowErrors, SHOWN_PROBLEMS};
pub use time::Window;
pub use trip_list::{TripsError, read_trips, write_trips};
pub use zone_file::{ZonesError, read_points};
pub use zones::{Connector, Region, Zone, ZoneKind, ZonePoint, ZoneSettings};

#[cfg(test)]
mod tests;
