//! The JSON Schema of the scenario file, generated from its types.

use super::file::ScenarioFile;
use schemars::generate::SchemaSettings;

/// The schema as text, ending in a new line: what `agtwin scenario schema` prints and `docs/src/scenario.schema.json` holds.
pub fn scenario_schema() -> String {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<ScenarioFile>();
    schema.insert("title".into(), "An Giang Twin scenario".into());
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    text.push('\n');
    text
}
