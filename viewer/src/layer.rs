//! Layers: what the colour and width of a road tell, with their scales. Plain arithmetic on what the links measured.

use crate::{
    colour::{FAST_TO_SLOW, GROWING, Palette, Rgb, SLOW_TO_FAST, Theme, linear},
    live::{LinkLive, Sample},
    text::Text,
};
use scenarios::lang::{Lang, number};
use sim_core::network::{Link, LinkKind, RoadNetwork};

/// What the roads show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layer {
    /// Only the roads.
    #[default]
    Roads,
    /// Colour: mean speed. Width: flow.
    Speed,
    /// Vehicles an hour.
    Flow,
    /// Vehicles on a kilometre.
    Density,
    /// Seconds lost by a vehicle on a kilometre.
    Delay,
    /// How far the queue has reached back.
    Queue,
    /// Level of service A to F.
    Service,
    /// CO2 on a kilometre in an hour.
    Emissions,
}

/// Mean speed as a share of the limit down to which a street has level of service A, B, C, D, E; below the last it has F
/// (Highway Capacity Manual 2010, exhibit 16-4, urban streets; the limit stands for the base free-flow speed).
pub const SERVICE_SHARES: [f32; 5] = [0.85, 0.67, 0.50, 0.40, 0.30];

impl Layer {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Roads, Self::Speed, Self::Flow, Self::Density, Self::Delay, Self::Queue, Self::Service, Self::Emissions];

    /// What it is called.
    pub const fn name(self) -> Text {
        match self {
            Self::Roads => Text::LayerRoads,
            Self::Speed => Text::LayerSpeed,
            Self::Flow => Text::LayerFlow,
            Self::Density => Text::LayerDensity,
            Self::Delay => Text::LayerDelay,
            Self::Queue => Text::LayerQueue,
            Self::Service => Text::LayerService,
            Self::Emissions => Text::LayerEmissions,
        }
    }

    /// Its unit.
    pub const fn unit(self) -> Text {
        match self {
            Self::Roads => Text::NoUnit,
            Self::Speed => Text::UnitKmh,
            Self::Flow => Text::UnitPerHour,
            Self::Density => Text::UnitPerKm,
            Self::Delay => Text::UnitSecondsPerKm,
            Self::Queue => Text::UnitMetres,
            Self::Service => Text::UnitOfLimit,
            Self::Emissions => Text::UnitCo2,
        }
    }

    /// The value at which its palette ends.
    pub const fn greatest(self) -> f32 {
        match self {
            Self::Roads => 1.0,
            Self::Speed => 60.0,
            Self::Flow => 3_000.0,
            Self::Density => 120.0,
            Self::Delay => 180.0,
            Self::Queue => 200.0,
            Self::Service => 100.0,
            Self::Emissions => 300.0,
        }
    }

    const fn palette(self) -> Palette {
        match self {
            Self::Speed | Self::Service => SLOW_TO_FAST,
            Self::Delay | Self::Queue => FAST_TO_SLOW,
            _ => GROWING,
        }
    }

    /// The value of a link from what it measured in `hours`; `None` where it has none.
    pub fn value(self, live: &LinkLive, hours: f64, link: &Link) -> Option<f32> {
        let hours = hours as f32;
        if hours <= 0.0 {
            return None;
        }
        let km = link.length_m / 1000.0;
        let speed_kmh = (live.vehicle_s > 0.0).then(|| live.vehicle_m / live.vehicle_s * 3.6);
        match self {
            Self::Roads => None,
            Self::Speed => speed_kmh,
            Self::Flow => Some(flow(live, hours, link)),
            Self::Density => Some(live.vehicle_s / 3600.0 / hours / km),
            Self::Delay => (live.vehicle_m > 0.0).then(|| live.delay_s.max(0.0) / live.vehicle_m * 1000.0),
            Self::Queue => Some(live.queue_m),
            Self::Service => speed_kmh.map(|v| (v / (link.limits.light_mps * 3.6) * 100.0).min(100.0)),
            Self::Emissions => Some(live.co2_g / 1000.0 / km / hours),
        }
    }

    /// The colour of a value.
    pub fn colour(self, value: f32) -> Rgb {
        match self {
            Self::Service => {
                let grade = SERVICE_SHARES.iter().position(|s| value / 100.0 > *s).unwrap_or(5);
                SLOW_TO_FAST.at(1.0 - grade as f32 / 5.0)
            }
            _ => self.palette().at(value / self.greatest()),
        }
    }

    /// A value in words, with its unit.
    pub fn told(self, lang: Lang, value: f32) -> String {
        let decimals = usize::from(matches!(self, Self::Speed | Self::Density | Self::Emissions));
        let text = format!("{} {}", number(lang, f64::from(value), decimals), self.unit().in_lang(lang));
        match self {
            Self::Service => format!("{} ({text})", grade(value)),
            _ => text,
        }
    }
}

/// The level of service of a speed, percent of the limit.
pub fn grade(percent: f32) -> char {
    let position = SERVICE_SHARES.iter().position(|s| percent / 100.0 > *s).unwrap_or(5);
    ['A', 'B', 'C', 'D', 'E', 'F'][position]
}

/// Vehicles an hour over the whole of a link: way driven over its length, so that it counts those who turn off half way by half.
fn flow(live: &LinkLive, hours: f32, link: &Link) -> f32 {
    live.vehicle_m / link.length_m.max(1.0) / hours
}

/// A link's record in the layer's shader: linear colour and width on the screen in pixels; width 0 shows nothing.
pub type LinkRecord = [f32; 8];

/// The records of all links: colour by the layer, width by flow.
pub fn records(layer: Layer, sample: &Sample, network: &RoadNetwork, theme: Theme) -> Vec<LinkRecord> {
    let none = linear(theme.no_value());
    let quiet = |link: &Link| match (layer, &link.kind) {
        (Layer::Roads, _) | (_, LinkKind::Ferry(_)) => [0.0; 8],
        _ => [none[0], none[1], none[2], 1.0, 1.0, 0.0, 0.0, 0.0],
    };
    let mut records: Vec<LinkRecord> = network.links.iter().map(quiet).collect();
    if layer == Layer::Roads {
        return records;
    }
    for (l, live) in &sample.links {
        let link = &network.links[*l as usize];
        if let Some(value) = layer.value(live, sample.hours(), link)
            && link.kind == LinkKind::Road
        {
            let [r, g, b, a] = linear(layer.colour(value));
            let width_px = 1.5 + 5.5 * (flow(live, sample.hours() as f32, link) / 2_500.0).clamp(0.0, 1.0).sqrt();
            records[*l as usize] = [r, g, b, a, width_px, 0.0, 0.0, 0.0];
        }
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    fn street() -> (RoadNetwork, u32) {
        let network = maps::sketch::embedded().unwrap().network;
        let link = network.links.iter().position(|l| l.name.as_deref() == Some("Trần Hưng Đạo") && l.length_m > 100.0).unwrap();
        (network, link as u32)
    }

    /// Sixty vehicles drive all of a link in a minute, in `each_s` each.
    fn live(link: &Link, each_s: f32) -> LinkLive {
        LinkLive {
            vehicle_m: 60.0 * link.length_m,
            vehicle_s: 60.0 * each_s,
            delay_s: 60.0 * 5.0,
            co2_g: 1_000.0,
            exited: 60,
            queue_m: 35.0,
        }
    }

    #[test]
    fn the_values_of_a_minute_are_those_of_the_textbook() {
        let (network, l) = street();
        let link = &network.links[l as usize];
        let km = link.length_m / 1000.0;
        let each_s = km / 36.0 * 3600.0; // 36 km/h
        let live = live(link, each_s);
        let value = |layer: Layer| layer.value(&live, 1.0 / 60.0, link).unwrap();
        let near = |a: f32, b: f32| assert!((a - b).abs() < 1e-2 * b.abs().max(1.0), "{a}, expected {b}");
        near(value(Layer::Speed), 36.0);
        near(value(Layer::Flow), 3_600.0);
        // Flow is density times speed.
        near(value(Layer::Density), 100.0);
        near(value(Layer::Delay), 5.0 / km);
        near(value(Layer::Queue), 35.0);
        near(value(Layer::Emissions), 60.0 / km);
        near(value(Layer::Service), 36.0 / (link.limits.light_mps * 3.6) * 100.0);
    }

    #[test]
    fn the_level_of_service_is_the_manuals() {
        assert_eq!([90.0, 70.0, 60.0, 45.0, 35.0, 10.0].map(grade), ['A', 'B', 'C', 'D', 'E', 'F']);
        assert_eq!(Layer::Service.colour(10.0), SLOW_TO_FAST.at(0.0));
    }

    #[test]
    fn only_links_with_traffic_have_a_colour_and_none_has_one_without_a_layer() {
        let (network, l) = street();
        let live = live(&network.links[l as usize], 30.0);
        let sample = Sample { from_s: 0.0, until_s: 60.0, links: vec![(l, live)] };
        let shown = records(Layer::Flow, &sample, &network, Theme::Light);
        assert!(shown[l as usize][4] > 6.0, "a busy street is broad: {:?}", shown[l as usize]);
        let quiet = network.links.iter().enumerate().find(|(i, k)| *i as u32 != l && k.kind == LinkKind::Road).unwrap().0;
        assert_eq!(shown[quiet][..3], linear(Theme::Light.no_value())[..3]);
        assert!(records(Layer::Roads, &sample, &network, Theme::Light).iter().all(|r| r[4] == 0.0));
    }
}
