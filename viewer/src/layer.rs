//! Layers: what the colour and width of a road tell, with their scales. Plain arithmetic on what the links measured.

use crate::{
    colour::{FAST_TO_SLOW, GROWING, LESS_TO_MORE, Palette, Rgb, SLOW_TO_FAST, Theme, linear},
    live::LinkLive,
    snapshot::Snapshot,
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
    /// Conflicts (near misses) on a kilometre in an hour, since the beginning.
    Conflicts,
    /// Where detectors stand.
    Sensors,
    /// What detectors count against what was observed there.
    Counts,
}

/// Mean speed as a share of the limit down to which a street has level of service A, B, C, D, E; below the last it has F
/// (Highway Capacity Manual 2010, exhibit 16-4, urban streets; the limit stands for the base free-flow speed).
pub const SERVICE_SHARES: [f32; 5] = [0.85, 0.67, 0.50, 0.40, 0.30];

impl Layer {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Roads,
        Self::Speed,
        Self::Flow,
        Self::Density,
        Self::Delay,
        Self::Queue,
        Self::Service,
        Self::Emissions,
        Self::Conflicts,
        Self::Sensors,
        Self::Counts,
    ];

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
            Self::Conflicts => Text::LayerConflicts,
            Self::Sensors => Text::LayerSensors,
            Self::Counts => Text::LayerCounts,
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
            Self::Conflicts => Text::UnitConflicts,
            Self::Sensors => Text::UnitSensors,
            Self::Counts => Text::UnitPercent,
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
            Self::Conflicts => 40.0,
            Self::Sensors => 4.0,
            Self::Counts => 50.0,
        }
    }

    const fn palette(self) -> Palette {
        match self {
            Self::Speed | Self::Service => SLOW_TO_FAST,
            Self::Delay | Self::Queue => FAST_TO_SLOW,
            Self::Counts => LESS_TO_MORE,
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
            Self::Roads | Self::Conflicts | Self::Sensors | Self::Counts => None,
            Self::Speed => speed_kmh,
            Self::Flow => Some(flow(live, hours, link)),
            Self::Density => Some(live.vehicle_s / 3600.0 / hours / km),
            Self::Delay => (live.vehicle_m > 0.0).then(|| live.delay_s.max(0.0) / live.vehicle_m * 1000.0),
            Self::Queue => Some(live.queue_m),
            Self::Service => speed_kmh.map(|v| (v / (link.limits.light_mps * 3.6) * 100.0).min(100.0)),
            Self::Emissions => Some(live.co2_g / 1000.0 / km / hours),
        }
    }

    /// The value of a link at a moment; `None` where it has none.
    pub fn at(self, snapshot: &Snapshot, link: u32, network: &RoadNetwork) -> Option<f32> {
        let (on, watch) = (&network.links[link as usize], &snapshot.watch);
        match self {
            Self::Sensors => Some(watch.sensors_on(link) as f32).filter(|n| *n > 0.0),
            Self::Counts => watch.deviation(link),
            Self::Conflicts => {
                let count = watch.conflicts_on(link)? as f32;
                (watch.hours > 0.0).then(|| count / (on.length_m / 1000.0) / watch.hours as f32)
            }
            _ => snapshot.sample.link(link).and_then(|live| self.value(live, snapshot.sample.hours(), on)),
        }
    }

    /// Whether two moments can be compared in it.
    pub const fn has_difference(self) -> bool {
        matches!(self, Self::Speed | Self::Flow | Self::Density | Self::Delay | Self::Queue | Self::Emissions | Self::Conflicts)
    }

    /// By how much the value of a link is greater than in `base`; `None` where one has none. What is counted is 0 where nobody drove.
    pub fn difference(self, snapshot: &Snapshot, base: &Snapshot, link: u32, network: &RoadNetwork) -> Option<f32> {
        let values = (self.at(snapshot, link, network), self.at(base, link, network));
        match (self, values) {
            (_, (None, None)) => None,
            (Self::Speed | Self::Delay, (now, before)) => Some(now? - before?),
            (_, (now, before)) => Some(now.unwrap_or(0.0) - before.unwrap_or(0.0)),
        }
    }

    /// The difference at which its palette ends, either way.
    pub fn greatest_difference(self) -> f32 {
        self.greatest() / 3.0
    }

    /// The colour of a difference.
    pub fn colour_of_difference(self, difference: f32) -> Rgb {
        LESS_TO_MORE.at(0.5 + difference / self.greatest_difference() / 2.0)
    }

    /// The colour of a value.
    pub fn colour(self, value: f32) -> Rgb {
        match self {
            Self::Counts => LESS_TO_MORE.at(0.5 + value / self.greatest() / 2.0),
            Self::Service => {
                let grade = SERVICE_SHARES.iter().position(|s| value / 100.0 > *s).unwrap_or(5);
                SLOW_TO_FAST.at(1.0 - grade as f32 / 5.0)
            }
            _ => self.palette().at(value / self.greatest()),
        }
    }

    /// A difference in words, with its sign and unit.
    pub fn told_difference(self, lang: Lang, difference: f32) -> String {
        let sign = if difference > 0.0 { "+" } else { "" };
        format!("{sign}{} {}", number(lang, f64::from(difference), 1), self.unit().in_lang(lang))
    }

    /// A value in words, with its unit.
    pub fn told(self, lang: Lang, value: f32) -> String {
        let decimals = usize::from(matches!(self, Self::Speed | Self::Density | Self::Emissions));
        let sign = if self == Self::Counts && value > 0.0 { "+" } else { "" };
        let text = format!("{sign}{} {}", number(lang, f64::from(value), decimals), self.unit().in_lang(lang));
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

/// The records of all links: colour by the layer, or by how it differs from `base`; width by flow.
pub fn records(layer: Layer, now: &Snapshot, base: Option<&Snapshot>, network: &RoadNetwork, theme: Theme) -> Vec<LinkRecord> {
    let none = linear(theme.no_value());
    let hours = now.sample.hours() as f32;
    let base = base.filter(|_| layer.has_difference());
    let is_measured = !matches!(layer, Layer::Conflicts | Layer::Sensors | Layer::Counts);
    let record = |(l, link): (usize, &Link)| {
        let l = l as u32;
        if layer == Layer::Roads || link.kind != LinkKind::Road || now.lacks.binary_search(&l).is_ok() {
            return [0.0; 8];
        }
        let colour = match base {
            Some(base) => layer.difference(now, base, l, network).map(|d| layer.colour_of_difference(d)),
            None => layer.at(now, l, network).map(|v| layer.colour(v)),
        };
        let Some(colour) = colour else { return [none[0], none[1], none[2], 1.0, 1.0, 0.0, 0.0, 0.0] };
        let [r, g, b, a] = linear(colour);
        let flow = now.sample.link(l).filter(|_| hours > 0.0).map_or(0.0, |live| flow(live, hours, link));
        let width_px = if is_measured { 1.5 + 5.5 * (flow / 2_500.0).clamp(0.0, 1.0).sqrt() } else { 5.0 };
        [r, g, b, a, width_px, 0.0, 0.0, 0.0]
    };
    network.links.iter().enumerate().map(record).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{live::Sample, watch::Watch};

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
        let now = Snapshot { sample: sample.into(), ..Snapshot::default() };
        let shown = records(Layer::Flow, &now, None, &network, Theme::Light);
        assert!(shown[l as usize][4] > 6.0, "a busy street is broad: {:?}", shown[l as usize]);
        let quiet = network.links.iter().enumerate().find(|(i, k)| *i as u32 != l && k.kind == LinkKind::Road).unwrap().0;
        assert_eq!(shown[quiet][..3], linear(Theme::Light.no_value())[..3]);
        assert!(records(Layer::Roads, &now, None, &network, Theme::Light).iter().all(|r| r[4] == 0.0));
    }

    #[test]
    fn a_difference_has_its_sign_its_colour_and_counts_who_did_not_come_as_none() {
        let (network, l) = street();
        let link = &network.links[l as usize];
        let at = |each_s: f32| {
            let sample = Sample { from_s: 0.0, until_s: 60.0, links: vec![(l, live(link, each_s))] };
            Snapshot { sample: sample.into(), ..Snapshot::default() }
        };
        let (slow, fast, empty) = (at(link.length_m / 5.0), at(link.length_m / 10.0), Snapshot::default());
        let of = |layer: Layer, a: &Snapshot, b: &Snapshot| layer.difference(a, b, l, &network);
        assert!((of(Layer::Speed, &fast, &slow).unwrap() - 18.0).abs() < 0.01);
        assert!((of(Layer::Speed, &slow, &fast).unwrap() + 18.0).abs() < 0.01);
        assert_eq!(of(Layer::Speed, &fast, &empty), None, "nobody drove there: no speed to compare with");
        assert!((of(Layer::Flow, &fast, &empty).unwrap() - 3_600.0).abs() < 1.0);
        assert!((of(Layer::Flow, &empty, &fast).unwrap() + 3_600.0).abs() < 1.0);
        let shown = records(Layer::Flow, &fast, Some(&empty), &network, Theme::Light);
        assert_eq!(shown[l as usize][..3], linear(LESS_TO_MORE.at(1.0))[..3], "much more is orange");
        assert_eq!(Layer::Flow.told_difference(Lang::En, 120.0), "+120.0 veh/h");
    }

    #[test]
    fn sensors_conflicts_and_deviations_are_shown_where_they_are() {
        let (network, l) = street();
        let km = network.links[l as usize].length_m / 1000.0;
        let sensor = crate::watch::Sensor {
            detector: 0,
            ref_: "a".into(),
            link: l,
            pos_m: 5.0,
            at: [0.0; 2],
            kind: sim_core::detector::DetectorKind::Loop,
            counted: Some(120),
            observed: Some(100.0),
        };
        let watch = Watch { sensors: vec![sensor], conflicts: Some(vec![(l, 6)]), hours: 2.0, ..Watch::default() };
        let now = Snapshot { watch: watch.into(), ..Snapshot::default() };
        let value = |layer: Layer| layer.at(&now, l, &network).unwrap();
        assert_eq!((value(Layer::Sensors), value(Layer::Counts)), (1.0, 20.0));
        assert!((value(Layer::Conflicts) - 3.0 / km).abs() < 1e-3);
        assert_eq!(Layer::Counts.told(Lang::En, 20.0), "+20 %");
        let other = if l == 0 { 1 } else { 0 };
        assert!([Layer::Sensors, Layer::Counts, Layer::Conflicts].iter().all(|layer| layer.at(&now, other, &network).is_none()));
    }
}
