//! The embedded map against the facts it is drawn from: what is connected, how far, which bridges, ferries and signals.

use super::*;
use crate::osm::Way;
use petgraph::{algo::dijkstra, graphmap::UnGraphMap};

struct Facts {
    sketch: Sketch,
    graph: UnGraphMap<i64, f64>,
}

fn facts() -> Facts {
    let sketch = embedded_sketch().unwrap();
    let mut graph = UnGraphMap::new();
    for way in &sketch.osm.ways {
        for w in way.nodes.windows(2) {
            let length = sketch.osm.node(w[0]).unwrap().place.distance_m(sketch.osm.node(w[1]).unwrap().place);
            graph.add_edge(w[0], w[1], length);
        }
    }
    Facts { sketch, graph }
}

impl Facts {
    fn node(&self, ref_: &str) -> i64 {
        let found = self.sketch.osm.nodes.iter().find(|n| n.tags.is("twin:ref", ref_));
        found.unwrap_or_else(|| panic!("no node {ref_}")).id
    }

    fn road_km(&self, from: &str, to: &str) -> f64 {
        let (from, to) = (self.node(from), self.node(to));
        dijkstra(&self.graph, from, Some(to), |e| *e.2).get(&to).unwrap_or_else(|| panic!("no way from {from} to {to}")) / 1000.0
    }

    fn ways<'a>(&'a self, key: &'a str, value: &'a str) -> impl Iterator<Item = &'a Way> {
        self.sketch.osm.ways.iter().filter(move |w| w.tags.is(key, value))
    }

    fn way_km(&self, way: &Way) -> f64 {
        let place = |id: &i64| self.sketch.osm.node(*id).unwrap().place;
        way.nodes.windows(2).map(|w| place(&w[0]).distance_m(place(&w[1]))).sum::<f64>() / 1000.0
    }

    fn km(&self, key: &str, value: &str) -> f64 {
        self.ways(key, value).map(|w| self.way_km(w)).sum()
    }
}

#[test]
fn no_road_runs_through_open_water() {
    let source = parse::parse(EMBEDDED).unwrap();
    let wet: Vec<String> = water::wet_roads(&source, &water::waters(&source)).iter().map(ToString::to_string).collect();
    assert!(wet.is_empty(), "{}", wet.join("\n"));
}

#[test]
fn everything_is_in_one_piece() {
    let facts = facts();
    let first = facts.node("tran-hung-dao*nguyen-hue");
    let reached = dijkstra(&facts.graph, first, None, |_| 1.0);
    let cut_off: Vec<_> = facts
        .graph
        .nodes()
        .filter(|n| !reached.contains_key(n))
        .filter_map(|n| facts.sketch.osm.node(n).and_then(|n| n.tags.get("twin:ref")))
        .collect();
    assert!(cut_off.is_empty(), "{cut_off:?}");
}

#[test]
fn towns_are_as_far_apart_as_people_say() {
    let facts = facts();
    let centre = "tran-hung-dao*nguyen-hue";
    for (from, to, low, high) in [
        (centre, "nguyen-van-thoai*nguyen-tri-phuong", 47.0, 60.0), // Long Xuyên – Châu Đốc, about 55 km
        (centre, "nguyen-trung-truc-rg*lac-hong", 60.0, 80.0),      // Long Xuyên – Rạch Giá, about 65 to 70 km
        (centre, "lo-te", 10.0, 13.0),
        (centre, "an-chau", 7.5, 10.0),
        (centre, "tri-ton", 48.0, 66.0),
        (centre, "nui-sap", 22.0, 33.0),
        ("rach-soi", "mac-thien-tich*tran-hau", 85.0, 110.0), // Rạch Giá – Hà Tiên, about 90 km
        ("nui-sam", "tinh-bien", 18.0, 28.0),
        ("tinh-bien", "mac-thien-tich*tran-hau", 50.0, 75.0),
        ("nha-bang", "tri-ton", 20.0, 28.0),
        ("minh-luong", "vinh-thuan", 50.0, 75.0),
        ("an-thoi", "nguyen-trung-truc-pq*ba-muoi-thang-tu-pq", 22.0, 32.0),
        ("tan-chau", "phu-my", 24.0, 36.0),
    ] {
        let km = facts.road_km(from, to);
        assert!((low..=high).contains(&km), "{from} – {to}: {km:.1} km, expected {low} to {high}");
    }
}

#[test]
fn the_roads_of_the_facts_are_there_and_as_long_as_they_are() {
    let facts = facts();
    // Opened 2024-06-16: 15.3 km.
    let bypass = facts.km("twin:ref", "tranh-long-xuyen");
    assert!((bypass / 15.3 - 1.0).abs() < 0.1, "bypass {bypass:.2} km");
    // 57 km in the province, a little more to the QL80 in Cần Thơ.
    let expressway = facts.km("ref", "CT34");
    assert!((55.0..=65.0).contains(&expressway), "CT34 {expressway:.1} km");
    // Lộ Tẻ – Rạch Sỏi: 51 km, four lanes.
    let parallel = facts.km("twin:ref", "lo-te-rach-soi");
    assert!((parallel / 51.0 - 1.0).abs() < 0.2, "Lộ Tẻ – Rạch Sỏi {parallel:.1} km");
    for number in
        ["QL91", "QL80", "QL63", "QL61", "N1", "QL91C", "ĐT.941", "ĐT.943", "ĐT.948", "ĐT.954", "ĐT.944", "ĐT.942", "ĐT.46", "ĐT.47"]
    {
        assert!(facts.km("ref", number) > 5.0, "{number}: {:.1} km", facts.km("ref", number));
    }
}

#[test]
fn bridges_are_where_they_were_built() {
    let facts = facts();
    for (name, low_m, high_m) in [
        ("Cầu Châu Đốc", 600.0, 740.0),     // 667 m
        ("Cầu Vàm Cống", 2_600.0, 3_200.0), // 2.97 km with its approaches
        ("Cầu Hoàng Diệu", 60.0, 250.0),
        ("Cầu Nguyễn Trung Trực", 40.0, 250.0),
        ("Cầu Duy Tân", 60.0, 250.0),
        ("Cầu Tôn Đức Thắng", 20.0, 250.0),
        ("Cầu Cồn Tiên", 150.0, 500.0),
        ("Cầu Tô Châu", 100.0, 500.0),
        ("Cầu Cái Lớn", 500.0, 2_500.0),
    ] {
        let all: Vec<f64> = facts.ways("bridge:name", name).map(|w| 1000.0 * facts.way_km(w)).collect();
        assert!(!all.is_empty() && all.iter().all(|m| (low_m..=high_m).contains(m)), "{name}: {all:?} m");
    }
}

#[test]
fn ferries_run_and_the_closed_one_does_not() {
    let facts = facts();
    let ferries: Vec<&str> = facts.ways("route", "ferry").filter_map(|w| w.tags.get("twin:ref")).collect();
    for ferry in ["pha-an-hoa", "pha-vam-cong", "pha-nang-gu", "pha-rach-gia-phu-quoc", "pha-ha-tien-phu-quoc"] {
        assert!(ferries.contains(&ferry), "{ferry} not among {ferries:?}");
    }
    assert!(facts.ways("name", "Phà Châu Giang").next().is_none());
    assert!(facts.ways("route", "ferry").all(|w| w.tags.get("interval").is_some() && w.tags.get("duration").is_some()));
}

#[test]
fn long_xuyen_is_what_its_people_know() {
    let facts = facts();
    for name in [
        "Trần Hưng Đạo",
        "Nguyễn Huệ",
        "Tôn Đức Thắng",
        "Lý Thái Tổ",
        "Hùng Vương",
        "Lê Lợi",
        "Nguyễn Trãi",
        "Hà Hoàng Hổ",
        "Phạm Cự Lượng",
        "Lý Thường Kiệt",
        "Trần Quang Khải",
        "Bùi Văn Danh",
        "Ung Văn Khiêm",
        "Võ Thị Sáu",
    ] {
        assert!(facts.km("name", name) > 0.3, "{name}");
    }
    let wards: u32 = facts.sketch.towns.iter().filter(|t| LONG_XUYEN_WARDS.contains(&t.ref_.as_str())).filter_map(|t| t.population).sum();
    assert_eq!(wards, 286_140);
    let near = |place: LatLon| place.distance_m(LatLon { lat: 10.3858, lon: 105.4352 }) < 13_000.0;
    let signals = facts.sketch.osm.nodes.iter().filter(|n| n.tags.is("highway", "traffic_signals") && near(n.place)).count();
    assert!((20..=28).contains(&signals), "{signals} signals");
    // The spine runs from Mỹ Thạnh in the south-east to Bình Đức in the north-west.
    assert!(facts.road_km("my-thanh", "tran-hung-dao*tranh-long-xuyen") > 13.0);
}

const LONG_XUYEN_WARDS: [&str; 13] = [
    "p-my-long",
    "p-my-binh",
    "p-my-xuyen",
    "p-dong-xuyen",
    "p-my-phuoc",
    "p-my-hoa",
    "p-my-quy",
    "p-my-thoi",
    "p-my-thanh",
    "p-binh-khanh",
    "p-binh-duc",
    "p-my-khanh",
    "p-my-hoa-hung",
];

#[test]
fn every_place_is_near_a_road() {
    let facts = facts();
    let frame = sim_core::geometry::Frame { origin: LatLon { lat: 10.2, lon: 104.9 } };
    let source = parse::parse(EMBEDDED).unwrap();
    let lines: Vec<line::Line> = source.roads.iter().map(|r| line::Line::of(r, &frame)).collect();
    let far: Vec<String> = source
        .places
        .iter()
        .map(|p| (lines.iter().map(|l| l.nearest(frame.project(p.place)).0).fold(f64::INFINITY, f64::min), p))
        .filter(|(distance, p)| *distance > if p.kind == PlaceKind::Settlement { 600.0 } else { 300.0 })
        .map(|(distance, p)| format!("{} {distance:.0} m", p.ref_))
        .collect();
    assert!(far.is_empty(), "{far:?}");
    assert!(facts.sketch.towns.len() > 40);
}

#[test]
fn compiling_twice_gives_the_same_and_it_says_that_it_is_a_sketch() {
    let (one, two) = (embedded_sketch().unwrap(), embedded_sketch().unwrap());
    assert_eq!(one, two);
    assert!(one.name.contains("bản phác thảo") && one.attribution.contains("sketch") && one.attribution.contains("GeoNames, CC BY 4.0"));
}

#[test]
fn from_anywhere_one_can_drive_anywhere() {
    let network = embedded().unwrap().network;
    for class in [sim_core::class::VehicleClass::Motorcycle, sim_core::class::VehicleClass::Car] {
        let mut graph = petgraph::graphmap::DiGraphMap::<u32, ()>::new();
        for (i, _) in network.links.iter().enumerate().filter(|(_, l)| l.access.contains(class)) {
            graph.add_node(i as u32);
        }
        for m in network.movements.iter().filter(|m| m.access.contains(class)) {
            graph.add_edge(m.from.0, m.to.0, ());
        }
        let largest = petgraph::algo::tarjan_scc(&graph).into_iter().max_by_key(Vec::len).unwrap();
        let missing: Vec<&str> = graph.nodes().filter(|l| !largest.contains(l)).map(|l| network.links[l as usize].ref_.as_str()).collect();
        assert!(missing.is_empty(), "{class}: {missing:?}");
    }
}

#[test]
fn the_network_says_that_it_is_a_sketch() {
    let meta = embedded().unwrap().network.meta;
    assert!(meta.is_sketch && meta.name.contains("bản phác thảo") && meta.attribution.contains("GeoNames, CC BY 4.0"), "{meta:?}");
}

#[test]
fn the_importer_keeps_what_was_drawn() {
    let imported = embedded().unwrap();
    let (report, network) = (&imported.report, &imported.network);
    assert!(report.survival() >= 0.99, "{:.4} of the length survived: {:?}", report.survival(), report.rows());
    let drawn = facts().sketch.osm;
    let signals: Vec<&str> =
        drawn.nodes.iter().filter(|n| n.tags.is("highway", "traffic_signals")).filter_map(|n| n.tags.get("twin:ref")).collect();
    let lost: Vec<&&str> =
        signals.iter().filter(|s| !network.controllers.iter().any(|c| network.junction(c.junction).ref_.as_str() == **s)).collect();
    assert!(lost.is_empty() && network.controllers.len() == signals.len(), "{lost:?} of {}", signals.len());
    let ferries = network.links.iter().filter(|l| matches!(l.kind, sim_core::network::LinkKind::Ferry(_))).count();
    assert_eq!(ferries, 2 * drawn.ways.iter().filter(|w| w.tags.is("route", "ferry")).count());
}

#[test]
fn every_settlement_can_be_reached() {
    let network = embedded().unwrap().network;
    let drawn = embedded_sketch().unwrap().towns;
    let towns: Vec<_> = network.places.iter().filter(|p| p.kind == PlaceKind::Settlement).collect();
    assert_eq!(towns.len(), drawn.len());
    let cut_off: Vec<_> = towns.iter().filter(|p| p.access.is_none() || p.size.is_none()).map(|p| &p.ref_).collect();
    assert!(cut_off.is_empty(), "{cut_off:?}");
    let lost: Vec<_> = drawn.iter().filter(|t| !towns.iter().any(|p| p.ref_ == t.ref_)).map(|t| &t.ref_).collect();
    assert!(lost.is_empty(), "{lost:?}");
}
