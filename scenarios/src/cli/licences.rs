//! `agtwin licences`: under which terms the program, its data and the packages in it may be used.

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

/// The whole text.
pub(super) fn text() -> String {
    let mut text = OWN.to_owned();
    for line in PACKAGES.lines() {
        let mut fields = line.split('\t');
        let mut field = || fields.next().unwrap_or_default();
        let (name, version, licence, home) = (field(), field(), field(), field());
        writeln!(text, "  {name} {version}: {licence}  {home}").expect("a string takes everything");
    }
    text
}
