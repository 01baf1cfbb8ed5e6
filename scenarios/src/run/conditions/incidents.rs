//! Incidents of a scenario on its map.

use super::{Keyed, spot};
use crate::scenario::{
    conditions::{IncidentTable, Lanes},
    error::ScenarioError,
    file::classes_or,
    read::Parsed,
};
use sim_core::{
    class::ClassSet,
    ids::LinkId,
    incident::{Effect, Incident},
    network::RoadNetwork,
    reference::Ref,
};

/// A closure reaches so far along the road when the file does not say, metres (assumed: a broken-down vehicle with its warning triangle).
const LENGTH_M: f64 = 20.0;

/// Those of the file.
pub(super) fn of(parsed: &Parsed, network: &RoadNetwork) -> Result<Vec<Keyed<Incident>>, ScenarioError> {
    let mut all = Vec::new();
    for (i, table) in parsed.file.incidents.iter().enumerate() {
        if table.fault.is_some() {
            continue; // of the signals: see `signals`
        }
        for (key, is_set) in [("junction", table.junction.is_some()), ("approach", table.approach.is_some())] {
            if is_set {
                return Err(parsed.error_at(&format!("incidents.{i}.{key}"), format!("`{key}` belongs to an incident with a `fault`")));
            }
        }
        let key = format!("incidents.{i}");
        let name = table.name.clone().unwrap_or_else(|| format!("incident-{}", i + 1));
        for (n, (link, from_m, to_m)) in places(parsed, network, &key, table)?.into_iter().enumerate() {
            let ref_ = if n == 0 { Ref::from(name.as_str()) } else { Ref::from(format!("{name} (opposite)").as_str()) };
            let it = Incident {
                ref_,
                link,
                from_m,
                to_m,
                start_s: table.from.seconds(),
                end_s: table.to.seconds(),
                classes: classes_or(&table.classes, ClassSet::ALL),
                effect: effect(parsed, network, &key, table, link)?,
            };
            all.push(Keyed { key: key.clone(), it });
        }
    }
    Ok(all)
}

/// The stretches of links it is on.
fn places(parsed: &Parsed, network: &RoadNetwork, key: &str, t: &IncidentTable) -> Result<Vec<(LinkId, f32, f32)>, ScenarioError> {
    let refuse = |at: &str, message: &str| Err(parsed.error_at(&format!("{key}.{at}"), message));
    let asked_m = t.length.map(|l| l.base());
    let (link, from_m, to_m, both) = match (&t.link, &t.road) {
        (Some(_), Some(_)) => return refuse("road", "give a `link` or a `road`, not both"),
        (None, None) => return Err(parsed.error_at(key, "an incident needs a place: `link`, or `road` and `near`")),
        (Some(name), None) => {
            if t.near.is_some() {
                return refuse("near", "`near` belongs to `road`; with `link` say `position`");
            }
            let link = spot::link_of(parsed, network, &format!("{key}.link"), name)?;
            let whole_m = f64::from(network.link(link).length_m);
            match t.position.map(|p| p.base()) {
                Some(from_m) => {
                    let length_m = asked_m.unwrap_or(LENGTH_M.min(whole_m - from_m));
                    if !(from_m >= 0.0 && length_m > 0.0 && from_m + length_m <= whole_m + 0.5) {
                        let message = format!("reaches from {from_m:.0} to {:.0} m, the link is {whole_m:.1} m long", from_m + length_m);
                        return refuse("position", &message);
                    }
                    (link, from_m, from_m + length_m, false)
                }
                None => {
                    let (from_m, to_m) = about(whole_m / 2.0, asked_m, t, whole_m);
                    (link, from_m, to_m, false)
                }
            }
        }
        (None, Some(road)) => {
            if t.position.is_some() {
                return refuse("position", "`position` belongs to `link`; with `road` say `near`");
            }
            let Some(near) = t.near else {
                return refuse("road", "which part of the road? say `near = [LATITUDE, LONGITUDE]`");
            };
            let (link, pos_m) = spot::on_road(parsed, network, key, road, near)?;
            let whole_m = f64::from(network.link(link).length_m);
            let (from_m, to_m) = about(f64::from(pos_m), asked_m, t, whole_m);
            (link, from_m, to_m, true)
        }
    };
    let length_m = network.link(link).length_m;
    let (from_m, to_m) = (from_m as f32, (to_m as f32).min(length_m));
    let mut all = vec![(link, from_m, to_m)];
    if let Some(back) = network.link(link).opposite.filter(|_| both) {
        let scale = network.link(back).length_m / length_m;
        all.push((back, (length_m - to_m) * scale, ((length_m - from_m) * scale).min(network.link(back).length_m)));
    }
    Ok(all)
}

/// The stretch about the middle of it, within its link: of the length asked for, else a closure is short and a slow stretch the whole link.
fn about(middle_m: f64, asked_m: Option<f64>, t: &IncidentTable, whole_m: f64) -> (f64, f64) {
    let length_m = asked_m.unwrap_or(if t.slow.is_some() { whole_m } else { LENGTH_M }).min(whole_m);
    let from_m = (middle_m - length_m / 2.0).clamp(0.0, whole_m - length_m);
    (from_m, from_m + length_m)
}

fn effect(parsed: &Parsed, network: &RoadNetwork, key: &str, t: &IncidentTable, link: LinkId) -> Result<Effect, ScenarioError> {
    let count = network.link(link).lanes.len() as u8;
    let refuse = |message: String| Err(parsed.error_at(&format!("{key}.lanes"), message));
    match (t.slow, &t.lanes) {
        (Some(_), Some(_)) => refuse("an incident closes `lanes` or slows traffic down (`slow`), not both".into()),
        (Some(speed), None) => Ok(Effect::Slow { speed_mps: speed.base() as f32 }),
        (None, None | Some(Lanes::All)) => Ok(Effect::Closed { lanes: 0..count }),
        (None, Some(Lanes::These(these))) => {
            let mut lanes = these.clone();
            lanes.sort_unstable();
            lanes.dedup();
            let (Some(first), Some(last)) = (lanes.first(), lanes.last()) else {
                return refuse("no lane is named; expected \"all\" or e.g. [0]".into());
            };
            if *last >= count {
                return refuse(format!("there is no lane {last}; link {} has {count}, from 0 at the kerb", network.link(link).ref_));
            }
            if usize::from(last - first) + 1 != lanes.len() {
                return refuse("the lanes are not side by side; write an incident for each group".into());
            }
            Ok(Effect::Closed { lanes: *first..last + 1 })
        }
    }
}
