//! What the window looks at: centre, scale and rotation of the map, and the way between the map and the screen. No renderer.

use bevy::prelude::{Resource, Vec2};

/// The nearest and the farthest zoom, metres per pixel.
const METRES_PER_PX: std::ops::RangeInclusive<f32> = 0.02..=2_000.0;

/// What the window looks at.
#[derive(Resource, Clone, Copy, Debug, PartialEq)]
pub struct MapCamera {
    /// The middle of the map's part of the window, metres from the drawing's origin.
    pub centre: Vec2,
    /// Metres per logical pixel.
    pub metres_per_px: f32,
    /// Which way is up, radians counter-clockwise from north: 0 is north, a quarter turn is west.
    pub angle: f32,
    /// Where Home leads: centre and metres per pixel.
    pub home: (Vec2, f32),
}

impl Default for MapCamera {
    fn default() -> Self {
        Self::looking_at([0.0, 0.0], 1_000.0)
    }
}

impl MapCamera {
    /// Looks at `centre` so that `extent_m` metres fit into 800 pixels.
    pub fn looking_at(centre: [f32; 2], extent_m: f32) -> Self {
        let metres_per_px = (extent_m / 800.0).clamp(*METRES_PER_PX.start(), *METRES_PER_PX.end());
        let centre = Vec2::from(centre);
        Self { centre, metres_per_px, angle: 0.0, home: (centre, metres_per_px) }
    }

    /// Where a place of the map lies, in pixels right of and below the middle of the map's area.
    pub fn to_screen(&self, place: Vec2) -> Vec2 {
        let across = Vec2::from_angle(-self.angle).rotate(place - self.centre) / self.metres_per_px;
        Vec2::new(across.x, -across.y)
    }

    /// The place of the map at so many pixels right of and below the middle of the map's area.
    pub fn to_map(&self, px: Vec2) -> Vec2 {
        self.centre + Vec2::from_angle(self.angle).rotate(Vec2::new(px.x, -px.y)) * self.metres_per_px
    }

    /// Moves with the mouse: `delta_px` to the right and down.
    pub fn drag(&mut self, delta_px: Vec2) {
        self.centre = self.to_map(-delta_px);
    }

    /// Zooms by wheel notches (positive is nearer), keeping what is at `about_px` where it is on the screen.
    pub fn zoom(&mut self, notches: f32, about_px: Vec2) {
        let about = self.to_map(about_px);
        let old = self.metres_per_px;
        self.metres_per_px = (old * 1.18f32.powf(-notches)).clamp(*METRES_PER_PX.start(), *METRES_PER_PX.end());
        self.centre = about + (self.centre - about) * (self.metres_per_px / old);
    }

    /// Turns about the middle, radians counter-clockwise.
    pub fn turn(&mut self, by: f32) {
        let whole = std::f32::consts::TAU;
        self.angle = (self.angle + by).rem_euclid(whole);
        if self.angle < 1e-3 || self.angle > whole - 1e-3 {
            self.angle = 0.0;
        }
    }

    /// Back to where the window opened, north up.
    pub fn go_home(&mut self) {
        (self.centre, self.metres_per_px) = self.home;
        self.angle = 0.0;
    }

    /// Looks at a rectangle (least and greatest corner) so that all of it fits into an area of `size_px`.
    pub fn fit(&mut self, least: Vec2, greatest: Vec2, size_px: Vec2) {
        let size = (greatest - least).max(Vec2::splat(50.0)) * 1.08;
        let scale = (size / size_px.max(Vec2::splat(50.0))).max_element();
        self.centre = (least + greatest) / 2.0;
        self.metres_per_px = scale.clamp(*METRES_PER_PX.start(), *METRES_PER_PX.end());
        self.angle = 0.0;
    }

    /// Looks at a place from near enough.
    pub fn look_at(&mut self, place: [f32; 2], metres_per_px: f32) {
        self.centre = Vec2::from(place);
        self.metres_per_px = metres_per_px.clamp(*METRES_PER_PX.start(), *METRES_PER_PX.end());
    }
}

/// A length for a scale bar: the greatest of 1, 2, 5, 10 … metres that takes at most `most_px`, and how many pixels it takes.
pub fn scale_bar(metres_per_px: f32, most_px: f32) -> (f32, f32) {
    let most_m = metres_per_px * most_px;
    let decade = 10f32.powf(most_m.log10().floor());
    let length = [5.0, 2.0, 1.0].into_iter().map(|k| k * decade).find(|l| *l <= most_m).unwrap_or(decade);
    (length, length / metres_per_px)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_point_under_the_cursor_at_any_rotation() {
        let mut map = MapCamera::looking_at([100.0, -50.0], 800.0);
        map.turn(0.7);
        let cursor = Vec2::new(160.0, 10.0);
        let before = map.to_map(cursor);
        map.zoom(3.0, cursor);
        assert!(map.metres_per_px < 1.0);
        assert!((map.to_map(cursor) - before).length() < 1e-2, "{before} became {}", map.to_map(cursor));
        map.go_home();
        assert_eq!((map.centre, map.metres_per_px, map.angle), (Vec2::new(100.0, -50.0), 1.0, 0.0));
    }

    #[test]
    fn screen_and_map_are_each_others_way_back() {
        let mut map = MapCamera::looking_at([10.0, 20.0], 1_600.0);
        map.turn(-1.2);
        let place = Vec2::new(333.0, -77.0);
        assert!((map.to_map(map.to_screen(place)) - place).length() < 1e-2);
    }

    #[test]
    fn after_a_quarter_turn_west_is_up() {
        let mut map = MapCamera::looking_at([0.0, 0.0], 800.0);
        map.turn(std::f32::consts::FRAC_PI_2);
        let west = map.to_screen(Vec2::new(-100.0, 0.0));
        assert!(west.x.abs() < 1e-3 && (west.y + 100.0).abs() < 1e-3, "{west}");
    }

    #[test]
    fn dragging_to_the_right_moves_the_view_to_the_left() {
        let mut map = MapCamera::looking_at([0.0, 0.0], 1_600.0);
        map.drag(Vec2::new(10.0, 5.0));
        assert!((map.centre - Vec2::new(-20.0, 10.0)).length() < 1e-4);
    }

    #[test]
    fn what_is_fitted_is_all_in_sight() {
        let mut map = MapCamera::default();
        map.fit(Vec2::new(-1_000.0, 0.0), Vec2::new(3_000.0, 1_000.0), Vec2::new(800.0, 600.0));
        let corner = map.to_screen(Vec2::new(3_000.0, 1_000.0));
        assert!(corner.x <= 400.0 && corner.x > 350.0 && corner.y >= -300.0, "{corner}");
    }

    #[test]
    fn a_scale_bar_has_a_round_length() {
        assert_eq!(scale_bar(1.0, 120.0), (100.0, 100.0));
        let (length, px) = scale_bar(7.3, 120.0);
        assert!(length == 500.0 && px <= 120.0, "{length} m in {px} px");
        assert_eq!(scale_bar(0.02, 120.0).0, 2.0);
    }
}
