//! Networks out: GeoJSON.
