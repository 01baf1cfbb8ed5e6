//! `links.geojson`: every link on which anything happened, with its results, for QGIS and web maps (RFC 7946).

use super::{layers::LinkTotals, model::Report};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, fmt::Write};

/// The layer: one feature a line. With several scenarios a feature stands for each link in each of them, told apart by `scenario`.
pub fn links(report: &Report) -> String {
    let map = &report.map;
    let mut out = format!(
        "{{\"type\":\"FeatureCollection\",\"name\":{},\"attribution\":{},\"is_sketch\":{},\"schema_version\":1,\"features\":[",
        json!(map.name),
        json!(map.attribution),
        map.is_sketch
    );
    let mut first = true;
    for side in &report.sides {
        let totals: BTreeMap<usize, &LinkTotals> = side.totals.iter().map(|t| (t.link, t)).collect();
        for (link, total) in totals {
            let Some(shape) = report.links.get(link) else { continue };
            out.push_str(if first { "\n" } else { ",\n" });
            first = false;
            out.push_str("{\"type\":\"Feature\",\"geometry\":{\"type\":\"LineString\",\"coordinates\":[");
            for (i, [lon, lat]) in shape.line.iter().enumerate() {
                let comma = if i == 0 { "" } else { "," };
                let _ = write!(out, "{comma}[{:.6},{:.6}]", f64::from(*lon) / 1e6, f64::from(*lat) / 1e6);
            }
            let mut properties = Map::new();
            let mut put = |key: &str, value: Value| properties.insert(key.to_owned(), value);
            put("scenario", json!(side.name));
            put("ref", json!(shape.ref_));
            put("name", json!(shape.name));
            put("road_number", json!(shape.road_number));
            put("class", json!(shape.class));
            put("lanes", json!(shape.lanes));
            put("length_m", json!(rounded(f64::from(shape.length_m), 2)));
            put("vehicles", json!(rounded(total.vehicles, 2)));
            put("vehicle_km", json!(rounded(total.vehicle_km, 4)));
            put("vehicle_h", json!(rounded(total.vehicle_h, 5)));
            put("speed_kmh", json!(total.speed_kmh().map(|v| rounded(v, 2))));
            put("delay_veh_h", json!(rounded(total.delay_h, 5)));
            put("queue_max_m", json!(rounded(total.queue_m, 2)));
            if total.conflicts > 0.0 {
                put("conflicts", json!(rounded(total.conflicts, 3)));
            }
            put("co2_kg", json!(rounded(total.co2_kg, 4)));
            let _ = write!(out, "]}},\"properties\":{}}}", Value::Object(properties));
        }
    }
    out.push_str("\n]}\n");
    out
}

/// To so many digits after the point.
fn rounded(value: f64, digits: i32) -> f64 {
    let factor = libm::exp10(f64::from(digits));
    libm::round(value * factor) / factor
}
