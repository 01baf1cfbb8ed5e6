//! `agtwin explain`: how an indicator is computed, from what, and after whom.

use super::{
    args::Format,
    exit::{Failure, print},
};
use crate::{
    kpi::{catalogue, explained, explanation},
    lang::Lang,
    results::record::json,
    scenario::error::nearest,
};
use serde_json::json;

/// Prints the explanation of one indicator.
///
/// # Errors
/// There is no such indicator.
pub(super) fn run(id: &str, format: Format, lang: Lang) -> Result<(), Failure> {
    let Some((spec, how)) = explanation(id) else {
        let hint = nearest(&id.to_uppercase(), catalogue().iter().map(|s| s.id)).map(|n| format!("; did you mean `{n}`?"));
        let hint = hint.unwrap_or_default();
        return Err(Failure::Usage(format!("there is no indicator `{id}`{hint} `agtwin kpi list` lists them all")));
    };
    let both = |texts: [&str; 2]| json!({ "vi": texts[0], "en": texts[1] });
    match format {
        Format::Text => print(&explained(spec, how, lang)),
        Format::Json => print(&json(&json!({
            "schema_version": 1,
            "id": spec.id,
            "name": { "vi": spec.name_vi, "en": spec.name_en },
            "kind": spec.kind,
            "unit": spec.unit,
            "formula": both(how.formula),
            "inputs": both(how.inputs),
            "source": both(how.source),
        }))),
    }
}
