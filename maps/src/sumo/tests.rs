//! SUMO networks on small files written here.

use super::{import, is_net};
use crate::import::{ImportOptions, Imported, ReportGroup};
use sim_core::{
    class::VehicleClass,
    network::{DrivingSide, JunctionKind, LaneKind, Movement, RoadClass, RoadNetwork, Turn, TurnSet},
};

/// A main road from W over C to E with a pavement, a side road from S, signals at C.
const CROSSING: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment before the network -->
<net version="1.20">
    <location netOffset="0.00,0.00" convBoundary="0,-200,400,0" origBoundary="0,0,1,1" projParameter="!"/>
    <type id="highway.primary" priority="12" numLanes="2" speed="13.89"/>
    <edge id=":C_0" function="internal">
        <lane id=":C_0_0" index="0" speed="6.5" length="9.0" shape="201.6,-10 203,-5 210,-1.6"/>
    </edge>
    <edge id=":C_w0" function="walkingarea">
        <lane id=":C_w0_0" index="0" allow="pedestrian" speed="1" length="3" shape="0,0 1,1"/>
    </edge>
    <edge id="w2c" from="W" to="C" priority="12" type="highway.primary" name="Main Street">
        <lane id="w2c_0" index="0" allow="pedestrian" speed="13.89" length="190" width="2.00" shape="0,-7.4 190,-7.4"/>
        <lane id="w2c_1" index="1" disallow="pedestrian tram" speed="13.89" length="190" shape="0,-4.8 190,-4.8"/>
        <lane id="w2c_2" index="2" disallow="pedestrian tram" speed="13.89" length="190" shape="0,-1.6 190,-1.6"/>
    </edge>
    <edge id="c2w" from="C" to="W" priority="12" type="highway.primary">
        <lane id="c2w_0" index="0" speed="13.89" length="190" shape="190,1.6 0,1.6"/>
    </edge>
    <edge id="c2e" from="C" to="E" priority="12" type="highway.primary">
        <lane id="c2e_0" index="0" speed="13.89" length="190" shape="210,-1.6 400,-1.6"/>
    </edge>
    <edge id="s2c" from="S" to="C" priority="1">
        <lane id="s2c_0" index="0" allow="passenger motorcycle bus" speed="8.33" length="190" shape="201.6,-200 201.6,-10"/>
    </edge>
    <edge id="c2s" from="C" to="S" priority="1">
        <lane id="c2s_0" index="0" speed="8.33" length="190" shape="198.4,-10 198.4,-200"/>
    </edge>
    <tlLogic id="tl" type="static" programID="0" offset="10">
        <phase duration="30" state="rrGGG"/>
        <phase duration="4" state="rryyy"/>
        <phase duration="2" state="rrrrr"/>
        <phase duration="20" state="GGrrr"/>
        <phase duration="3" state="yyrrr"/>
        <phase duration="1" state="rrrrr"/>
    </tlLogic>
    <junction id="W" type="dead_end" x="0" y="0" incLanes="c2w_0" intLanes="" shape="0,0"/>
    <junction id="E" type="dead_end" x="400" y="0" incLanes="c2e_0" intLanes="" shape="0,0"/>
    <junction id="S" type="dead_end" x="200" y="-200" incLanes="c2s_0" intLanes="" shape="0,0"/>
    <junction id="C" type="traffic_light" x="200" y="0" incLanes="s2c_0 w2c_0 w2c_1 w2c_2" intLanes=":C_0_0" shape="0,0">
        <request index="0" response="11000" foes="11000" cont="0"/>
        <request index="1" response="11000" foes="11000" cont="0"/>
        <request index="2" response="00000" foes="00000" cont="0"/>
        <request index="3" response="00000" foes="00011" cont="0"/>
        <request index="4" response="00000" foes="00011" cont="0"/>
    </junction>
    <junction id=":C_5_0" type="internal" x="200" y="0" incLanes="" intLanes=""/>
    <connection from="s2c" to="c2e" fromLane="0" toLane="0" via=":C_0_0" tl="tl" linkIndex="0" dir="r" state="o"/>
    <connection from="s2c" to="c2w" fromLane="0" toLane="0" tl="tl" linkIndex="1" dir="l" state="o"/>
    <connection from="w2c" to="c2s" fromLane="1" toLane="0" tl="tl" linkIndex="2" dir="r" state="O"/>
    <connection from="w2c" to="c2e" fromLane="1" toLane="0" tl="tl" linkIndex="3" dir="s" state="O"/>
    <connection from="w2c" to="c2e" fromLane="2" toLane="0" tl="tl" linkIndex="4" dir="s" state="O" keepClear="0"/>
    <connection from=":C_0" to="c2e" fromLane="0" toLane="0" dir="r" state="M"/>
</net>
"#;

fn read(text: &str) -> Imported {
    import(text.as_bytes(), "test.net.xml", &ImportOptions::default()).unwrap()
}

fn problem(text: &str) -> String {
    import(text.as_bytes(), "test.net.xml", &ImportOptions::default()).unwrap_err().to_string()
}

fn way<'a>(network: &'a RoadNetwork, from: &str, to: &str) -> &'a Movement {
    let names = |m: &Movement| (network.link(m.from).ref_.to_string(), network.link(m.to).ref_.to_string());
    network.movements.iter().find(|m| names(m) == (from.to_owned(), to.to_owned())).unwrap_or_else(|| panic!("no way {from} > {to}"))
}

#[test]
fn edges_become_links_with_their_own_lanes_and_lines() {
    let imported = read(CROSSING);
    let network = &imported.network;
    let refs: Vec<&str> = network.links.iter().map(|l| l.ref_.as_str()).collect();
    assert_eq!(refs, ["w2c", "c2w", "c2e", "s2c", "c2s"]);
    let main = &network.links[0];
    assert_eq!((main.lanes.len(), main.width_m, main.length_m), (2, 6.4, 190.0), "the pavement is no part of the carriageway");
    assert_eq!((main.name.as_deref(), main.class), (Some("Main Street"), RoadClass::Primary));
    assert!((main.limits.light_mps - 13.89).abs() < 1e-6);
    // Without a projection the middle of the junctions is the origin: (200, -100).
    assert!(main.geometry.iter().all(|p| (p.y - 96.8).abs() < 1e-9), "{:?}", main.geometry);
    assert_eq!(main.opposite, Some(sim_core::ids::LinkId(1)));
    assert_eq!(network.links[1].opposite, Some(sim_core::ids::LinkId(0)));
    let side = &network.links[3];
    assert!(side.access.contains(VehicleClass::Motorcycle) && !side.access.contains(VehicleClass::HeavyTruck));
    assert_eq!((side.lanes[0].kind, side.class), (LaneKind::General, RoadClass::Residential));
    let report = &imported.report;
    assert_eq!(report.count(ReportGroup::Dropped, "lane closed to vehicles (a pavement, a track)"), 1);
    assert_eq!(report.count(ReportGroup::Dropped, "corner where people on foot wait"), 1);
    assert_eq!(report.count(ReportGroup::Noted, "`keepClear` of a connection: not read"), 1);
    assert_eq!(report.count(ReportGroup::Noted, "no projection that is known here: drawn around 0° N 0° E"), 1);
    assert!((report.drivable_km - 0.95).abs() < 1e-9);
}

#[test]
fn connections_become_movements_with_right_of_way() {
    let network = read(CROSSING).network;
    assert_eq!(network.movements.len(), 4);
    let straight = way(&network, "w2c", "c2e");
    assert_eq!((straight.from_lanes.clone(), straight.to_lanes.clone(), straight.turn), (0..2, 0..1, Turn::Through));
    let right = way(&network, "w2c", "c2s");
    assert_eq!((right.from_lanes.clone(), right.turn), (0..1, Turn::Right));
    let left = way(&network, "s2c", "c2w");
    assert_eq!(left.turn, Turn::Left);
    assert_eq!(network.links[0].lanes[0].turns, TurnSet::RIGHT.union(TurnSet::THROUGH));
    assert_eq!(network.links[0].lanes[1].turns, TurnSet::THROUGH);
    assert!(!left.access.contains(VehicleClass::HeavyTruck), "who may not use the road it comes from may not turn either");
    let kinds: Vec<bool> = network.junctions.iter().map(|j| j.kind == JunctionKind::Terminal).collect();
    assert_eq!(kinds, [true, true, true, false]);
}

#[test]
fn under_a_signal_only_those_yield_who_are_green_with_others() {
    let cause = "greens that cross, and nothing says who yields: the turn does, else the later one";
    let ranks = |main: &str, side: &str| {
        let imported = read(&CROSSING.replace("\"rrGGG\"", main).replace("\"GGrrr\"", side));
        let rank = |(from, to)| way(&imported.network, from, to).priority.0;
        ([("s2c", "c2w"), ("w2c", "c2e"), ("w2c", "c2s")].map(rank), imported.report.count(ReportGroup::Assumed, cause))
    };
    assert_eq!(ranks("\"rrGGG\"", "\"GGrrr\""), ([0, 0, 0], 0), "never green together");
    assert_eq!(ranks("\"rgGGG\"", "\"GGrrr\""), ([1, 0, 0], 0), "the side road's left turn yields in the main road's phase");
    assert_eq!(ranks("\"rGGGG\"", "\"GGrrr\""), ([1, 0, 0], 1), "its green does not yield, so the program is mended, and that is counted");
    assert_eq!(ranks("\"rrGGG\"", "\"GgrGG\"").0, [1, 0, 0]);
}

#[test]
fn a_program_becomes_groups_and_a_plan() {
    let imported = read(CROSSING);
    let network = &imported.network;
    let [controller] = &network.controllers[..] else { panic!("{:?}", network.controllers) };
    assert_eq!((controller.ref_.as_str(), controller.plan_is_assumed, controller.plan.offset_s()), ("tl", false, 10.0));
    let phases: Vec<_> = controller.plan.phases().iter().map(|p| (p.groups.clone(), p.green_s, p.yellow_s, p.all_red_s)).collect();
    let (main, side) = (way(network, "w2c", "c2e").group.unwrap(), way(network, "s2c", "c2w").group.unwrap());
    assert_eq!(phases, [(vec![main], 30.0, 4.0, 2.0), (vec![side], 20.0, 3.0, 1.0)]);
    assert_eq!(way(network, "w2c", "c2s").group, Some(main));
    assert_eq!((imported.report.signalised_junctions, imported.report.signal_nodes), (1, 1));
    let actuated = read(&CROSSING.replace("type=\"static\"", "type=\"actuated\""));
    assert_eq!(actuated.report.count(ReportGroup::Assumed, "signal program that answers to traffic: runs at its written durations"), 1);
}

#[test]
fn a_packed_file_is_read_too() {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(CROSSING.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    assert!(is_net(&packed) && is_net(CROSSING.as_bytes()));
    let network = import(&packed, "test.net.xml", &ImportOptions::default()).unwrap().network;
    assert_eq!(network, read(CROSSING).network);
    assert!(!is_net(b"<osm version='0.6'></osm>") && !is_net(b"net") && !is_net(b""));
}

#[test]
fn sides_roundabouts_and_bus_lanes_are_kept() {
    let text = CROSSING
        .replace("<net version=\"1.20\">", "<net version=\"1.20\" lefthand=\"true\">")
        .replace("index=\"0\" allow=\"pedestrian\" speed=\"13.89\"", "index=\"0\" allow=\"bus coach\" speed=\"13.89\"")
        .replace("</net>", "<roundabout nodes=\"E\" edges=\"c2e\"/></net>");
    let imported = read(&text);
    assert_eq!(imported.network.meta.driving_side, DrivingSide::Left);
    assert_eq!(imported.network.links[0].lanes[0].kind, LaneKind::Bus);
    assert_eq!(way(&imported.network, "w2c", "c2e").from_lanes, 1..3);
    assert!(imported.network.links[2].is_roundabout && !imported.network.links[0].is_roundabout);
}

#[test]
fn an_edge_for_people_on_foot_is_no_road() {
    let text = CROSSING.replace("disallow=\"pedestrian tram\"", "allow=\"pedestrian bicycle\"");
    let imported = read(&text);
    assert!(imported.network.links.iter().all(|l| l.ref_.as_str() != "w2c"));
    assert_eq!(imported.report.count(ReportGroup::Dropped, "edge closed to motor vehicles"), 1);
    assert_eq!(imported.network.movements.len(), 2);
}

#[test]
fn a_line_of_another_length_is_measured() {
    let text = CROSSING.replace("length=\"190\" shape=\"210,-1.6 400,-1.6\"", "length=\"500\" shape=\"210,-1.6 400,-1.6\"");
    let imported = read(&text);
    assert_eq!(imported.network.links[2].length_m, 190.0);
    assert_eq!(imported.report.count(ReportGroup::Repaired, "edge whose length is not that of its line: the line's counts"), 1);
}

#[test]
fn one_signal_may_serve_two_junctions() {
    // E becomes a junction of its own, under the same signal.
    let text = CROSSING.replace("<junction id=\"E\" type=\"dead_end\"", "<junction id=\"E\" type=\"traffic_light\"").replace(
        "</net>",
        "<edge id=\"e2f\" from=\"E\" to=\"F\"><lane id=\"e2f_0\" index=\"0\" speed=\"9\" length=\"90\" shape=\"410,-1.6 500,-1.6\"/></edge>\
             <junction id=\"F\" type=\"dead_end\" x=\"500\" y=\"0\" incLanes=\"e2f_0\"/>\
             <connection from=\"c2e\" to=\"e2f\" fromLane=\"0\" toLane=\"0\" tl=\"tl\" linkIndex=\"3\" dir=\"s\" state=\"o\"/></net>",
    );
    let network = read(&text).network;
    let refs: Vec<&str> = network.controllers.iter().map(|c| c.ref_.as_str()).collect();
    assert_eq!(refs, ["tl", "tl@C"]);
    assert_eq!(network.controllers[0].plan.phases().len(), 1);
    assert_eq!(network.controllers[0].plan.cycle_s(), 60.0);
}

#[test]
fn bad_files_are_refused_with_line_and_element() {
    let cases = [
        ("<osm/>".to_owned(), "test.net.xml:1: <osm>: is the outermost element, expected <net>"),
        (CROSSING[..900].to_owned(), "<xml>"),
        ("<!DOCTYPE net [<!ENTITY a \"b\">]><net/>".to_owned(), "a document type declaration"),
        ("<net/>".to_owned(), "holds no edge with a lane"),
        (CROSSING.replace(" shape=\"210,-1.6 400,-1.6\"", ""), "test.net.xml:21: <lane id=\"c2e_0\">: has no `shape`"),
        (CROSSING.replace("210,-1.6 400", "210,here 400"), "the point `210,here`, expected `x,y`"),
        (CROSSING.replace("to=\"E\"", "to=\"X\""), "test.net.xml:20: <edge id=\"c2e\">: `to` is `X`, which is no junction"),
        (CROSSING.replace("fromLane=\"2\"", "fromLane=\"7\""), "`fromLane` is 7, expected less than 3, the lanes of `w2c`"),
        (CROSSING.replace("to=\"c2s\" fromLane", "to=\"c2x\" fromLane"), "`c2x` is no edge of the file"),
        (CROSSING.replace("tlLogic id=\"tl\"", "tlLogic id=\"other\""), "under the signal `tl`, of which the file has no <tlLogic>"),
        (CROSSING.replace("\"rrGGG\"", "\"rrGG\""), "a state of 4 signs, expected one for each connection, at least 5"),
        (CROSSING.replace("\"rrGGG\"", "\"rrGGX\""), "`state` holds `X`, expected G, g, y, r, u, s, o or O"),
        (CROSSING.replace("response=\"11000\"", "response=\"yes\""), "`response` is `yes`, expected only 0 and 1"),
        (CROSSING.replace("speed=\"8.33\"", "speed=\"-1\""), "`speed` is -1, expected more than 0"),
        (CROSSING.replace("<edge id=\"c2w\" from=\"C\" to=\"W\"", "<edge id=\"w2c\" from=\"C\" to=\"W\""), "stands in the file twice"),
        (format!("<net>{}", "<edge id=\"a\">".repeat(20)), "elements deep, expected at most"),
    ];
    for (text, expected) in cases {
        let found = problem(&text);
        assert!(found.contains(expected), "{found}\n  expected: {expected}");
    }
    let region = crate::osm::Region::parse_box("10,105,11,106").unwrap();
    let options = ImportOptions { region: Some(region), ..ImportOptions::default() };
    let error = import(CROSSING.as_bytes(), "test.net.xml", &options).unwrap_err().to_string();
    assert!(error.contains("is imported whole"), "{error}");
}
