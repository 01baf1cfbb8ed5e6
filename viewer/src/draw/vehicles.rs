//! Vehicles and signal lamps: one mesh of unit squares for each, whose shader reads a buffer that is rewritten when a snapshot arrives.

use super::{Loaded, Look, Shown, Shows, VEHICLES_SHADER, height};
use crate::{
    camera::MapCamera,
    colour::{Colouring, Theme, linear},
    scenery::Lamp,
    snapshot::{Body, Snapshot, poses_before},
};
use bevy::{
    asset::RenderAssetUsages,
    camera::visibility::{NoFrustumCulling, RenderLayers},
    mesh::{Indices, PrimitiveTopology},
    prelude::*,
    reflect::TypePath,
    render::{
        render_resource::{AsBindGroup, ShaderType},
        storage::ShaderBuffer,
    },
    sprite_render::Material2dPlugin,
};
use sim_core::{class::VehicleClass, frame::Light};

/// Bytes of one vehicle's record in the shader.
const RECORD_BYTES: usize = 48;
/// A body that moved further than this between two snapshots is drawn where it is, metres.
const JUMP_M: f32 = 120.0;
/// The least width of a vehicle on the screen, pixels.
const LEAST_VEHICLE_PX: f32 = 2.6;

pub(super) struct VehiclesPlugin;

impl Plugin for VehiclesPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(Material2dPlugin::<VehicleMaterial>::default()).add_systems(Startup, spawn).add_systems(Update, update);
    }
}

#[derive(Clone, Copy, ShaderType, Debug, Default)]
struct VehicleParams {
    alpha: f32,
    least_m: f32,
    z: f32,
    metres_per_px: f32,
}

/// Oriented rectangles read from a buffer.
#[derive(Asset, TypePath, AsBindGroup, Debug, Clone)]
struct VehicleMaterial {
    #[storage(0, read_only)]
    vehicles: Handle<ShaderBuffer>,
    #[uniform(1)]
    params: VehicleParams,
}

drawn_by!(VehicleMaterial, VEHICLES_SHADER);

/// One set of rectangles: its mesh grows by doubling, its buffer is rewritten.
#[derive(Component)]
struct Rectangles {
    capacity: usize,
    mesh: Handle<Mesh>,
    buffer: Handle<ShaderBuffer>,
    material: Handle<VehicleMaterial>,
    z: f32,
    is_lights: bool,
    used: usize,
    look: Look,
}

/// A mesh of `capacity` unit squares; each corner's third coordinate is its row in the buffer.
fn squares(capacity: usize) -> Mesh {
    const CORNERS: [[f32; 2]; 4] = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]];
    let points: Vec<[f32; 3]> = (0..capacity).flat_map(|i| CORNERS.map(|c| [c[0], c[1], i as f32])).collect();
    let indices = (0..capacity as u32).flat_map(|i| [0, 1, 2, 0, 2, 3].map(|k| 4 * i + k)).collect();
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, points)
        .with_inserted_indices(Indices::U32(indices))
}

fn spawn(
    mut commands: Commands,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<VehicleMaterial>>,
    mut buffers: ResMut<Assets<ShaderBuffer>>,
) {
    for side in [Shows(0), Shows(1)] {
        for (z, is_lights) in [(height::LIGHTS, true), (height::VEHICLES, false)] {
            let capacity = 256;
            let mesh = meshes.add(squares(capacity));
            let buffer = buffers.add(ShaderBuffer::new(&vec![0u8; capacity * RECORD_BYTES], RenderAssetUsages::default()));
            let material = materials.add(VehicleMaterial { vehicles: buffer.clone(), params: VehicleParams { z, ..default() } });
            commands.spawn((
                Mesh2d(mesh.clone()),
                MeshMaterial2d(material.clone()),
                NoFrustumCulling,
                side,
                RenderLayers::layer(side.layer()),
                Rectangles { capacity, mesh, buffer, material, z, is_lights, used: 0, look: Look::default() },
            ));
        }
    }
}

fn update(
    (shown, loaded, look, camera): (Res<Shown>, Res<Loaded>, Res<Look>, Res<MapCamera>),
    mut sets: Query<(&mut Rectangles, &Shows)>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut buffers: ResMut<Assets<ShaderBuffer>>,
    mut materials: ResMut<Assets<VehicleMaterial>>,
) {
    let nothing = Snapshot::default();
    for (mut set, side) in &mut sets {
        if shown.is_fresh || set.look != *look {
            set.look = *look;
            let (now, before) = if side.0 == 0 {
                (&*shown.now, &*shown.before)
            } else {
                (shown.now.other.as_deref().unwrap_or(&nothing), shown.before.other.as_deref().unwrap_or(&nothing))
            };
            let records = match &loaded.0 {
                Some(opened) if set.is_lights => light_records(&opened.lamps, now),
                Some(_) if !look.hides_vehicles => vehicle_records(&before.bodies, &now.bodies, look.colouring, look.theme),
                _ => Vec::new(),
            };
            if records.len() > set.capacity {
                set.capacity = records.len().next_power_of_two();
                let _ = meshes.insert(&set.mesh, squares(set.capacity));
            }
            if !records.is_empty() || set.used > 0 {
                set.used = records.len();
                let mut bytes: Vec<u8> = Vec::with_capacity(set.capacity * RECORD_BYTES);
                bytes.extend_from_slice(bytemuck::cast_slice(&records));
                bytes.resize(set.capacity * RECORD_BYTES, 0);
                if let Some(mut buffer) = buffers.get_mut(&set.buffer) {
                    buffer.data = Some(bytes);
                }
            }
        }
        let least_px = if set.is_lights { 0.0 } else { LEAST_VEHICLE_PX };
        let params =
            VehicleParams { alpha: shown.alpha, least_m: least_px * camera.metres_per_px, z: set.z, metres_per_px: camera.metres_per_px };
        let is_new = materials.get(&set.material).is_some_and(|m| {
            let p = m.params;
            (p.alpha, p.least_m, p.metres_per_px) != (params.alpha, params.least_m, params.metres_per_px)
        });
        // Lamps do not move between two snapshots.
        if is_new
            && (set.used > 0 || shown.is_fresh)
            && let Some(mut material) = materials.get_mut(&set.material)
        {
            material.params = params;
        }
    }
}

/// The shape that the shader gives a class.
const fn kind(class: VehicleClass) -> f32 {
    match class {
        VehicleClass::Motorcycle | VehicleClass::Bicycle => 1.0,
        VehicleClass::Car | VehicleClass::Taxi | VehicleClass::Minibus | VehicleClass::Emergency | VehicleClass::Shuttle => 2.0,
        VehicleClass::Bus | VehicleClass::LightTruck | VehicleClass::HeavyTruck | VehicleClass::ArticulatedTruck => 3.0,
    }
}

/// The shader's record of each body of `now`.
pub fn vehicle_records(before: &[Body], now: &[Body], colouring: Colouring, theme: Theme) -> Vec<[f32; 12]> {
    let before = poses_before(before, now, JUMP_M);
    let by_class: [[f32; 4]; sim_core::class::CLASS_COUNT] =
        std::array::from_fn(|c| linear(crate::colour::class_colour(VehicleClass::ALL[c], theme)));
    now.iter()
        .zip(before)
        .map(|(body, (from, heading))| {
            let [r, g, b, _] = if colouring == Colouring::Class { by_class[body.class.index()] } else { linear(colouring.of(body, theme)) };
            [from[0], from[1], body.at[0], body.at[1], heading, body.heading, body.length_m, body.width_m, r, g, b, kind(body.class)]
        })
        .collect()
}

fn light_records(lamps: &[Lamp], now: &Snapshot) -> Vec<[f32; 12]> {
    lamps
        .iter()
        .filter_map(|lamp| {
            let light = now.lights.get(lamp.movement).copied().flatten()?;
            let [r, g, b, _] = linear(match light {
                Light::Red => [0xd6, 0x28, 0x28],
                Light::Yellow => [0xf2, 0xb7, 0x05],
                Light::Green => [0x2b, 0xa8, 0x4a],
            });
            let [x, y] = lamp.at;
            Some([x, y, x, y, lamp.heading, lamp.heading, 1.2, lamp.width_m, r, g, b, 0.0])
        })
        .collect()
}
