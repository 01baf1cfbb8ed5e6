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

/// Something that travels with the program or its window and is not a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// What it is.
    pub what: &'static str,
    /// Whose it is.
    pub from: &'static str,
    /// Under which terms.
    pub licence: &'static str,
}

/// Every asset in the program and its window.
pub const ASSETS: &[Asset] = &[
    Asset { what: "map of An Giang", from: "this project, from public facts", licence: "MIT OR Apache-2.0" },
    Asset { what: "positions of towns", from: "GeoNames, https://www.geonames.org", licence: "CC BY 4.0" },
    Asset { what: "font Be Vietnam Pro (window)", from: "The Be Vietnam Pro Project Authors", licence: "SIL OFL 1.1" },
    Asset { what: "font Ubuntu Light (window)", from: "Canonical, through egui", licence: "Ubuntu Font Licence 1.0" },
    Asset { what: "font Hack (window)", from: "Source Foundry, through egui", licence: "MIT and Bitstream Vera" },
    Asset { what: "font Noto Emoji (window)", from: "Google, through egui", licence: "SIL OFL 1.1" },
    Asset { what: "font emoji-icon-font (window)", from: "John Slegers, through egui", licence: "MIT" },
];

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
                "assets": ASSETS.iter().map(|a| json!({ "what": a.what, "from": a.from, "licence": a.licence })).collect::<Vec<_>>(),
                "packages": all,
            })))
        }
    }
}

/// The whole text.
fn text() -> String {
    let (terms, packages_head) = OWN.split_at(OWN.rfind("Packages").unwrap_or(OWN.len()));
    let mut text = terms.to_owned();
    text.push_str("Assets in the program and its window:\n\n");
    for Asset { what, from, licence } in ASSETS {
        writeln!(text, "  {what}: {licence}  {from}").expect("a string takes everything");
    }
    text.push('\n');
    text.push_str(packages_head);
    for [name, version, licence, home] in packages() {
        writeln!(text, "  {name} {version}: {licence}  {home}").expect("a string takes everything");
    }
    text
}
