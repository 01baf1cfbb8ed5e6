//! Least squares with bounds, as a cone problem for `clarabel`: minimise ½ Σ pₖ xₖ² subject to rows that must hold exactly and rows that
//! must not be negative.

use clarabel::{
    algebra::CscMatrix,
    solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus, SupportedConeT},
};

/// A problem under construction. Rows are given by their coefficients `(variable, factor)`.
#[derive(Debug, Default)]
pub(crate) struct Problem {
    weights: Vec<f64>,
    equal: Vec<(Vec<(usize, f64)>, f64)>,
    least: Vec<(Vec<(usize, f64)>, f64)>,
}

/// The solver gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the least-squares solver ended with {0:?}; the counts may be wildly out of scale with the prior demand")]
pub struct SolverError(SolverStatus);

impl Problem {
    /// Adds a variable that costs ½ `weight` x².
    pub(crate) fn variable(&mut self, weight: f64) -> usize {
        self.weights.push(weight);
        self.weights.len() - 1
    }

    /// Demands Σ factor · x = `value`.
    pub(crate) fn equal(&mut self, row: Vec<(usize, f64)>, value: f64) {
        self.equal.push((row, value));
    }

    /// Demands Σ factor · x ≥ `value`.
    pub(crate) fn at_least(&mut self, row: Vec<(usize, f64)>, value: f64) {
        self.least.push((row, value));
    }

    /// The solution, and what it costs.
    pub(crate) fn solve(self) -> Result<(Vec<f64>, f64), SolverError> {
        let n = self.weights.len();
        let mut columns: Vec<Vec<(usize, f64)>> = vec![Vec::new(); n];
        let mut values = Vec::with_capacity(self.equal.len() + self.least.len());
        let (equal, least) = (self.equal.len(), self.least.len());
        // The solver's form is A x + s = b with s = 0 or s ≥ 0, so rows of the second kind change their sign.
        let rows = self.equal.into_iter().map(|r| (r, 1.0)).chain(self.least.into_iter().map(|r| (r, -1.0)));
        for (i, ((row, value), sign)) in rows.enumerate() {
            for (variable, factor) in row {
                match columns[variable].last_mut() {
                    Some((last, sum)) if *last == i => *sum += sign * factor,
                    _ => columns[variable].push((i, sign * factor)),
                }
            }
            values.push(sign * value);
        }
        let (mut starts, mut indices, mut factors) = (vec![0], Vec::new(), Vec::new());
        for column in columns {
            for (i, factor) in column {
                indices.push(i);
                factors.push(factor);
            }
            starts.push(indices.len());
        }
        let a = CscMatrix::new(equal + least, n, starts, indices, factors);
        let p = CscMatrix::new(n, n, (0..=n).collect(), (0..n).collect(), self.weights);
        let cones = [SupportedConeT::ZeroConeT(equal), SupportedConeT::NonnegativeConeT(least)];
        let settings = DefaultSettings { verbose: false, ..Default::default() };
        let mut solver =
            DefaultSolver::new(&p, &vec![0.0; n], &a, &values, &cones, settings).map_err(|_| SolverError(SolverStatus::Unsolved))?;
        solver.solve();
        match solver.solution.status {
            SolverStatus::Solved | SolverStatus::AlmostSolved => Ok((solver.solution.x, solver.solution.obj_val)),
            status => Err(SolverError(status)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the closed form: min ½(x−3)² + ½(y+1)², y ≥ 0 is (3, 0); with x + y ≤ 2 it is (2, 0).
    #[test]
    fn bounds_hold_and_nothing_else_moves() {
        for (limit, expected) in [(None, [3.0, 0.0]), (Some(2.0), [2.0, 0.0])] {
            let mut p = Problem::default();
            let (x, y) = (p.variable(0.0), p.variable(0.0));
            let (dx, dy) = (p.variable(1.0), p.variable(1.0));
            p.equal(vec![(x, 1.0), (dx, -1.0)], 3.0);
            p.equal(vec![(y, 1.0), (dy, -1.0)], -1.0);
            p.at_least(vec![(y, 1.0)], 0.0);
            if let Some(limit) = limit {
                p.at_least(vec![(x, -1.0), (y, -1.0)], -limit);
            }
            let (solution, _) = p.solve().unwrap();
            for (found, expected) in solution.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-6, "{solution:?}");
            }
        }
    }
}
