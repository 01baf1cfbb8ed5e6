//! The roads with what they measured in the last minute, as GeoJSON (RFC 7946) for a GIS.

use crate::{layer::Layer, live::Sample};
use serde_json::{Map, Value, json};
use sim_core::network::RoadNetwork;

/// One feature for each link on which something drove.
pub fn road_layer(network: &RoadNetwork, sample: &Sample) -> String {
    let frame = &network.meta.frame;
    let features: Vec<Value> = sample
        .links
        .iter()
        .map(|(l, live)| {
            let link = &network.links[*l as usize];
            // Seven decimals are a centimetre.
            let round = |v: f64| (v * 1e7).round() / 1e7;
            let line: Vec<[f64; 2]> = link.geometry.iter().map(|p| frame.unproject(*p)).map(|p| [round(p.lon), round(p.lat)]).collect();
            let mut properties = Map::new();
            properties.insert("ref".into(), json!(link.ref_.as_str()));
            properties.insert("name".into(), json!(link.name));
            for (key, layer) in [
                ("speed_kmh", Layer::Speed),
                ("flow_per_h", Layer::Flow),
                ("density_per_km", Layer::Density),
                ("delay_s_per_km", Layer::Delay),
                ("queue_m", Layer::Queue),
                ("speed_percent_of_limit", Layer::Service),
                ("co2_kg_per_km_h", Layer::Emissions),
            ] {
                let value = layer.value(live, sample.hours(), link).map(|v| (f64::from(v) * 10.0).round() / 10.0);
                properties.insert(key.into(), json!(value));
            }
            json!({ "type": "Feature", "geometry": { "type": "LineString", "coordinates": line }, "properties": properties })
        })
        .collect();
    let about = json!({ "from_s": sample.from_s, "until_s": sample.until_s, "attribution": network.meta.attribution });
    json!({ "type": "FeatureCollection", "about": about, "features": features }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::LinkLive;

    #[test]
    fn a_link_becomes_a_line_with_its_values() {
        let network = maps::sketch::embedded().unwrap().network;
        let live = LinkLive { vehicle_m: 1_000.0, vehicle_s: 100.0, exited: 3, ..LinkLive::default() };
        let sample = Sample { from_s: 0.0, until_s: 60.0, links: vec![(5, live)] };
        let read: Value = serde_json::from_str(&road_layer(&network, &sample)).unwrap();
        let feature = &read["features"][0];
        assert_eq!(feature["properties"]["speed_kmh"], 36.0);
        assert_eq!(feature["properties"]["ref"], network.links[5].ref_.as_str());
        let [lon, lat] = [0, 1].map(|k| feature["geometry"]["coordinates"][0][k].as_f64().unwrap());
        assert!((104.0..106.0).contains(&lon) && (9.5..11.5).contains(&lat), "{lon} {lat}: An Giang, longitude first");
    }
}
