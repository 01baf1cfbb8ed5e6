//! A part of the map as a scenario file names it: towns and wards by their names, or a shape.

use super::quantity::Length;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, value::MapAccessDeserializer},
};
use std::{borrow::Cow, fmt};

/// A part of the map: towns and wards by their names, or a shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Area {
    /// One or several, by their names.
    Named(Vec<String>),
    /// A circle, a box or a polygon.
    Shape(AreaTable),
}

/// A part of the map: a circle (`centre`, `radius`), a box (`bbox`) or the polygon of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaTable {
    /// Centre of a circle: latitude north and longitude east, degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centre: Option<[f64; 2]>,
    /// Its radius.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius: Option<Length>,
    /// A box: `SOUTH,WEST,NORTH,EAST` in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<String>,
    /// Path of a GeoJSON file with a polygon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polygon: Option<String>,
}

struct AreaVisitor;

impl<'de> de::Visitor<'de> for AreaVisitor {
    type Value = Area;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a town or ward, a list of names, or a shape, e.g. { centre = [10.38, 105.43], radius = \"2 km\" }")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Area, E> {
        Ok(Area::Named(vec![name.to_owned()]))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Area, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = seq.next_element()? {
            names.push(name);
        }
        if names.is_empty() {
            Err(de::Error::custom("the list names no town or ward; expected one or more"))
        } else {
            Ok(Area::Named(names))
        }
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Area, A::Error> {
        AreaTable::deserialize(MapAccessDeserializer::new(map)).map(Area::Shape)
    }
}

impl<'de> Deserialize<'de> for Area {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AreaVisitor)
    }
}

impl Serialize for Area {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Named(names) if names.len() == 1 => serializer.serialize_str(&names[0]),
            Self::Named(names) => names.serialize(serializer),
            Self::Shape(table) => table.serialize(serializer),
        }
    }
}

impl JsonSchema for Area {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Area")
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let shape = generator.subschema_for::<AreaTable>();
        json_schema!({
            "description": "the name of a town or ward, a list of names, or a shape",
            "anyOf": [
                { "type": "string" },
                { "type": "array", "items": { "type": "string" }, "minItems": 1 },
                shape,
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Serialize, Deserialize, PartialEq)]
    struct Holder {
        area: Area,
    }

    #[test]
    fn an_area_is_read_from_a_name_a_list_or_a_shape_and_written_back_the_same() {
        for text in ["area = \"Mỹ Long\"", "area = [\"Mỹ Long\", \"Mỹ Bình\"]", "area = { centre = [10.38, 105.43], radius = \"2 km\" }"]
        {
            let read: Holder = toml::from_str(text).unwrap();
            let again: Holder = toml::from_str(&toml::to_string(&read).unwrap()).unwrap();
            assert_eq!(read, again, "{text}");
        }
        let refused = |text: &str| toml::from_str::<Holder>(text).unwrap_err().to_string();
        assert!(refused("area = 3").contains("the name of a town or ward"));
        assert!(refused("area = []").contains("names no town"));
        assert!(refused("area = { center = [1.0, 2.0] }").contains("center"));
    }
}
