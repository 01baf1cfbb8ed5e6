//! A small town as OpenStreetMap XML, and the same town as the next extract brings it.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test's panic is its report")]

use std::fmt::Write;

/// A node: id, latitude, longitude, tags.
type Node = (i64, f64, f64, &'static [(&'static str, &'static str)]);

/// A way: id, nodes, tags.
type Way = (i64, &'static [i64], &'static [(&'static str, &'static str)]);

/// ```text
///                    n2
///                    |w12
///  n6 --w10-- n5 --w10-- n1 --w11-- n3
///             |      |                 main road: primary, two lanes a direction; side road: tertiary; w13 residential
///             +-w13- n4 -w12- n8
/// ```
pub(crate) const NODES: &[Node] = &[
    (1, 10.3800, 105.4400, &[("highway", "traffic_signals")]),
    (2, 10.3830, 105.4400, &[]),
    (3, 10.3800, 105.4430, &[]),
    (4, 10.3770, 105.4400, &[]),
    (5, 10.3800, 105.4370, &[]),
    (6, 10.3800, 105.4340, &[]),
    (7, 10.3770, 105.4370, &[]),
    (8, 10.3740, 105.4400, &[]),
];
pub(crate) const MAIN: &[(&str, &str)] = &[("highway", "primary"), ("lanes", "4"), ("name", "Trần Hưng Đạo"), ("ref", "QL91")];
pub(crate) const SIDE: &[(&str, &str)] = &[("highway", "tertiary"), ("lanes", "2"), ("name", "Nguyễn Trãi"), ("maxspeed", "40")];
pub(crate) const STREET: &[(&str, &str)] = &[("highway", "residential"), ("name", "Lê Lợi")];

fn xml(nodes: &[Node], ways: &[Way]) -> String {
    let mut out = String::from("<?xml version='1.0' encoding='UTF-8'?>\n<osm version='0.6'>\n");
    let tags = |out: &mut String, tags: &[(&str, &str)]| {
        for (k, v) in tags {
            writeln!(out, "    <tag k='{k}' v='{v}'/>").unwrap();
        }
    };
    for (id, lat, lon, own) in nodes {
        writeln!(out, "  <node id='{id}' lat='{lat:.7}' lon='{lon:.7}'>").unwrap();
        tags(&mut out, own);
        out.push_str("  </node>\n");
    }
    for (id, refs, own) in ways {
        writeln!(out, "  <way id='{id}'>").unwrap();
        for n in *refs {
            writeln!(out, "    <nd ref='{n}'/>").unwrap();
        }
        tags(&mut out, own);
        out.push_str("  </way>\n");
    }
    out.push_str("</osm>\n");
    out
}

/// The town.
pub(crate) fn first_extract() -> String {
    xml(NODES, &[(10, &[6, 5, 1], MAIN), (11, &[1, 3], MAIN), (12, &[2, 1, 4, 8], SIDE), (13, &[5, 7, 4], STREET)])
}

/// The town a month later: a new street meets the main road between `n6` and `n5`, way 13 was drawn anew as way 15, a node was moved a
/// little, a speed limit was mapped, and there is a street that has nothing to do with it all.
pub(crate) fn next_extract() -> String {
    let mut nodes = NODES.to_vec();
    nodes[1].1 = 10.38303;
    nodes.extend([(20, 10.3800, 105.4355, [].as_slice()), (21, 10.3830, 105.4355, &[]), (22, 10.3830, 105.4385, &[])]);
    xml(
        &nodes,
        &[
            (10, &[6, 20, 5, 1], MAIN),
            (11, &[1, 3], &[("highway", "primary"), ("lanes", "4"), ("name", "Trần Hưng Đạo"), ("maxspeed", "50")]),
            (12, &[2, 1, 4, 8], SIDE),
            (15, &[5, 7, 4], STREET),
            (16, &[20, 21], STREET),
            (17, &[21, 22, 2], STREET),
        ],
    )
}

/// Two signalised nodes 25 m apart, which the import takes for one junction.
pub(crate) fn twin_signals() -> String {
    let nodes: &[Node] = &[
        (1, 10.38000, 105.44000, &[("highway", "traffic_signals")]),
        (2, 10.38000, 105.44023, &[("highway", "traffic_signals")]),
        (3, 10.38000, 105.43700, &[]),
        (4, 10.38000, 105.44300, &[]),
        (5, 10.38300, 105.44000, &[]),
        (6, 10.37700, 105.44023, &[]),
    ];
    xml(nodes, &[(10, &[3, 1, 2, 4], MAIN), (11, &[5, 1], SIDE), (12, &[2, 6], SIDE)])
}
