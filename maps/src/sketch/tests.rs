//! Tests of the compiler on small sources, and of the embedded map against the facts it is drawn from.

use super::*;

#[test]
fn no_embedded_road_runs_through_open_water() {
    let source = parse::parse(EMBEDDED).unwrap();
    let wet: Vec<String> = water::wet_roads(&source, &water::waters(&source)).iter().map(ToString::to_string).collect();
    assert!(wet.is_empty(), "{}", wet.join("\n"));
}
