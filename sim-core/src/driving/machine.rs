//! How cruise control follows: linear control of the gap, adaptive (ACC) or with word from the vehicle ahead (CACC).
//!
//! The law is a wish like that of a person: the safe-speed bound ([`crate::kinematics`]) holds for all. It answers to vehicles ahead on its
//! link alone; signals, junctions, closed stretches and whoever is beside are the business of the person at the wheel.

use crate::ids::VehicleId;

/// Gain of ACC on the error of the gap, 1/s² (Milanés & Shladover, Transportation Research C 48, 2014).
const ACC_GAP: f32 = 0.23;
/// Gain of ACC on the difference of speeds, 1/s (the same).
const ACC_SPEED: f32 = 0.07;
/// The same two while a gap is being closed (Xiao, Wang & van Arem, Transportation Research Record 2623, 2017).
const CLOSING_GAP: f32 = 0.04;
const CLOSING_SPEED: f32 = 0.8;
/// A gap that is longer than wanted by this share of it is being closed (assumed).
const CLOSING_FROM: f32 = 0.2;
/// Gains of CACC on the leader's acceleration, the difference of speeds (1/s) and the error of the gap (1/s²)
/// (van Arem, van Driel & Visser, IEEE Transactions on Intelligent Transportation Systems 7, 2006).
const CACC_FEED: f32 = 1.0;
const CACC_SPEED: f32 = 0.58;
const CACC_GAP: f32 = 0.1;
/// Cruise control brakes no harder than this, m/s² (ISO 15622:2018 allows 3.5 at speed); beyond it the person brakes.
const AUTHORITY_MPS2: f32 = 3.5;
/// A radar sees so far, metres (100 to 120 in Xiao et al. 2017).
const RADAR_M: f32 = 120.0;

/// Cruise control of one vehicle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Machine {
    /// Time gap behind anybody, seconds.
    pub(crate) headway: f32,
    /// Time gap behind the vehicle it is linked to, seconds; not below `headway` if it is linked to nobody, ever.
    pub(crate) linked_headway: f32,
    /// Gap at standstill, metres.
    pub(crate) gap0: f32,
    /// Whether it links up with others of its kind.
    pub(crate) connects: bool,
    /// How many vehicles at most drive linked one behind the other, the first included.
    pub(crate) longest: u8,
    /// The vehicle ahead to which it is linked in this step.
    pub(crate) link: Option<VehicleId>,
}

/// The vehicle ahead, after it has moved in this step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leader {
    pub(crate) id: VehicleId,
    pub(crate) v: f32,
    pub(crate) accel: f32,
}

impl Machine {
    /// The acceleration it asks for at speed `v`, `gap` metres behind `leader` at the beginning of the step; infinite if it sees nobody.
    pub(crate) fn follow(&self, v: f32, gap: f32, leader: Leader, dt: f32) -> f32 {
        if gap > RADAR_M {
            return f32::INFINITY;
        }
        let closing = (v - leader.v).max(0.0);
        let needed = closing * closing / (2.0 * (gap - self.gap0).max(0.5));
        if needed > AUTHORITY_MPS2 {
            return -needed; // the person brakes
        }
        let asked = if self.link == Some(leader.id) {
            let before = leader.v - leader.accel * dt;
            let error = gap - self.gap0 - self.linked_headway * v;
            CACC_FEED * leader.accel + CACC_SPEED * (before - v) + CACC_GAP * error
        } else {
            let wanted = self.gap0 + self.headway * v;
            let error = gap - wanted;
            let (on_gap, on_speed) = if error > CLOSING_FROM * wanted { (CLOSING_GAP, CLOSING_SPEED) } else { (ACC_GAP, ACC_SPEED) };
            on_gap * error + on_speed * (leader.v - v)
        };
        asked.max(-AUTHORITY_MPS2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACC: Machine = Machine { headway: 1.1, linked_headway: 1.1, gap0: 2.0, connects: false, longest: 1, link: None };
    const CACC: Machine = Machine { linked_headway: 0.6, connects: true, longest: 10, link: Some(VehicleId(0)), ..ACC };

    /// By how much a platoon of `n` of one kind lowers its speed behind a leader that drops from 25 to 22 m/s for 10 s: first and last.
    fn dips(machine: Machine, n: usize, dt: f32) -> (f32, f32) {
        let v0 = 25.0f32;
        let gap = machine.gap0 + v0 * if machine.link.is_some() { machine.linked_headway } else { machine.headway };
        let mut gaps = vec![gap; n];
        let mut speeds = vec![v0; n];
        let mut least = vec![v0; n];
        for step in 0..(400.0 / dt) as usize {
            let t = step as f32 * dt;
            let slow = ((t - 10.0) / 3.0).clamp(0.0, 1.0) - ((t - 20.0) / 3.0).clamp(0.0, 1.0);
            let next = v0 - 3.0 * slow;
            let slow = ((t - dt - 10.0) / 3.0).clamp(0.0, 1.0) - ((t - dt - 20.0) / 3.0).clamp(0.0, 1.0);
            let mut leader = Leader { id: VehicleId(0), v: next, accel: (next - (v0 - 3.0 * slow)) / dt };
            for k in 0..n {
                let a = machine.follow(speeds[k], gaps[k], leader, dt).clamp(-3.5, 2.0);
                let v = (speeds[k] + a * dt).max(0.0);
                gaps[k] += (leader.v - v) * dt;
                leader = Leader { id: VehicleId(0), v, accel: (v - speeds[k]) / dt };
                speeds[k] = v;
                least[k] = least[k].min(v);
            }
        }
        (v0 - least[0], v0 - least[n - 1])
    }

    #[test]
    fn a_disturbance_grows_along_a_platoon_with_acc_and_does_not_with_cacc() {
        for dt in [0.1, 0.5] {
            let (first, last) = dips(ACC, 12, dt);
            assert!(last > 1.5 * first, "ACC at {dt} s: the first slows by {first} m/s, the twelfth by {last}");
            let (first, last) = dips(CACC, 12, dt);
            assert!(last <= 1.001 * first, "CACC at {dt} s: the first slows by {first} m/s, the twelfth by {last}");
        }
    }

    #[test]
    fn the_linear_condition_of_string_stability_says_the_same() {
        // For a = k1·(s − s0 − T·v) + k2·(u − v): stable if k1·T² + 2·k2·T ≥ 2 (Wilson & Ward 2011). It fails at every setting of ACC.
        for headway in [1.1f32, 1.6, 2.2] {
            assert!(ACC_GAP * headway * headway + 2.0 * ACC_SPEED * headway < 2.0);
        }
    }

    #[test]
    fn it_closes_a_gap_without_braking_hard_and_leaves_hard_braking_to_the_person() {
        let slow = Leader { id: VehicleId(1), v: 15.0, accel: 0.0 };
        assert_eq!(ACC.follow(25.0, 121.0, slow, 0.5), f32::INFINITY);
        let far = ACC.follow(25.0, 100.0, slow, 0.5);
        assert!((-6.0..=-1.0).contains(&far), "{far}");
        let near = ACC.follow(25.0, 12.0, slow, 0.5);
        assert!((near + 5.0).abs() < 1e-4, "10 m/s too fast, 10 m before the gap at standstill: 5 m/s², not {near}");
    }
}
