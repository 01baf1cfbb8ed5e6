//! Drawing: roads and water as meshes made once, vehicles and signals from buffers rewritten when a new snapshot arrives.

use crate::{
    bridge::{Bridge, Published, Stage},
    camera::MapCamera,
    ribbon::{Ribbons, linear},
    scenery::{LAND, Scenery},
    snapshot::{Snapshot, class_colour, poses_before},
};
use bevy::{
    asset::{RenderAssetUsages, load_internal_asset, uuid_handle},
    camera::visibility::NoFrustumCulling,
    mesh::{Indices, PrimitiveTopology},
    prelude::*,
    reflect::TypePath,
    render::{
        render_resource::{AsBindGroup, ShaderType},
        storage::ShaderBuffer,
    },
    shader::ShaderRef,
    sprite_render::{AlphaMode2d, Material2d, Material2dPlugin},
};
use sim_core::frame::Light;
use std::sync::Arc;

const ROADS_SHADER: Handle<Shader> = uuid_handle!("b52f2b52-3d0b-4f60-9a3c-0d5f4c1a7e10");
const VEHICLES_SHADER: Handle<Shader> = uuid_handle!("6f0c63a0-8fcb-4b3e-8f5d-1f2d5f5e9a77");
/// Bytes of one vehicle's record in the shader.
const RECORD_BYTES: usize = 48;
/// A body that moved further than this between two snapshots is drawn where it is, metres.
const JUMP_M: f32 = 120.0;
/// The least width of a vehicle on the screen, pixels.
const LEAST_VEHICLE_PX: f32 = 2.6;

/// Heights of the layers, lowest first.
mod layer {
    pub(super) const WATER: f32 = 1.0;
    pub(super) const CASING: f32 = 2.0;
    pub(super) const ROADS: f32 = 3.0;
    pub(super) const LIGHTS: f32 = 4.0;
    pub(super) const VEHICLES: f32 = 5.0;
}

/// The two latest snapshots and how far the drawing is from the older to the newer.
#[derive(Resource, Default)]
pub struct Shown {
    /// The newer snapshot.
    pub now: Arc<Snapshot>,
    before: Arc<Snapshot>,
    published: Option<Published>,
    /// 0 at the older, 1 at the newer.
    pub alpha: f32,
    /// Whether the newer one arrived in this frame.
    pub is_fresh: bool,
}

#[derive(Clone, Copy, ShaderType, Debug, Default)]
struct RoadParams {
    metres_per_px: f32,
    casing_px: f32,
    z: f32,
    unused: f32,
    casing: Vec4,
}

/// Ribbons that keep a least width on the screen.
#[derive(Asset, TypePath, AsBindGroup, Debug, Clone)]
struct RoadMaterial {
    #[uniform(0)]
    params: RoadParams,
}

impl Material2d for RoadMaterial {
    fn vertex_shader() -> ShaderRef {
        ROADS_SHADER.into()
    }
    fn fragment_shader() -> ShaderRef {
        ROADS_SHADER.into()
    }
    fn alpha_mode(&self) -> AlphaMode2d {
        AlphaMode2d::Opaque
    }
}

#[derive(Clone, Copy, ShaderType, Debug, Default)]
struct VehicleParams {
    alpha: f32,
    least_m: f32,
    z: f32,
    unused: f32,
}

/// Oriented rectangles read from a buffer.
#[derive(Asset, TypePath, AsBindGroup, Debug, Clone)]
struct VehicleMaterial {
    #[storage(0, read_only)]
    vehicles: Handle<ShaderBuffer>,
    #[uniform(1)]
    params: VehicleParams,
}

impl Material2d for VehicleMaterial {
    fn vertex_shader() -> ShaderRef {
        VEHICLES_SHADER.into()
    }
    fn fragment_shader() -> ShaderRef {
        VEHICLES_SHADER.into()
    }
    fn alpha_mode(&self) -> AlphaMode2d {
        AlphaMode2d::Opaque
    }
}

/// One set of rectangles: its mesh grows by doubling, its buffer is rewritten.
#[derive(Component)]
struct Rectangles {
    capacity: usize,
    mesh: Handle<Mesh>,
    buffer: Handle<ShaderBuffer>,
    material: Handle<VehicleMaterial>,
    z: f32,
    is_lights: bool,
}

/// Draws the scenery and what the bridge publishes.
pub struct DrawPlugin;

impl Plugin for DrawPlugin {
    fn build(&self, app: &mut App) {
        load_internal_asset!(app, ROADS_SHADER, "roads.wgsl", Shader::from_wgsl);
        load_internal_asset!(app, VEHICLES_SHADER, "vehicles.wgsl", Shader::from_wgsl);
        app.insert_resource(ClearColor(Color::srgb_u8(LAND[0], LAND[1], LAND[2])))
            .add_plugins((Material2dPlugin::<RoadMaterial>::default(), Material2dPlugin::<VehicleMaterial>::default()))
            .add_systems(Startup, spawn_scenery)
            .add_systems(Update, (update_ribbons, update_rectangles));
    }
}

/// Follows the bridge; needs no renderer.
pub struct SnapshotPlugin;

impl Plugin for SnapshotPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Shown>().add_systems(PreUpdate, pull_snapshot);
    }
}

fn pull_snapshot(bridge: Res<Bridge>, mut shown: ResMut<Shown>) {
    let latest = bridge.latest();
    shown.is_fresh = latest.snapshot.number != shown.now.number;
    if shown.is_fresh {
        shown.before = std::mem::replace(&mut shown.now, Arc::clone(&latest.snapshot));
    }
    shown.alpha = (latest.at.elapsed().as_secs_f32() / latest.interval_s.max(0.01)).clamp(0.0, 1.0);
    shown.published = Some(latest);
}

impl Shown {
    /// Whether the simulation still gets ready.
    pub fn is_preparing(&self) -> bool {
        self.published.as_ref().is_none_or(|p| p.stage == Stage::Preparing)
    }

    /// Simulated seconds per second, measured.
    pub fn speed_reached(&self) -> f64 {
        self.published.as_ref().map_or(0.0, |p| p.speed)
    }
}

fn mesh_of(ribbons: &Ribbons) -> Mesh {
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, ribbons.points.clone())
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, ribbons.pushes.clone())
        .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, ribbons.colours.clone())
        .with_inserted_indices(Indices::U32(ribbons.indices.clone()))
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

fn spawn_scenery(
    mut commands: Commands,
    scenery: Res<Scenery>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut road_materials: ResMut<Assets<RoadMaterial>>,
    mut vehicle_materials: ResMut<Assets<VehicleMaterial>>,
    mut buffers: ResMut<Assets<ShaderBuffer>>,
) {
    let casing = Vec4::from(linear([0xa9, 0xa4, 0x98]));
    let material = |z, casing_px| RoadMaterial { params: RoadParams { metres_per_px: 1.0, casing_px, z, unused: 0.0, casing } };
    let water = road_materials.add(material(layer::WATER, 0.0));
    let edges = road_materials.add(material(layer::CASING, 0.7));
    let roads = road_materials.add(material(layer::ROADS, 0.0));
    for ribbons in &scenery.water {
        let mesh = meshes.add(mesh_of(ribbons));
        commands.spawn((Mesh2d(mesh), MeshMaterial2d(water.clone())));
    }
    for ribbons in &scenery.roads {
        let mesh = meshes.add(mesh_of(ribbons));
        commands.spawn((Mesh2d(mesh.clone()), MeshMaterial2d(edges.clone())));
        commands.spawn((Mesh2d(mesh), MeshMaterial2d(roads.clone())));
    }
    for (z, is_lights) in [(layer::LIGHTS, true), (layer::VEHICLES, false)] {
        let capacity = 256;
        let mesh = meshes.add(squares(capacity));
        let buffer = buffers.add(ShaderBuffer::new(&vec![0u8; capacity * RECORD_BYTES], RenderAssetUsages::default()));
        let params = VehicleParams { z, ..default() };
        let material = vehicle_materials.add(VehicleMaterial { vehicles: buffer.clone(), params });
        commands.spawn((
            Mesh2d(mesh.clone()),
            MeshMaterial2d(material.clone()),
            NoFrustumCulling,
            Rectangles { capacity, mesh, buffer, material, z, is_lights },
        ));
    }
}

fn update_ribbons(camera: Res<MapCamera>, mut materials: ResMut<Assets<RoadMaterial>>) {
    if !camera.is_changed() {
        return;
    }
    for (_, material) in materials.iter_mut() {
        material.params.metres_per_px = camera.metres_per_px;
    }
}

fn update_rectangles(
    shown: Res<Shown>,
    scenery: Res<Scenery>,
    camera: Res<MapCamera>,
    mut sets: Query<&mut Rectangles>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut buffers: ResMut<Assets<ShaderBuffer>>,
    mut materials: ResMut<Assets<VehicleMaterial>>,
) {
    for mut set in &mut sets {
        if shown.is_fresh {
            let records = if set.is_lights { light_records(&scenery, &shown.now) } else { vehicle_records(&shown) };
            if records.len() > set.capacity {
                set.capacity = records.len().next_power_of_two();
                let _ = meshes.insert(&set.mesh, squares(set.capacity));
            }
            let mut bytes = Vec::with_capacity(set.capacity * RECORD_BYTES);
            for record in &records {
                bytes.extend_from_slice(bytemuck::bytes_of(record));
            }
            bytes.resize(set.capacity * RECORD_BYTES, 0);
            if let Some(mut buffer) = buffers.get_mut(&set.buffer) {
                buffer.data = Some(bytes);
            }
        }
        if let Some(mut material) = materials.get_mut(&set.material) {
            let least_px = if set.is_lights { 0.0 } else { LEAST_VEHICLE_PX };
            material.params = VehicleParams { alpha: shown.alpha, least_m: least_px * camera.metres_per_px, z: set.z, unused: 0.0 };
        }
    }
}

fn vehicle_records(shown: &Shown) -> Vec<[f32; 12]> {
    let before = poses_before(&shown.before.bodies, &shown.now.bodies, JUMP_M);
    shown
        .now
        .bodies
        .iter()
        .zip(before)
        .map(|(body, (from, heading))| {
            let [r, g, b, a] = linear(class_colour(body.class));
            [from[0], from[1], body.at[0], body.at[1], heading, body.heading, body.length_m, body.width_m, r, g, b, a]
        })
        .collect()
}

fn light_records(scenery: &Scenery, now: &Snapshot) -> Vec<[f32; 12]> {
    scenery
        .lamps
        .iter()
        .filter_map(|lamp| {
            let light = now.lights.get(lamp.movement).copied().flatten()?;
            let [r, g, b, a] = linear(match light {
                Light::Red => [0xd6, 0x28, 0x28],
                Light::Yellow => [0xf2, 0xb7, 0x05],
                Light::Green => [0x2b, 0xa8, 0x4a],
            });
            let [x, y] = lamp.at;
            Some([x, y, x, y, lamp.heading, lamp.heading, 1.2, lamp.width_m, r, g, b, a])
        })
        .collect()
}
