//! The desktop window: draws what the simulation publishes, sends it orders. The simulation runs on a thread of its own ([`bridge`]) and
//! knows nothing of the window.

pub mod app;
pub mod bridge;
pub mod camera;
pub mod draw;
pub mod engine;
pub mod font;
pub mod labels;
pub mod load;
pub mod panel;
pub mod polygon;
pub mod ribbon;
pub mod scenery;
pub mod snapshot;
pub mod text;
