//! What is known before counting: a gravity model. Trips between two zones grow with their inhabitants and fall with the time between
//! them; rows and columns are balanced until every zone sends and receives what its inhabitants make it (Furness). Every parameter is
//! assumed: nobody has measured An Giang's trips, so the counts decide and this only says what is plausible.

use super::{
    book::RouteBook,
    counts::Counts,
    od::{OdKey, OdTable},
    routing::Router,
    time::{Window, quarter_start_s},
    zones::{Zone, ZoneKind},
};
use sim_core::class::{CLASS_COUNT, VehicleClass};

/// Trips per inhabitant in each hour of the day as a share of the busiest hour (assumed: two peaks, a midday return home).
pub const HOUR_SHARES: [f64; 24] =
    [0.05, 0.03, 0.03, 0.06, 0.15, 0.45, 0.85, 1.0, 0.75, 0.6, 0.65, 0.8, 0.6, 0.65, 0.6, 0.7, 0.9, 1.0, 0.75, 0.55, 0.4, 0.3, 0.15, 0.08];

/// Parameters of the gravity prior.
#[derive(Clone, Debug, PartialEq)]
pub struct PriorSettings {
    /// Motorised trips per inhabitant that leave their zone, in the busiest hour (assumed).
    pub trips_per_head_hour: f64,
    /// Time by which the wish to travel falls to a third (1/e), seconds (assumed: a town's mean ride then takes some ten minutes).
    pub deterrence_s: f64,
    /// The weight of trips from one edge of the region straight to another, against trips of the region itself (assumed).
    pub through_share: f64,
    /// Share of each class, by its index; sums to 1.
    pub class_shares: [f64; CLASS_COUNT],
    /// A pair of zones with fewer trips than this in the busiest hour, all classes together, is left out.
    pub least_per_hour: f64,
}

impl Default for PriorSettings {
    fn default() -> Self {
        Self {
            trips_per_head_hour: 0.05,
            deterrence_s: 400.0,
            through_share: 0.5,
            class_shares: default_class_shares(),
            least_per_hour: 0.05,
        }
    }
}

/// Shares of the classes in An Giang's traffic (assumed; no local count was found. Ho Chi Minh City's roundabouts have 91.7 %
/// motorcycles, J. Traffic Transp. Eng. 2021; a delta town has fewer cars but more vans and trucks on its national road).
pub fn default_class_shares() -> [f64; CLASS_COUNT] {
    let mut shares = [0.0; CLASS_COUNT];
    for (class, share) in [
        (VehicleClass::Motorcycle, 0.80),
        (VehicleClass::Bicycle, 0.03),
        (VehicleClass::Car, 0.09),
        (VehicleClass::Taxi, 0.015),
        (VehicleClass::Minibus, 0.01),
        (VehicleClass::Bus, 0.01),
        (VehicleClass::LightTruck, 0.025),
        (VehicleClass::HeavyTruck, 0.015),
        (VehicleClass::ArticulatedTruck, 0.005),
    ] {
        shares[class.index()] = share;
    }
    shares
}

/// Shares of the classes as counted; a class that no detector tells apart keeps the share it has in `otherwise`.
pub fn class_shares_of(counts: &Counts, otherwise: &[f64; CLASS_COUNT]) -> [f64; CLASS_COUNT] {
    let mut vehicles = [0.0; CLASS_COUNT];
    let mut counted = [false; CLASS_COUNT];
    for row in counts.rows() {
        vehicles[row.class.index()] += row.count;
        counted[row.class.index()] = true;
    }
    let total: f64 = vehicles.iter().sum();
    if total <= 0.0 {
        return *otherwise;
    }
    let left: f64 = (0..CLASS_COUNT).filter(|c| !counted[*c]).map(|c| otherwise[c]).sum();
    std::array::from_fn(|c| if counted[c] { vehicles[c] / total * (1.0 - left) } else { otherwise[c] })
}

/// The gravity prior for the quarter-hours of `window`.
pub fn gravity(router: &Router, zones: &[Zone], window: Window, settings: &PriorSettings) -> OdTable {
    let pairs = spatial_pattern(router, zones, settings);
    let mut od = OdTable::over(zones);
    for quarter in window.quarters() {
        let hour = HOUR_SHARES[(quarter_start_s(quarter) / 3600.0) as usize % 24];
        for &(from, to, per_hour) in &pairs {
            for class in VehicleClass::ALL {
                let share = settings.class_shares[class.index()];
                od.set(OdKey { from, to, class, quarter }, per_hour * hour * share / 4.0);
            }
        }
    }
    od
}

/// Trips of all classes between zones in the busiest hour.
pub(crate) fn spatial_pattern(router: &Router, zones: &[Zone], settings: &PriorSettings) -> Vec<(u32, u32, f64)> {
    let class = VehicleClass::Motorcycle;
    let mut all = OdTable::over(zones);
    for (from, a) in zones.iter().enumerate() {
        for (to, b) in zones.iter().enumerate() {
            if from != to && !a.origins.is_empty() && !b.destinations.is_empty() && a.population > 0.0 && b.population > 0.0 {
                all.set(OdKey { from: from as u32, to: to as u32, class, quarter: 0 }, 1.0);
            }
        }
    }
    let book = RouteBook::new(router, zones, &all);
    let n = zones.len();
    let mut trips = vec![0.0; n * n];
    for (key, _) in all.cells() {
        let (a, b) = (&zones[key.from as usize], &zones[key.to as usize]);
        let Some(time_s) = book.mean_time_s(class, key.from, key.to) else { continue };
        let is_through = a.kind == ZoneKind::Boundary && b.kind == ZoneKind::Boundary;
        let weight = if is_through { settings.through_share } else { 1.0 };
        trips[key.from as usize * n + key.to as usize] = weight * b.population * libm::exp(-time_s / settings.deterrence_s);
    }
    let ends: Vec<f64> = zones.iter().map(|z| z.population * settings.trips_per_head_hour).collect();
    balance(&mut trips, &ends, &ends);
    let at = |i: usize| (i / n, i % n);
    trips.iter().enumerate().filter(|(_, t)| **t >= settings.least_per_hour).map(|(i, t)| (at(i).0 as u32, at(i).1 as u32, *t)).collect()
}

/// Scales rows and columns of a square table in turn until they sum to these targets (Furness); rows have the last word.
fn balance(table: &mut [f64], rows: &[f64], columns: &[f64]) {
    let n = rows.len();
    for _ in 0..30 {
        for (j, target) in columns.iter().enumerate() {
            let sum: f64 = (0..n).map(|i| table[i * n + j]).sum();
            if sum > 0.0 {
                (0..n).for_each(|i| table[i * n + j] *= target / sum);
            }
        }
        for (row, target) in table.chunks_mut(n).zip(rows) {
            let sum: f64 = row.iter().sum();
            if sum > 0.0 {
                row.iter_mut().for_each(|t| *t *= target / sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balancing_reaches_rows_and_columns() {
        let mut table = vec![0.0, 2.0, 1.0, 4.0, 0.0, 1.0, 1.0, 3.0, 0.0];
        let (rows, columns) = ([10.0, 20.0, 15.0], [15.0, 18.0, 12.0]);
        balance(&mut table, &rows, &columns);
        for i in 0..3 {
            let row: f64 = table[i * 3..i * 3 + 3].iter().sum();
            let column: f64 = (0..3).map(|j| table[j * 3 + i]).sum();
            assert!((row - rows[i]).abs() < 1e-6 && (column - columns[i]).abs() < 1e-3, "{row} {column}");
        }
    }

    #[test]
    fn shares_sum_to_one_and_follow_the_counts() {
        let shares = default_class_shares();
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let text = "detector,from,to,class,count\nA,2026-03-10T06:30:00+07:00,2026-03-10T06:45:00+07:00,motorcycle,60\nA,2026-03-10T06:30:00+07:00,2026-03-10T06:45:00+07:00,car,40\n";
        let counted = class_shares_of(&Counts::parse("c.csv", text.as_bytes()).unwrap(), &shares);
        assert!((counted.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let ratio = counted[VehicleClass::Motorcycle.index()] / counted[VehicleClass::Car.index()];
        assert!((ratio - 1.5).abs() < 1e-12);
        assert_eq!(counted[VehicleClass::Bicycle.index()], 0.03);
    }
}
