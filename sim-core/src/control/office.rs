//! The control phase of a step: controllers hear of their detectors, wish, and the guards set the lamps.

use super::{
    Controller, Fault, FaultKind, GroupLook, Lights, Needs, Signal,
    calls::{Call, calls},
    ears::Ears,
    outlook::inflow,
    plan::Watches,
    signal::Surroundings,
    truth::truths,
};
use crate::{
    ids::ControllerId,
    measure::{Event, EventKind, Meter},
    plan::Plan,
    segment::Road,
    vehicles::Vehicles,
    walk::Walks,
};
use bevy_ecs::prelude::Resource;
use serde::{Deserialize, Serialize};

/// What all controllers share.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Office {
    ears: Ears,
    /// Which faults lasted in the last step.
    lasting: Vec<bool>,
}

impl Office {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self { ears: Ears::new(plan.control.used.len(), plan.config.start_s), lasting: vec![false; plan.control.faults.len()] }
    }

    /// How many detectors it hears.
    pub(crate) fn count(&self) -> usize {
        self.ears.count()
    }

    /// Makes room for detectors that controllers hear from `now` on.
    pub(crate) fn grow(&mut self, count: usize, now: f64) {
        self.ears.grow(count, now);
    }

    /// Sets all signals for the step that begins at `now`.
    #[expect(clippy::too_many_arguments, reason = "what the control phase touches")]
    pub(crate) fn step(
        &mut self,
        plan: &Plan,
        signals: &mut [&mut Signal],
        lights: &mut Lights,
        walks: &Walks,
        roads: &[&Road],
        vehicles: &Vehicles,
        meter: &mut Meter,
        now: f64,
    ) {
        let control = &plan.control;
        self.tell_faults(&control.faults, &mut meter.data.events, now);
        if !control.used.is_empty() {
            self.ears.hear(&control.used, &control.length_m, &meter.watch.looks, &control.faults, control.latency_steps, now);
        }
        let calls = if control.callers.is_empty() { Vec::new() } else { calls(plan, roads, vehicles, meter) };
        let cut: Vec<&[ControllerId]> = control
            .faults
            .iter()
            .filter(|f| f.lasts(now))
            .filter_map(|f| if let FaultKind::Cut(ids) = &f.kind { Some(ids.as_slice()) } else { None })
            .collect();
        let asks: Vec<bool> = signals.iter().map(|s| s.wants_truth(now, f64::from(plan.dt))).collect();
        let told = if asks.contains(&true) { truths(plan, roads, vehicles, lights, &asks) } else { Vec::new() };
        let mut looks: Vec<GroupLook> = Vec::new();
        for (c, junction) in control.junctions.iter().enumerate() {
            let id = ControllerId::from_index(c);
            // Those before it have chosen in this step; of the others it knows what they meant to do when they last chose.
            let inflows = if signals[c].wants_inflow(now, f64::from(plan.dt)) {
                junction.sources.iter().map(|s| inflow(s, |c| signals[c.index()].outlook(), now)).collect()
            } else {
                Vec::new()
            };
            looks.clear();
            let is_told = junction.method.needs() == Needs::Truth;
            looks.extend((0..plan.network.controllers[c].groups.len()).map(|g| self.look(junction.watches.get(g), is_told)));
            let truth = told.get(c).map_or(&[][..], Vec::as_slice);
            for (look, truth) in looks.iter_mut().zip(truth) {
                (look.queue, look.moving) = (truth.queue, truth.moving);
                (look.exit_queue, look.exit_queue_per_lane) = (truth.exit_queue, truth.exit_queue_per_lane);
            }
            let on_foot_until = |g: usize| {
                let over = junction.crossings.get(g).map_or(&[][..], Vec::as_slice);
                over.iter().map(|w| walks.walking_until_s(*w as usize)).fold(f64::NEG_INFINITY, f64::max)
            };
            let surroundings = Surroundings {
                plan,
                junction,
                now,
                is_cut: cut.iter().any(|ids| ids.contains(&id)),
                calls: calls_of(&calls, id),
                ref_: &plan.network.controllers[c].ref_,
            };
            let signal = &mut *signals[c];
            signal.step(&surroundings, &mut looks, truth, &inflows, &on_foot_until, &mut meter.data.events);
            lights.show(&plan.network, id, signal);
        }
    }

    /// What is seen of a group; its lamp is filled in by whoever has it.
    fn look(&self, watches: Option<&Watches>, is_told: bool) -> GroupLook {
        let hear = |n: u32| if is_told { self.ears.now(n) } else { self.ears.heard(n) };
        let mut look = GroupLook::default();
        let Some(watches) = watches else { return look };
        look.lanes = watches.lanes;
        for n in &watches.stop_line {
            let (told, failed) = hear(*n);
            look.present |= told.present;
            look.counted += told.counted;
            look.failed |= failed;
        }
        for n in &watches.approach {
            let (told, failed) = hear(*n);
            let queue = told.queue.unwrap_or_default();
            look.queue += queue.vehicles as f32;
            look.moving += queue.seen.saturating_sub(queue.vehicles) as f32;
            look.failed |= failed;
        }
        look.travel_s = watches.travel_s;
        let mut count = |loops: &[u32]| {
            let mut counted = 0;
            for n in loops {
                let (told, failed) = hear(*n);
                counted += told.counted;
                // A queue that stands on it silences it, too: who uses it does without for as long.
                if failed {
                    look.travel_s = 0.0;
                }
            }
            counted
        };
        (look.entered, look.entered_own) = (count(&watches.entries), count(&watches.own_entries));
        for (n, share, lanes) in &watches.exits {
            let queue = hear(*n).0.queue.unwrap_or_default().vehicles as f32;
            look.exit_queue += share * queue;
            look.exit_queue_per_lane += share * queue / lanes.max(0.5);
        }
        look
    }

    fn tell_faults(&mut self, faults: &[Fault], events: &mut Vec<Event>, now: f64) {
        for (fault, lasted) in faults.iter().zip(&mut self.lasting) {
            let lasts = fault.lasts(now);
            if lasts != *lasted {
                let kind = match (&fault.kind, lasts) {
                    (FaultKind::Cut(_), true) => EventKind::LineCut,
                    (FaultKind::Cut(_), false) => EventKind::LineBack,
                    (_, true) => EventKind::DetectorBroken,
                    (_, false) => EventKind::DetectorMended,
                };
                events.push(Event { time_s: now, kind, ref_: fault.ref_.clone(), since_s: (!lasts).then_some(fault.start_s) });
                *lasted = lasts;
            }
        }
    }
}

/// Those of one controller; they stand together.
fn calls_of(calls: &[Call], controller: ControllerId) -> &[Call] {
    let first = calls.partition_point(|c| c.controller < controller);
    let end = calls.partition_point(|c| c.controller <= controller);
    &calls[first..end]
}

#[cfg(test)]
mod tests {
    use super::{super::GroupSensors, *};
    use crate::{detector::Look, ids::DetectorId};

    #[test]
    fn a_group_hears_who_entered_and_who_did_so_in_its_own_lanes() {
        let used = [DetectorId(3), DetectorId(8)];
        let sensors = GroupSensors { entries: vec![used[0]], own_entries: vec![used[1]], travel_s: 30.0, ..GroupSensors::default() };
        let watches = Watches::of(&sensors, |d| used.iter().position(|u| u == d).unwrap() as u32);
        let mut office = Office { ears: Ears::new(used.len(), 0.0), lasting: Vec::new() };
        let mut looks = vec![Look::default(); 9];
        (looks[3].counted, looks[8].counted) = (7, 2);
        office.ears.hear(&used, &[0.0, 0.0], &looks, &[], 0, 1.0);
        let look = office.look(Some(&watches), false);
        assert_eq!((look.entered, look.entered_own, look.travel_s), (7, 2, 30.0));
        let used: Vec<DetectorId> = sensors.ids().collect();
        assert_eq!(used, [DetectorId(3), DetectorId(8)], "what it listens to is checked and heard");
    }
}
