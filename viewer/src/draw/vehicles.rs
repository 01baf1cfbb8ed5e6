//! Vehicles and signal lamps: one mesh of unit squares for each, whose shader reads a buffer that is rewritten when a snapshot arrives.

use super::{Loaded, Look, Shown, Shows, VEHICLES_SHADER, height};
use crate::{
    camera::MapCamera,
    colour::{Colouring, Rgb, Theme},
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

/// A row of the shader's buffer: x and y before, x and y now (metres, as bits); both headings; length and width; colour and shape; nothing.
type Record = [u32; 8];
/// Bytes of a record.
const RECORD_BYTES: usize = size_of::<Record>();
/// Rows are added so many at a time, so that neither mesh nor buffer is made anew with every vehicle more.
const ROWS: usize = 2048;
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
            let buffer = buffers.add(ShaderBuffer::new(&vec![0u8; capacity * RECORD_BYTES], RenderAssetUsages::RENDER_WORLD));
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
                Some(opened) if set.is_lights => opened.lamps.len(),
                Some(_) if !look.hides_vehicles => now.bodies.len(),
                _ => 0,
            };
            if records > set.capacity {
                set.capacity = records.div_ceil(ROWS) * ROWS + ROWS;
                let _ = meshes.insert(&set.mesh, squares(set.capacity));
            }
            if records > 0 || set.used > 0 {
                let mut bytes = vec![0u8; set.capacity * RECORD_BYTES];
                set.used = match &loaded.0 {
                    Some(opened) if set.is_lights => write(&mut bytes, light_records(&opened.lamps, now)),
                    Some(_) if !look.hides_vehicles => {
                        write(&mut bytes, vehicle_records(&before.bodies, &now.bodies, look.colouring, look.theme))
                    }
                    _ => 0,
                };
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
const fn kind(class: VehicleClass) -> u8 {
    match class {
        VehicleClass::Motorcycle | VehicleClass::Bicycle => 1,
        VehicleClass::Car | VehicleClass::Taxi | VehicleClass::Minibus | VehicleClass::Emergency | VehicleClass::Shuttle => 2,
        VehicleClass::Bus | VehicleClass::LightTruck | VehicleClass::HeavyTruck | VehicleClass::ArticulatedTruck => 3,
    }
}

/// Writes records from the beginning of the buffer on, and gives how many.
fn write(bytes: &mut [u8], records: impl Iterator<Item = Record>) -> usize {
    let rows = bytes.chunks_exact_mut(RECORD_BYTES).zip(records);
    rows.map(|(row, record)| row.copy_from_slice(bytemuck::bytes_of(&record))).count()
}

/// One record. Headings are radians, kept as turns of 1/65 536; sizes metres, kept in centimetres.
fn record(from: [f32; 2], to: [f32; 2], headings: [f32; 2], size_m: [f32; 2], [r, g, b]: Rgb, kind: u8) -> Record {
    let turns = |radians: f32| u32::from((radians * (65_536.0 / std::f32::consts::TAU)) as i32 as u16);
    let cm = |m: f32| u32::from((m * 100.0).round() as u16);
    let pair = |a: u32, b: u32| a | b << 16;
    let [x0, y0, x1, y1] = [from[0], from[1], to[0], to[1]].map(f32::to_bits);
    [
        x0,
        y0,
        x1,
        y1,
        pair(turns(headings[0]), turns(headings[1])),
        pair(cm(size_m[0]), cm(size_m[1])),
        u32::from_le_bytes([r, g, b, kind]),
        0,
    ]
}

/// The shader's record of each body of `now`.
pub fn vehicle_records<'a>(before: &'a [Body], now: &'a [Body], colouring: Colouring, theme: Theme) -> impl Iterator<Item = Record> + 'a {
    now.iter().zip(poses_before(before, now, JUMP_M)).map(move |(body, (from, heading))| {
        record(from, body.at, [heading, body.heading], [body.length_m, body.width_m], colouring.of(body, theme), kind(body.class))
    })
}

fn light_records<'a>(lamps: &'a [Lamp], now: &'a Snapshot) -> impl Iterator<Item = Record> + 'a {
    lamps.iter().filter_map(|lamp| {
        let colour = match now.lights.get(lamp.movement).copied().flatten()? {
            Light::Red => [0xd6, 0x28, 0x28],
            Light::Yellow => [0xf2, 0xb7, 0x05],
            Light::Green => [0x2b, 0xa8, 0x4a],
        };
        Some(record(lamp.at, lamp.at, [lamp.heading; 2], [1.2, lamp.width_m], colour, 0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::demand::Purpose;

    fn body(id: u32, x: f32, heading: f32) -> Body {
        let class = VehicleClass::Motorcycle;
        Body {
            id,
            class,
            purpose: Purpose::Personal,
            at: [x, -3.0],
            heading,
            length_m: 1.9,
            width_m: 0.75,
            speed_mps: 8.0,
            lost_s: 0.0,
            co2_g_per_km: 0.0,
        }
    }

    #[test]
    fn a_record_says_where_it_was_where_it_is_its_size_and_its_colour() {
        let (before, now) = ([body(7, 1.5, 0.0)], [body(7, 9.5, -std::f32::consts::FRAC_PI_2)]);
        let [one] = vehicle_records(&before, &now, Colouring::Class, Theme::Light).collect::<Vec<_>>()[..] else { panic!("one record") };
        assert_eq!([0, 1, 2, 3].map(|i| f32::from_bits(one[i])), [1.5, -3.0, 9.5, -3.0]);
        assert_eq!((one[4] & 0xffff, one[4] >> 16), (0, 0xc000), "a quarter turn to the right is three quarters of a turn");
        assert_eq!((one[5] & 0xffff, one[5] >> 16), (190, 75));
        let [r, g, b] = crate::colour::class_colour(VehicleClass::Motorcycle, Theme::Light);
        assert_eq!(one[6].to_le_bytes(), [r, g, b, 1]);
    }

    #[test]
    fn what_is_not_used_of_the_buffer_stays_empty() {
        let mut bytes = vec![0u8; 3 * RECORD_BYTES];
        let now = [body(1, 1.0, 0.0), body(2, 2.0, 0.0)];
        assert_eq!(write(&mut bytes, vehicle_records(&[], &now, Colouring::Class, Theme::Light)), 2);
        assert!(bytes[..2 * RECORD_BYTES].iter().any(|b| *b != 0) && bytes[2 * RECORD_BYTES..].iter().all(|b| *b == 0));
    }
}
