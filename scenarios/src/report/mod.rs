//! The report: what a run or a comparison came to, as one page that a planner hands in, and as tables and layers for other programs.
//!
//! | file | what it is | made by |
//! |---|---|---|
//! | `report.json` | everything the others need, in no language | [`Report`] |
//! | `report.html` | the page, in Vietnamese or English: no network, no script, prints to A4 | [`html`] |
//! | `kpi.csv` | the indicators for a spreadsheet, in the page's language | [`csv`] |
//! | `links.geojson` | every link with its results, for QGIS | [`geojson`] |
//!
//! A page is a plain function of a [`Report`], so `agtwin report DIR` rebuilds it in either language without simulating again.

mod accidents;
mod charts;
mod collect;
mod comparison;
pub mod csv;
mod error;
mod evidence;
mod files;
pub mod geojson;
pub mod html;
mod indicators;
mod layers;
mod map;
mod model;
mod moves;
mod office;
mod summary;
mod svg;
mod timespace;
mod words;
pub mod year;

#[cfg(test)]
mod tests;

pub use accidents::accident_lines;
pub use collect::{Finished, mean_rows};
pub use comparison::pairs;
pub use error::ReportError;
pub use files::{REPORT_FILE, read, write_batch, write_into, write_over};
pub use layers::{Layers, LinkTotals, Moment, Shape};
pub use model::{PrecisionRecord, REPORT_SCHEMA_VERSION, Report, Row, Side};
pub(crate) use svg::escaped;
