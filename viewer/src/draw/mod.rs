//! Drawing with Bevy: roads, waters and paint as meshes made once, layers, vehicles and signals from buffers that are rewritten when the
//! simulation has something new.

/// A material that one shader draws, vertices and pixels, without anything behind it showing through.
macro_rules! drawn_by {
    ($material:ty, $shader:expr) => {
        impl bevy::sprite_render::Material2d for $material {
            fn vertex_shader() -> bevy::shader::ShaderRef {
                $shader.into()
            }
            fn fragment_shader() -> bevy::shader::ShaderRef {
                $shader.into()
            }
            fn alpha_mode(&self) -> bevy::sprite_render::AlphaMode2d {
                bevy::sprite_render::AlphaMode2d::Opaque
            }
        }
    };
}

mod cameras;
mod layers;
mod statics;
mod vehicles;

pub use cameras::{CamerasPlugin, MapArea, side_by_side};
pub use layers::Shows;
pub use vehicles::vehicle_records;

use crate::{
    bridge::{Bridge, Published, Stage},
    colour::{Colouring, Theme},
    layer::Layer,
    load::Opened,
    ribbon::Ribbons,
    snapshot::Snapshot,
};
use bevy::{
    asset::{RenderAssetUsages, load_internal_asset, uuid_handle},
    mesh::{Indices, PrimitiveTopology},
    prelude::*,
};
use std::sync::Arc;

const ROADS_SHADER: Handle<Shader> = uuid_handle!("b52f2b52-3d0b-4f60-9a3c-0d5f4c1a7e10");
const VEHICLES_SHADER: Handle<Shader> = uuid_handle!("6f0c63a0-8fcb-4b3e-8f5d-1f2d5f5e9a77");
const LAYER_SHADER: Handle<Shader> = uuid_handle!("0a1c63f7-52ab-4a38-9a6d-3e5d7f5e9b12");

/// Heights of what is drawn, lowest first.
mod height {
    pub(super) const WATER: f32 = 1.0;
    pub(super) const CASING: f32 = 2.0;
    pub(super) const ROADS: f32 = 3.0;
    pub(super) const LAYER: f32 = 3.5;
    pub(super) const PAINT: f32 = 4.0;
    pub(super) const LIGHTS: f32 = 5.0;
    pub(super) const VEHICLES: f32 = 6.0;
}

/// The map that is open, if any.
#[derive(Resource, Default)]
pub struct Loaded(pub Option<Arc<Opened>>);

/// What the user wants to see.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub struct Look {
    /// By day or by night.
    pub theme: Theme,
    /// What the roads tell.
    pub layer: Layer,
    /// What the colour of a vehicle tells.
    pub colouring: Colouring,
    /// Whether vehicles are drawn.
    pub hides_vehicles: bool,
    /// Whether the first of two that are compared shows how it differs from the second, instead of its own values.
    pub difference: bool,
}

/// The simulation that is running, if any.
#[derive(Resource, Default)]
pub struct Running(pub Option<Bridge>);

/// The two latest snapshots and how far the drawing is from the older to the newer.
#[derive(Resource, Default)]
pub struct Shown {
    /// The newer snapshot.
    pub now: Arc<Snapshot>,
    /// The older one.
    pub before: Arc<Snapshot>,
    /// What was published last.
    pub published: Option<Published>,
    /// 0 at the older, 1 at the newer.
    pub alpha: f32,
    /// Whether the newer one arrived in this frame.
    pub is_fresh: bool,
}

impl Shown {
    /// How far the simulation's thread is.
    pub fn stage(&self) -> Stage {
        self.published.as_ref().map_or(Stage::Preparing(String::new(), None), |p| p.stage.clone())
    }

    /// Simulated seconds per second, measured.
    pub fn speed_reached(&self) -> f64 {
        self.published.as_ref().map_or(0.0, |p| p.speed)
    }

    /// Whether it plays.
    pub fn is_playing(&self) -> bool {
        self.published.as_ref().is_some_and(|p| p.is_playing)
    }
}

/// Follows the bridge; needs no renderer.
pub struct SnapshotPlugin;

impl Plugin for SnapshotPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Shown>().init_resource::<Running>().add_systems(PreUpdate, pull_snapshot);
    }
}

fn pull_snapshot(running: Res<Running>, mut shown: ResMut<Shown>) {
    let Some(bridge) = &running.0 else {
        if shown.published.is_some() {
            *shown = Shown { is_fresh: true, ..Shown::default() };
        }
        return;
    };
    let latest = bridge.latest();
    shown.is_fresh = latest.snapshot.number != shown.now.number || running.is_changed();
    if shown.is_fresh {
        shown.before = std::mem::replace(&mut shown.now, Arc::clone(&latest.snapshot));
    }
    shown.alpha = (latest.at.elapsed().as_secs_f32() / latest.interval_s.max(0.01)).clamp(0.0, 1.0);
    shown.published = Some(latest);
}

/// Draws the map and what the bridge publishes.
pub struct DrawPlugin;

impl Plugin for DrawPlugin {
    fn build(&self, app: &mut App) {
        load_internal_asset!(app, ROADS_SHADER, "roads.wgsl", Shader::from_wgsl);
        load_internal_asset!(app, VEHICLES_SHADER, "vehicles.wgsl", Shader::from_wgsl);
        load_internal_asset!(app, LAYER_SHADER, "layer.wgsl", Shader::from_wgsl);
        app.init_resource::<Loaded>().init_resource::<Look>().add_plugins((
            statics::StaticsPlugin,
            layers::LayersPlugin,
            vehicles::VehiclesPlugin,
            CamerasPlugin,
        ));
    }
}

/// Something that belongs to the map that is open: it goes when another one comes.
#[derive(Component)]
struct OfMap;

fn mesh_of(ribbons: &Ribbons) -> Mesh {
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, ribbons.points.clone())
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, ribbons.pushes.clone())
        .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, ribbons.colours.clone())
        .with_inserted_indices(Indices::U32(ribbons.indices.clone()))
}
