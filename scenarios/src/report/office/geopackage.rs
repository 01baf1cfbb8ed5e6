//! `links.gpkg`: every layer for QGIS in one file (OGC GeoPackage 1.3): the links of each scenario with their results, and of a comparison
//! what changes on each.

use super::sqlite::{Table, Value, database};
use crate::report::{
    layers::{LinkTotals, Shape},
    model::Report,
};
use std::collections::BTreeMap;

/// "GPKG", and version 1.3.
const APPLICATION: (u32, u32) = (0x4750_4B47, 10_300);
/// No file of ours tells when it was made.
const NEVER: &str = "1970-01-01T00:00:00.000Z";
const WGS_84: &str = "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]]";

/// A layer: table, title, columns with their types, rows of geometry and values.
struct Layer {
    table: String,
    title: String,
    columns: Vec<(&'static str, &'static str)>,
    rows: Vec<Vec<Value>>,
    bounds: [f64; 4],
}

/// The GeoPackage.
pub(in crate::report) fn layers(report: &Report) -> Vec<u8> {
    let mut layers: Vec<Layer> = report.sides.iter().enumerate().map(|(n, side)| results(report, n, &side.name, &side.totals)).collect();
    for (n, side) in report.sides.iter().enumerate().skip(1) {
        layers.push(changes(report, n, &side.name, &report.sides[0].totals, &side.totals));
    }
    let text = |t: &str| Value::Text(t.to_owned());
    let system = |name: &str, id: i64, org: &str, definition: &str| {
        vec![text(name), Value::Integer(id), text(org), Value::Integer(id), text(definition), Value::Null]
    };
    let mut tables = vec![
        Table {
            name: "gpkg_spatial_ref_sys".into(),
            sql: "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)".into(),
            rows: vec![
                system("Undefined cartesian SRS", -1, "NONE", "undefined"),
                system("Undefined geographic SRS", 0, "NONE", "undefined"),
                system("WGS 84", 4326, "EPSG", WGS_84),
            ],
        },
        Table {
            name: "gpkg_contents".into(),
            sql: "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL, data_type TEXT NOT NULL, identifier TEXT, description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER)".into(),
            rows: layers
                .iter()
                .map(|l| {
                    let mut row = vec![text(&l.table), text("features"), text(&l.title), text(&report.map.attribution), text(NEVER)];
                    row.extend(l.bounds.map(Value::Real));
                    row.push(Value::Integer(4326));
                    row
                })
                .collect(),
        },
        Table {
            name: "gpkg_geometry_columns".into(),
            sql: "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL)".into(),
            rows: layers
                .iter()
                .map(|l| vec![text(&l.table), text("geom"), text("LINESTRING"), Value::Integer(4326), Value::Integer(0), Value::Integer(0)])
                .collect(),
        },
    ];
    for layer in layers {
        let columns: Vec<String> = layer.columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
        let sql = format!("CREATE TABLE {} (fid INTEGER PRIMARY KEY, geom LINESTRING, {})", layer.table, columns.join(", "));
        tables.push(Table { name: layer.table, sql, rows: layer.rows });
    }
    database(&tables, APPLICATION.0, APPLICATION.1)
}

/// A line as GeoPackage holds it: a header without an envelope, then well-known binary, little end first.
fn geometry(link: &Shape) -> Value {
    let mut bytes = b"GP\0\x01".to_vec();
    bytes.extend(4326i32.to_le_bytes());
    bytes.push(1);
    bytes.extend(2u32.to_le_bytes());
    // A row fits in a page; a line with more points than that is not of this world.
    let line = &link.line[..link.line.len().min(3_500)];
    bytes.extend((line.len() as u32).to_le_bytes());
    for p in line {
        for degree in p {
            bytes.extend((f64::from(*degree) / 1e6).to_le_bytes());
        }
    }
    Value::Blob(bytes)
}

fn bounds(links: &[&Shape]) -> [f64; 4] {
    let mut found = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for p in links.iter().flat_map(|l| &l.line) {
        let at = p.map(|d| f64::from(d) / 1e6);
        found = [found[0].min(at[0]), found[1].min(at[1]), found[2].max(at[0]), found[3].max(at[1])];
    }
    if found[0].is_finite() { found } else { [0.0; 4] }
}

const OF_LINK: [(&str, &str); 6] =
    [("ref", "TEXT"), ("name", "TEXT"), ("road_number", "TEXT"), ("class", "TEXT"), ("lanes", "INTEGER"), ("length_m", "DOUBLE")];

fn of_link(link: &Shape) -> Vec<Value> {
    let text = |t: &Option<String>| t.as_ref().map_or(Value::Null, |t| Value::Text(t.clone()));
    let class = serde_json::to_value(link.class).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    vec![
        // The key is the row id.
        Value::Null,
        geometry(link),
        Value::Text(link.ref_.clone()),
        text(&link.name),
        text(&link.road_number),
        Value::Text(class),
        Value::Integer(link.lanes as i64),
        Value::Real(f64::from(link.length_m)),
    ]
}

fn results(report: &Report, n: usize, name: &str, totals: &[LinkTotals]) -> Layer {
    let found: Vec<(&Shape, &LinkTotals)> = totals.iter().filter_map(|t| Some((report.links.get(t.link)?, t))).collect();
    let values = [
        ("vehicles", "DOUBLE"),
        ("vehicle_km", "DOUBLE"),
        ("vehicle_h", "DOUBLE"),
        ("speed_kmh", "DOUBLE"),
        ("delay_veh_h", "DOUBLE"),
        ("queue_max_m", "DOUBLE"),
        ("co2_kg", "DOUBLE"),
        ("conflicts", "DOUBLE"),
    ];
    let rows = found.iter().map(|(link, t)| {
        let speed = t.speed_kmh().map_or(Value::Null, Value::Real);
        let mut row = of_link(link);
        row.extend([t.vehicles, t.vehicle_km, t.vehicle_h].map(Value::Real));
        row.push(speed);
        row.extend([t.delay_h, t.queue_m, t.co2_kg, t.conflicts].map(Value::Real));
        row
    });
    Layer {
        table: format!("links_{}", n + 1),
        title: name.to_owned(),
        columns: OF_LINK.into_iter().chain(values).collect(),
        rows: rows.collect(),
        bounds: bounds(&found.iter().map(|f| f.0).collect::<Vec<_>>()),
    }
}

fn changes(report: &Report, n: usize, name: &str, base: &[LinkTotals], variant: &[LinkTotals]) -> Layer {
    let mut pairs: BTreeMap<usize, [LinkTotals; 2]> = BTreeMap::new();
    for (side, totals) in [base, variant].into_iter().enumerate() {
        for total in totals {
            pairs.entry(total.link).or_default()[side] = *total;
        }
    }
    let found: Vec<(&Shape, [LinkTotals; 2])> = pairs.into_iter().filter_map(|(l, pair)| Some((report.links.get(l)?, pair))).collect();
    let values =
        [("vehicles_change", "DOUBLE"), ("delay_change_veh_h", "DOUBLE"), ("queue_change_m", "DOUBLE"), ("co2_change_kg", "DOUBLE")];
    let rows = found.iter().map(|(link, [a, b])| {
        let mut row = of_link(link);
        row.extend([b.vehicles - a.vehicles, b.delay_h - a.delay_h, b.queue_m - a.queue_m, b.co2_kg - a.co2_kg].map(Value::Real));
        row
    });
    Layer {
        table: format!("changes_{}", n + 1),
        title: format!("{name} − {}", report.sides[0].name),
        columns: OF_LINK.into_iter().chain(values).collect(),
        rows: rows.collect(),
        bounds: bounds(&found.iter().map(|f| f.0).collect::<Vec<_>>()),
    }
}
