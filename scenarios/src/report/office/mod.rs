//! Files for the office's own programs, made from a report: tables for a spreadsheet (`.xlsx`), the text for a word processor (`.docx`), every
//! layer for QGIS (GeoPackage). Written by hand, so that the same report is the same bytes on every machine.

mod docx;
mod geopackage;
mod sqlite;
mod xlsx;
mod zip;

pub(super) use docx::text;
pub(super) use geopackage::layers;
pub(super) use xlsx::tables;

/// Text that is safe inside XML; characters that XML cannot hold are left out.
fn xml(text: &str) -> String {
    super::svg::escaped(&text.chars().filter(|c| *c >= ' ' || matches!(c, '\t' | '\n')).collect::<String>())
}
