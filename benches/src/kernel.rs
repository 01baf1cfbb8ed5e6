//! The bare kernel: car-following over packed arrays with nothing else. What a simulation could cost at the very least.

/// A ring road of cars in packed columns, each following the one ahead by the Intelligent Driver Model (Treiber, Hennecke & Helbing,
/// Phys. Rev. E 62, 2000).
#[derive(Clone, Debug)]
pub struct Ring {
    length_m: f32,
    pos_m: Vec<f32>,
    speed_mps: Vec<f32>,
}

const DESIRED_MPS: f32 = 13.9;
const HEADWAY_S: f32 = 1.2;
const GAP0_M: f32 = 2.0;
const ACCEL_MPS2: f32 = 1.4;
const BRAKE_MPS2: f32 = 2.0;
const CAR_M: f32 = 4.6;

impl Ring {
    /// `n` cars (at least one), 20 m apart, at 8 m/s.
    pub fn new(n: usize) -> Self {
        Self {
            length_m: n as f32 * 20.0,
            pos_m: (0..n).map(|i| (n - 1 - i) as f32 * 20.0).collect(),
            speed_mps: (0..n).map(|i| 8.0 + (i % 7) as f32 * 0.2).collect(),
        }
    }

    /// One step of `dt` seconds.
    pub fn step(&mut self, dt: f32) {
        let n = self.pos_m.len();
        let half_inv_sqrt_ab = 0.5 / (ACCEL_MPS2 * BRAKE_MPS2).sqrt();
        let (mut ahead_pos, mut ahead_speed) = (self.pos_m[n - 1] + self.length_m, self.speed_mps[n - 1]);
        for (pos, speed) in self.pos_m.iter_mut().zip(&mut self.speed_mps) {
            let (old_pos, old_speed) = (*pos, *speed);
            let gap = (ahead_pos - CAR_M - old_pos).max(0.1);
            let wished = GAP0_M + (old_speed * HEADWAY_S + old_speed * (old_speed - ahead_speed) * half_inv_sqrt_ab).max(0.0);
            let free = old_speed / DESIRED_MPS;
            let free2 = free * free;
            let accel = ACCEL_MPS2 * (1.0 - free2 * free2 - (wished / gap) * (wished / gap));
            *speed = (old_speed + accel * dt).max(0.0);
            *pos = old_pos + 0.5 * (old_speed + *speed) * dt;
            (ahead_pos, ahead_speed) = (old_pos, old_speed);
        }
    }

    /// The mean speed, m/s.
    pub fn mean_speed_mps(&self) -> f32 {
        self.speed_mps.iter().sum::<f32>() / self.speed_mps.len() as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_settles_at_the_models_equilibrium() {
        let mut ring = Ring::new(500);
        for _ in 0..4_000 {
            ring.step(0.5);
        }
        // In equilibrium gap² = wished² / (1 − (v / v0)⁴) with a gap of 20 m − 4.6 m.
        let v = ring.mean_speed_mps();
        let wished = GAP0_M + v * HEADWAY_S;
        let gap = wished / (1.0 - (v / DESIRED_MPS).powi(4)).sqrt();
        assert!((gap - 15.4).abs() < 0.3, "{v} m/s, gap {gap} m");
    }
}
