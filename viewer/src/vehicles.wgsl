// Vehicles as oriented rectangles. One record per vehicle: where it was and where it is, mixed here, so that the buffer is written only
// when the simulation has published a new frame.
#import bevy_sprite::mesh2d_functions as mf

struct Vehicle {
    from_to: vec4<f32>, // x, y before; x, y now (metres)
    shape: vec4<f32>,   // heading before, heading now (radians); length, width (metres; 0 for an unused row)
    colour: vec4<f32>,  // linear RGBA
}
struct Params { alpha: f32, least_m: f32, z: f32, unused: f32 }
@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<storage, read> vehicles: array<Vehicle>;
@group(#{MATERIAL_BIND_GROUP}) @binding(1) var<uniform> params: Params;

struct Out {
    @builtin(position) clip: vec4<f32>,
    @location(0) colour: vec4<f32>,
}

// A mesh vertex is a corner of the unit square (x, y) and the vehicle's row (z).
@vertex
fn vertex(@location(0) position: vec3<f32>) -> Out {
    let v = vehicles[u32(position.z)];
    let pi = 3.14159265;
    let turn = v.shape.y - v.shape.x;
    let heading = v.shape.x + (turn - 2.0 * pi * round(turn / (2.0 * pi))) * params.alpha;
    var size = max(v.shape.zw, vec2<f32>(params.least_m * 1.4, params.least_m));
    size = select(size, vec2<f32>(0.0), v.shape.z <= 0.0);
    let corner = position.xy * size;
    let c = cos(heading);
    let s = sin(heading);
    let at = mix(v.from_to.xy, v.from_to.zw, params.alpha) + vec2<f32>(corner.x * c - corner.y * s, corner.x * s + corner.y * c);
    var out: Out;
    out.clip = mf::mesh2d_position_world_to_clip(vec4<f32>(at, params.z, 1.0));
    out.colour = v.colour;
    return out;
}

@fragment
fn fragment(in: Out) -> @location(0) vec4<f32> {
    return in.colour;
}
