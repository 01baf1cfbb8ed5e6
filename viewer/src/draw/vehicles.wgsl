// Vehicles and lamps as oriented rectangles. One record each: where it was and where it is, mixed here, so that the buffer is written only
// when the simulation has published a new frame. From near by a rectangle gets the shape of what it stands for.
#import bevy_sprite::mesh2d_functions as mf

struct Vehicle {
    from_to: vec4<f32>, // x, y before; x, y now (metres)
    // Each two halves or four bytes, the least first: heading before and now (turns of 1/65 536); length and width (centimetres; 0 for an
    // unused row); red, green, blue (sRGB) and kind: 0 plain, 1 two-wheeler, 2 car or van, 3 bus or truck; nothing.
    packed: vec4<u32>,
}
struct Params { alpha: f32, least_m: f32, z: f32, metres_per_px: f32 }
@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<storage, read> vehicles: array<Vehicle>;
@group(#{MATERIAL_BIND_GROUP}) @binding(1) var<uniform> params: Params;

struct Out {
    @builtin(position) clip: vec4<f32>,
    @location(0) colour: vec3<f32>,
    @location(1) local: vec2<f32>,
    @location(2) size: vec2<f32>,
    @location(3) kind: f32,
}

fn halves(both: u32) -> vec2<u32> {
    return vec2<u32>(both & 0xffffu, both >> 16u);
}

// A mesh vertex is a corner of the unit square (x, y) and the vehicle's row (z).
@vertex
fn vertex(@location(0) position: vec3<f32>) -> Out {
    let v = vehicles[u32(position.z)];
    let turns = vec2<f32>(halves(v.packed.x)) / 65536.0;
    let turn = turns.y - turns.x;
    let heading = (turns.x + (turn - round(turn)) * params.alpha) * 6.2831853;
    let measured = vec2<f32>(halves(v.packed.y)) / 100.0;
    var size = max(measured, vec2<f32>(params.least_m * 1.4, params.least_m));
    size = select(size, vec2<f32>(0.0), measured.x <= 0.0);
    let corner = position.xy * size;
    let c = cos(heading);
    let s = sin(heading);
    let at = mix(v.from_to.xy, v.from_to.zw, params.alpha) + vec2<f32>(corner.x * c - corner.y * s, corner.x * s + corner.y * c);
    var out: Out;
    out.clip = mf::mesh2d_position_world_to_clip(vec4<f32>(at, params.z, 1.0));
    let srgb = unpack4x8unorm(v.packed.z).rgb;
    out.colour = select(pow((srgb + 0.055) / 1.055, vec3<f32>(2.4)), srgb / 12.92, srgb <= vec3<f32>(0.04045));
    out.local = position.xy;
    out.size = size;
    out.kind = f32(v.packed.z >> 24u);
    return out;
}

@fragment
fn fragment(in: Out) -> @location(0) vec4<f32> {
    let length_px = in.size.x / params.metres_per_px;
    var colour = in.colour;
    if (in.kind > 0.5 && length_px > 9.0) {
        let p = in.local;         // -0.5 to 0.5, x to the front
        let m = p * in.size;      // metres from the middle
        if (in.kind < 1.5) {
            // A machine narrow at both ends, a rider across its middle, a helmet.
            let machine = abs(m.y) < 0.17;
            let rider = m.x > -0.42 && m.x < 0.22 && abs(p.y) < 0.5 - 0.6 * max(0.0, m.x);
            if (!machine && !rider) { discard; }
            if (length(m - vec2<f32>(-0.12, 0.0)) < 0.16) { colour = mix(colour, vec3<f32>(1.0), 0.75); }
            if (abs(m.y) < 0.17 && abs(p.x) > 0.4) { colour = colour * 0.35; }
        } else {
            let r = 0.32;
            let q = abs(m) - (in.size * 0.5 - vec2<f32>(r));
            if (length(max(q, vec2<f32>(0.0))) > r) { discard; }
            let from_front = in.size.x * 0.5 - m.x;
            let across = abs(p.y) < 0.42;
            let glass = mix(colour, vec3<f32>(0.02, 0.03, 0.05), 0.75);
            if (in.kind < 2.5) {
                if (across && ((from_front > 1.1 && from_front < 1.8) || (from_front > in.size.x - 0.9 && from_front < in.size.x - 0.4))) { colour = glass; }
            } else {
                if (across && from_front > 0.25 && from_front < 0.95) { colour = glass; }
                if (abs(from_front - 1.5) < 0.08) { colour = colour * 0.5; }
            }
            if (from_front < 0.2 && abs(p.y) > 0.28) { colour = vec3<f32>(1.0, 0.95, 0.7); }
            if (from_front > in.size.x - 0.18 && abs(p.y) > 0.28) { colour = vec3<f32>(0.6, 0.02, 0.02); }
        }
    }
    return vec4<f32>(colour, 1.0);
}
