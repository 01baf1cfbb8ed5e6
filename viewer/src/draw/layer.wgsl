// Roads coloured by a layer: the mesh is made once, colours and widths come from a buffer with one record a link.
#import bevy_sprite::mesh2d_functions as mf

struct Record { colour: vec4<f32>, width: vec4<f32> } // linear RGBA; width on the screen (pixels), 0 shows nothing
struct Params { metres_per_px: f32, z: f32, middle_side: f32, unused: f32 }
@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<storage, read> links: array<Record>;
@group(#{MATERIAL_BIND_GROUP}) @binding(1) var<uniform> params: Params;

struct Out {
    @builtin(position) clip: vec4<f32>,
    @location(0) colour: vec4<f32>,
}

// `point` is x, y on the centre line and the link's index; `push` is the direction to the side and half the road's width.
@vertex
fn vertex(@location(0) point: vec3<f32>, @location(1) push: vec3<f32>, @location(4) side: vec4<f32>) -> Out {
    let record = links[u32(point.z)];
    let half_road = push.z;
    let half_band = record.width.x * params.metres_per_px * 0.5;
    // From afar the two directions of a road would cover each other: each grows away from the middle of the road.
    var reach = half_road;
    if (half_band > half_road && side.x != params.middle_side) { reach = 2.0 * half_band - half_road; }
    reach = select(reach, 0.0, record.width.x <= 0.0);
    let at = point.xy + push.xy * reach;
    var out: Out;
    out.clip = mf::mesh2d_position_world_to_clip(vec4<f32>(at, params.z, 1.0));
    out.colour = record.colour;
    return out;
}

@fragment
fn fragment(in: Out) -> @location(0) vec4<f32> {
    return in.colour;
}
