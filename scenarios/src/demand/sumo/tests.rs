//! Route files of SUMO on a small grid.

use super::{is_routes, parse_routes};
use crate::demand::{
    Drawn, Router, RouterSettings,
    tests::grid::{close, link, town},
};
use sim_core::{
    class::{ClassTable, VehicleClass},
    demand::Purpose,
    network::RoadNetwork,
};

/// Edges of the grid: (0,0) > (1,0) > (2,0), and up from there.
const A: &str = "j0,0>j1,0";
const B: &str = "j1,0>j2,0";
const C: &str = "j2,0>j2,1";

fn draw_on(net: &RoadNetwork, body: &str, seed: u64) -> Result<Drawn, String> {
    let text = format!("<?xml version=\"1.0\"?>\n<routes>\n{body}\n</routes>\n");
    let text = text.replace("{A}", A).replace("{B}", B).replace("{C}", C);
    let router = Router::new(net, &ClassTable::default(), RouterSettings::default());
    parse_routes("test.rou.xml", text.as_bytes(), net, &router, seed).map_err(|e| e.to_string())
}

fn draw(body: &str) -> Drawn {
    draw_on(&town(3, 300.0), body, 1).unwrap()
}

fn problem(body: &str) -> String {
    draw_on(&town(3, 300.0), body, 1).unwrap_err()
}

#[test]
fn trips_vehicles_and_named_routes_become_trips() {
    let net = town(3, 300.0);
    let drawn = draw_on(
        &net,
        r#"<vType id="moto" vClass="motorcycle" length="1.9" color="red"/>
           <vType id="container" vClass="trailer"/>
           <route id="long" edges="{A} {B} {C}"/>
           <vehicle id="late" type="container" depart="00:01:40" route="long" departPos="-50" arrivalPos="100"/>
           <trip id="early" type="moto" depart="20.5" from="{A}" to="{C}" departLane="best"/>
           <vehicle id="own" depart="30"><route edges="{A} {B}"/><stop lane="{A}_0" until="5"/></vehicle>"#,
        1,
    )
    .unwrap();
    let names: Vec<(&str, VehicleClass, f64)> = drawn.trips.iter().map(|t| (t.ref_.as_str(), t.class, t.depart_s)).collect();
    assert_eq!(
        names,
        [("early", VehicleClass::Motorcycle, 20.5), ("own", VehicleClass::Car, 30.0), ("late", VehicleClass::ArticulatedTruck, 100.0)]
    );
    let (early, own, late) = (&drawn.trips[0], &drawn.trips[1], &drawn.trips[2]);
    assert_eq!(late.route[..], [link(&net, A), link(&net, B), link(&net, C)]);
    let length_m = net.link(link(&net, A)).length_m;
    assert_eq!((late.origin.pos_m, late.destination.pos_m, late.purpose), (length_m - 50.0, 100.0, Purpose::Freight));
    assert_eq!((early.origin.pos_m, early.destination.pos_m), (0.0, net.link(link(&net, C)).length_m));
    assert_eq!((early.route[0], early.route[early.route.len() - 1]), (link(&net, A), link(&net, C)));
    assert_eq!(own.route.len(), 2);
    let unused: Vec<(&str, u64)> = drawn.unused.iter().map(|(k, n)| (k.as_str(), *n)).collect();
    assert_eq!(unused, [("<stop> without `duration`", 1), ("`departLane` of <trip>", 1), ("`length` of <vType>", 1)]);
}

#[test]
fn flows_become_single_vehicles() {
    let departures = |attributes: &str| {
        let body = format!("<flow id=\"f\" from=\"{{A}}\" to=\"{{B}}\" {attributes}/>");
        draw(&body).trips.iter().map(|t| t.depart_s).collect::<Vec<_>>()
    };
    assert_eq!(departures(r#"begin="100" end="200" number="4""#), [100.0, 125.0, 150.0, 175.0]);
    assert_eq!(departures(r#"begin="0" end="60" period="20""#), [0.0, 20.0, 40.0]);
    assert_eq!(departures(r#"begin="0" end="30" vehsPerHour="360""#), [0.0, 10.0, 20.0]);
    assert_eq!(departures(r#"begin="0" period="20" number="2""#), [0.0, 20.0]);
    let random = departures(r#"begin="0" end="4000" probability="0.25""#);
    assert!((850..1150).contains(&random.len()) && random.iter().all(|s| s.fract() == 0.0), "{}", random.len());
    let exponential = departures(r#"begin="0" end="4000" period="exp(0.25)""#);
    assert!((850..1150).contains(&exponential.len()), "{}", exponential.len());
    let gaps: Vec<f64> = exponential.windows(2).map(|w| w[1] - w[0]).collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let spread = (gaps.iter().map(|g| (g - mean) * (g - mean)).sum::<f64>() / gaps.len() as f64).sqrt();
    assert!((spread / mean - 1.0).abs() < 0.12, "exponential gaps spread as wide as their mean: {spread} of {mean}");
    let drawn = draw(r#"<flow id="f" from="{A}" to="{B}" begin="0" end="10" number="2"/>"#);
    assert_eq!(drawn.trips[1].ref_.as_str(), "f.1");
}

#[test]
fn draws_are_keyed_by_seed_and_name() {
    let net = town(3, 300.0);
    let body = |more: &str| {
        format!(
            r#"<vTypeDistribution id="mix" vTypes="m c" probabilities="0.8 0.2"/><vType id="m" vClass="motorcycle"/><vType id="c"/>
               <routeDistribution id="r"><route edges="{{A}} {{B}}" probability="1"/><route edges="{{A}}" probability="3"/></routeDistribution>
               <flow id="f" type="mix" route="r" begin="0" end="2000" number="2000" departPos="random"/>{more}"#
        )
    };
    let one = draw_on(&net, &body(""), 7).unwrap();
    assert_eq!(one, draw_on(&net, &body(""), 7).unwrap());
    let other = draw_on(&net, &body(""), 8).unwrap();
    assert_ne!(one, other);
    let more = draw_on(&net, &body(r#"<trip id="x" depart="0" from="{A}" to="{B}"/>"#), 7).unwrap();
    assert!(one.trips.iter().all(|t| more.trips.contains(t)), "one trip more changes no other's draws");
    let share = |what: &dyn Fn(&sim_core::demand::Trip) -> bool| one.trips.iter().filter(|t| what(t)).count() as f64 / 2000.0;
    assert!((share(&|t| t.class == VehicleClass::Motorcycle) - 0.8).abs() < 0.04);
    assert!((share(&|t| t.route.len() == 1) - 0.75).abs() < 0.04);
    assert!(one.trips.iter().all(|t| t.route.len() > 1 || t.origin.pos_m <= t.destination.pos_m));
}

#[test]
fn a_trip_goes_over_the_edges_it_names() {
    let net = town(3, 300.0);
    let (over, c) = ("j0,1>j1,1", link(&net, C));
    let drawn = draw_on(&net, &format!(r#"<trip id="t" depart="0" from="j0,0>j0,1" via="{over}" to="{{C}}"/>"#), 1).unwrap();
    let route = &drawn.trips[0].route;
    assert!(route.contains(&link(&net, over)) && route[route.len() - 1] == c, "{route:?}");
    for pair in route.windows(2) {
        assert!(net.movement_between(pair[0], pair[1]).is_some());
    }
}

#[test]
fn vehicles_halt_at_bus_stops_and_places_on_lanes_in_the_order_of_their_way() {
    let net = town(3, 300.0);
    let drawn = draw_on(
        &net,
        r#"<busStop id="market" lane="{B}_0" startPos="80" endPos="95"/>
           <vType id="bus" vClass="bus"/>
           <route id="line" edges="{A} {B} {C}"><stop busStop="market" duration="20"/></route>
           <vehicle id="b" type="bus" depart="0" route="line"><stop lane="{C}_1" endPos="-60" duration="00:00:15" parking="true"/></vehicle>
           <trip id="t" depart="1" from="{A}" to="{C}"><stop lane="{B}_0" endPos="5" duration="9"/><stop lane="{A}_0" duration="9"/></trip>
           <flow id="f" type="bus" route="line" begin="0" end="20" number="2"/>"#,
        1,
    )
    .unwrap();
    let trip = |name: &str| drawn.trips.iter().find(|t| t.ref_.as_str() == name).unwrap();
    let length_m = net.link(link(&net, C)).length_m;
    let halts = |name: &str| trip(name).halts.iter().map(|h| (h.leg, h.pos_m, h.dwell_s, h.in_bay)).collect::<Vec<_>>();
    assert_eq!(halts("b"), [(1, 95.0, 20.0, false), (2, length_m - 60.0, 15.0, true)]);
    assert_eq!(halts("f.1"), [(1, 95.0, 20.0, false)]);
    // A bus must fit on the edge behind the stop; the second stop lies behind the first.
    assert_eq!(halts("t"), [(1, 20.0, 9.0, false)]);
    assert_eq!(drawn.unused.get("<stop> that is not on the way ahead, or on an edge shorter than 25 m"), Some(&1));
    assert!(
        problem(r#"<vehicle id="v" depart="0"><route edges="{A}"/><stop busStop="x" duration="9"/></vehicle>"#)
            .contains("no bus stop is called `x`")
    );
}

#[test]
fn what_has_no_way_is_counted_and_named() {
    let mut net = town(3, 300.0);
    close(&mut net, B, VehicleClass::HeavyTruck);
    let drawn = draw_on(
        &net,
        r#"<vType id="truck" vClass="truck"/><vType id="tram" vClass="tram"/>
           <vehicle id="closed" type="truck" depart="0"><route edges="{A} {B}"/></vehicle>
           <vehicle id="torn" depart="0"><route edges="{A} {C}"/></vehicle>
           <vehicle id="rail" type="tram" depart="0"><route edges="{A}"/></vehicle>
           <vehicle id="someday" depart="triggered"><route edges="{A}"/></vehicle>"#,
        1,
    )
    .unwrap();
    assert!(drawn.trips.is_empty());
    let lost: Vec<&str> = drawn.unreachable.iter().map(|u| u.ref_.as_str()).collect();
    assert_eq!(lost, ["closed", "torn"]);
    assert_eq!(drawn.unused.get("vehicle that does not drive on roads"), Some(&1));
    assert_eq!(drawn.unused.get("<vehicle> with depart=\"triggered\""), Some(&1));
}

#[test]
fn bad_files_are_refused_with_every_line() {
    let cases = [
        (
            r#"<trip id="t" depart="0" from="{A}" to="j9,9>j9,8"/>"#,
            "test.rou.xml:3: <trip id=\"t\">: no edge of the map is called `j9,9>j9,8`",
        ),
        (r#"<trip id="t" depart="soon" from="{A}" to="{B}"/>"#, "`depart` is `soon`, expected seconds after midnight or a clock time"),
        (r#"<trip id="t" depart="0" from="{A}"/>"#, "<trip id=\"t\"> has no `to`, which it needs"),
        (r#"<trip id="t" type="moto" depart="0" from="{A}" to="{B}"/>"#, "no vehicle type is called `moto`"),
        (r#"<vehicle id="v" depart="0" route="r"/>"#, "no route is called `r`"),
        (r#"<flow id="f" from="{A}" to="{B}" begin="0" end="9"/>"#, "<flow id=\"f\"> has no `number`"),
        (r#"<flow id="f" from="{A}" to="{B}" begin="9" end="0" number="1"/>"#, "`end` is `0`, expected a time not before `begin`"),
        (r#"<flow id="f" from="{A}" to="{B}" begin="0" end="9" number="1e9"/>"#, "expected 0 to 1 000 000"),
        (r#"<flow id="f" from="{A}" to="{B}" begin="0" end="9" probability="2"/>"#, "expected 0 to 1: the chance"),
        (r#"<vTypeDistribution id="d" vTypes="a b" probabilities="1"/>"#, "one number of at least 0 for each name"),
        (r#"<route id="r" edges=" "/>"#, "`edges` is ` `, expected at least one edge"),
        (r#"<vehicle id="v" depart="0" route="a"/><routeDistribution id="a" routes="a"/>"#, "no route is called `a`"),
        (r#"<trip id="t" depart="0" from="{A}" to="{B}" departPos="here"/>"#, "`departPos` is `here`, expected metres"),
    ];
    for (body, expected) in cases {
        let found = problem(body);
        assert!(found.contains(expected), "{found}\n  expected: {expected}");
    }
    let twice = problem(
        "<trip id=\"t\" depart=\"0\" from=\"{A}\" to=\"{B}\"/>\n<trip id=\"t\" depart=\"0\" from=\"{A}\" to=\"x\"/>\n<trip depart=\"1\"/>",
    );
    assert_eq!(
        twice,
        "test.rou.xml:4: `t` stands already on line 3; give each its own id\ntest.rou.xml:5: <trip> has no `id`, which it needs"
    );
    let net = town(3, 300.0);
    let router = Router::new(&net, &ClassTable::default(), RouterSettings::default());
    let error = parse_routes("a.rou.xml", b"<routes><trip id=\"t\"", &net, &router, 1).unwrap_err().to_string();
    assert!(error.starts_with("a.rou.xml:1: <xml>"), "{error}");
    assert!(is_routes(b"<!-- c --><routes/>") && !is_routes(b"trip,class,depart\n") && !is_routes(b"<net/>"));
}
