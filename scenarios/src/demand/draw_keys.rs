//! Random draws of the demand, each fixed by its key alone: (seed, purpose, what it is for, n). A new trip shifts no other's draws, so
//! base and variant differ only where they are told to.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The random stream of this key.
pub(crate) fn stream(seed: u64, purpose: &str, key: &str, n: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(hash(seed, purpose, key, n))
}

/// A number fixed by its key.
pub(crate) fn hash(seed: u64, purpose: &str, key: &str, n: u64) -> u64 {
    // Each part is hashed with the one before it as seed, so no two keys run together.
    let purpose = xxh3_64_with_seed(purpose.as_bytes(), seed);
    let key = xxh3_64_with_seed(key.as_bytes(), purpose);
    xxh3_64_with_seed(&n.to_le_bytes(), key)
}

/// A uniform draw in [0, 1) fixed by its key.
pub(crate) fn uniform(seed: u64, purpose: &str, key: &str, n: u64) -> f64 {
    (hash(seed, purpose, key, n) >> 11) as f64 / (1u64 << 53) as f64
}

/// A standard normal draw (Box–Muller; `libm`, so that it is the same on every machine).
pub(crate) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (rng.random(), rng.random());
    libm::sqrt(-2.0 * libm::log(1.0 - u)) * libm::cos(2.0 * core::f64::consts::PI * v)
}

/// A Poisson draw with this mean (0 and more): by inversion in chunks of at most 30, exact and the same on every machine.
pub(crate) fn poisson(mean: f64, rng: &mut ChaCha8Rng) -> u64 {
    let (mut left, mut count) = (mean.max(0.0), 0);
    while left > 0.0 {
        let part = left.min(30.0);
        left -= part;
        let (mut u, mut p): (f64, f64) = (rng.random(), libm::exp(-part));
        let mut n = 0u64;
        while u >= p && n < 1_000 {
            u -= p;
            n += 1;
            p *= part / n as f64;
        }
        count += n;
    }
    count
}

/// The index drawn from `weights` (0 and more, not all 0) by `u` in [0, 1).
pub(crate) fn pick(weights: impl Iterator<Item = f64> + Clone, u: f64) -> usize {
    let mut left = u * weights.clone().sum::<f64>();
    let mut last = 0;
    for (i, w) in weights.enumerate() {
        if w > 0.0 {
            last = i;
            if left < w {
                return i;
            }
        }
        left -= w;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poisson_has_its_mean_and_variance() {
        for mean in [0.3, 4.0, 75.0] {
            let draws: Vec<f64> = (0..4000).map(|n| poisson(mean, &mut stream(1, "test", "p", n)) as f64).collect();
            let average = draws.iter().sum::<f64>() / draws.len() as f64;
            let variance = draws.iter().map(|d| (d - average) * (d - average)).sum::<f64>() / draws.len() as f64;
            assert!((average / mean - 1.0).abs() < 0.05, "mean {average} of {mean}");
            assert!((variance / mean - 1.0).abs() < 0.1, "variance {variance} of {mean}");
        }
    }

    #[test]
    fn parts_of_a_key_do_not_run_together() {
        assert_ne!(hash(1, "ab", "c", 0), hash(1, "a", "bc", 0));
        assert_ne!(hash(1, "a", "b", 0), hash(1, "a", "b", 1));
        assert_eq!(hash(7, "a", "b", 3), hash(7, "a", "b", 3));
    }

    #[test]
    fn picking_follows_the_weights_and_never_takes_a_zero() {
        let weights = [0.0, 1.0, 3.0, 0.0];
        let hits = (0..4000).filter(|n| pick(weights.iter().copied(), uniform(3, "test", "pick", *n)) == 2).count();
        assert!((hits as f64 / 4000.0 - 0.75).abs() < 0.03, "{hits}");
        assert_eq!(pick(weights.iter().copied(), 0.999_999_999), 2);
    }
}
