//! `agtwin licences`: under which terms the program, its data and the packages in it may be used.

use super::{
    args::Format,
    exit::{Failure, print},
};
use crate::results::record::json;
use serde_json::json;
use std::fmt::Write;

/// Name, version, licence and home of every package the program is built from; a test holds it against what cargo says.
const PACKAGES: &str = include_str!("packages.txt");

const OWN: &str = "\
agtwin (An Giang Twin) is licensed under MIT or Apache-2.0, at your choice.

Data in the program: the embedded An Giang map is drawn by this project from public facts; positions of towns are
GeoNames' (https://www.geonames.org, CC BY 4.0).

Data you bring keeps its own terms: a map made from OpenStreetMap is (c) OpenStreetMap contributors under the ODbL,
https://www.openstreetmap.org/copyright. Name them wherever you show it.

Packages in the program:
";

/// Name, version, licence and home of each package.
fn packages() -> impl Iterator<Item = [&'static str; 4]> {
    PACKAGES.lines().map(|line| {
        let mut fields = line.split('\t');
        std::array::from_fn(|_| fields.next().unwrap_or_default())
    })
}

/// Prints them all.
///
/// # Errors
/// Standard output cannot be written.
pub(super) fn print_all(format: Format) -> Result<(), Failure> {
    match format {
        Format::Text => print(&text()),
        Format::Json => {
            let all: Vec<_> = packages()
                .map(|[name, version, licence, home]| json!({ "name": name, "version": version, "licence": licence, "home": home }))
                .collect();
            print(&json(&json!({
                "schema_version": 1,
                "program": { "name": "agtwin", "version": env!("CARGO_PKG_VERSION"), "licence": "MIT OR Apache-2.0" },
                "terms": OWN,
                "packages": all,
            })))
        }
    }
}

/// The whole text.
fn text() -> String {
    let mut text = OWN.to_owned();
    for [name, version, licence, home] in packages() {
        writeln!(text, "  {name} {version}: {licence}  {home}").expect("a string takes everything");
    }
    text
}
