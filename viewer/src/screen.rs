//! How large a point is on the screen. Systems that know the size of their screen say so themselves; some (X11 without a setting) call a screen of
//! 4K plain, where texts would be a millimetre high. There the window is drawn larger; the user's own size of texts comes on top of it.

use bevy::{
    prelude::*,
    window::{Monitor, PrimaryMonitor, PrimaryWindow},
};

/// Width and height of a window that opens without being told its size, points.
pub const USUAL_SIZE: [u32; 2] = [1280, 800];
/// The least height at which every panel has its place, points.
const LEAST_HEIGHT: f32 = 720.0;
/// A screen higher than this many points is taken for a dense one whose system does not say so (between 1440 and 2160 lines, assumed).
const DENSE_HEIGHT: f32 = 1_800.0;
/// The height that a dense screen is made to have, points: that of an ordinary one.
const PLAIN_HEIGHT: f32 = 1_080.0;

/// How many pixels a point should have on a screen of `lines` pixels height, which the system says has `said` pixels a point: what the system says
/// unless the screen would then be higher than any ordinary one. In quarters, at most 4.
pub fn pixels_a_point(lines: u32, said: f32) -> f32 {
    let said = if said > 0.0 { said } else { 1.0 };
    if lines as f32 / said <= DENSE_HEIGHT { said } else { (lines as f32 / PLAIN_HEIGHT * 4.0).floor().clamp(4.0, 16.0) / 4.0 }
}

/// The same for a window whose size was asked for: no more than it has room for.
fn in_window(scale: f32, window_lines: u32, said: f32) -> f32 {
    scale.min((window_lines as f32 / LEAST_HEIGHT * 4.0).floor() / 4.0).max(said)
}

/// Fits the window to the screen once it is known.
pub struct ScreenPlugin {
    /// Pixels a point, if the user has asked for them.
    pub scale: Option<f32>,
    /// Whether the window's size was asked for.
    pub is_sized: bool,
}

/// What there is still to do.
#[derive(Resource, Clone, Copy)]
struct Wished {
    scale: Option<f32>,
    is_sized: bool,
}

impl Plugin for ScreenPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(Wished { scale: self.scale, is_sized: self.is_sized })
            .add_systems(PreUpdate, fit.run_if(resource_exists::<Wished>));
    }
}

fn fit(
    mut commands: Commands,
    wished: Res<Wished>,
    screens: Query<&Monitor, With<PrimaryMonitor>>,
    any: Query<&Monitor>,
    mut windows: Query<&mut Window, With<PrimaryWindow>>,
) {
    let (Some(screen), Ok(mut window)) = (screens.iter().next().or_else(|| any.iter().next()), windows.single_mut()) else { return };
    commands.remove_resource::<Wished>();
    let said = window.resolution.base_scale_factor();
    let usual = pixels_a_point(screen.physical_height, screen.scale_factor as f32);
    let scale = match wished.scale {
        Some(scale) => scale,
        None if wished.is_sized => in_window(usual, window.resolution.physical_height(), said),
        None => usual,
    };
    if (scale - said).abs() < 0.01 {
        return;
    }
    window.resolution.set_scale_factor_override(Some(scale));
    if !wished.is_sized {
        let [width, height] = USUAL_SIZE.map(|side| side as f32 * scale);
        window.resolution.set_physical_resolution((width as u32).min(screen.physical_width), (height as u32).min(screen.physical_height));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::window::WindowResolution;

    #[test]
    fn only_a_dense_screen_that_is_called_plain_is_drawn_larger() {
        let cases = [
            (720, 1.0, 1.0),
            (1080, 1.0, 1.0),
            (1440, 1.0, 1.0),
            (2160, 1.0, 2.0),
            (2160, 1.25, 1.25),
            (2160, 2.0, 2.0),
            (2880, 1.5, 2.5),
            (4320, 1.0, 4.0),
            (2160, 0.0, 2.0),
        ];
        for (lines, said, expected) in cases {
            assert_eq!(pixels_a_point(lines, said), expected, "{lines} lines, {said} said");
        }
    }

    fn opened(screen: [u32; 2], window: [u32; 2], is_sized: bool, scale: Option<f32>) -> (Vec2, UVec2) {
        let mut app = App::new();
        app.add_plugins(ScreenPlugin { scale, is_sized });
        let resolution = WindowResolution::new(window[0], window[1]);
        let window = app.world_mut().spawn((Window { resolution, ..default() }, PrimaryWindow)).id();
        app.update();
        let monitor = Monitor {
            name: None,
            physical_width: screen[0],
            physical_height: screen[1],
            physical_position: IVec2::ZERO,
            refresh_rate_millihertz: None,
            scale_factor: 1.0,
            video_modes: Vec::new(),
        };
        app.world_mut().spawn((monitor, PrimaryMonitor));
        app.update();
        let resolution = &app.world().entity(window).get::<Window>().map(|w| w.resolution.clone());
        resolution.as_ref().map_or((Vec2::ZERO, UVec2::ZERO), |r| (r.size(), r.physical_size()))
    }

    #[test]
    fn the_window_has_its_usual_points_on_every_screen_and_a_size_that_was_asked_for_stays() {
        let points = |width, height| Vec2::new(width as f32, height as f32);
        assert_eq!(opened([1920, 1080], USUAL_SIZE, false, None), (points(1280, 800), UVec2::new(1280, 800)));
        assert_eq!(opened([3840, 2160], USUAL_SIZE, false, None), (points(1280, 800), UVec2::new(2560, 1600)));
        assert_eq!(opened([3840, 2160], [3840, 2160], true, None), (points(1920, 1080), UVec2::new(3840, 2160)));
        assert_eq!(opened([3840, 2160], [1280, 720], true, None), (points(1280, 720), UVec2::new(1280, 720)));
        assert_eq!(opened([1920, 1080], [1280, 800], true, Some(1.25)), (points(1024, 640), UVec2::new(1280, 800)));
    }
}
