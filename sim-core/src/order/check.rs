//! Checks an order before anything is changed.

use super::{Order, OrderError, ledger, remove};
use crate::{
    class::VehicleClass,
    control::{Controller as _, check_plan},
    driving::{MAY_HAVE, System},
    ids::{ControllerId, LinkId},
    incident::Incidents,
    network::{Link, LinkKind, SpeedLimits},
    simulation::Simulation,
};

/// The most that demand can be multiplied by.
const MOST: f32 = 5.0;

/// Whether `order` can be carried out.
pub(super) fn check(s: &Simulation, order: &Order) -> Result<(), OrderError> {
    match order {
        Order::Lanes { link, closed } => lanes(s, *link, None, closed.iter().map(|l| l.0)),
        Order::LaneUse { link, access } => lanes(s, *link, Some("rules of lanes"), access.iter().map(|l| l.0)),
        Order::Limits { link, limits } => check_limits(s, *link, limits),
        Order::Plan { controller, plan } => Ok(check_plan(s.network(), *controller, plan)?),
        Order::Method { controller, method, .. } => {
            let at = of_controller(s, *controller)?;
            match method.problem() {
                Some(problem) => Err(OrderError::Method { controller: at.clone(), problem }),
                None => Ok(()),
            }
        }
        Order::AddIncident(incident) => {
            let now = s.time_s();
            let others: Vec<_> = s.incidents().iter().filter(|i| i.ref_ != incident.ref_ || i.end_s > now).cloned().collect();
            Ok(crate::incident::check(s.network(), &others, incident)?)
        }
        Order::EndIncident(ref_) => {
            let now = s.time_s();
            let all = &s.world.resource::<Incidents>().all;
            if all.iter().any(|i| i.ref_ == *ref_ && i.end_s > now) { Ok(()) } else { Err(OrderError::NoIncident(ref_.clone())) }
        }
        Order::Demand { factors } => {
            shares(factors.iter().map(|(c, f)| (format!("the demand of {c}"), *f)), MOST, "0 to 5 times the first")
        }
        Order::Electric { shares: of } => shares(of.iter().map(|(c, f)| (format!("the electric share of {c}"), *f)), 1.0, "0 to 1"),
        Order::Automation { system, shares: of } => {
            shares(of.iter().map(|(c, f)| (format!("the {} share of {c}", system.name()), *f)), 1.0, "0 to 1")?;
            automation(s, *system, of)
        }
        Order::Trackers { classes, share } => {
            shares(classes.iter().map(|c| (format!("the share of {c} with a tracker"), *share)), 1.0, "0 to 1")
        }
        Order::Guidance(guidance) => Ok(guidance.as_ref().map_or(Ok(()), crate::guide::Guidance::check)?),
        Order::PlaceDetector(detector) => {
            let plan = s.plan();
            if let Some(d) = plan.detectors.iter().position(|d| d.ref_ == detector.ref_) {
                let problem = match (plan.watched[d].is_away(), plan.detectors[d] == *detector) {
                    (false, _) => "there is one of this name already; give it another",
                    (true, false) => "another one of this name stood here before; give it another",
                    (true, true) => return Ok(()),
                };
                return Err(OrderError::Detector { detector: detector.ref_.clone(), problem: problem.into() });
            }
            Ok(crate::input::check_detector(s.network(), detector)?)
        }
        Order::RemoveDetector(ref_) => {
            let plan = s.plan();
            let standing = plan.detectors.iter().zip(&plan.watched).position(|(d, w)| d.ref_ == *ref_ && !w.is_away());
            let Some(d) = standing else { return Err(OrderError::NoDetector(ref_.clone())) };
            if plan.control.used.iter().any(|u| u.index() == d) {
                let problem = "a signal controller listens to it; give the junction another controller first".into();
                return Err(OrderError::Detector { detector: ref_.clone(), problem });
            }
            Ok(())
        }
        Order::RemoveVehicle(id) => remove::check(s, *id),
    }
}

/// Checks who would be driven by systems, all of them together.
fn automation(s: &Simulation, system: System, shares: &[(VehicleClass, f32)]) -> Result<(), OrderError> {
    if let Some((class, _)) = shares.iter().find(|(c, _)| !MAY_HAVE.contains(*c)) {
        return Err(OrderError::NoSystem { class: *class });
    }
    let plan = s.plan();
    for (class, share) in shares {
        let others = System::ALL.into_iter().filter(|o| *o != system).map(|o| ledger::system_share(plan, o, *class));
        let all = share + others.sum::<f32>();
        if all > 1.0 + 1e-4 {
            let what = format!("the share of {class} that systems drive, all together");
            return Err(OrderError::BadValue { what, found: f64::from(all), expected: "1 at most" });
        }
    }
    if plan.fleet.has_room_for_orders() { Ok(()) } else { Err(OrderError::TooManySystems) }
}

fn of_link(s: &Simulation, link: LinkId) -> Result<&Link, OrderError> {
    let links = &s.network().links;
    links.get(link.index()).ok_or(OrderError::NotThere { what: "link", found: link.0, last: links.len().saturating_sub(1) })
}

fn of_controller(s: &Simulation, controller: ControllerId) -> Result<&crate::reference::Ref, OrderError> {
    let all = &s.network().controllers;
    let last = all.len().saturating_sub(1);
    let found = all.get(controller.index()).map(|c| &c.ref_);
    found.ok_or(OrderError::NotThere { what: "signal controller", found: controller.0, last })
}

/// Checks lanes of a link; `what` of them only roads have.
fn lanes(s: &Simulation, link: LinkId, what: Option<&'static str>, lanes: impl Iterator<Item = u8>) -> Result<(), OrderError> {
    let on = of_link(s, link)?;
    if let Some(what) = what.filter(|_| !matches!(on.kind, LinkKind::Road)) {
        return Err(OrderError::Ferry { link: on.ref_.clone(), what });
    }
    let mut named = false;
    for lane in lanes {
        named = true;
        if usize::from(lane) >= on.lanes.len() {
            return Err(OrderError::NoLane { link: on.ref_.clone(), lane, lanes: on.lanes.len() });
        }
    }
    if named { Ok(()) } else { Err(OrderError::Nothing("lane")) }
}

fn check_limits(s: &Simulation, link: LinkId, limits: &SpeedLimits) -> Result<(), OrderError> {
    let on = of_link(s, link)?;
    if !matches!(on.kind, LinkKind::Road) {
        return Err(OrderError::Ferry { link: on.ref_.clone(), what: "speed limits" });
    }
    let all = [limits.light_mps, limits.heavy_mps, limits.motorcycle_mps, limits.articulated_mps, limits.slow_mps];
    match all.into_iter().find(|v| !(1.0..=45.0).contains(v)) {
        Some(v) => Err(OrderError::BadValue { what: "a speed limit".into(), found: v.into(), expected: "1 to 45 m/s" }),
        None => Ok(()),
    }
}

fn shares(all: impl Iterator<Item = (String, f32)>, most: f32, expected: &'static str) -> Result<(), OrderError> {
    let mut named = false;
    for (what, value) in all {
        named = true;
        if !(0.0..=most).contains(&value) {
            return Err(OrderError::BadValue { what, found: value.into(), expected });
        }
    }
    if named { Ok(()) } else { Err(OrderError::Nothing("vehicle class")) }
}
