//! The cameras: one for the map, one for the simulation it is compared with, one for panels. They stand where [`MapCamera`] says.

use super::{Shown, Shows};
use crate::camera::MapCamera;
use bevy::{
    camera::{CameraOutputMode, Viewport, visibility::RenderLayers},
    prelude::*,
    render::render_resource::BlendState,
    window::PrimaryWindow,
};
use bevy_egui::{EguiGlobalSettings, PrimaryEguiContext};

/// The part of the window that panels leave free, in logical pixels.
#[derive(Resource, Clone, Copy, Debug, PartialEq)]
pub struct MapArea(pub Rect);

impl Default for MapArea {
    fn default() -> Self {
        Self(Rect::new(0.0, 0.0, 1280.0, 800.0))
    }
}

impl MapArea {
    /// Its size.
    pub fn size(&self) -> Vec2 {
        self.0.size()
    }
}

/// The parts of an area that the two sides of a comparison get, or the whole for one alone.
pub fn side_by_side(area: Rect, is_compared: bool) -> [Rect; 2] {
    if !is_compared {
        return [area, Rect::new(area.max.x, area.min.y, area.max.x, area.max.y)];
    }
    let middle = area.center().x.round();
    [Rect::new(area.min.x, area.min.y, middle - 1.0, area.max.y), Rect::new(middle + 1.0, area.min.y, area.max.x, area.max.y)]
}

/// Spawns the cameras and keeps them in place.
pub struct CamerasPlugin;

impl Plugin for CamerasPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<MapArea>()
            .add_systems(PreStartup, spawn)
            .add_systems(PostUpdate, place.before(bevy::transform::TransformSystems::Propagate));
    }
}

#[derive(Component)]
struct MapEye;

fn spawn(mut commands: Commands, settings: Option<ResMut<EguiGlobalSettings>>) {
    for side in [Shows(0), Shows(1)] {
        let camera = Camera { order: side.0 as isize, is_active: side.0 == 0, ..default() };
        commands.spawn((Camera2d, camera, side, MapEye, RenderLayers::from_layers(&[0, side.layer()])));
    }
    let Some(mut settings) = settings else { return };
    settings.auto_create_primary_context = false;
    commands.spawn((
        PrimaryEguiContext,
        Camera2d,
        RenderLayers::none(),
        Camera {
            order: 2,
            output_mode: CameraOutputMode::Write {
                blend_state: Some(BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                clear_color: ClearColorConfig::None,
            },
            clear_color: ClearColorConfig::Custom(Color::NONE),
            ..default()
        },
    ));
}

fn place(
    (map, area, shown): (Res<MapCamera>, Res<MapArea>, Res<Shown>),
    window: Query<&Window, With<PrimaryWindow>>,
    mut eyes: Query<(&mut Camera, &mut Transform, &mut Projection, &Shows), With<MapEye>>,
) {
    let Ok(window) = window.single() else { return };
    let is_compared = shown.now.other.is_some();
    let parts = side_by_side(area.0, is_compared);
    let whole = Vec2::new(window.width(), window.height());
    let scale = window.scale_factor();
    for (mut camera, mut transform, mut projection, side) in &mut eyes {
        let is_active = side.0 == 0 || is_compared;
        if camera.is_active != is_active {
            camera.is_active = is_active;
        }
        if !is_active {
            continue;
        }
        // The first draws on the whole window, so that there is map behind rounded panels; the second on its half.
        let drawn = if side.0 == 0 { Rect::from_corners(Vec2::ZERO, whole) } else { parts[1] };
        if side.0 == 1 {
            let position = (drawn.min * scale).as_uvec2();
            let most = UVec2::new(window.physical_width(), window.physical_height()).saturating_sub(position);
            let size = (drawn.size() * scale).as_uvec2().min(most).max(UVec2::ONE);
            camera.viewport = Some(Viewport { physical_position: position, physical_size: size, ..default() });
        }
        // What the map's centre is away from the middle of what is drawn on, in pixels right and down.
        let off = parts[side.0].center() - drawn.center();
        let middle = map.to_map(-off);
        let wished = Transform::from_xyz(middle.x, middle.y, 0.0).with_rotation(Quat::from_rotation_z(map.angle));
        if *transform != wished {
            *transform = wished;
        }
        if let Projection::Orthographic(orthographic) = &mut *projection
            && orthographic.scale != map.metres_per_px
        {
            orthographic.scale = map.metres_per_px;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sides_share_the_area_and_one_alone_has_all_of_it() {
        let area = Rect::new(300.0, 40.0, 1280.0, 700.0);
        assert_eq!(side_by_side(area, false)[0], area);
        let [left, right] = side_by_side(area, true);
        assert_eq!(left.size(), right.size());
        assert!(left.max.x < right.min.x && right.max == area.max);
    }
}
