//! Colours: of the map by day and night, of vehicles, and palettes that people with any colour vision can tell apart.

use crate::snapshot::Body;
use sim_core::{class::VehicleClass, demand::Purpose, network::RoadClass};

/// An sRGB colour.
pub type Rgb = [u8; 3];

/// An sRGB colour as the linear RGBA that the renderer mixes with.
pub fn linear(srgb: Rgb) -> [f32; 4] {
    let channel = |byte: u8| {
        let c = f32::from(byte) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    [channel(srgb[0]), channel(srgb[1]), channel(srgb[2]), 1.0]
}

/// How the map looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// One colour by day, another by night.
    pub const fn pick(self, light: Rgb, dark: Rgb) -> Rgb {
        match self {
            Self::Light => light,
            Self::Dark => dark,
        }
    }

    /// The land.
    pub const fn land(self) -> Rgb {
        self.pick([0xee, 0xec, 0xe4], [0x1b, 0x1f, 0x24])
    }

    /// Rivers, canals, lakes.
    pub const fn water(self) -> Rgb {
        self.pick([0xa9, 0xcd, 0xe0], [0x21, 0x3a, 0x50])
    }

    /// The edges of roads.
    pub const fn casing(self) -> Rgb {
        self.pick([0xa9, 0xa4, 0x98], [0x0e, 0x11, 0x14])
    }

    /// A road by class.
    pub const fn road(self, class: RoadClass) -> Rgb {
        match class {
            RoadClass::Motorway => self.pick([0xe8, 0x8f, 0x6c], [0x8a, 0x52, 0x3c]),
            RoadClass::Trunk => self.pick([0xf6, 0xb2, 0x6b], [0x82, 0x5f, 0x3a]),
            RoadClass::Primary => self.pick([0xfb, 0xd4, 0x83], [0x70, 0x60, 0x3e]),
            RoadClass::Secondary => self.pick([0xf8, 0xe9, 0xa8], [0x5d, 0x59, 0x46]),
            RoadClass::Tertiary | RoadClass::Unclassified | RoadClass::Residential => self.pick([0xff, 0xff, 0xff], [0x47, 0x4c, 0x53]),
            RoadClass::Service => self.pick([0xf4, 0xf4, 0xf2], [0x3a, 0x3f, 0x45]),
            RoadClass::Ferry => self.pick([0x6f, 0x9f, 0xc8], [0x3f, 0x6b, 0x94]),
        }
    }

    /// A road from near by, where its class matters less than what drives on it.
    pub const fn asphalt(self) -> Rgb {
        self.pick([0xc9, 0xc9, 0xc6], [0x3b, 0x3f, 0x45])
    }

    /// A road that a layer has no value for.
    pub const fn no_value(self) -> Rgb {
        self.pick([0xc4, 0xc2, 0xbc], [0x3c, 0x41, 0x48])
    }

    /// White paint.
    pub const fn paint(self) -> Rgb {
        self.pick([0xff, 0xff, 0xff], [0xc8, 0xcc, 0xd0])
    }

    /// Yellow paint: the line between the two directions (QCVN 41:2024/BGTVT).
    pub const fn yellow_paint(self) -> Rgb {
        self.pick([0xf0, 0xb4, 0x10], [0xc9, 0x9a, 0x2a])
    }
}

/// What a vehicle's colour tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colouring {
    /// Its class.
    #[default]
    Class,
    /// Its speed.
    Speed,
    /// How much time it has lost.
    Delay,
    /// What its trip is for.
    Purpose,
    /// How much CO2 leaves its tailpipe.
    Emission,
}

/// The emission of the darkest colour, g CO2 a kilometre: more than a light truck, less than a heavy one.
pub const MOST_CO2_G_PER_KM: f32 = 500.0;

impl Colouring {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Class, Self::Speed, Self::Delay, Self::Purpose, Self::Emission];

    /// The colour of a vehicle.
    pub fn of(self, body: &Body, theme: Theme) -> Rgb {
        match self {
            Self::Class => class_colour(body.class, theme),
            Self::Speed => SLOW_TO_FAST.at(body.speed_mps * 3.6 / 60.0),
            Self::Delay => GROWING.at(body.lost_s / 300.0),
            Self::Purpose => purpose_colour(body.purpose),
            Self::Emission => GROWING.at(body.co2_g_per_km / MOST_CO2_G_PER_KM),
        }
    }
}

/// The colour of each class: the panel's legend and the vehicles share it.
pub const fn class_colour(class: VehicleClass, theme: Theme) -> Rgb {
    match class {
        VehicleClass::Motorcycle => theme.pick([0x1f, 0x5f, 0xbf], [0x62, 0xa8, 0xff]),
        VehicleClass::Bicycle => theme.pick([0x2a, 0x9d, 0x8f], [0x4f, 0xd1, 0xc0]),
        VehicleClass::Car => theme.pick([0x3a, 0x3f, 0x4a], [0xd5, 0xda, 0xe2]),
        VehicleClass::Taxi => theme.pick([0xd4, 0x9a, 0x00], [0xff, 0xcf, 0x4d]),
        VehicleClass::Minibus => theme.pick([0x6a, 0x9a, 0x2b], [0xa4, 0xd6, 0x5e]),
        VehicleClass::Bus => theme.pick([0x1b, 0x8a, 0x3a], [0x4c, 0xd6, 0x79]),
        VehicleClass::LightTruck => theme.pick([0xa0, 0x6a, 0x3c], [0xd9, 0xa0, 0x6e]),
        VehicleClass::HeavyTruck => theme.pick([0x7d, 0x45, 0x1c], [0xc7, 0x7d, 0x48]),
        VehicleClass::ArticulatedTruck => theme.pick([0x4f, 0x2a, 0x0c], [0xa8, 0x62, 0x34]),
        VehicleClass::Emergency => theme.pick([0xd6, 0x1f, 0x26], [0xff, 0x5a, 0x60]),
        VehicleClass::Shuttle => theme.pick([0x8e, 0x44, 0xad], [0xc5, 0x82, 0xe0]),
    }
}

/// The colour of each purpose (Okabe and Ito's palette, made for every colour vision).
pub const fn purpose_colour(purpose: Purpose) -> Rgb {
    match purpose {
        Purpose::Personal => [0x00, 0x72, 0xb2],
        Purpose::Freight => [0xd5, 0x5e, 0x00],
        Purpose::PublicTransport => [0x00, 0x9e, 0x73],
        Purpose::Emergency => [0xcc, 0x79, 0xa7],
    }
}

/// Colours from 0 to 1, mixed between their stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette(pub &'static [Rgb]);

/// Less is purple, more is orange, the same is pale: ColorBrewer's PuOr, safe for every colour vision (Brewer 2003).
pub const LESS_TO_MORE: Palette = Palette(&[
    [0x54, 0x27, 0x88],
    [0x99, 0x8e, 0xc3],
    [0xd8, 0xda, 0xeb],
    [0xf0, 0xee, 0xe8],
    [0xfe, 0xe0, 0xb6],
    [0xf1, 0xa3, 0x40],
    [0xb3, 0x58, 0x06],
]);

/// Red is bad, blue is good: ColorBrewer's RdYlBu, which also people who confuse red and green can read (Brewer 2003).
pub const SLOW_TO_FAST: Palette = Palette(&[
    [0xa5, 0x00, 0x26],
    [0xd7, 0x30, 0x27],
    [0xf4, 0x6d, 0x43],
    [0xfd, 0xae, 0x61],
    [0xab, 0xd9, 0xe9],
    [0x74, 0xad, 0xd1],
    [0x45, 0x75, 0xb4],
    [0x31, 0x36, 0x95],
]);
/// The other way round: much is bad.
pub const FAST_TO_SLOW: Palette = Palette(&[
    [0x31, 0x36, 0x95],
    [0x45, 0x75, 0xb4],
    [0x74, 0xad, 0xd1],
    [0xab, 0xd9, 0xe9],
    [0xfd, 0xae, 0x61],
    [0xf4, 0x6d, 0x43],
    [0xd7, 0x30, 0x27],
    [0xa5, 0x00, 0x26],
]);
/// An amount that is neither good nor bad: stops of viridis, of even lightness steps for every colour vision (Smith and van der Walt 2015).
pub const GROWING: Palette = Palette(&[
    [0xfd, 0xe7, 0x25],
    [0x90, 0xd7, 0x43],
    [0x35, 0xb7, 0x79],
    [0x21, 0x91, 0x8c],
    [0x31, 0x68, 0x8e],
    [0x44, 0x39, 0x83],
    [0x44, 0x01, 0x54],
]);

impl Palette {
    /// The colour at a share, held to 0 to 1.
    pub fn at(&self, share: f32) -> Rgb {
        let last = self.0.len() - 1;
        let place = share.clamp(0.0, 1.0) * last as f32;
        let i = (place as usize).min(last.saturating_sub(1));
        let part = place - i as f32;
        let (a, b) = (self.0[i], self.0[(i + 1).min(last)]);
        std::array::from_fn(|k| (f32::from(a[k]) + (f32::from(b[k]) - f32::from(a[k])) * part).round() as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How a colour looks to somebody without red, or without green, cones (Viénot, Brettel and Mollon 1999), linear light.
    fn without(cone: usize, [r, g, b, _]: [f32; 4]) -> [f32; 3] {
        match cone {
            0 => [0.112_38 * r + 0.887_62 * g, 0.112_38 * r + 0.887_62 * g, 0.004_01 * r - 0.004_01 * g + b],
            _ => [0.292_75 * r + 0.707_25 * g, 0.292_75 * r + 0.707_25 * g, -0.022_34 * r + 0.022_34 * g + b],
        }
    }

    #[test]
    fn the_ends_of_every_palette_differ_for_every_colour_vision() {
        for palette in [SLOW_TO_FAST, FAST_TO_SLOW, GROWING] {
            for cone in [0, 1] {
                let (a, b) = (without(cone, linear(palette.at(0.0))), without(cone, linear(palette.at(1.0))));
                let apart: f32 = a.iter().zip(&b).map(|(x, y)| (x - y) * (x - y)).sum::<f32>().sqrt();
                assert!(apart > 0.2, "{palette:?} without cone {cone}: {apart}");
            }
        }
    }

    #[test]
    fn a_palette_is_mixed_between_its_stops_and_held_at_its_ends() {
        let grey = Palette(&[[0, 0, 0], [100, 200, 50]]);
        assert_eq!((grey.at(0.5), grey.at(-3.0), grey.at(9.0)), ([50, 100, 25], [0, 0, 0], [100, 200, 50]));
    }

    #[test]
    fn who_emits_more_is_darker_and_who_drives_on_a_battery_as_light_as_can_be() {
        let body = |co2_g_per_km| Body {
            id: 1,
            class: VehicleClass::Car,
            purpose: Purpose::Personal,
            at: [0.0; 2],
            heading: 0.0,
            length_m: 4.4,
            width_m: 1.8,
            speed_mps: 9.0,
            lost_s: 0.0,
            co2_g_per_km,
        };
        let light = |g: f32| Colouring::Emission.of(&body(g), Theme::Light).iter().map(|c| u32::from(*c)).sum::<u32>();
        assert!(light(0.0) > light(60.0) && light(60.0) > light(200.0) && light(200.0) > light(800.0));
        assert_eq!(Colouring::Emission.of(&body(0.0), Theme::Light), GROWING.at(0.0));
    }
}
