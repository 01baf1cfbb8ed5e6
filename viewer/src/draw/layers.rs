//! Layers on the roads: meshes made once for a map, one buffer of colours and widths for each side, rewritten when a sample or the choice of layer is new.

use super::{LAYER_SHADER, Loaded, Look, OfMap, Shown, height, mesh_of};
use crate::{
    camera::MapCamera,
    layer::{LinkRecord, records},
    ribbon::layer_ribbons,
};
use bevy::{
    asset::RenderAssetUsages,
    camera::visibility::{NoFrustumCulling, RenderLayers},
    prelude::*,
    reflect::TypePath,
    render::{
        render_resource::{AsBindGroup, ShaderType},
        storage::ShaderBuffer,
    },
    sprite_render::Material2dPlugin,
};
use sim_core::network::DrivingSide;

/// Which of two simulations something belongs to: 0 the first, 1 the one it is compared with. Each has a camera and a render layer.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shows(pub usize);

impl Shows {
    /// The render layer of what only one side shows.
    pub const fn layer(self) -> usize {
        1 + self.0
    }
}

pub(super) struct LayersPlugin;

impl Plugin for LayersPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(Material2dPlugin::<LayerMaterial>::default()).add_systems(Update, (build_layers, fill_layers).chain());
    }
}

#[derive(Clone, Copy, ShaderType, Debug, Default)]
struct LayerParams {
    metres_per_px: f32,
    z: f32,
    middle_side: f32,
    unused: f32,
}

/// Ribbons whose colour and width come from a buffer.
#[derive(Asset, TypePath, AsBindGroup, Debug, Clone)]
struct LayerMaterial {
    #[storage(0, read_only)]
    links: Handle<ShaderBuffer>,
    #[uniform(1)]
    params: LayerParams,
}

drawn_by!(LayerMaterial, LAYER_SHADER);

/// What a side's layer is drawn with.
#[derive(Component)]
struct LayerOf {
    material: Handle<LayerMaterial>,
    buffer: Handle<ShaderBuffer>,
    /// The end of the sample that is in the buffer, and how it looks.
    filled: Option<(f64, usize, Look)>,
}

/// The layer of the map that was open before.
type OldLayer = (With<OfMap>, Or<(With<LayerOf>, With<MeshMaterial2d<LayerMaterial>>)>);

fn build_layers(
    mut commands: Commands,
    loaded: Res<Loaded>,
    old: Query<Entity, OldLayer>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<LayerMaterial>>,
    mut buffers: ResMut<Assets<ShaderBuffer>>,
) {
    if !loaded.is_changed() {
        return;
    }
    old.iter().for_each(|entity| commands.entity(entity).despawn());
    let Some(opened) = &loaded.0 else { return };
    let ribbons = layer_ribbons(&opened.network, opened.origin);
    let meshes: Vec<_> = ribbons.iter().map(|r| meshes.add(mesh_of(r))).collect();
    let links = opened.network.links.len().max(1);
    // The middle of the road is to the left of a link where one keeps right.
    let middle_side = if opened.network.meta.driving_side == DrivingSide::Right { 1.0 } else { -1.0 };
    for side in [Shows(0), Shows(1)] {
        let bytes = vec![0u8; links * size_of::<LinkRecord>()];
        let buffer = buffers.add(ShaderBuffer::new(&bytes, RenderAssetUsages::RENDER_WORLD));
        let params = LayerParams { metres_per_px: 1.0, z: height::LAYER, middle_side, unused: 0.0 };
        let material = materials.add(LayerMaterial { links: buffer.clone(), params });
        for mesh in &meshes {
            let seen = RenderLayers::layer(side.layer());
            commands.spawn((Mesh2d(mesh.clone()), MeshMaterial2d(material.clone()), OfMap, side, seen, NoFrustumCulling));
        }
        commands.spawn((LayerOf { material, buffer, filled: None }, OfMap, side));
    }
}

fn fill_layers(
    (loaded, look, camera, shown): (Res<Loaded>, Res<Look>, Res<MapCamera>, Res<Shown>),
    mut sides: Query<(&mut LayerOf, &Shows)>,
    mut tiles: Query<(&mut Visibility, &Shows), With<MeshMaterial2d<LayerMaterial>>>,
    mut materials: ResMut<Assets<LayerMaterial>>,
    mut buffers: ResMut<Assets<ShaderBuffer>>,
) {
    let Some(opened) = &loaded.0 else { return };
    let other = shown.now.other.as_deref();
    let is_shown = look.layer != crate::layer::Layer::Roads;
    for (mut visibility, side) in &mut tiles {
        let wanted = is_shown && (side.0 == 0 || other.is_some());
        visibility.set_if_neq(if wanted { Visibility::Inherited } else { Visibility::Hidden });
    }
    for (mut layer, side) in &mut sides {
        if !is_shown || (side.0 == 1 && other.is_none()) {
            continue;
        }
        let snapshot = if side.0 == 0 { &*shown.now } else { other.unwrap_or(&shown.now) };
        let sample = &snapshot.sample;
        let filled = (sample.until_s + snapshot.watch.hours, sample.links.len() + snapshot.watch.sensors.len(), *look);
        if layer.filled != Some(filled) {
            layer.filled = Some(filled);
            // The second side keeps its own values, so that the first can be read as a difference from them.
            let base = other.filter(|o| look.difference && side.0 == 0 && o.time_s == snapshot.time_s);
            let records = records(look.layer, snapshot, base, &opened.network, look.theme);
            if let Some(mut buffer) = buffers.get_mut(&layer.buffer) {
                buffer.data = Some(bytemuck::cast_slice(&records).to_vec());
            }
            if let Some(mut material) = materials.get_mut(&layer.material) {
                material.params.metres_per_px = camera.metres_per_px;
            }
        } else if let Some(material) = materials.get(&layer.material)
            && material.params.metres_per_px != camera.metres_per_px
            && let Some(mut material) = materials.get_mut(&layer.material)
        {
            material.params.metres_per_px = camera.metres_per_px;
        }
    }
}
