//! Several runs that differ only in their seed: the mean of each indicator and its 95 % interval.
//!
//! Half-width = t₀.₉₇₅,ₙ₋₁ · s ÷ √n (Student). A value that is the same in every run, as those of the register are, has no interval.

use super::value::{ClassValue, KpiRow, KpiValue};
use sim_core::class::VehicleClass;

/// The rows of several runs as one: means with intervals where every run has a number, else the first run's reason. The runs must come
/// from [`super::evaluate`], so that their rows are the same indicators in the same order.
///
/// No run gives no row; one run is returned as it is.
pub fn across_seeds(runs: Vec<Vec<KpiRow>>) -> Vec<KpiRow> {
    let count = runs.len();
    let mut runs = runs.into_iter();
    let Some(first) = runs.next() else { return Vec::new() };
    let others: Vec<Vec<KpiRow>> = runs.collect();
    first
        .into_iter()
        .map(|row| {
            let all: Vec<&KpiRow> =
                others.iter().filter_map(|rows| rows.iter().find(|r| r.id() == row.id())).chain(std::iter::once(&row)).collect();
            merged(&row, &all, count)
        })
        .collect()
}

fn merged(first: &KpiRow, all: &[&KpiRow], count: usize) -> KpiRow {
    let mut row = first.clone();
    let numbers: Vec<f64> = all.iter().filter_map(|r| r.value.number()).collect();
    if count < 2 || numbers.is_empty() {
        return row;
    }
    if numbers.len() < count {
        row.value = KpiValue::needs(
            format!("giá trị của mọi lần chạy; chỉ {} trên {count} lần có", numbers.len()),
            format!("a value in every run; {} of {count} have one", numbers.len()),
        );
        row.notes.clear();
        row.caveats.clear();
        return row;
    }
    let (value, half_width) = mean_and_half_width(&numbers);
    // Where the longest queue stood is one run's fact, not the mean's.
    if all.iter().any(|r| r.notes != first.notes) {
        row.notes.retain(|note| all.iter().all(|r| r.notes.contains(note)));
    }
    row.value = match &first.value {
        KpiValue::ByClass { unit, .. } => KpiValue::ByClass { value, half_width, unit: *unit, classes: classes(all) },
        _ => KpiValue::Number { value, half_width, unit: first.spec.unit },
    };
    row
}

/// The mean of each class that has a value in every run; a class that is missing in some would have a mean over others' runs.
fn classes(all: &[&KpiRow]) -> Vec<ClassValue> {
    let value_in = |row: &KpiRow, class: VehicleClass| match &row.value {
        KpiValue::ByClass { classes, .. } => classes.iter().find(|c| c.class == class).map(|c| c.value),
        _ => None,
    };
    let of = |class| all.iter().map(|row| value_in(row, class)).collect::<Option<Vec<f64>>>();
    let mean = |class| {
        let (value, half_width) = mean_and_half_width(&of(class)?);
        Some(ClassValue { class, value, half_width })
    };
    VehicleClass::ALL.into_iter().filter_map(mean).collect()
}

/// Mean and half of the 95 % interval; no interval where all values are equal.
pub(super) fn mean_and_half_width(values: &[f64]) -> (f64, Option<f64>) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    if values.len() < 2 || values.iter().all(|v| *v == values[0]) {
        return (values[0], None);
    }
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    (mean, Some(t_95(values.len() - 1) * (variance / n).sqrt()))
}

/// The two-sided 95 % quantile of Student's t with `freedom` degrees of freedom, at least 1. A table to 30, Cornish and Fisher's expansion
/// about the normal quantile beyond, right to three digits there.
pub fn t_95(freedom: usize) -> f64 {
    const TABLE: [f64; 30] = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101,
        2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];
    match TABLE.get(freedom.saturating_sub(1)) {
        Some(t) => *t,
        None => {
            let (z, v) = (1.959_964_f64, freedom as f64);
            let z3 = z * z * z;
            z + (z3 + z) / (4.0 * v) + (5.0 * z3 * z * z + 16.0 * z3 + 3.0 * z) / (96.0 * v * v)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::spec::Unit;

    fn run(delay: f64, queue_at: &str) -> Vec<KpiRow> {
        vec![
            KpiRow::number("K19", delay),
            KpiRow::number("B05", 50.0).note(queue_at, queue_at),
            KpiRow::new("K01", KpiValue::needs("a", "b")),
        ]
    }

    /// By hand: mean 12, s = 2, half-width 4.303 · 2 ÷ √3 = 4.969.
    #[test]
    fn the_interval_is_students() {
        let rows = across_seeds(vec![run(10.0, "x"), run(12.0, "y"), run(14.0, "z")]);
        assert_eq!(rows[0].value.number(), Some(12.0));
        assert!((rows[0].value.half_width().unwrap() - 4.303 * 2.0 / 3.0_f64.sqrt()).abs() < 1e-9);
        assert_eq!(rows[1].value, KpiValue::Number { value: 50.0, half_width: None, unit: Unit::Metres });
        assert!(rows[1].notes.is_empty(), "a place of one run is not the place of the mean");
        assert!(matches!(rows[2].value, KpiValue::NotYetEvaluated { .. }));
    }

    #[test]
    fn the_order_of_the_runs_does_not_matter() {
        let (a, b) = (run(10.0, "x"), run(13.0, "x"));
        assert_eq!(across_seeds(vec![a.clone(), b.clone()]), across_seeds(vec![b, a]));
    }

    #[test]
    fn a_value_missing_in_one_run_has_no_mean() {
        let mut broken = run(10.0, "x");
        broken[0] = KpiRow::new("K19", KpiValue::needs("chạy", "run"));
        let rows = across_seeds(vec![run(10.0, "x"), broken]);
        assert_eq!(rows[0].value.number(), None);
    }

    #[test]
    fn classes_have_their_own_intervals_and_a_class_of_some_runs_only_has_none() {
        let by = |car: f64, bus: Option<f64>| {
            let value = |class, value| ClassValue { class, value, half_width: None };
            let mut classes = vec![value(VehicleClass::Car, car)];
            classes.extend(bus.map(|b| value(VehicleClass::Bus, b)));
            vec![KpiRow::new("B11", KpiValue::ByClass { value: car, half_width: None, unit: Unit::GramsPerVehicleKilometre, classes })]
        };
        let rows = across_seeds(vec![by(200.0, Some(900.0)), by(210.0, None)]);
        let KpiValue::ByClass { classes, .. } = &rows[0].value else { panic!("{:?}", rows[0].value) };
        assert_eq!(classes.len(), 1);
        assert_eq!((classes[0].class, classes[0].value), (VehicleClass::Car, 205.0));
        assert!((classes[0].half_width.unwrap() - 12.706 * 50.0_f64.sqrt() / 2.0_f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn quantiles_match_the_tables() {
        for (freedom, t) in [(1, 12.706), (4, 2.776), (30, 2.042), (31, 2.0395), (40, 2.0211), (60, 2.0003), (120, 1.9799)] {
            assert!((t_95(freedom) - t).abs() < 5e-4, "{freedom}: {}", t_95(freedom));
        }
    }
}
