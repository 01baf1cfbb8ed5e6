//! The still part of the drawing: built when a map is opened or day becomes night, and the paint of a tile when one first comes near it.

use super::{Loaded, Look, OfMap, ROADS_SHADER, Shown, Shows, height, mesh_of};
use crate::{
    camera::MapCamera,
    colour::{Theme, linear},
    draw::MapArea,
    load::Opened,
    markings::markings,
    scenery::Scenery,
};
use bevy::{
    camera::visibility::{NoFrustumCulling, RenderLayers},
    prelude::*,
    reflect::TypePath,
    render::render_resource::{AsBindGroup, ShaderType},
    sprite_render::Material2dPlugin,
};
use maps::index::Bbox;
use sim_core::geometry::Point;
use std::{collections::BTreeSet, sync::Arc};

/// Paint is seen where a pixel is at most this many metres.
pub(super) const PAINT_M_PER_PX: f32 = 0.55;
/// Edge of the tiles in which paint is made, metres.
const PAINT_TILE_M: f64 = 800.0;

pub(super) struct StaticsPlugin;

impl Plugin for StaticsPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(Material2dPlugin::<RoadMaterial>::default())
            .init_resource::<Paint>()
            .add_systems(Update, (build_map, paint_tiles, update_ribbons).chain());
    }
}

#[derive(Clone, Copy, ShaderType, Debug, Default)]
struct RoadParams {
    metres_per_px: f32,
    casing_px: f32,
    z: f32,
    near: f32,
    casing: Vec4,
    asphalt: Vec4,
}

/// Ribbons that keep a least width on the screen.
#[derive(Asset, TypePath, AsBindGroup, Debug, Clone)]
struct RoadMaterial {
    #[uniform(0)]
    params: RoadParams,
}

drawn_by!(RoadMaterial, ROADS_SHADER);

/// The tiles whose paint is made, and what it is drawn with.
#[derive(Resource, Default)]
struct Paint {
    made: BTreeSet<(i64, i64)>,
    material: Option<Handle<RoadMaterial>>,
}

/// What the map was built for: the time of day, and the roads that the second of two that are compared lacks.
type BuiltFor = (Theme, Arc<Vec<u32>>);

/// What both sides show, and what only the first does.
fn seen_by(is_own: bool) -> RenderLayers {
    RenderLayers::layer(if is_own { Shows(0).layer() } else { 0 })
}

fn lacking(shown: &Shown) -> Arc<Vec<u32>> {
    shown.now.other.as_ref().map(|other| other.lacks.clone()).unwrap_or_default()
}

#[derive(Component)]
struct PaintTile;

#[expect(clippy::too_many_arguments, reason = "a system asks for each thing it uses")]
fn build_map(
    mut commands: Commands,
    (loaded, look, shown): (Res<Loaded>, Res<Look>, Res<Shown>),
    mut built: Local<Option<BuiltFor>>,
    old: Query<Entity, (With<OfMap>, With<MeshMaterial2d<RoadMaterial>>)>,
    mut paint: ResMut<Paint>,
    mut clear: ResMut<ClearColor>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<RoadMaterial>>,
) {
    let wanted = (look.theme, lacking(&shown));
    if !loaded.is_changed() && built.as_ref() == Some(&wanted) {
        return;
    }
    let lacks = wanted.1.clone();
    *built = Some(wanted);
    old.iter().for_each(|entity| commands.entity(entity).despawn());
    let theme = look.theme;
    let [r, g, b] = theme.land();
    clear.0 = Color::srgb_u8(r, g, b);
    *paint = Paint::default();
    let Some(opened) = &loaded.0 else { return };
    let scenery = Scenery::new(&opened.network, &opened.waters, opened.origin, theme, &lacks);
    let casing = Vec4::from(linear(theme.casing()));
    let asphalt = Vec4::from(linear(theme.asphalt()));
    let mut material =
        |z, casing_px| materials.add(RoadMaterial { params: RoadParams { metres_per_px: 1.0, casing_px, z, near: 0.0, casing, asphalt } });
    let (water, edges, roads) = (material(height::WATER, 0.0), material(height::CASING, 0.7), material(height::ROADS, 0.0));
    paint.material = Some(material(height::PAINT, 0.0));
    for ribbons in &scenery.water {
        let mesh = meshes.add(mesh_of(ribbons));
        commands.spawn((Mesh2d(mesh), MeshMaterial2d(water.clone()), OfMap));
    }
    for (is_own, ribbons) in [(false, &scenery.roads), (true, &scenery.own_roads)] {
        for ribbons in ribbons {
            let mesh = meshes.add(mesh_of(ribbons));
            commands.spawn((Mesh2d(mesh.clone()), MeshMaterial2d(edges.clone()), OfMap, seen_by(is_own)));
            commands.spawn((Mesh2d(mesh), MeshMaterial2d(roads.clone()), OfMap, seen_by(is_own)));
        }
    }
}

/// Makes the paint of the tiles in sight, two a frame, and hides all paint from afar.
fn paint_tiles(
    mut commands: Commands,
    (loaded, look, shown): (Res<Loaded>, Res<Look>, Res<Shown>),
    (camera, area): (Res<MapCamera>, Res<MapArea>),
    mut paint: ResMut<Paint>,
    mut tiles: Query<&mut Visibility, With<PaintTile>>,
    mut meshes: ResMut<Assets<Mesh>>,
) {
    let is_near = camera.metres_per_px <= PAINT_M_PER_PX;
    if camera.is_changed() {
        let wished = if is_near { Visibility::Inherited } else { Visibility::Hidden };
        tiles.iter_mut().for_each(|mut v| {
            v.set_if_neq(wished);
        });
    }
    let (Some(opened), true) = (&loaded.0, is_near) else { return };
    let Some(material) = paint.material.clone() else { return };
    let reach = f64::from(area.size().length() / 2.0 * camera.metres_per_px);
    let (x, y) = (f64::from(camera.centre.x) + opened.origin.x, f64::from(camera.centre.y) + opened.origin.y);
    let tile = |v: f64| (v / PAINT_TILE_M).floor() as i64;
    let in_sight = (tile(x - reach)..=tile(x + reach)).flat_map(|i| (tile(y - reach)..=tile(y + reach)).map(move |j| (i, j)));
    for (i, j) in in_sight.filter(|t| !paint.made.contains(t)).take(2).collect::<Vec<_>>() {
        paint.made.insert((i, j));
        let lacks = lacking(&shown);
        for is_own in [false, true] {
            let links = links_of_tile(opened, i, j).filter(|l| lacks.binary_search(&(*l as u32)).is_ok() == is_own);
            let ribbons = markings(&opened.network, links, opened.origin, look.theme);
            if !ribbons.indices.is_empty() {
                let painted = (Mesh2d(meshes.add(mesh_of(&ribbons))), MeshMaterial2d(material.clone()), OfMap, PaintTile);
                commands.spawn((painted, seen_by(is_own), NoFrustumCulling, Visibility::Inherited));
            }
        }
    }
}

/// The links whose middle lies in a tile.
fn links_of_tile(opened: &Opened, i: i64, j: i64) -> impl Iterator<Item = usize> {
    let (x, y) = (i as f64 * PAINT_TILE_M, j as f64 * PAINT_TILE_M);
    let (min, max) = (Point::new(x, y), Point::new(x + PAINT_TILE_M, y + PAINT_TILE_M));
    let is_in = move |p: Point| p.x >= min.x && p.x < max.x && p.y >= min.y && p.y < max.y;
    let near = opened.index.links_within(Bbox { min, max });
    near.into_iter().map(|l| l.index()).filter(move |l| {
        let line = &opened.network.links[*l].geometry;
        is_in(line[line.len() / 2])
    })
}

fn update_ribbons(camera: Res<MapCamera>, mut materials: ResMut<Assets<RoadMaterial>>, mut last: Local<(f32, usize)>) {
    let state = (camera.metres_per_px, materials.len());
    if *last == state {
        return;
    }
    *last = state;
    // From near by a road is grey, from afar its colour says its class.
    let near = ((1.2 - camera.metres_per_px) / 0.7).clamp(0.0, 1.0) * 0.85;
    for (_, material) in materials.iter_mut() {
        material.params.metres_per_px = camera.metres_per_px;
        material.params.near = if material.params.z == height::ROADS { near } else { 0.0 };
    }
}
