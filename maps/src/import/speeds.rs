//! Speed limits: from tags where they are, else by Vietnamese law (Circular 38/2024/TT-BGTVT, table of its articles 6 to 9): built-up area
//! or not, divided or not, class of vehicle.

use super::{
    numbers::speed_mps,
    report::{ImportReport, ReportGroup},
};
use crate::osm::Tags;
use sim_core::network::{RoadClass, SpeedLimits};

const KMH: f32 = 1.0 / 3.6;

/// What the tags of a way say about speed, m/s.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SpeedTags {
    pub(crate) forward: Option<f32>,
    pub(crate) backward: Option<f32>,
    pub(crate) heavy: Option<f32>,
    pub(crate) motorcycle: Option<f32>,
    /// Whether a tag such as `VN:urban` says which law applies.
    pub(crate) is_urban: Option<bool>,
}

/// Reads the speed tags of way `id`.
pub(crate) fn speed_tags(id: i64, tags: &Tags, report: &mut ImportReport) -> SpeedTags {
    let mut found = SpeedTags::default();
    for key in ["maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic"] {
        if let Some(value) = tags.get(key) {
            if value.ends_with(":urban") {
                found.is_urban = Some(true);
            } else if value.ends_with(":rural") {
                found.is_urban = Some(false);
            }
        }
    }
    let mut read = |key: &str| -> Option<f32> {
        let value = tags.get(key)?;
        let speed = match value {
            "walk" | "living_street" => Some(10.0 * KMH),
            "none" => Some(120.0 * KMH),
            _ => speed_mps(value).map(|v| v as f32),
        };
        match speed {
            Some(v) if (1.0..=50.0).contains(&v) => Some(v),
            _ if value.contains(':') => None, // a zone, read above
            _ => {
                report.add(ReportGroup::Dropped, "maxspeed that is no speed", format_args!("w{id} {key}={value}"));
                None
            }
        }
    };
    let both = read("maxspeed");
    found.forward = read("maxspeed:forward").or(both);
    found.backward = read("maxspeed:backward").or(both);
    found.heavy = read("maxspeed:hgv");
    found.motorcycle = read("maxspeed:motorcycle");
    if tags.get("maxspeed:conditional").is_some() {
        report.add(ReportGroup::Dropped, "conditional speed limit (times are not modelled)", format_args!("w{id}"));
    }
    found
}

/// What decides the limit beside the tags.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpeedSite {
    /// Class of the road.
    pub(crate) class: RoadClass,
    /// In a built-up area.
    pub(crate) is_urban: bool,
    /// Carriageways apart, or one-way with at least two lanes.
    pub(crate) is_divided: bool,
    /// A ramp.
    pub(crate) is_ramp: bool,
}

/// The limits where no sign stands.
///
/// Built-up: 60 km/h on divided roads and one-way roads of two lanes or more, else 50. Outside: cars 90/80, over 30 seats or 3.5 t 80/70,
/// motorcycles 70/60, trailers and mixers 60/50. Bicycles and mopeds 40 everywhere. Expressways are signed, at most 120: 100 assumed, ramps 60
/// assumed. Alleys and access roads have the law's limit but are driven at 20 (assumed).
pub(crate) fn by_law(site: SpeedSite) -> SpeedLimits {
    let kmh = |light: f32, heavy: f32, motorcycle: f32, articulated: f32| SpeedLimits {
        light_mps: light * KMH,
        heavy_mps: heavy * KMH,
        motorcycle_mps: motorcycle * KMH,
        articulated_mps: articulated * KMH,
        slow_mps: light.min(40.0) * KMH,
    };
    match site {
        SpeedSite { class: RoadClass::Ferry, .. } => kmh(20.0, 20.0, 20.0, 20.0),
        SpeedSite { class: RoadClass::Motorway, is_ramp: true, .. } => kmh(60.0, 60.0, 60.0, 60.0),
        SpeedSite { class: RoadClass::Motorway, .. } => kmh(100.0, 80.0, 80.0, 60.0),
        SpeedSite { class: RoadClass::Service, .. } => kmh(20.0, 20.0, 20.0, 20.0),
        SpeedSite { is_urban: true, is_divided: true, .. } => kmh(60.0, 60.0, 60.0, 60.0),
        SpeedSite { is_urban: true, .. } => kmh(50.0, 50.0, 50.0, 50.0),
        SpeedSite { is_divided: true, .. } => kmh(90.0, 80.0, 70.0, 60.0),
        _ => kmh(80.0, 70.0, 60.0, 50.0),
    }
}

/// The limits of one direction: a sign binds everybody; outside built-up areas the law's lower limits for a class stay below it.
pub(crate) fn limits(site: SpeedSite, sign_mps: Option<f32>, tags: &SpeedTags) -> SpeedLimits {
    let law = by_law(site);
    let mut limits = match sign_mps {
        None => law,
        Some(sign) => SpeedLimits {
            light_mps: sign,
            // In a built-up area the law tells no classes apart, so neither does a sign; outside, a class keeps its lower limit.
            heavy_mps: if site.is_urban { sign } else { sign.min(law.heavy_mps) },
            motorcycle_mps: if site.is_urban { sign } else { sign.min(law.motorcycle_mps) },
            articulated_mps: if site.is_urban { sign } else { sign.min(law.articulated_mps) },
            slow_mps: sign.min(40.0 * KMH),
        },
    };
    if let Some(heavy) = tags.heavy {
        limits.heavy_mps = heavy;
        limits.articulated_mps = limits.articulated_mps.min(heavy);
    }
    if let Some(motorcycle) = tags.motorcycle {
        limits.motorcycle_mps = motorcycle;
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kmh(limits: SpeedLimits) -> [f32; 5] {
        [limits.light_mps, limits.heavy_mps, limits.motorcycle_mps, limits.articulated_mps, limits.slow_mps].map(|v| (v * 3.6).round())
    }

    #[test]
    fn the_law_by_area_and_cross_section() {
        let site = |is_urban, is_divided| SpeedSite { class: RoadClass::Primary, is_urban, is_divided, is_ramp: false };
        assert_eq!(kmh(by_law(site(true, true))), [60.0, 60.0, 60.0, 60.0, 40.0]);
        assert_eq!(kmh(by_law(site(true, false))), [50.0, 50.0, 50.0, 50.0, 40.0]);
        assert_eq!(kmh(by_law(site(false, true))), [90.0, 80.0, 70.0, 60.0, 40.0]);
        assert_eq!(kmh(by_law(site(false, false))), [80.0, 70.0, 60.0, 50.0, 40.0]);
    }

    #[test]
    fn a_sign_binds_all_and_the_law_keeps_the_slower_classes_below_it() {
        let outside = SpeedSite { class: RoadClass::Trunk, is_urban: false, is_divided: false, is_ramp: false };
        assert_eq!(kmh(limits(outside, Some(80.0 * KMH), &SpeedTags::default())), [80.0, 70.0, 60.0, 50.0, 40.0]);
        assert_eq!(kmh(limits(outside, Some(40.0 * KMH), &SpeedTags::default())), [40.0, 40.0, 40.0, 40.0, 40.0]);
        let tags = SpeedTags { heavy: Some(30.0 * KMH), motorcycle: Some(70.0 * KMH), ..SpeedTags::default() };
        assert_eq!(kmh(limits(outside, Some(80.0 * KMH), &tags)), [80.0, 30.0, 70.0, 30.0, 40.0]);
    }

    #[test]
    fn tags_of_every_spelling() {
        let read = |pairs: &[(&str, &str)]| {
            let tags = Tags(pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect());
            let mut report = ImportReport::default();
            (speed_tags(1, &tags, &mut report), report)
        };
        let (tags, _) = read(&[("maxspeed", "30 mph"), ("maxspeed:backward", "50")]);
        assert!((tags.forward.unwrap() - 13.4112).abs() < 1e-3 && (tags.backward.unwrap() - 50.0 * KMH).abs() < 1e-3);
        assert_eq!(read(&[("maxspeed", "VN:urban")]).0.is_urban, Some(true));
        assert_eq!(read(&[("maxspeed:type", "VN:rural")]).0.is_urban, Some(false));
        let (tags, report) = read(&[("maxspeed", "fast"), ("maxspeed:conditional", "40 @ (22:00-05:00)")]);
        assert_eq!(tags.forward, None);
        assert_eq!(report.count(ReportGroup::Dropped, "maxspeed that is no speed"), 1);
        assert_eq!(report.count(ReportGroup::Dropped, "conditional speed limit (times are not modelled)"), 1);
    }
}
