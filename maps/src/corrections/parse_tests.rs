use super::{Corrections, model::Lanes};
use proptest::prelude::*;

/// Every key of every table.
pub(super) const EVERYTHING: &str = r#"
[[merge]]
junctions = ["osm:n1", "osm:n5"]
name = "Ngã tư Đèn Bốn Ngọn"
note = "one junction on the ground"

[[split]]
nodes = ["osm:n7", 8]

[[new_link]]
ref = "local:bypass"
from = "osm:n6"
to = "osm:n7"
via = [[10.385, 105.4330], [10.3855, 105.4340]]
class = "secondary"
lanes = 2
width = "7 m"
speed = { light = "60 km/h", motorcycle = "50 km/h" }
access = "all"
name = "Đường tránh"
road_number = "N1"
two_way = true
is_urban = false
is_bridge = false
is_toll = false

[[link]]
ref = "osm:w10:osm:n6>osm:n5"
both_directions = true
lanes = [
  { width = "2.5 m", kind = "motorcycle", turns = ["through", "right"] },
  { width = "3.5 m", access = ["car", "bus"] },
]
class = "trunk"
speed = "60 km/h"
access = ["motorcycle", "bicycle", "car", "bus"]
name = "Trần Hưng Đạo"
road_number = "QL91"
is_urban = true
is_bridge = true
is_toll = false

[[turn]]
from = "osm:w11:osm:n3>osm:n1"
to = "osm:w12:osm:n1>osm:n4"
ban = ["heavy_truck", "articulated_truck"]
allow = ["bus"]
from_lanes = [2]
to_lanes = [1]

[[signal]]
junction = "osm:n5"
offset = "12 s"
[[signal.phase]]
approaches = ["osm:w10:osm:n6>osm:n5"]
movements = [["osm:w10:osm:n1>osm:n5", "osm:w10:osm:n5>osm:n6"]]
green = "30 s"
yellow = "4 s"
all_red = "1 s"
"#;

fn error(text: &str) -> String {
    Corrections::parse("c.toml", text).unwrap_err().to_string()
}

#[test]
fn every_key_is_understood() {
    let c = Corrections::parse("c.toml", EVERYTHING).unwrap();
    assert_eq!(c.len(), 6);
    assert_eq!(c.split_nodes().collect::<Vec<_>>(), [7, 8]);
    assert_eq!(c.merges[0].line, 2);
    assert_eq!(c.turns[0].what.from_lanes, Some(1..2));
    assert!(matches!(&c.links[0].what.lanes, Some(Lanes::Each(lanes)) if lanes.len() == 2 && lanes[0].width_m == 2.5));
    let limits = c.new_links[0].what.limits;
    assert_eq!((limits.light_mps, limits.motorcycle_mps, limits.heavy_mps), (60.0 / 3.6, 50.0 / 3.6, 60.0 / 3.6));
}

#[test]
fn errors_say_where_and_what() {
    let misspelt = "[[link]]\nref = \"a\"\n  witdh = \"3 m\"\n";
    assert_eq!(error(misspelt), "c.toml:3:3: unknown key `witdh` in `link`; did you mean `width`?");
    assert_eq!(error("[[lnik]]\n"), "c.toml:1:3: unknown key `lnik`; did you mean `link`?");
    assert_eq!(
        error("[[link]]\nref = \"a\"\nwidth = 3\n"),
        "c.toml:3:9: `width`: found an integer, expected a length in quotes, with its unit, such as \"3.5 m\""
    );
    assert_eq!(error("[[link]]\nref = \"a\"\nwidth = \"1 m\""), "c.toml:3:9: `width`: is 1 m, expected 2 to 31.9 m");
    assert_eq!(error("[[link]]\nlanes = 2"), "c.toml:1:1: `link`: `ref` is missing");
    assert!(error("[link]\nlanes = 2").contains("write [[link]] instead of [link]"));
    assert!(error("[[link]]\nref = \"a\"").contains("changes nothing"));
    assert!(error("[[link]]\nref = \"a\"\nclass = \"secundary\"").ends_with("did you mean `secondary`?"));
    assert!(error("[[link]]\nref = \"a\"\nlanes = 21").contains("is 21, expected 1 to 20"));
    assert!(error("[[link]]\nref = \"a\"\nlanes = 99999999999999999999").contains("expected 1 to 20"));
    assert!(
        error("[[link]]\nref = \"a\"\naccess = [\"motorbike\"]").contains("did you mean")
            || error("[[link]]\nref = \"a\"\naccess = [\"motorbike\"]").contains("motorcycle")
    );
    assert!(error("[[link]]\nref = \"a\"\nlanes = [{width=\"3 m\"},{width=\"3 m\"}]\nwidth = \"7 m\"").contains("`width` says 7.00 m"));
    assert!(error("[[turn]]\nfrom=\"a\"\nto=\"b\"\nfrom_lanes=[2,1]").contains("neighbouring"));
    assert!(error("[[new_link]]\nref=\"osm:w1\"").contains("begins with \"local:\""));
    assert!(error("[[merge]]\njunctions=[\"a\",\"a\"]").contains("at least two"));
    assert!(error("[[signal]]\njunction=\"a\"\n[[signal.phase]]\ngreen=\"9 s\"").contains("green to nobody"));
    assert!(error("[[signal]]\njunction=\"a\"\n[[signal.phase]]\napproaches=[\"x\"]\ngreen=\"9 s\"\nyellow=\"2 s\"").contains("3 to 10 s"));
    assert!(error("[[split]]\nnodes=[\"w7\"]").contains("such as \"osm:n123\""));
    assert!(error("x = = 1").starts_with("c.toml:1:5: "));
}

/// The examples of the user guide are what they say they are.
#[test]
fn the_guide_shows_files_that_can_be_read() {
    let guide = include_str!("../../../docs/src/corrections.md");
    let examples: Vec<&str> = guide.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let together = examples.join("\n");
    let all = Corrections::parse("corrections.md", &together).unwrap();
    assert_eq!((examples.len(), all.len()), (6, 9));
    for key in super::parse::LINK_KEYS.iter().chain(&super::parse::NEW_LINK_KEYS) {
        assert!(guide.contains(&format!("`{key}`")), "the guide does not tell of `{key}`");
    }
}

#[test]
fn columns_count_characters_not_bytes() {
    assert!(error("[[link]]\nref = \"Đường\"; x").starts_with("c.toml:2:14: "), "{}", error("[[link]]\nref = \"Đường\"; x"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a file holds, it is read or refused, never a panic.
    #[test]
    fn a_file_with_one_wrong_character_never_panics(at in any::<prop::sample::Index>(), c in any::<char>()) {
        let mut chars: Vec<char> = EVERYTHING.chars().collect();
        let at = at.index(chars.len());
        chars[at] = c;
        let _ = Corrections::parse("c.toml", &chars.iter().collect::<String>());
    }

    #[test]
    fn a_file_cut_short_never_panics(at in any::<prop::sample::Index>()) {
        let chars: Vec<char> = EVERYTHING.chars().collect();
        let _ = Corrections::parse("c.toml", &chars[..at.index(chars.len())].iter().collect::<String>());
    }
}
