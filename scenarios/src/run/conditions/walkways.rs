//! Pedestrians of a scenario at the crossings of its map.

use super::{Keyed, spot};
use crate::{
    kpi::Bilingual,
    scenario::{error::ScenarioError, read::Parsed},
};
use sim_core::{network::RoadNetwork, reference::Ref, walk::Walkway};

/// Those of the file.
pub(super) fn of(parsed: &Parsed, network: &RoadNetwork, assumed: &mut Vec<Bilingual>) -> Result<Vec<Keyed<Walkway>>, ScenarioError> {
    let Some(table) = &parsed.file.pedestrians else { return Ok(Vec::new()) };
    let at = |key: &str, message: String| parsed.error_at(&format!("pedestrians.{key}"), message);
    if table.flow.is_some() && !table.from_map {
        return Err(at("flow", "`flow` is that of the map's crossings; add `from_map = true`, or name `crossings`".into()));
    }
    if !table.from_map && table.crossings.is_empty() {
        return Err(at("from_map", "nobody walks: say `from_map = true`, name `crossings`, or leave `[pedestrians]` out".into()));
    }
    let of_map = Walkway::defaults(network);
    let mut all: Vec<Keyed<Walkway>> = Vec::new();
    if table.from_map {
        if of_map.is_empty() {
            return Err(at("from_map", "the map has no pedestrian crossing on a road; name `crossings` with `link` and `position`".into()));
        }
        if table.flow.is_none() {
            assumed.push(Bilingual::new(
                "Lượng người đi bộ tại các lối sang đường là giả định: 300 người/giờ gần chợ, trường học, bến xe, bệnh viện; nơi khác 60.",
                "Pedestrian flows are assumed: 300 an hour at crossings near a market, school, bus station or hospital, 60 elsewhere.",
            ));
        }
        let flow = |w: &Walkway| table.flow.map_or(w.per_hour, |f| f.base() as f32);
        all.extend(of_map.iter().map(|w| Keyed { key: "pedestrians".into(), it: Walkway { per_hour: flow(w), ..w.clone() } }));
    }
    for (i, own) in table.crossings.iter().enumerate() {
        let key = format!("crossings.{i}");
        let per_hour = own.flow.base() as f32;
        let new = match (&own.place, &own.link, own.position) {
            (Some(place), None, None) => {
                let Some(known) = of_map.iter().find(|w| w.ref_.as_str() == place) else {
                    let near = maps::index::near_refs(place, of_map.iter().map(|w| &w.ref_), 1);
                    let hint = near.first().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
                    return Err(at(&format!("{key}.place"), format!("no crossing of the map is called `{place}`{hint}")));
                };
                Walkway { per_hour, ..known.clone() }
            }
            (None, Some(name), Some(position)) => Walkway {
                ref_: Ref::from(format!("crossing-{}", i + 1).as_str()),
                link: spot::link_of(parsed, network, &format!("pedestrians.{key}.link"), name)?,
                pos_m: position.base() as f32,
                per_hour,
            },
            _ => return Err(at(&key, "a crossing needs the `place` of one on the map, or `link` and `position`".into())),
        };
        let keyed = Keyed { key: format!("pedestrians.{key}"), it: new };
        match all.iter_mut().find(|k| k.it.ref_ == keyed.it.ref_) {
            Some(known) if known.key == "pedestrians" => *known = keyed,
            _ => all.push(keyed),
        }
    }
    Ok(all)
}
