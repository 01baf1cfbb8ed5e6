//! The desktop window: draws what the simulation publishes, sends it orders. The simulation runs on a thread of its own ([`bridge`]) and
//! knows nothing of the window.
//!
//! | module | job |
//! |---|---|
//! | [`bridge`], [`order`], [`engine`], [`second`], [`numbering`] | the simulation's thread: orders in, snapshots out; the second simulation of a comparison, in the first's numbers |
//! | [`snapshot`], [`live`], [`detail`], [`watch`], [`station`] | what a snapshot holds |
//! | [`load`] | from a name to an open map and a running simulation |
//! | [`camera`], [`pick`], [`layer`], [`colour`], [`labels`], [`places`] | plain functions between map and screen |
//! | [`scenery`], [`ribbon`], [`markings`], [`polygon`] | a map as triangles |
//! | [`draw`] | triangles, vehicles and layers on the screen |
//! | [`ui`] | panels: functions from what there is to see to what the user asks |
//! | [`edits`] | changes while running: as asked, as the timeline takes them, in words |
//! | [`files`], [`export`], [`film`], [`background`], [`geojson`] | what the window reads and writes besides |
//! | [`picture`] | small pictures of the examples for the start page |
//! | [`crowd`], [`frame_times`] | what drawing so many vehicles costs |
//! | [`screen`] | how many pixels a point has |
//! | [`text`], [`fluent`] | the keys of the window's words, and the words in every language |
//! | [`no_window`] | what to install when there can be no window |
//! | [`app`], [`input`], [`typing`], [`wishes`] | the window put together |

pub mod app;
pub mod background;
pub mod bridge;
pub mod camera;
pub mod colour;
pub mod correct;
pub mod crowd;
pub mod detail;
pub mod draw;
pub mod edits;
pub mod engine;
pub mod export;
pub mod files;
pub mod film;
pub mod fluent;
pub mod fold;
pub mod font;
pub mod frame_times;
pub mod geojson;
pub mod input;
pub mod kept;
pub mod labels;
pub mod layer;
pub mod live;
pub mod load;
pub mod markings;
pub mod no_window;
pub mod numbering;
pub mod order;
mod pace;
pub mod pick;
pub mod picture;
pub mod places;
pub mod polygon;
pub mod ribbon;
pub mod scenery;
pub mod screen;
pub mod second;
pub mod snapshot;
pub mod station;
pub mod text;
pub mod typing;
pub mod ui;
pub mod watch;
pub mod wishes;
