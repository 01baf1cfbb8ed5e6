//! Paint on the roads, as QCVN 41:2024/BGTVT has it: dashed lines between lanes, a yellow line between the directions of an undivided road,
//! stop lines, and arrows for the turns a lane is marked for. Drawn from near by only. Plain geometry.

use crate::{
    colour::{Theme, linear},
    ribbon::Ribbons,
};
use sim_core::{
    geometry::Point,
    network::{JunctionKind, Link, LinkKind, RoadNetwork, TurnSet, world_point},
};

/// Width of a line between lanes, metres (QCVN 41, line 2.1: 15 cm).
const LINE_M: f64 = 0.15;
/// Width of a stop line, metres (line 7.1: 20 to 40 cm).
const STOP_LINE_M: f64 = 0.4;
/// A dash and the gap after it, metres (line 2.1: 1 to 3 m, gaps of 2 to 6 m).
const DASH_M: f64 = 2.0;
const GAP_M: f64 = 4.0;
/// Roads narrower than this have no paint between their directions, metres (assumed: alleys).
const LEAST_PAINTED_M: f32 = 3.0;
/// How far before the stop line an arrow stands, metres.
const ARROW_BEFORE_M: f64 = 9.0;

/// The paint of some links, by index, in metres from `origin`.
pub fn markings(network: &RoadNetwork, links: impl Iterator<Item = usize>, origin: Point, theme: Theme) -> Ribbons {
    let mut out = Ribbons::default();
    for index in links {
        let link = &network.links[index];
        if link.kind != LinkKind::Road {
            continue;
        }
        let mut brush = Brush { network, link, index, origin, theme, out: &mut out };
        brush.lanes();
        brush.middle();
        brush.stop_line();
        brush.arrows();
    }
    out
}

struct Brush<'a> {
    network: &'a RoadNetwork,
    link: &'a Link,
    index: usize,
    origin: Point,
    theme: Theme,
    out: &'a mut Ribbons,
}

impl Brush<'_> {
    fn at(&self, s_m: f64, y_m: f64) -> Point {
        world_point(self.network, sim_core::ids::LinkId::from_index(self.index), s_m, y_m).0
    }

    fn length_m(&self) -> f64 {
        f64::from(self.link.length_m)
    }

    fn line(&mut self, points: &[Point], width_m: f64, colour: [f32; 4]) {
        self.out.add_line(points, self.origin, (width_m / 2.0) as f32, 0.0, colour);
    }

    /// Dashes between the lanes.
    fn lanes(&mut self) {
        let white = linear(self.theme.paint());
        let mut y_m = 0.0;
        for lane in &self.link.lanes[..self.link.lanes.len() - 1] {
            y_m += f64::from(lane.width_m);
            let mut s_m = 1.0;
            while s_m + DASH_M < self.length_m() {
                self.line(&[self.at(s_m, y_m), self.at(s_m + DASH_M, y_m)], LINE_M, white);
                s_m += DASH_M + GAP_M;
            }
        }
    }

    /// The line between the two directions, painted once for both.
    fn middle(&mut self) {
        let Some(opposite) = self.link.opposite else { return };
        if opposite.index() < self.index || self.link.width_m < LEAST_PAINTED_M {
            return;
        }
        let yellow = linear(self.theme.yellow_paint());
        let y_m = f64::from(self.link.width_m);
        // Follow the bends of the centre line.
        let pieces = (self.length_m() / 12.0).ceil().clamp(1.0, 400.0) as usize;
        let points: Vec<Point> = (0..=pieces).map(|k| self.at(self.length_m() * k as f64 / pieces as f64, y_m)).collect();
        self.line(&points, LINE_M, yellow);
    }

    /// Where somebody may have to stop: at signals, and on the side road.
    fn stop_line(&mut self) {
        let junction = self.network.junction(self.link.to);
        let is_signal = matches!(junction.kind, JunctionKind::Signal(_));
        let movements = &self.network.movements[junction.movements.start as usize..junction.movements.end as usize];
        let own: Vec<_> = movements.iter().filter(|m| m.from.index() == self.index).collect();
        let yields = own.iter().any(|m| m.priority >= sim_core::network::Priority::MINOR) && junction.incoming.len() > 2;
        if own.is_empty() || !(is_signal || yields) {
            return;
        }
        let s_m = (self.length_m() - STOP_LINE_M / 2.0).max(0.0);
        let white = linear(self.theme.paint());
        let across = [self.at(s_m, 0.1), self.at(s_m, f64::from(self.link.width_m) - 0.1)];
        self.line(&across, STOP_LINE_M, white);
    }

    /// Arrows of the lanes that are marked for turns.
    fn arrows(&mut self) {
        let s_m = self.length_m() - ARROW_BEFORE_M;
        if s_m < 4.0 {
            return;
        }
        let white = linear(self.theme.paint());
        let mut kerb_m = 0.0;
        for lane in self.link.lanes.clone() {
            let y_m = kerb_m + f64::from(lane.width_m) / 2.0;
            kerb_m += f64::from(lane.width_m);
            if lane.turns.is_unmarked() {
                continue;
            }
            self.line(&[self.at(s_m - 2.5, y_m), self.at(s_m + 0.5, y_m)], 0.18, white);
            if lane.turns.intersects(TurnSet::THROUGH) {
                self.head([self.at(s_m + 2.2, y_m), self.at(s_m + 0.5, y_m + 0.45), self.at(s_m + 0.5, y_m - 0.45)], white);
            }
            for (turn, side) in [(TurnSet::LEFT, 1.0), (TurnSet::RIGHT, -1.0)] {
                if lane.turns.intersects(turn) {
                    self.line(&[self.at(s_m + 0.4, y_m), self.at(s_m + 0.9, y_m + 0.7 * side)], 0.18, white);
                    let tip = self.at(s_m + 1.15, y_m + 1.25 * side);
                    self.head([tip, self.at(s_m + 1.35, y_m + 0.55 * side), self.at(s_m + 0.35, y_m + 0.8 * side)], white);
                }
            }
        }
    }

    fn head(&mut self, corners: [Point; 3], colour: [f32; 4]) {
        self.out.add_area(&corners, self.origin, colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signalled_street_has_stop_lines_and_dashes_and_one_middle_line() {
        let network = maps::sketch::embedded().unwrap().network;
        let painted = markings(&network, 0..network.links.len(), Point::default(), Theme::Light);
        let of = |colour: [f32; 4]| painted.colours.iter().filter(|c| **c == colour).count();
        let (white, yellow) = (of(linear(Theme::Light.paint())), of(linear(Theme::Light.yellow_paint())));
        assert!(white > 10_000 && yellow > 5_000, "{white} white and {yellow} yellow corners");
        // One middle line for the two links of a road: fewer than one each.
        let pairs = network.links.iter().filter(|l| l.opposite.is_some() && l.kind == LinkKind::Road).count();
        let expected: f64 = network
            .links
            .iter()
            .enumerate()
            .filter(|(i, l)| l.kind == LinkKind::Road && l.opposite.is_some_and(|o| o.index() > *i) && l.width_m >= LEAST_PAINTED_M)
            .map(|(_, l)| 2.0 * (1.0 + (f64::from(l.length_m) / 12.0).ceil().clamp(1.0, 400.0)))
            .sum();
        assert!(pairs > 100 && yellow == expected as usize, "{yellow}, expected {expected}");
    }
}
