//! The import: a list of named passes from OpenStreetMap data to a road network.
