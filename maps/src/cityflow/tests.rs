use super::{import, is_flow, is_roadnet, read_flow};
use crate::import::{ImportOptions, Imported, ReportGroup};
use serde_json::{Value, json};
use sim_core::{
    class::{ClassTable, VehicleClass},
    network::{JunctionKind, Priority, RoadNetwork, Turn},
};

/// A crossing of two roads of three lanes, ends 300 m away; ways straight on, left and right from the west and from the east, straight on from
/// the south and from the north.
fn roadnet() -> Value {
    let ends = [("W", -300, 0), ("E", 300, 0), ("S", 0, -300), ("N", 0, 300)];
    let (mut intersections, mut roads) = (Vec::new(), Vec::new());
    for (id, x, y) in ends {
        intersections.push(json!({ "id": id, "point": { "x": x, "y": y }, "width": 0, "virtual": true, "roads": [], "roadLinks": [] }));
        let lane = json!({ "width": 4, "maxSpeed": 11.111 });
        let points = [json!({ "x": x, "y": y }), json!({ "x": 0, "y": 0 })];
        for (name, from, to, points) in
            [(format!("{id}in"), id, "X", [&points[0], &points[1]]), (format!("{id}out"), "X", id, [&points[1], &points[0]])]
        {
            roads.push(json!({
                "id": name, "startIntersection": from, "endIntersection": to,
                "points": points, "lanes": [lane, lane, lane],
            }));
        }
    }
    let way = |kind: &str, from: &str, to: &str, lane: u8| {
        let links: Vec<Value> = (0..3).map(|end| json!({ "startLaneIndex": lane, "endLaneIndex": end, "points": [] })).collect();
        json!({ "type": kind, "startRoad": from, "endRoad": to, "direction": 0, "laneLinks": links })
    };
    let ways = [
        way("go_straight", "Win", "Eout", 1),
        way("turn_left", "Win", "Nout", 0),
        way("turn_right", "Win", "Sout", 2),
        way("go_straight", "Ein", "Wout", 1),
        way("turn_left", "Ein", "Sout", 0),
        way("turn_right", "Ein", "Nout", 2),
        way("go_straight", "Sin", "Nout", 1),
        way("go_straight", "Nin", "Sout", 1),
    ];
    let phase = |time: f64, open: &[u8]| json!({ "time": time, "availableRoadLinks": open });
    let phases = [phase(5.0, &[2, 5]), phase(30.0, &[0, 3, 2, 5]), phase(30.0, &[6, 7, 2, 5]), phase(20.0, &[1, 4, 2, 5])];
    intersections.push(json!({
        "id": "X", "point": { "x": 0, "y": 0 }, "width": 15, "virtual": false, "roads": [], "roadLinks": ways,
        "trafficLight": { "roadLinkIndices": [], "lightphases": phases },
    }));
    json!({ "intersections": intersections, "roads": roads })
}

fn imported(value: &Value) -> Imported {
    import(value.to_string().as_bytes(), "net.json", &ImportOptions::default()).unwrap()
}

fn error_of(value: &Value) -> String {
    import(value.to_string().as_bytes(), "net.json", &ImportOptions::default()).unwrap_err().to_string()
}

fn vehicle() -> Value {
    json!({
        "length": 5.0, "width": 2.0, "maxPosAcc": 2.0, "maxNegAcc": 4.5, "usualPosAcc": 2.0, "usualNegAcc": 4.5,
        "minGap": 2.5, "maxSpeed": 11.111, "headwayTime": 2,
    })
}

fn flow_of(route: &[&str], interval: f64, start: f64, end: f64) -> Value {
    json!({ "vehicle": vehicle(), "route": route, "interval": interval, "startTime": start, "endTime": end })
}

fn movement<'a>(network: &'a RoadNetwork, from: &str, to: &str) -> &'a sim_core::network::Movement {
    let is = |l: sim_core::ids::LinkId, name: &str| network.link(l).ref_.as_str() == name;
    network.movements.iter().find(|m| is(m.from, from) && is(m.to, to)).unwrap()
}

#[test]
fn roads_lie_to_the_right_of_their_line_and_end_at_the_intersection() {
    let network = imported(&roadnet()).network;
    let west = network.links.iter().find(|l| l.ref_.as_str() == "Win").unwrap();
    assert_eq!((west.lanes.len(), west.width_m, west.length_m), (3, 12.0, 285.0));
    let (a, b) = (west.geometry[0], west.geometry[1]);
    assert!((a.x, a.y, b.x, b.y) == (-300.0, -6.0, -15.0, -6.0), "{a:?} {b:?}");
    let north = network.links.iter().find(|l| l.ref_.as_str() == "Nout").unwrap();
    assert!((north.geometry[0].x - 6.0).abs() < 1e-9 && (north.geometry[0].y - 15.0).abs() < 1e-9, "{:?}", north.geometry);
}

#[test]
fn lanes_are_counted_from_the_kerb_and_ranks_are_those_of_cityflow() {
    let mut value = roadnet();
    for road in value["roads"].as_array_mut().unwrap() {
        road["lanes"][0]["width"] = json!(3);
    }
    let network = imported(&value).network;
    let (left, through, right) = (movement(&network, "Win", "Nout"), movement(&network, "Win", "Eout"), movement(&network, "Win", "Sout"));
    assert_eq!([left.turn, through.turn, right.turn], [Turn::Left, Turn::Through, Turn::Right]);
    assert_eq!([&left.from_lanes, &through.from_lanes, &right.from_lanes], [&(2..3), &(1..2), &(0..1)]);
    assert_eq!(left.to_lanes, 0..3);
    let widths: Vec<f32> = network.link(left.from).lanes.iter().map(|lane| lane.width_m).collect();
    assert_eq!(widths, [4.0, 4.0, 3.0], "the narrow lane is the one at the middle of the road");
    assert_eq!([left.priority, through.priority, right.priority], [Priority::MAJOR_LEFT, Priority::MAJOR, Priority::MINOR]);
}

#[test]
fn ways_that_are_always_open_are_held_by_nobody_and_the_others_get_yellow() {
    let Imported { network, report } = imported(&roadnet());
    assert_eq!(movement(&network, "Win", "Sout").group, None);
    let c = &network.controllers[0];
    assert_eq!(c.groups.len(), 3);
    assert_eq!(movement(&network, "Win", "Eout").group, movement(&network, "Ein", "Wout").group);
    assert_eq!(network.junctions.iter().filter(|j| j.kind == JunctionKind::Terminal).count(), 4);
    // The phase that opens nothing but what is always open is the yellow of the last; the others have none of their own.
    let times: Vec<_> = c.plan.phases().iter().map(|p| (p.green_s, p.yellow_s, p.all_red_s)).collect();
    assert_eq!(times, [(27.0, 3.0, 0.0), (27.0, 3.0, 0.0), (20.0, 5.0, 0.0)]);
    assert_eq!((c.plan.cycle_s(), c.plan.offset_s()), (85.0, 5.0), "as long as in the file, and begun after the yellow it starts with");
    assert_eq!(report.count(ReportGroup::Assumed, "signal phase without yellow, which CityFlow does not need: 3 s at its end"), 1);
}

#[test]
fn what_no_phase_opens_is_left_out_and_counted() {
    let mut net = roadnet();
    net["intersections"][4]["trafficLight"]["lightphases"][3]["availableRoadLinks"] = json!([1, 2, 5]);
    let Imported { network, report } = imported(&net);
    assert_eq!(report.count(ReportGroup::Dropped, "way that no light phase opens"), 1);
    assert_eq!(network.movements.len(), 7);
    assert_eq!(network.controllers[0].groups.len(), 3);
}

#[test]
fn greens_that_cross_without_anybody_yielding_are_settled_and_counted() {
    let cause = "greens that cross, and nothing says who yields: the turn does, else the later one";
    assert_eq!(imported(&roadnet()).report.count(ReportGroup::Assumed, cause), 0);
    // One phase for both roads: four pairs straight on cross, and two ranks are enough for them.
    let mut net = roadnet();
    net["intersections"][4]["trafficLight"]["lightphases"][1]["availableRoadLinks"] = json!([0, 3, 6, 7, 2, 5]);
    net["intersections"][4]["trafficLight"]["lightphases"][2]["availableRoadLinks"] = json!([0, 3, 6, 7, 2, 5]);
    let Imported { network, report } = imported(&net);
    assert_eq!(report.count(ReportGroup::Assumed, cause), 2);
    let rank = |from: &str, to: &str| movement(&network, from, to).priority.0;
    assert!(rank("Win", "Eout") == rank("Ein", "Wout") && rank("Sin", "Nout") == rank("Nin", "Sout"));
    assert!(rank("Win", "Eout") < rank("Sin", "Nout"));
    let c = sim_core::ids::ControllerId(0);
    assert!(sim_core::control::check_plan(&network, c, &network.controllers[0].plan).is_ok());
    let mut equal = network.clone();
    equal.movements.iter_mut().for_each(|m| m.priority = Priority::MAJOR);
    let refused = sim_core::control::check_plan(&equal, c, &equal.controllers[0].plan).unwrap_err().to_string();
    assert!(refused.contains("which cross, and neither yields"), "{refused}");
}

#[test]
fn a_file_that_is_wrong_is_told_where_and_why() {
    let broken = |place: &[&str], value: Value| {
        let mut net = roadnet();
        let mut at = &mut net;
        for key in place {
            at = match key.parse::<usize>() {
                Ok(n) => &mut at[n],
                Err(_) => &mut at[*key],
            };
        }
        *at = value;
        error_of(&net)
    };
    let cases = [
        (broken(&["roads", "0", "endIntersection"], json!("Y")), "road `Win`: `endIntersection` is `Y`, which is no intersection"),
        (broken(&["roads", "0", "lanes"], json!([])), "road `Win`: has 0 lanes, expected 1 to 20"),
        (broken(&["roads", "0", "lanes", "1", "width"], json!("wide")), "`lanes`[1], `width`: is `\"wide\"`, expected a number from"),
        (broken(&["intersections", "4", "roadLinks", "1", "type"], json!("fly")), "`roadLinks`[1], `type`: is `fly`, expected go_straight"),
        (broken(&["intersections", "4", "roadLinks", "0", "startRoad"], json!("Nout")), "expected a road that ends here"),
        (
            broken(&["intersections", "4", "roadLinks", "0", "laneLinks", "0", "startLaneIndex"], json!(3)),
            "`startLaneIndex` is 3, expected less than 3, the lanes of `Win`",
        ),
        (
            broken(&["intersections", "4", "trafficLight", "lightphases", "1", "availableRoadLinks"], json!([9])),
            "expected a whole number below 8",
        ),
    ];
    for (found, expected) in cases {
        assert!(found.starts_with("net.json: ") && found.contains(expected), "`{found}` has no `{expected}`");
    }
    let cut = roadnet().to_string();
    let found = import(&cut.as_bytes()[..cut.len() / 2], "net.json", &ImportOptions::default()).unwrap_err().to_string();
    assert!(found.contains("line 1, column") && found.contains("copy or make it again"), "{found}");
}

#[test]
fn the_trips_of_a_flow_drive_the_roads_it_names() {
    let network = imported(&roadnet()).network;
    let file = json!([flow_of(&["Win", "Nout"], 10.0, 100.0, 130.0), flow_of(&["Sin", "Nout"], 1.0, 7.0, 7.0)]).to_string();
    assert!(is_flow(file.as_bytes()) && !is_roadnet(file.as_bytes()) && is_roadnet(roadnet().to_string().as_bytes()));
    let flow = read_flow("flow.json", file.as_bytes(), &network).unwrap();
    let times: Vec<_> = flow.trips.iter().map(|t| (t.ref_.as_str(), t.depart_s)).collect();
    assert_eq!(times, [("flow_1_0", 7.0), ("flow_0_0", 100.0), ("flow_0_1", 110.0), ("flow_0_2", 120.0), ("flow_0_3", 130.0)]);
    let names: Vec<_> = flow.trips[1].route.iter().map(|l| network.link(*l).ref_.to_string()).collect();
    assert_eq!(names, ["Win", "Nout"]);
    assert_eq!((flow.others, flow.last_s), (0, 130.0));
    let shipped = ClassTable::default();
    let car = flow.kind.class_params(shipped.get(VehicleClass::Car));
    // The gap at full speed is CityFlow's: 2 s of way.
    assert!((car.gap0_m + car.headway_s * 11.111 - 2.0 * 11.111).abs() < 1e-3, "{car:?}");
    assert_eq!((car.length_m, car.accel_mps2, car.brake_max_mps2, car.desired_speed_mps), (5.0, 2.0, 4.5, 11.111));
}

#[test]
fn trips_without_a_way_are_named_and_bad_values_are_errors() {
    let network = imported(&roadnet()).network;
    let read = |flow: Value| read_flow("flow.json", json!([flow]).to_string().as_bytes(), &network);
    let flow = read(flow_of(&["Win", "Win"], 1.0, 0.0, 2.0)).unwrap();
    assert_eq!((flow.trips.len(), flow.unreachable.len(), flow.unreachable[2].0.as_str()), (0, 3, "flow_0_2"));
    let unknown = read(flow_of(&["Win", "Xout"], 1.0, 0.0, 0.0)).unwrap_err().to_string();
    assert!(unknown.contains("flow 0, `route`[1]: is `Xout`, which is no road of the network"), "{unknown}");
    let endless = read(flow_of(&["Win"], 0.0, 0.0, 10.0)).unwrap_err().to_string();
    assert!(endless.contains("`interval` is 0, expected at least 0.01 s"), "{endless}");
    let mut slow = flow_of(&["Win"], 1.0, 0.0, 0.0);
    slow["vehicle"]["maxSpeed"] = json!(-1);
    assert!(read(slow).unwrap_err().to_string().contains("`vehicle`, `maxSpeed`: is `-1`, expected a number from 0.5 to 60"));
}
