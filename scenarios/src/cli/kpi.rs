//! `agtwin kpi list`: the indicators, before anybody computed them.

use super::{
    args::Format,
    exit::{Failure, print},
};
use crate::{
    kpi::{catalogue, catalogue_table},
    lang::Lang,
    results::record::json,
};
use serde_json::json;

/// Prints the catalogue.
///
/// # Errors
/// Standard output cannot be written.
pub(super) fn list(format: Format, lang: Lang) -> Result<(), Failure> {
    match format {
        Format::Text => print(&catalogue_table(lang)),
        Format::Json => {
            let indicators: Vec<_> = catalogue()
                .iter()
                .map(|s| {
                    json!({
                        "id": s.id,
                        "name": { "vi": s.name_vi, "en": s.name_en },
                        "kind": s.kind,
                        "unit": s.unit,
                        "target_2028": s.to_2028,
                        "target_2035": s.to_2035,
                        "source": s.source,
                    })
                })
                .collect();
            print(&json(&json!({ "schema_version": 1, "indicators": indicators })))
        }
    }
}
