//! What a scenario file says about help in an emergency, as types.

use super::quantity::Duration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Calls for an ambulance or a fire engine: where something happens is drawn along the roads that the demand drives on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmergencyTable {
    /// Calls an hour.
    #[serde(default = "default_calls")]
    #[schemars(range(min = 1, max = 600))]
    pub calls: u32,
    /// From what happened to the alarm at the centre; without it 60 s, assumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detect: Option<Duration>,
    /// From the alarm to the vehicle on the road; without it 90 s, assumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatch: Option<Duration>,
    /// Where vehicles stand; the one from which the scene is reached quickest goes.
    #[serde(default = "default_from")]
    #[schemars(length(min = 1))]
    pub from: Vec<StationName>,
}

/// Where help comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StationName {
    /// Hospitals of the map.
    Hospital,
    /// Fire stations of the map.
    FireStation,
    /// Police stations of the map.
    Police,
}

fn default_calls() -> u32 {
    20
}

fn default_from() -> Vec<StationName> {
    vec![StationName::Hospital]
}
