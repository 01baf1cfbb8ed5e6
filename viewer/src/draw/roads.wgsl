// Roads as ribbons that keep a least width on the screen. With `casing_px` above 0 the same mesh becomes the dark edge beneath.
#import bevy_sprite::mesh2d_functions as mf

struct Params { metres_per_px: f32, casing_px: f32, z: f32, near: f32, casing: vec4<f32>, asphalt: vec4<f32> }
@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> params: Params;

struct Out {
    @builtin(position) clip: vec4<f32>,
    @location(0) colour: vec4<f32>,
}

@vertex
fn vertex(@location(0) point: vec3<f32>, @location(1) push: vec3<f32>, @location(4) colour: vec4<f32>) -> Out {
    let half_width = max(push.z, point.z * params.metres_per_px) + params.casing_px * params.metres_per_px;
    var out: Out;
    out.clip = mf::mesh2d_position_world_to_clip(vec4<f32>(point.xy + push.xy * half_width, params.z, 1.0));
    out.colour = select(mix(colour, params.asphalt, params.near), params.casing, params.casing_px > 0.0);
    return out;
}

@fragment
fn fragment(in: Out) -> @location(0) vec4<f32> {
    return in.colour;
}
