//! What equipping a junction promises to save: `saved = a · delay + b · vehicles` of its own approaches in the base, by least squares over what
//! was simulated so far, pulled towards what is taken for granted before (`a` = [`SHARE`], `b` = 0). Equipped neighbours are not in it: a
//! junction that was simulated keeps what it saved the last time, which can only become less (lazy greedy).

/// The share of a junction's delay that is taken to be saved before anything was simulated (assumed).
pub const SHARE: f64 = 0.25;
/// How strongly the prior pulls, as so many junctions of mean size (assumed).
const PULL: f64 = 1.0;

/// What is known of a junction in the base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features {
    /// Delay on its approaches, vehicle-hours.
    pub delay_h: f64,
    /// Thousands of vehicles that came to it.
    pub thousands: f64,
}

/// The two factors after what was seen: features and what was saved, vehicle-hours.
pub fn fitted(seen: &[(Features, f64)], all: &[Features]) -> [f64; 2] {
    let count = all.len().max(1) as f64;
    let mean_square = |of: fn(&Features) -> f64| all.iter().map(|f| of(f) * of(f)).sum::<f64>() / count;
    let pull = [PULL * mean_square(|f| f.delay_h).max(1e-9), PULL * mean_square(|f| f.thousands).max(1e-9)];
    let sum = |of: &dyn Fn(&(Features, f64)) -> f64| seen.iter().map(of).sum::<f64>();
    let (aa, ab, bb) = (
        sum(&|(f, _)| f.delay_h * f.delay_h) + pull[0],
        sum(&|(f, _)| f.delay_h * f.thousands),
        sum(&|(f, _)| f.thousands * f.thousands) + pull[1],
    );
    let (ya, yb) = (sum(&|(f, y)| f.delay_h * y) + pull[0] * SHARE, sum(&|(f, y)| f.thousands * y));
    let determinant = aa * bb - ab * ab;
    [(ya * bb - yb * ab) / determinant, (yb * aa - ya * ab) / determinant]
}

/// What a junction promises.
pub fn promise(factors: [f64; 2], f: Features) -> f64 {
    factors[0] * f.delay_h + factors[1] * f.thousands
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(delay_h: f64, thousands: f64) -> Features {
        Features { delay_h, thousands }
    }

    #[test]
    fn before_anything_was_seen_a_share_of_the_delay_is_promised() {
        let all = [at(10.0, 2.0), at(4.0, 6.0)];
        let factors = fitted(&[], &all);
        assert!((factors[0] - SHARE).abs() < 1e-12 && factors[1].abs() < 1e-12, "{factors:?}");
        assert!((promise(factors, all[0]) - 2.5).abs() < 1e-12);
    }

    /// Savings of 0.6 h per hour of delay, less 0.2 h per thousand vehicles: after many junctions that is what it says.
    #[test]
    fn it_learns_what_it_is_shown() {
        let all: Vec<Features> = (1..40).map(|i| at(f64::from(i % 7) + 1.0, f64::from(i % 5))).collect();
        let seen: Vec<_> = all.iter().map(|f| (*f, 0.6 * f.delay_h - 0.2 * f.thousands)).collect();
        let factors = fitted(&seen, &all);
        assert!((factors[0] - 0.6).abs() < 0.03 && (factors[1] + 0.2).abs() < 0.05, "{factors:?}");
    }
}
