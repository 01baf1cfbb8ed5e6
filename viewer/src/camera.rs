//! The camera: drag to move, wheel to zoom about the cursor, Home to go back.

use bevy::{
    input::mouse::{AccumulatedMouseMotion, AccumulatedMouseScroll},
    prelude::*,
    window::PrimaryWindow,
};
use bevy_egui::input::EguiWantsInput;

/// The nearest and the farthest zoom, metres per pixel.
const METRES_PER_PX: std::ops::RangeInclusive<f32> = 0.02..=2_000.0;

/// What the window looks at.
#[derive(Resource, Clone, Copy, Debug, PartialEq)]
pub struct MapCamera {
    /// The middle of the map's part of the window, metres from the drawing's origin.
    pub centre: Vec2,
    /// Metres per logical pixel.
    pub metres_per_px: f32,
    /// Where Home leads: centre and metres per pixel.
    pub home: (Vec2, f32),
}

impl MapCamera {
    /// Looks at `centre` so that `extent_m` metres fit into 800 pixels.
    pub fn looking_at(centre: [f32; 2], extent_m: f32) -> Self {
        let metres_per_px = (extent_m / 800.0).clamp(*METRES_PER_PX.start(), *METRES_PER_PX.end());
        let centre = Vec2::from(centre);
        Self { centre, metres_per_px, home: (centre, metres_per_px) }
    }

    /// Moves with the mouse: `delta_px` to the right and down.
    pub fn drag(&mut self, delta_px: Vec2) {
        self.centre += Vec2::new(-delta_px.x, delta_px.y) * self.metres_per_px;
    }

    /// Zooms by wheel notches (positive is nearer), keeping the point `about` where it is on the screen.
    pub fn zoom(&mut self, notches: f32, about: Vec2) {
        let old = self.metres_per_px;
        self.metres_per_px = (old * 1.18f32.powf(-notches)).clamp(*METRES_PER_PX.start(), *METRES_PER_PX.end());
        self.centre = about + (self.centre - about) * (self.metres_per_px / old);
    }

    /// Back to where the window opened.
    pub fn go_home(&mut self) {
        (self.centre, self.metres_per_px) = self.home;
    }
}

/// Width of the side panel, logical pixels: the map's centre lies in the middle of what it leaves free.
pub const PANEL_PX: f32 = 300.0;

/// Spawns the camera and keeps it where [`MapCamera`] says.
pub struct CameraPlugin;

impl Plugin for CameraPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Startup, |mut commands: Commands| {
            commands.spawn(Camera2d);
        })
        .add_systems(PostUpdate, place_camera.before(bevy::transform::TransformSystems::Propagate));
    }
}

/// Mouse and keys; apart, because a window without a screen has none.
pub struct CameraInputPlugin;

impl Plugin for CameraInputPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Update, (hear_mouse, hear_keys));
    }
}

fn place_camera(map: Res<MapCamera>, camera: Single<(&mut Transform, &mut Projection), With<Camera2d>>) {
    let (mut transform, mut projection) = camera.into_inner();
    transform.translation.x = map.centre.x - PANEL_PX / 2.0 * map.metres_per_px;
    transform.translation.y = map.centre.y;
    if let Projection::Orthographic(orthographic) = &mut *projection {
        orthographic.scale = map.metres_per_px;
    }
}

fn hear_keys(keys: Res<ButtonInput<KeyCode>>, mut map: ResMut<MapCamera>) {
    if keys.just_pressed(KeyCode::Home) {
        map.go_home();
    }
}

fn hear_mouse(
    window: Single<&Window, With<PrimaryWindow>>,
    wants: Option<Res<EguiWantsInput>>,
    buttons: Res<ButtonInput<MouseButton>>,
    motion: Res<AccumulatedMouseMotion>,
    scroll: Res<AccumulatedMouseScroll>,
    view: Single<(&Camera, &GlobalTransform), With<Camera2d>>,
    mut map: ResMut<MapCamera>,
) {
    if wants.is_some_and(|w| w.wants_any_pointer_input()) {
        return;
    }
    if buttons.any_pressed([MouseButton::Left, MouseButton::Middle]) && motion.delta != Vec2::ZERO {
        map.drag(motion.delta);
    }
    let (camera, at) = *view;
    if scroll.delta.y != 0.0
        && let Some(cursor) = window.cursor_position()
        && let Ok(about) = camera.viewport_to_world_2d(at, cursor)
    {
        map.zoom(scroll.delta.y, about);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_point_under_the_cursor() {
        let mut map = MapCamera::looking_at([100.0, -50.0], 800.0);
        let about = Vec2::new(160.0, 10.0);
        let on_screen = |map: &MapCamera| (about - map.centre) / map.metres_per_px;
        let before = on_screen(&map);
        map.zoom(3.0, about);
        assert!(map.metres_per_px < 1.0);
        assert!((on_screen(&map) - before).length() < 1e-3, "{before} became {}", on_screen(&map));
        map.go_home();
        assert_eq!((map.centre, map.metres_per_px), (Vec2::new(100.0, -50.0), 1.0));
    }

    #[test]
    fn dragging_to_the_right_moves_the_view_to_the_left() {
        let mut map = MapCamera::looking_at([0.0, 0.0], 1_600.0);
        map.drag(Vec2::new(10.0, 5.0));
        assert_eq!(map.centre, Vec2::new(-20.0, 10.0));
    }
}
