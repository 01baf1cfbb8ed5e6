//! The fields of each kind of object as a reader would write them down, and which of them differ.

use super::FieldChange;
use sim_core::{
    class::ClassSet,
    geometry::Point,
    ids::{JunctionId, LinkId},
    network::{JunctionKind, LaneKind, Link, LinkKind, Movement, Place, RoadNetwork, SignalController, SpeedLimits, TurnSet},
};

/// Geometry that moved less is the same, metres: a tenth of a lane, more than frames with different origins disagree by.
const SAME_PLACE_M: f64 = 0.5;

/// An object of a network.
type Of<'a, T> = (&'a RoadNetwork, T);

/// The entries of two lists of fields that differ.
fn changes<const N: usize>(before: [(&'static str, String); N], after: [(&'static str, String); N]) -> Vec<FieldChange> {
    let pairs = before.into_iter().zip(after);
    pairs.filter(|((_, a), (_, b))| a != b).map(|((field, before), (_, after))| FieldChange { field, before, after }).collect()
}

fn or_none(text: Option<&str>) -> String {
    text.map_or_else(|| "none".into(), str::to_owned)
}

fn yes_no(flag: bool) -> String {
    if flag { "yes" } else { "no" }.into()
}

/// Metres, to a centimetre.
fn metres(m: f32) -> String {
    format!("{m:.2} m")
}

fn kmh(mps: f32) -> String {
    format!("{} km/h", (f64::from(mps) * 36.0).round() / 10.0)
}

fn classes(set: ClassSet) -> String {
    if set == ClassSet::ALL { "all".into() } else { set.iter().map(|c| c.name()).collect::<Vec<_>>().join(" ") }
}

pub(super) fn meta(a: &RoadNetwork, b: &RoadNetwork) -> Vec<FieldChange> {
    let all = |n: &RoadNetwork| {
        let meta = &n.meta;
        [
            ("name", meta.name.clone()),
            ("source", meta.source.clone()),
            ("attribution", meta.attribution.clone()),
            ("is_sketch", yes_no(meta.is_sketch)),
            ("driving_side", format!("{:?}", meta.driving_side).to_lowercase()),
        ]
    };
    changes(all(a), all(b))
}

pub(super) fn link(a: Of<'_, LinkId>, b: Of<'_, LinkId>) -> Vec<FieldChange> {
    let all = |(network, id): Of<'_, LinkId>| {
        let l = network.link(id);
        [
            ("name", or_none(l.name.as_deref())),
            ("road_number", or_none(l.road_number.as_deref())),
            ("class", format!("{:?}", l.class).to_lowercase()),
            ("kind", kind(&l.kind)),
            ("from", network.junction(l.from).ref_.to_string()),
            ("to", network.junction(l.to).ref_.to_string()),
            ("opposite", or_none(l.opposite.map(|o| network.link(o).ref_.as_str()))),
            ("length", metres(l.length_m)),
            ("width", metres(l.width_m)),
            ("lanes", lanes(l)),
            ("limits", limits(&l.limits)),
            ("access", classes(l.access)),
            ("is_roundabout", yes_no(l.is_roundabout)),
            ("is_bridge", yes_no(l.is_bridge)),
            ("is_urban", yes_no(l.is_urban)),
            ("is_toll", yes_no(l.is_toll)),
        ]
    };
    let mut found = changes(all(a), all(b));
    let (before, after) = (&a.0.link(a.1).geometry, &b.0.link(b.1).geometry);
    let in_frame_of_a: Vec<Point> = after.iter().map(|p| same_frame(a.0, b.0, *p)).collect();
    let moved_m = farthest_m(before, &in_frame_of_a).max(farthest_m(&in_frame_of_a, before));
    if moved_m >= SAME_PLACE_M {
        found.push(FieldChange {
            field: "geometry",
            before: format!("{} points", before.len()),
            after: format!("{} points, up to {moved_m:.1} m away", after.len()),
        });
    }
    found
}

/// A point of `b` in the frame of `a`.
fn same_frame(a: &RoadNetwork, b: &RoadNetwork, point: Point) -> Point {
    if a.meta.frame == b.meta.frame { point } else { a.meta.frame.project(b.meta.frame.unproject(point)) }
}

/// How far the points of one line are from the other line, at most.
fn farthest_m(points: &[Point], line: &[Point]) -> f64 {
    let to_piece = |p: Point, a: Point, b: Point| {
        let way = a.distance_m(b);
        if way == 0.0 {
            return p.distance_m(a);
        }
        let share = (((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / (way * way)).clamp(0.0, 1.0);
        p.distance_m(Point::new(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)))
    };
    let to_line = |p: Point| line.windows(2).map(|w| to_piece(p, w[0], w[1])).fold(f64::INFINITY, f64::min);
    points.iter().map(|p| to_line(*p)).fold(0.0, f64::max)
}

fn kind(kind: &LinkKind) -> String {
    match kind {
        LinkKind::Road => "road".into(),
        LinkKind::Ferry(f) => format!(
            "ferry for {} cars and {} motorcycles every {} s, {} s across",
            f.car_capacity, f.motorcycle_capacity, f.interval_s, f.crossing_s
        ),
    }
}

/// Lanes from the kerb side, e.g. `mixed 3.50 m (motorcycle bicycle) through;right, general 3.50 m`.
fn lanes(link: &Link) -> String {
    let lane = |l: &sim_core::network::Lane| {
        let kind = match l.kind {
            LaneKind::General => "general",
            LaneKind::Mixed => "mixed",
            LaneKind::Motorcycle => "motorcycle",
            LaneKind::Bus => "bus",
        };
        let access = if l.access == link.access { String::new() } else { format!(" ({})", classes(l.access)) };
        let turns = [(TurnSet::LEFT, "left"), (TurnSet::THROUGH, "through"), (TurnSet::RIGHT, "right"), (TurnSet::U_TURN, "reverse")];
        let turns: Vec<_> = turns.into_iter().filter(|(t, _)| l.turns.intersects(*t)).map(|(_, name)| name).collect();
        let turns = if turns.is_empty() { String::new() } else { format!(" {}", turns.join(";")) };
        format!("{kind} {}{access}{turns}", metres(l.width_m))
    };
    format!("{}: {}", link.lanes.len(), link.lanes.iter().map(lane).collect::<Vec<_>>().join(", "))
}

fn limits(l: &SpeedLimits) -> String {
    format!(
        "light {}, heavy {}, motorcycle {}, articulated {}, slow {}",
        kmh(l.light_mps),
        kmh(l.heavy_mps),
        kmh(l.motorcycle_mps),
        kmh(l.articulated_mps),
        kmh(l.slow_mps)
    )
}

pub(super) fn junction(a: Of<'_, JunctionId>, b: Of<'_, JunctionId>) -> Vec<FieldChange> {
    let all = |(network, id): Of<'_, JunctionId>| {
        let j = network.junction(id);
        let kind = match j.kind {
            JunctionKind::Priority => "priority",
            JunctionKind::Signal(_) => "signal",
            JunctionKind::Roundabout => "roundabout",
            JunctionKind::Terminal => "terminal",
        };
        [("name", or_none(j.name.as_deref())), ("kind", kind.into())]
    };
    let mut found = changes(all(a), all(b));
    moved(&mut found, a.0.junction(a.1).centre, same_frame(a.0, b.0, b.0.junction(b.1).centre));
    found
}

fn moved(found: &mut Vec<FieldChange>, before: Point, after: Point) {
    let way_m = before.distance_m(after);
    if way_m >= SAME_PLACE_M {
        let text = |p: Point| format!("{:.1} m east, {:.1} m north", p.x, p.y);
        found.push(FieldChange { field: "place", before: text(before), after: format!("{} ({way_m:.1} m away)", text(after)) });
    }
}

pub(super) fn movement(a: Of<'_, &Movement>, b: Of<'_, &Movement>) -> Vec<FieldChange> {
    let all = |(network, m): Of<'_, &Movement>| {
        [
            ("junction", network.junction(m.junction).ref_.to_string()),
            ("turn", format!("{:?}", m.turn).to_lowercase()),
            ("access", classes(m.access)),
            ("from_lanes", format!("{:?}", m.from_lanes.clone().collect::<Vec<_>>())),
            ("to_lanes", format!("{:?}", m.to_lanes.clone().collect::<Vec<_>>())),
            ("priority", m.priority.0.to_string()),
        ]
    };
    changes(all(a), all(b))
}

pub(super) fn signal(a: Of<'_, &SignalController>, b: Of<'_, &SignalController>) -> Vec<FieldChange> {
    let all = |(network, c): Of<'_, &SignalController>| {
        let group = |g: &sim_core::network::SignalGroup| {
            let mut names: Vec<_> = g
                .movements
                .iter()
                .map(|m| format!("{} > {}", network.link(network.movement(*m).from).ref_, network.link(network.movement(*m).to).ref_))
                .collect();
            names.sort();
            format!("{} [{}]", g.name, names.join(", "))
        };
        let phase = |p: &sim_core::network::Phase| {
            let names: Vec<_> = p.groups.iter().map(|g| c.groups[usize::from(*g)].name.as_str()).collect();
            format!("{} for {:.1} s, yellow {:.1} s, all red {:.1} s", names.join(" + "), p.green_s, p.yellow_s, p.all_red_s)
        };
        [
            ("junction", network.junction(c.junction).ref_.to_string()),
            ("groups", c.groups.iter().map(group).collect::<Vec<_>>().join("; ")),
            ("plan", c.plan.phases().iter().map(phase).collect::<Vec<_>>().join("; ")),
            ("offset", format!("{:.1} s", c.plan.offset_s())),
            ("plan_is_assumed", yes_no(c.plan_is_assumed)),
        ]
    };
    changes(all(a), all(b))
}

pub(super) fn place(a: Of<'_, &Place>, b: Of<'_, &Place>) -> Vec<FieldChange> {
    let all = |(network, p): Of<'_, &Place>| {
        [
            ("kind", format!("{:?}", p.kind).to_lowercase()),
            ("name", or_none(p.name.as_deref())),
            ("link", p.access.map_or_else(|| "none".into(), |(l, s)| format!("{} at {s:.0} m", network.link(l).ref_))),
            ("size", p.size.map_or_else(|| "unknown".into(), |n| n.to_string())),
        ]
    };
    let mut found = changes(all(a), all(b));
    moved(&mut found, a.1.point, same_frame(a.0, b.0, b.1.point));
    found
}
