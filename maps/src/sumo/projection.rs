//! From a network's plane back to the Earth: transverse Mercator (UTM and its relatives, VN-2000 among them), the simple projection, or
//! none at all.

use sim_core::geometry::LatLon;

/// How a network's plane lies on the Earth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Projection {
    /// Transverse Mercator on WGS 84: central meridian (degrees), scale on it, false easting and northing (metres).
    TransverseMercator { lon_0: f64, scale: f64, x_0: f64, y_0: f64 },
    /// SUMO's `-`: degrees times 111 136 m, and the cosine of the latitude.
    Simple,
    /// Drawn without a place on the Earth, or in a projection that is not known here.
    Nowhere,
}

/// Flattening and half axis of WGS 84.
const FLATTENING: f64 = 1.0 / 298.257_223_563;
const HALF_AXIS_M: f64 = 6_378_137.0;
/// What SUMO's simple projection takes for a degree, metres.
const SIMPLE_DEGREE_M: f64 = 111_136.0;

/// The projection that `projParameter` names.
pub(super) fn parse(text: &str) -> Projection {
    let value = |key: &str| text.split_whitespace().find_map(|p| p.strip_prefix('+')?.strip_prefix(key)?.strip_prefix('='));
    let number = |key: &str, default: f64| match value(key) {
        Some(text) => text.parse().ok().filter(|v: &f64| v.is_finite()),
        None => Some(default),
    };
    let found = match (text.trim(), value("proj")) {
        ("-", _) => Some(Projection::Simple),
        (_, Some("utm")) => value("zone").and_then(|z| z.parse::<u8>().ok()).filter(|z| (1..=60).contains(z)).map(|zone| {
            let y_0 = if text.contains("+south") { 10_000_000.0 } else { 0.0 };
            Projection::TransverseMercator { lon_0: f64::from(zone) * 6.0 - 183.0, scale: 0.9996, x_0: 500_000.0, y_0 }
        }),
        (_, Some("tmerc")) if number("lat_0", 0.0) == Some(0.0) => {
            let scale = value("k").map_or_else(|| number("k_0", 1.0), |_| number("k", 1.0));
            match (number("lon_0", 0.0), scale.filter(|k| *k > 0.0), number("x_0", 0.0), number("y_0", 0.0)) {
                (Some(lon_0), Some(scale), Some(x_0), Some(y_0)) => Some(Projection::TransverseMercator { lon_0, scale, x_0, y_0 }),
                _ => None,
            }
        }
        _ => None,
    };
    found.unwrap_or(Projection::Nowhere)
}

impl Projection {
    /// The place at these coordinates of the plane, metres; `None` where the plane lies nowhere.
    pub(super) fn unproject(&self, [x, y]: [f64; 2]) -> Option<LatLon> {
        match *self {
            Self::TransverseMercator { lon_0, scale, x_0, y_0 } => Some(mercator((x - x_0) / scale, (y - y_0) / scale, lon_0)),
            Self::Simple => {
                let lat = y / SIMPLE_DEGREE_M;
                Some(LatLon { lat, lon: x / (SIMPLE_DEGREE_M * libm::cos(lat.to_radians())) })
            }
            Self::Nowhere => None,
        }
    }
}

/// The inverse of the transverse Mercator projection by Krüger's series (1912) to the third order: true to a millimetre within 1 000 km of
/// the central meridian.
fn mercator(east_m: f64, north_m: f64, lon_0: f64) -> LatLon {
    let n = FLATTENING / (2.0 - FLATTENING);
    let (n2, n3) = (n * n, n * n * n);
    let radius_m = HALF_AXIS_M / (1.0 + n) * (1.0 + n2 / 4.0 + n2 * n2 / 64.0);
    let beta = [n / 2.0 - n2 * 2.0 / 3.0 + n3 * 37.0 / 96.0, n2 / 48.0 + n3 / 15.0, n3 * 17.0 / 480.0];
    let delta = [n * 2.0 - n2 * 2.0 / 3.0 - n3 * 2.0, n2 * 7.0 / 3.0 - n3 * 8.0 / 5.0, n3 * 56.0 / 15.0];
    let (xi, eta) = (north_m / radius_m, east_m / radius_m);
    let (mut xi_1, mut eta_1) = (xi, eta);
    for (j, b) in beta.iter().enumerate() {
        let k = 2.0 * (j + 1) as f64;
        xi_1 -= b * libm::sin(k * xi) * libm::cosh(k * eta);
        eta_1 -= b * libm::cos(k * xi) * libm::sinh(k * eta);
    }
    let chi = libm::asin(libm::sin(xi_1) / libm::cosh(eta_1));
    let lat = delta.iter().enumerate().fold(chi, |lat, (j, d)| lat + d * libm::sin(2.0 * (j + 1) as f64 * chi));
    let lon = libm::atan2(libm::sinh(eta_1), libm::cos(xi_1));
    LatLon { lat: lat.to_degrees(), lon: lon_0 + lon.to_degrees() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utm_puts_a_tower_where_it_stands() {
        // The CN Tower: 43°38′33.24″ N 79°23′13.7″ W is 17N 630 084 m E 4 833 438 m N, to the metre.
        let found = parse("+proj=utm +zone=17 +ellps=WGS84 +datum=WGS84 +units=m +no_defs").unproject([630_084.0, 4_833_438.0]).unwrap();
        assert!((found.lat - 43.642_567).abs() < 1e-5 && (found.lon + 79.387_139).abs() < 1e-5, "{found:?}");
        let south = parse("+proj=utm +zone=17 +south").unproject([630_084.0, 10_000_000.0 - 4_833_438.0]).unwrap();
        assert!((south.lat + found.lat).abs() < 1e-9);
    }

    #[test]
    fn vn_2000_is_a_transverse_mercator_too() {
        let text = "+proj=tmerc +lat_0=0 +lon_0=104.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +units=m";
        let found = parse(text).unproject([500_000.0, 1_148_000.0]).unwrap();
        // A degree of latitude is 110.6 km here.
        assert!((found.lon - 104.75).abs() < 1e-12 && (10.3..10.45).contains(&found.lat), "{found:?}");
    }

    #[test]
    fn other_projections_are_nowhere() {
        for text in ["!", "+proj=lcc +lat_1=49", "+proj=utm", "+proj=utm +zone=99", ""] {
            assert_eq!(parse(text), Projection::Nowhere, "{text}");
        }
        assert_eq!(parse("-").unproject([0.0, 111_136.0]).map(|p| (p.lat, p.lon)), Some((1.0, 0.0)));
    }
}
