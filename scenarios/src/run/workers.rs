//! Several runs at a time, each on a thread of its own.
//!
//! Not on a rayon pool: a run waits for the pool of its own simulation, and a worker of another pool that waits takes up the next run on
//! top of its stack, until there is no stack left.

use std::{
    num::NonZero,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

/// Calls `work` with each of `0..count`, `threads` at a time, and returns what it gave, in order. After an error no other is begun.
///
/// # Errors
/// The error of the first that failed, by number.
pub(crate) fn each<T: Send, E: Send>(count: usize, threads: usize, work: impl Fn(usize) -> Result<T, E> + Sync) -> Result<Vec<T>, E> {
    let (next, has_failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let done: Mutex<Vec<(usize, Result<T, E>)>> = Mutex::new(Vec::with_capacity(count));
    let go = || {
        while !has_failed.load(Ordering::Relaxed) {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= count {
                return;
            }
            let result = work(n);
            has_failed.fetch_or(result.is_err(), Ordering::Relaxed);
            if let Ok(mut done) = done.lock() {
                done.push((n, result));
            }
        }
    };
    let threads = if threads == 0 { thread::available_parallelism().map_or(1, NonZero::get) } else { threads };
    thread::scope(|scope| {
        for _ in 1..threads.min(count) {
            scope.spawn(go);
        }
        go();
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(n, _)| *n);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_done_once_and_told_in_order() {
        for threads in [0, 1, 3, 50] {
            let calls = AtomicUsize::new(0);
            let squares = each(20, threads, |n| {
                calls.fetch_add(1, Ordering::Relaxed);
                Ok::<_, ()>(n * n)
            });
            assert_eq!(squares, Ok((0..20).map(|n| n * n).collect()));
            assert_eq!(calls.into_inner(), 20);
        }
    }

    #[test]
    fn the_first_error_is_told_and_nothing_begun_after_it() {
        let calls = AtomicUsize::new(0);
        let failed = each(1_000, 1, |n| {
            calls.fetch_add(1, Ordering::Relaxed);
            if n == 3 { Err("third") } else { Ok(()) }
        });
        assert_eq!(failed, Err("third"));
        assert_eq!(calls.into_inner(), 4);
    }

    #[test]
    fn many_that_wait_for_pools_of_their_own_do_not_pile_up() {
        let depth = each(2_000, 2, |n| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(|e| e.to_string())?;
            let frame = std::hint::black_box([n as u8; 8_192]);
            Ok::<_, String>(pool.install(|| usize::from(frame[0])))
        });
        assert_eq!(depth.map(|d| d.len()), Ok(2_000));
    }
}
