//! The compiler on small sources: what meets, what does not, and what its errors say.

use super::*;

fn small(source: &str) -> Result<Sketch, SketchError> {
    compile(&[("small.twinmap", &format!("map \"Small\" attribution=\"nobody\"\nframe 10.0,105.0 bearing=90\n{source}"))])
}

/// `way ref: node node …` for each way, nodes by ref or `-`.
fn ways(sketch: &Sketch) -> Vec<String> {
    let name = |id: &i64| sketch.osm.node(*id).and_then(|n| n.tags.get("twin:ref")).unwrap_or("-").to_owned();
    let one = |w: &crate::osm::Way| {
        let nodes: Vec<String> = w.nodes.iter().map(name).collect();
        format!("{}: {}", w.tags.get("twin:ref").unwrap_or("-"), nodes.join(" "))
    };
    sketch.osm.ways.iter().map(one).collect()
}

#[test]
fn streets_cross_where_they_intersect_and_the_main_one_names_the_junction() {
    let sketch = small(
        "road b class=residential (0,-500) (0,500)\nroad a class=trunk (-500,0) (500,0)\nroad c class=residential (200,-3) (200,300)",
    )
    .unwrap();
    assert_eq!(ways(&sketch), ["b: b.start a*b b.end", "a: a.start a*b a*c a.end", "c: a*c c.end"]);
    let crossing = &sketch.osm.nodes[sketch.osm.ways[0].nodes[1] as usize - 1];
    assert!(crossing.place.distance_m(LatLon { lat: 10.0, lon: 105.0 }) < 0.1, "{crossing:?}");
}

#[test]
fn an_end_beside_a_road_is_joined_and_a_short_stub_is_cut() {
    let source =
        "road a class=trunk (-500,0) (500,0)\nroad joined class=tertiary (0,35) (0,500)\nroad cut class=tertiary (200,-35) (200,500)\n";
    assert_eq!(ways(&small(source).unwrap())[1..], ["joined: a*joined joined.end", "cut: a*cut cut.end"]);
    let source = source.replace("35)", "45)");
    assert_eq!(ways(&small(&source).unwrap())[1..], ["joined: joined.start joined.end", "cut: cut.start a*cut cut.end"]);
}

#[test]
fn a_bridge_joins_nothing_below_it_and_is_a_way_of_its_own() {
    let sketch = small(
        "road low class=tertiary (0,-500) (0,500)\nroad high class=trunk (-500,0) (-60,0)\n  bridge \"Cầu Cao\" (-50,0) (50,0)\n  (500,0)",
    )
    .unwrap();
    assert_eq!(
        ways(&sketch),
        ["low: low.start low.end", "high: high.start - high.bridge1", "high: high.bridge1 high.ashore1", "high: high.ashore1 high.end"]
    );
    let bridge = &sketch.osm.ways[2].tags;
    assert!(bridge.is("bridge", "yes") && bridge.is("bridge:name", "Cầu Cao"), "{bridge:?}");
    assert!(!sketch.osm.ways[3].tags.is("bridge", "yes"));
}

#[test]
fn an_expressway_meets_others_at_shared_named_nodes_only() {
    let sketch = small("node gate (300,0)\nroad fast class=motorway apart (-500,0) gate (500,0)\nroad under class=tertiary (0,-500) (0,500)\nroad on class=tertiary (300,-500) gate (300,500)").unwrap();
    assert_eq!(ways(&sketch), ["fast: fast.start gate fast.end", "under: under.start under.end", "on: on.start gate on.end"]);
}

#[test]
fn crossings_close_together_are_one_junction_and_a_second_meeting_is_numbered() {
    let near = "road a class=trunk (-500,0) (500,0)\nroad b class=tertiary (0,-500) (0,500)\nroad c class=tertiary (8,-500) (10,500)\n";
    assert_eq!(ways(&small(near).unwrap())[0], "a: a.start a*b a.end");
    let twice = "road a class=trunk (-500,0) (500,0)\nroad b class=tertiary (-200,-300) (-200,300) (200,300) (200,-300)\n";
    assert_eq!(ways(&small(twice).unwrap())[0], "a: a.start a*b a*b.2 a.end");
}

#[test]
fn a_ferry_carries_its_timetable_and_meets_the_roads_at_its_ends() {
    let sketch = small("road west class=tertiary (-500,0) (-100,0)\nroad east class=tertiary (100,0) (500,0)\nferry f \"Phà\" cars=12 motorcycles=80 interval=15 crossing=70 (-100,0) (100,0)").unwrap();
    assert_eq!(ways(&sketch)[2], "f: west*f east*f");
    let tags = &sketch.osm.ways[2].tags;
    for (key, value) in
        [("route", "ferry"), ("duration", "01:10"), ("interval", "00:15"), ("capacity:car", "12"), ("capacity:motorcycle", "80")]
    {
        assert_eq!(tags.get(key), Some(value), "{key}");
    }
    assert_eq!(tags.get("highway"), None);
}

#[test]
fn a_grid_fills_its_block_and_joins_its_sides() {
    let sides = "road s class=tertiary (0,0) (300,0)\nroad e class=tertiary (300,0) (300,200)\nroad n class=tertiary (300,200) (0,200)\nroad w class=tertiary (0,200) (0,0)\n";
    let sketch = small(&format!("{sides}grid g rows=1 columns=2 (0,0) (300,0) (300,200) (0,200)")).unwrap();
    assert_eq!(
        ways(&sketch)[4..],
        ["g.r1: w*g.r1 g.c1*g.r1 g.c2*g.r1 e*g.r1", "g.c1: s*g.c1 g.c1*g.r1 n*g.c1", "g.c2: s*g.c2 g.c2*g.r1 n*g.c2"]
    );
}

#[test]
fn a_curve_keeps_its_points_and_bridges_stay_straight() {
    let source = "road a class=trunk curved (0,0) (500,300)\n  bridge (1000,0) (1400,0)\n  (2000,300)";
    let (curved, straight) = (small(source).unwrap(), small(&source.replace(" curved", "")).unwrap());
    let nodes = |s: &Sketch| s.osm.ways.iter().map(|w| w.nodes.len()).collect::<Vec<_>>();
    assert_eq!((nodes(&straight), nodes(&curved)), (vec![3, 2, 2], vec![9, 2, 5]));
    let places: Vec<LatLon> = curved.osm.nodes.iter().map(|n| n.place).collect();
    assert!(straight.osm.nodes.iter().all(|n| places.contains(&n.place)));
}

#[test]
fn signals_sit_on_the_crossing_they_name_in_either_order_and_it_takes_their_spelling() {
    let sketch = small("road a class=trunk (-500,0) (500,0)\nroad b class=tertiary (0,-500) (0,500)\nsignal b*a \"Ngã tư\"").unwrap();
    let signalled: Vec<_> = sketch.osm.nodes.iter().filter(|n| n.tags.is("highway", "traffic_signals")).collect();
    assert!(matches!(signalled[..], [n] if n.tags.is("twin:ref", "b*a") && n.tags.is("name", "Ngã tư")), "{signalled:?}");
}

#[test]
fn rivers_are_areas_canals_lines_and_towns_keep_their_people() {
    let sketch = small("canal c \"Kênh\" width=30 (0,0) (90,0)\nriver r \"Sông\" (0,500)/100 (900,500)/100\nplace settlement t \"Thị trấn\" (0,900) size=5000").unwrap();
    assert_eq!(sketch.waters.iter().map(|w| w.kind).collect::<Vec<_>>(), [WaterKind::River, WaterKind::Canal]);
    let WaterShape::Area(banks) = &sketch.waters[0].shape else { panic!("{:?}", sketch.waters[0]) };
    assert!((banks[0].distance_m(banks[banks.len() - 1]) - 100.0).abs() < 1.0, "{banks:?}");
    assert_eq!((sketch.towns[0].name.as_str(), sketch.towns[0].population), ("Thị trấn", Some(5000)));
}

#[test]
fn errors_name_file_and_line_and_say_what_to_do() {
    let cases = [
        ("rood a class=trunk 10,105 10,106", "small.twinmap:3: unknown statement `rood`, did you mean `road`?"),
        ("road a class=trunk lane=2 10,105 10,106", "`road` has no attribute `lane`, did you mean `lanes`?"),
        ("road a class=track 10,105 10,106", "class: found `track`, expected motorway, trunk"),
        ("road a class=trunk lanes=99 10,105 10,106", "lanes: found `99`, expected 1 to 12"),
        ("road a 10,105 10,106", "`road` needs class=…"),
        ("road a class=trunk 10,105", "`road` needs at least two points"),
        ("road a class=trunk 10,105 95,106", "point: found `95,106`, expected lat,lon"),
        ("node lo-te 10,105\nroad a class=trunk lo-ta 10,106", "small.twinmap:4: there is no node `lo-ta`, did you mean `lo-te`?"),
        ("node x 10,105\nnode x 10,106", "small.twinmap:4: `x` is already the name of something at small.twinmap:3"),
        ("  (0,0)", "small.twinmap:3: an indented line continues a road, ferry"),
        ("road a \"open class=trunk", "a quoted text is not closed"),
        ("road a class=trunk (0,0) (9,0)\nroad b class=trunk (0,500) (9,500)\nsignal a*b", "small.twinmap:5: `a` and `b` do not meet"),
        ("road a class=trunk (0,0) (9,0)\nsignal a*c", "there is no road `c`"),
        ("place castle x \"X\" (0,0)", "kind: found `castle`, expected settlement"),
        ("ferry f cars=3 motorcycles=9 interval=5 (0,0) (9,0)", "`ferry` needs crossing=…"),
        (
            "river r (0,-500)/100 (0,500)/100\nroad a class=trunk (-400,0) (400,0)",
            "small.twinmap:4: `a` runs through the water of `r` near 10.0000,10",
        ),
    ];
    for (source, expected) in cases {
        let error = small(source).expect_err(source).to_string();
        assert!(error.contains(expected), "{source}\nfound:    {error}\nexpected: {expected}");
    }
    let no_frame = compile(&[("f.twinmap", "map \"M\" attribution=\"A\"\nnode x (0,0)")]).unwrap_err().to_string();
    assert_eq!(no_frame, "f.twinmap:2: the point `(0,0)` is in metres, but no `frame` stands before it in this file");
}
