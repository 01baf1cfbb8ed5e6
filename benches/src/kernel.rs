//! The bare kernel: packed columns, the leader among sorted rows, IDM+, integration, and nothing else. No boundaries, junctions, signals,
//! sideways moves, safety bound or measurements: the least a step of mixed traffic could cost, so the ceiling that the engine is held
//! against.

use sim_core::{
    class::{ClassTable, VehicleClass},
    draw::{Draw, bell, uniform},
};

/// Nobody looks further ahead than this, metres.
const REACH_M: f32 = 150.0;
/// Length of a stretch, metres: where the importer cuts long links.
const STRETCH_M: f32 = 500.0;
/// Least gap that the interaction term divides by, metres.
const LEAST_GAP_M: f32 = 0.1;

/// What the kernel knows of a class, in the form in which it uses it.
#[derive(Clone, Copy, Debug)]
struct Kind {
    length_m: f32,
    headway_s: f32,
    gap0_m: f32,
    accel_mps2: f32,
    /// `1 / (2·√(a·b))`, s²/m.
    half_inv_sqrt_ab: f32,
    clear0_m: f32,
    clear_s: f32,
}

/// Traffic to fill the kernel with.
#[derive(Clone, Copy, Debug)]
pub struct Mix {
    /// Vehicles for each kilometre of a lane 3.5 m wide.
    pub per_lane_km: f32,
    /// Width of the carriageway, metres.
    pub width_m: f32,
    /// Share of motorcycles, 0 to 1; the others are cars.
    pub motorcycles: f64,
}

/// Closed stretches of 500 m (who leaves at the end comes in again at the start) in packed columns. The rows of a stretch stand together,
/// the one furthest ahead first.
#[derive(Clone, Debug)]
pub struct Kernel {
    rows: usize,
    kinds: [Kind; 2],
    pos_m: Vec<f32>,
    speed_mps: Vec<f32>,
    inv_desired: Vec<f32>,
    low_m: Vec<f32>,
    high_m: Vec<f32>,
    kind: Vec<u8>,
}

/// The columns of one stretch.
struct Stretch<'a> {
    kinds: &'a [Kind; 2],
    pos_m: &'a mut [f32],
    speed_mps: &'a mut [f32],
    inv_desired: &'a mut [f32],
    low_m: &'a mut [f32],
    high_m: &'a mut [f32],
    kind: &'a mut [u8],
}

impl Kernel {
    /// At least `vehicles` of this `mix`, evenly spaced along stretches and anywhere across them.
    pub fn new(vehicles: usize, mix: Mix) -> Self {
        let classes = ClassTable::default();
        let kind_of = |class| {
            let p = classes.get(class);
            Kind {
                length_m: p.length_m,
                headway_s: p.headway_s,
                gap0_m: p.gap0_m,
                accel_mps2: p.accel_mps2,
                half_inv_sqrt_ab: 0.5 / (p.accel_mps2 * p.brake_comfort_mps2).sqrt(),
                clear0_m: p.clear0_m,
                clear_s: p.clear_s,
            }
        };
        let rows = ((mix.per_lane_km * mix.width_m / 3.5 * STRETCH_M / 1000.0).round() as usize).max(1);
        let stretches = vehicles.div_ceil(rows).max(1);
        let mut kernel = Self {
            rows,
            kinds: [VehicleClass::Motorcycle, VehicleClass::Car].map(kind_of),
            pos_m: vec![],
            speed_mps: vec![],
            inv_desired: vec![],
            low_m: vec![],
            high_m: vec![],
            kind: vec![],
        };
        for id in 0..(stretches * rows) as u64 {
            let is_car = uniform(1, Draw::KerbLiking, id, 0) >= mix.motorcycles;
            let p = classes.get(if is_car { VehicleClass::Car } else { VehicleClass::Motorcycle });
            let desired = p.desired_speed_mps * (1.0 + p.desired_speed_spread * bell(1, Draw::DesiredSpeed, id) as f32);
            let low = (mix.width_m - p.width_m).max(0.0) * uniform(1, Draw::EntryPosition, id, 0) as f32;
            let row = id as usize % rows;
            kernel.pos_m.push((rows - 1 - row) as f32 * STRETCH_M / rows as f32);
            kernel.speed_mps.push(desired / 2.0);
            kernel.inv_desired.push(1.0 / desired);
            kernel.low_m.push(low);
            kernel.high_m.push(low + p.width_m);
            kernel.kind.push(u8::from(is_car));
        }
        kernel
    }

    /// How many vehicles there are.
    pub fn vehicles(&self) -> usize {
        self.pos_m.len()
    }

    /// One step of `dt` seconds.
    pub fn step(&mut self, dt: f32) {
        let mut new_mps = vec![0.0; self.rows];
        for mut stretch in self.stretches() {
            stretch.advance(dt, &mut new_mps);
            stretch.sort();
        }
    }

    fn stretches(&mut self) -> impl Iterator<Item = Stretch<'_>> {
        let n = self.rows;
        let kinds = &self.kinds;
        let moving = self.pos_m.chunks_exact_mut(n).zip(self.speed_mps.chunks_exact_mut(n)).zip(self.inv_desired.chunks_exact_mut(n));
        let fixed = self.low_m.chunks_exact_mut(n).zip(self.high_m.chunks_exact_mut(n)).zip(self.kind.chunks_exact_mut(n));
        moving.zip(fixed).map(|(((pos_m, speed_mps), inv_desired), ((low_m, high_m), kind))| Stretch {
            kinds,
            pos_m,
            speed_mps,
            inv_desired,
            low_m,
            high_m,
            kind,
        })
    }

    /// The mean speed, m/s.
    pub fn mean_speed_mps(&self) -> f32 {
        self.speed_mps.iter().sum::<f32>() / self.speed_mps.len() as f32
    }
}

impl Stretch<'_> {
    /// The row of the nearest vehicle ahead of row `i` whose body overlaps the strip from `low` to `high`, and how far ahead its front is.
    #[inline]
    fn leader(&self, i: usize, low: f32, high: f32) -> Option<(usize, f32)> {
        let n = self.pos_m.len();
        let (pos, lows, highs) = (&self.pos_m[..n], &self.low_m[..n], &self.high_m[..n]);
        let my_pos = pos[i];
        let find = |rows: std::ops::Range<usize>, lap_m: f32| {
            for j in rows.rev() {
                let ahead_m = pos[j] + lap_m - my_pos;
                if ahead_m > REACH_M {
                    break;
                }
                if lows[j] < high && highs[j] > low {
                    return Some((j, ahead_m));
                }
            }
            None
        };
        find(0..i, 0.0).or_else(|| find(i + 1..n, STRETCH_M))
    }

    /// Moves every row by the old state of all; `new_mps` is room to work in.
    #[inline]
    fn advance(&mut self, dt: f32, new_mps: &mut [f32]) {
        for (i, new) in new_mps.iter_mut().enumerate() {
            let kind = &self.kinds[usize::from(self.kind[i] & 1)];
            let v = self.speed_mps[i];
            let clear = kind.clear0_m + kind.clear_s * v;
            let free = v * self.inv_desired[i];
            let free2 = free * free;
            let mut term = 1.0 - free2 * free2;
            if let Some((j, ahead_m)) = self.leader(i, self.low_m[i] - clear, self.high_m[i] + clear) {
                let gap = (ahead_m - self.kinds[usize::from(self.kind[j] & 1)].length_m).max(LEAST_GAP_M);
                let wished = kind.gap0_m + (v * kind.headway_s + v * (v - self.speed_mps[j]) * kind.half_inv_sqrt_ab).max(0.0);
                let q = wished / gap;
                term = term.min(1.0 - q * q);
            }
            *new = (v + kind.accel_mps2 * term * dt).max(0.0);
        }
        for ((pos, speed), new) in self.pos_m.iter_mut().zip(self.speed_mps.iter_mut()).zip(new_mps) {
            *pos += 0.5 * (*speed + *new) * dt;
            *speed = *new;
        }
    }

    /// Brings who left at the end back to the start, and the rows into order again: those that passed others change places.
    #[inline]
    fn sort(&mut self) {
        for pos in self.pos_m.iter_mut() {
            if *pos >= STRETCH_M {
                *pos -= STRETCH_M;
            }
        }
        for i in 1..self.pos_m.len() {
            let mut j = i;
            while j > 0 && self.pos_m[j - 1] < self.pos_m[j] {
                self.pos_m.swap(j - 1, j);
                self.speed_mps.swap(j - 1, j);
                self.inv_desired.swap(j - 1, j);
                self.low_m.swap(j - 1, j);
                self.high_m.swap(j - 1, j);
                self.kind.swap(j - 1, j);
                j -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIXED: Mix = Mix { per_lane_km: 40.0, width_m: 7.0, motorcycles: 0.8 };

    #[test]
    fn a_file_of_cars_keeps_to_the_models_triangle() {
        // One file: 80 cars on each of its kilometres, 12.5 m apart, on the falling side of the diagram.
        let mut kernel = Kernel::new(400, Mix { per_lane_km: 80.0 * 3.5 / 2.0, width_m: 2.0, motorcycles: 0.0 });
        assert_eq!(kernel.rows, 40);
        // IDM+ in equilibrium: gap = gap0 + v · headway, whatever speed a driver would like. A file that stands on that line stays on it.
        let expected = (12.5 - 4.6 - 1.8) / 1.15;
        kernel.speed_mps.fill(expected);
        for _ in 0..100 {
            kernel.step(0.5);
        }
        assert!(kernel.speed_mps.iter().all(|v| (v - expected).abs() < 0.01 * expected), "{:?}, expected {expected}", kernel.speed_mps);
        // And one that begins slower comes up to it.
        kernel.speed_mps.fill(expected / 2.0);
        for _ in 0..200 {
            kernel.step(0.5);
        }
        let v = kernel.mean_speed_mps();
        assert!((v - expected).abs() < 0.02 * expected, "{v} m/s, expected {expected}");
    }

    #[test]
    fn the_leader_is_the_one_that_a_search_over_all_finds() {
        let mut kernel = Kernel::new(4_000, MIXED);
        for _ in 0..300 {
            kernel.step(0.5);
        }
        let mut found = 0;
        for stretch in kernel.stretches() {
            for i in 0..stretch.pos_m.len() {
                let (low, high) = (stretch.low_m[i] - 0.5, stretch.high_m[i] + 0.5);
                let ahead = |j: usize| match (stretch.pos_m[j] - stretch.pos_m[i] + STRETCH_M) % STRETCH_M {
                    // Of two abreast to the bit, the one in the later row counts as behind, a whole lap ahead.
                    0.0 if j > i => STRETCH_M,
                    way => way,
                };
                let nearest = (0..stretch.pos_m.len())
                    .filter(|j| *j != i && stretch.low_m[*j] < high && stretch.high_m[*j] > low)
                    .min_by(|a, b| ahead(*a).total_cmp(&ahead(*b)));
                let by_rows = stretch.leader(i, low, high);
                match (nearest, by_rows) {
                    (Some(j), Some((k, m))) => {
                        assert!((ahead(j) - m).abs() < 1e-3, "row {j} is nearest, row {k} was found, {m} m ahead");
                        found += 1;
                    }
                    (None, None) => {}
                    (Some(j), None) => assert!(ahead(j) > REACH_M),
                    (None, Some(_)) => panic!("a leader that is none"),
                }
            }
        }
        assert!(found > 3_000, "{found} leaders");
    }

    #[test]
    fn rows_stay_in_order_and_motorcycles_pass() {
        let mut kernel = Kernel::new(400, MIXED);
        let before = kernel.inv_desired.clone();
        for _ in 0..200 {
            kernel.step(0.5);
        }
        for stretch in kernel.stretches() {
            assert!(stretch.pos_m.is_sorted_by(|a, b| a >= b));
            assert!(stretch.pos_m.iter().all(|p| (0.0..STRETCH_M).contains(p)));
        }
        let sorted = |mut v: Vec<f32>| {
            v.sort_by(f32::total_cmp);
            v
        };
        assert_ne!(kernel.inv_desired, before);
        assert_eq!(sorted(kernel.inv_desired), sorted(before));
    }
}
