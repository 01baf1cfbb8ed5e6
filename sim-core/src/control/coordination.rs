//! The well-timed fixed plan and the green wave: common cycles for signals near each other, Webster's greens, and offsets that make platoons
//! meet green.

use super::{
    load::{SATURATION_PCU_H_M, ratios},
    webster::{CYCLE_S, webster_greens, with_greens},
};
use crate::{
    draw::{self, Draw},
    ids::{ControllerId, LinkId},
    network::{JunctionKind, LinkKind, RoadNetwork, SignalPlan},
};

/// Platoons drive at so much of the limit (assumed; Robertson's TRANSYT takes the cruise speed).
const CRUISE: f64 = 0.9;
/// Robertson's dispersion: `1 / (1 + 0.35 · 0.8 · t)` of the remaining platoon arrives each second (Road Research Laboratory LR 253, 1969).
const DISPERSION: f64 = 0.35 * 0.8;
/// Random beginnings of the search for offsets, besides the present offsets.
const BEGINNINGS: u64 = 12;

/// What plans are made to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoordinationSettings {
    /// Signals are coordinated over links of at most this length, metres (FHWA Signal Timing Manual: half a mile).
    pub longest_m: f32,
    /// The shortest green of a phase, seconds (assumed 7).
    pub min_green_s: f64,
    /// The cycle of all, seconds; `None` for Webster's of the busiest junction of each cluster.
    pub cycle_s: Option<f64>,
}

impl Default for CoordinationSettings {
    fn default() -> Self {
        Self { longest_m: 800.0, min_green_s: 7.0, cycle_s: None }
    }
}

/// A link from one signal to the next: what it costs when the second begins so many seconds after the first.
struct Between {
    from: usize,
    to: usize,
    /// By whole seconds of the cycle: vehicles times seconds in a cycle.
    cost: Vec<f64>,
}

/// Plans for all controllers from the flow of each movement, passenger-car units an hour. Junctions without flow keep their greens.
pub fn coordinated_plans(network: &RoadNetwork, flows: &[f64], settings: &CoordinationSettings) -> Vec<SignalPlan> {
    let count = network.controllers.len();
    let cluster = clusters(network, settings.longest_m);
    let ratios: Vec<Vec<f64>> = (0..count).map(|c| ratios(network, ControllerId::from_index(c), flows)).collect();
    let lost_s = |c: usize| network.controllers[c].plan.phases().iter().map(|p| f64::from(p.yellow_s + p.all_red_s)).sum::<f64>();
    let natural_s =
        |c: usize| -> f64 { lost_s(c) + webster_greens(&ratios[c], lost_s(c), settings.cycle_s, settings.min_green_s).iter().sum::<f64>() };
    let mut cycle_s = vec![0.0f64; count];
    for c in 0..count {
        // A crossing for pedestrians follows the junctions about it.
        let own_s = if network.controllers[c].plan.phases().len() > 1 { natural_s(c) } else { CYCLE_S.0 };
        cycle_s[cluster[c]] = cycle_s[cluster[c]].max(libm::ceil(own_s));
    }
    let mut plans: Vec<SignalPlan> = (0..count)
        .map(|c| {
            let plan = &network.controllers[c].plan;
            let greens = webster_greens(&ratios[c], lost_s(c), Some(cycle_s[cluster[c]]), settings.min_green_s);
            with_greens(plan, &greens, 0.0).unwrap_or_else(|| plan.clone())
        })
        .collect();
    let between: Vec<Between> =
        (0..network.links.len()).filter_map(|l| between(network, LinkId::from_index(l), &plans, flows, settings.longest_m)).collect();
    let offsets = offsets(&plans, &between);
    for (plan, offset_s) in plans.iter_mut().zip(offsets) {
        if let Ok(moved) = SignalPlan::new(offset_s as f32, plan.phases().to_vec()) {
            *plan = moved;
        }
    }
    plans
}

fn controller_at(network: &RoadNetwork, junction: crate::ids::JunctionId) -> Option<usize> {
    if let JunctionKind::Signal(c) = network.junction(junction).kind { Some(c.index()) } else { None }
}

/// For each controller the least one of its cluster.
fn clusters(network: &RoadNetwork, longest_m: f32) -> Vec<usize> {
    let mut of: Vec<usize> = (0..network.controllers.len()).collect();
    let root = |of: &[usize], mut c: usize| {
        while of[c] != c {
            c = of[c];
        }
        c
    };
    for link in network.links.iter().filter(|l| l.length_m <= longest_m && l.kind == LinkKind::Road) {
        if let (Some(a), Some(b)) = (controller_at(network, link.from), controller_at(network, link.to)) {
            let (a, b) = (root(&of, a), root(&of, b));
            of[a.max(b)] = a.min(b);
        }
    }
    (0..of.len()).map(|c| root(&of, c)).collect()
}

/// Whether a group is green in each second of a plan's cycle, its first phase beginning at 0.
fn green_seconds(plan: &SignalPlan, group: u16, cycle: usize) -> Vec<bool> {
    let at_zero = SignalPlan::new(0.0, plan.phases().to_vec());
    let at_zero = at_zero.as_ref().unwrap_or(plan);
    (0..cycle)
        .map(|t| {
            let (p, elapsed_s) = at_zero.phase_at(t as f64 + 0.5);
            let phase = &at_zero.phases()[p];
            phase.groups.contains(&group) && elapsed_s < phase.green_s
        })
        .collect()
}

/// What a link costs by the difference of the offsets at its ends; `None` where it does not join two signals or nobody drives.
fn between(network: &RoadNetwork, link: LinkId, plans: &[SignalPlan], flows: &[f64], longest_m: f32) -> Option<Between> {
    let l = network.link(link);
    if l.length_m > longest_m || l.kind != LinkKind::Road {
        return None;
    }
    let (from, to) = (controller_at(network, l.from)?, controller_at(network, l.to)?);
    let cycle = libm::round(f64::from(plans[from].cycle_s())) as usize;
    if from == to || cycle != libm::round(f64::from(plans[to].cycle_s())) as usize {
        return None;
    }
    let mut leaves = vec![0.0f64; cycle];
    for m in network.movements_of(l.from).filter(|m| network.movement(*m).to == link) {
        let movement = network.movement(m);
        let (Some(group), flow) = (movement.group, flows[m.index()] / 3600.0) else { continue };
        let width_m = f64::from(network.link(movement.from).width_m);
        platoon(&green_seconds(&plans[from], group, cycle), flow, SATURATION_PCU_H_M * width_m / 3600.0, &mut leaves);
    }
    let travel_s = f64::from(l.length_m) / (f64::from(l.limits.light_mps) * CRUISE);
    let comes = disperse(&leaves, travel_s);
    // The group that serves most of those who come.
    let out = network.movements_from(link).filter_map(|m| Some((network.movement(m).group?, flows[m.index()])));
    let (group, flow) = out.fold((0, 0.0), |best, (g, f)| if f > best.1 { (g, f) } else { best });
    if flow <= 0.0 || comes.iter().sum::<f64>() <= 0.0 {
        return None;
    }
    let green = green_seconds(&plans[to], group, cycle);
    let rate = SATURATION_PCU_H_M * f64::from(l.width_m) / 3600.0;
    let cost = (0..cycle).map(|shift| delay(&comes, &green, rate, shift)).collect();
    Some(Between { from, to, cost })
}

/// Adds what leaves in each second of the cycle: a queue that came evenly over the cycle goes at saturation, the rest as it comes.
fn platoon(green: &[bool], flow: f64, rate: f64, leaves: &mut [f64]) {
    let cycle = green.len();
    let mut queue = 0.0;
    for t in 0..3 * cycle {
        queue += flow;
        let goes = if green[t % cycle] { queue.min(rate) } else { 0.0 };
        queue -= goes;
        if t >= 2 * cycle {
            leaves[t % cycle] += goes;
        }
    }
}

/// Robertson's platoon dispersion over a travel time.
fn disperse(leaves: &[f64], travel_s: f64) -> Vec<f64> {
    let cycle = leaves.len();
    let share = 1.0 / (1.0 + DISPERSION * travel_s);
    let lag = libm::round(0.8 * travel_s) as usize;
    let mut comes = vec![0.0; cycle];
    let mut now = 0.0;
    for t in 0..4 * cycle {
        now += share * (leaves[t % cycle] - now);
        if t >= 3 * cycle {
            comes[(t + lag) % cycle] = now;
        }
    }
    comes
}

/// Vehicle-seconds of queue in a cycle when the second signal begins `shift` seconds after the first.
fn delay(comes: &[f64], green: &[bool], rate: f64, shift: usize) -> f64 {
    let cycle = comes.len();
    let (mut queue, mut sum) = (0.0, 0.0);
    for t in 0..3 * cycle {
        queue += comes[t % cycle];
        if green[(t + cycle - shift) % cycle] {
            queue -= f64::min(queue, rate);
        }
        if t >= 2 * cycle {
            sum += queue;
        }
    }
    sum
}

/// Offsets, seconds: each signal in turn takes the one that costs least, until nobody gains; the best of several beginnings.
fn offsets(plans: &[SignalPlan], between: &[Between]) -> Vec<f64> {
    let cycle: Vec<usize> = plans.iter().map(|p| libm::round(f64::from(p.cycle_s())) as usize).collect();
    let mut touching: Vec<Vec<usize>> = vec![Vec::new(); plans.len()];
    for (i, b) in between.iter().enumerate() {
        touching[b.from].push(i);
        touching[b.to].push(i);
    }
    let cost_of = |b: &Between, offsets: &[usize]| {
        let cycle = b.cost.len();
        b.cost[(offsets[b.to] + cycle - offsets[b.from] % cycle) % cycle]
    };
    let mut best: Option<(f64, Vec<usize>)> = None;
    for beginning in 0..=BEGINNINGS {
        let at_random = |c: usize| (draw::uniform(beginning, Draw::Offset, c as u64, 0) * cycle[c] as f64) as usize;
        let mut now: Vec<usize> = (0..plans.len()).map(|c| if beginning == 0 { 0 } else { at_random(c) }).collect();
        for _ in 0..20 {
            let mut is_better = false;
            for c in (0..plans.len()).filter(|c| !touching[*c].is_empty()) {
                let here = |now: &[usize]| touching[c].iter().map(|i| cost_of(&between[*i], now)).sum::<f64>();
                let (mut least, mut at) = (here(&now), now[c]);
                for offset in 0..cycle[c] {
                    now[c] = offset;
                    let cost = here(&now);
                    if cost < least - 1e-9 {
                        (least, at, is_better) = (cost, offset, true);
                    }
                }
                now[c] = at;
            }
            if !is_better {
                break;
            }
        }
        let cost: f64 = between.iter().map(|b| cost_of(b, &now)).sum();
        if best.as_ref().is_none_or(|(least, _)| cost < least - 1e-9) {
            best = Some((cost, now));
        }
    }
    best.map_or_else(Vec::new, |(_, now)| now.into_iter().map(|o| o as f64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platoon_that_meets_green_costs_least_when_the_offset_is_its_travel_time() {
        // Green for 30 of 60 s at both ends; 600 veh/h that leave at 1 veh/s, and 25 s of driving.
        let green: Vec<bool> = (0..60).map(|t| t < 30).collect();
        let mut leaves = vec![0.0; 60];
        platoon(&green, 600.0 / 3600.0, 1.0, &mut leaves);
        assert!((leaves.iter().sum::<f64>() - 10.0).abs() < 1e-9, "what comes in a cycle leaves in it: {leaves:?}");
        assert!(leaves[30..].iter().all(|l| *l == 0.0));
        let comes = disperse(&leaves, 25.0);
        assert!((comes.iter().sum::<f64>() - 10.0).abs() < 0.05, "dispersion loses nobody");
        let cost: Vec<f64> = (0..60).map(|shift| delay(&comes, &green, 1.0, shift)).collect();
        let best = (0..60).min_by(|a, b| cost[*a].total_cmp(&cost[*b])).unwrap();
        assert!((15..=25).contains(&best), "{best}: the head of the platoon is there after 20 s");
        assert!(cost[best] < 0.35 * cost[(best + 30) % 60], "{} {}", cost[best], cost[(best + 30) % 60]);
    }
}
