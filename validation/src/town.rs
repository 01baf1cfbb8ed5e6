//! Places where theory has answers, of the small networks the engine makes in code, and trips on them.

use crate::check::Trouble;
use sim_core::{
    class::{ClassTable, VehicleClass},
    demand::{LinkPosition, Purpose, Trip},
    ids::LinkId,
    network::{RoadNetwork, town},
    reference::Ref,
    simulation::{SimConfig, Simulation},
};
use std::sync::Arc;

pub use sim_core::network::town::{Control, LIMIT_MPS, Road, Town};

/// The link of this name.
///
/// # Errors
/// There is none.
pub fn link(network: &RoadNetwork, name: &str) -> Result<LinkId, Trouble> {
    let at = network.links.iter().position(|l| l.ref_.as_str() == name);
    at.map(LinkId::from_index).ok_or_else(|| Trouble::Broken(format!("the network has no road {name}")))
}

/// A straight road of `length_m`, in pieces of about `piece_m`, with a signal (45 s of green, 33 s of yellow and red) at its end if
/// wished, and 300 m beyond; and the way along it.
///
/// # Errors
/// What is not right with it.
pub fn approach(
    lanes: u8,
    lane_m: f32,
    length_m: f64,
    piece_m: f64,
    is_signal: bool,
) -> Result<(Arc<RoadNetwork>, Arc<[LinkId]>), Trouble> {
    let network = town::approach(lanes, lane_m, length_m, piece_m, is_signal)?;
    let route = (0..network.links.len()).map(LinkId::from_index).collect();
    Ok((network, route))
}

/// One straight link of `length_m` from west to east.
///
/// # Errors
/// What is not right with it.
pub fn straight(lanes: u8, lane_m: f32, length_m: f64) -> Result<Arc<RoadNetwork>, Trouble> {
    let mut town = Town::default();
    let (from, to) = (town.node(0.0, 0.0, Control::End, 0.0), town.node(length_m, 0.0, Control::End, 0.0));
    town.one_way("road", from, to, lanes, lane_m, true);
    Ok(town.build()?)
}

/// `n` × `n` signalised junctions `block_m` apart, all roads two-way, with entries all around.
///
/// # Errors
/// What is not right with it.
pub fn grid(n: usize, block_m: f64, lanes: u8) -> Result<Arc<RoadNetwork>, Trouble> {
    Ok(town::grid(n, block_m, lanes, Control::Signal(25.0))?)
}

/// Random numbers for made-up demand (xorshift64*).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice with a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From 0 to 1.
    pub fn roll(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One of some.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[((self.roll() * of.len() as f64) as usize).min(of.len() - 1)]
    }

    /// The times of a Poisson process of `per_s` a second up to `end_s`.
    pub fn poisson(&mut self, per_s: f64, end_s: f64) -> Vec<f64> {
        let mut times = Vec::new();
        let mut now = 0.0;
        loop {
            now -= (1.0 - self.roll()).ln() / per_s;
            if now >= end_s {
                return times;
            }
            times.push(now);
        }
    }
}

/// Classes with their shares.
pub type Mix<'a> = &'a [(VehicleClass, f64)];

/// A class drawn from a mix.
pub fn class_of(mix: Mix, dice: &mut Dice) -> VehicleClass {
    let mut left = dice.roll();
    for (class, share) in mix {
        if left < *share {
            return *class;
        }
        left -= share;
    }
    mix[0].0
}

/// A trip along a route, from `from_m` of its first link to `to_m` of its last.
pub fn trip(name: impl Into<String>, class: VehicleClass, depart_s: f64, from_m: f32, to_m: f32, route: &Arc<[LinkId]>) -> Trip {
    Trip {
        ref_: Ref::from(name.into()),
        class,
        purpose: Purpose::Personal,
        depart_s,
        origin: LinkPosition { link: route[0], pos_m: from_m },
        destination: LinkPosition { link: route[route.len() - 1], pos_m: to_m },
        route: route.clone(),
        halts: Arc::default(),
    }
}

/// `count` trips that begin anywhere in the first 10 s and wander over `links` links, never straight back.
///
/// # Errors
/// A network on which nobody can wander so far.
pub fn wanderers(network: &RoadNetwork, count: usize, mix: Mix, links: usize, seed: u64) -> Result<Vec<Trip>, Trouble> {
    let mut dice = Dice::new(seed);
    let mut trips = Vec::with_capacity(count);
    for _ in 0..count * 200 {
        if trips.len() == count {
            return Ok(trips);
        }
        let mut route = vec![LinkId::from_index((dice.roll() * network.links.len() as f64) as usize)];
        while route.len() < links {
            let ways: Vec<LinkId> = network.movements_from(route[route.len() - 1]).map(|m| network.movement(m).to).collect();
            // Roads that lead out of the network end the journey: turn elsewhere while there is a choice.
            let inner: Vec<LinkId> = ways.iter().copied().filter(|l| network.movements_from(*l).next().is_some()).collect();
            match (inner.is_empty(), ways.is_empty()) {
                (false, _) => route.push(dice.pick(&inner)),
                (true, false) => route.push(dice.pick(&ways)),
                (true, true) => break,
            }
        }
        if route.len() == links {
            let from_m = network.link(route[0]).length_m * dice.roll() as f32;
            let to_m = network.link(route[links - 1]).length_m * 0.95;
            let (class, at) = (class_of(mix, &mut dice), dice.roll() * 10.0);
            trips.push(trip(format!("t{}", trips.len()), class, at, from_m, to_m, &route.into()));
        }
    }
    Err(Trouble::Broken(format!("only {} of {count} trips over {links} links found", trips.len())))
}

/// A simulation with the shipped classes, one thread.
///
/// # Errors
/// What the engine has against it.
pub fn simulation(network: &Arc<RoadNetwork>, trips: Vec<Trip>, step_s: f32) -> Result<Simulation, Trouble> {
    simulation_with(network, ClassTable::default(), trips, step_s)
}

/// The same with these classes.
///
/// # Errors
/// What the engine has against it.
pub fn simulation_with(network: &Arc<RoadNetwork>, classes: ClassTable, trips: Vec<Trip>, step_s: f32) -> Result<Simulation, Trouble> {
    let config = SimConfig { step_s, interval_s: 300.0, ..SimConfig::default() };
    Simulation::new(network.clone(), classes, trips, vec![], config).map_err(Trouble::broken)
}

/// The shipped classes after `change` to one of them.
///
/// # Errors
/// A parameter out of its range.
pub fn classes_with(class: VehicleClass, change: impl Fn(&mut sim_core::class::ClassParams)) -> Result<ClassTable, Trouble> {
    let shipped = ClassTable::default();
    let mut entries = VehicleClass::ALL.map(|c| shipped.get(c).clone());
    change(&mut entries[class.index()]);
    ClassTable::new(entries).map_err(Trouble::broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_along_an_approach_follows_its_links() {
        let (road, route) = approach(2, 3.5, 300.0, 30.0, true).unwrap();
        assert_eq!((route.len(), road.controllers.len()), (11, 1));
        for pair in route.windows(2) {
            assert!(road.movements_from(pair[0]).any(|m| road.movement(m).to == pair[1]), "{pair:?}");
        }
        assert!(approach(2, 3.5, 300.0, 30.0, false).unwrap().0.controllers.is_empty());
        assert!((straight(1, 3.0, 500.0).unwrap().links[0].length_m - 500.0).abs() < 1e-3);
        assert!(link(&road, "main3").unwrap() == route[2] && link(&road, "nowhere").is_err());
    }

    #[test]
    fn wanderers_drive_ways_that_are_there_and_never_straight_back_in_town() {
        let grid = grid(3, 120.0, 2).unwrap();
        let trips = wanderers(&grid, 50, &[(VehicleClass::Car, 1.0)], 20, 1).unwrap();
        assert_eq!(trips.len(), 50);
        for t in &trips {
            assert!(t.route.len() == 20 && (0.0..10.0).contains(&t.depart_s));
            assert!((0.0..grid.link(t.route[0]).length_m).contains(&t.origin.pos_m), "{}", t.origin.pos_m);
            for pair in t.route.windows(2) {
                let (from, to) = (grid.link(pair[0]), grid.link(pair[1]));
                assert!(from.to == to.from && (from.from != to.to || grid.junctions[from.to.index()].incoming.len() == 1));
            }
        }
        // All ways are taken, not the first of each junction alone.
        let taken: std::collections::BTreeSet<_> = trips.iter().flat_map(|t| t.route.windows(2)).collect();
        assert!(taken.len() > grid.movements.len() * 9 / 10, "{} of {}", taken.len(), grid.movements.len());
        let road = straight(1, 3.0, 500.0).unwrap();
        let error = wanderers(&road, 5, &[(VehicleClass::Car, 1.0)], 3, 1).unwrap_err();
        assert!(matches!(&error, Trouble::Broken(what) if what == "only 0 of 5 trips over 3 links found"), "{error:?}");
    }

    #[test]
    fn draws_have_their_shares_and_their_range() {
        let mut dice = Dice::new(5);
        let rolls: Vec<f64> = (0..100_000).map(|_| dice.roll()).collect();
        let mean = rolls.iter().sum::<f64>() / 1e5;
        assert!(rolls.iter().all(|r| (0.0..1.0).contains(r)) && (mean - 0.5).abs() < 0.005, "{mean}");
        let mix: Mix = &[(VehicleClass::Motorcycle, 0.8), (VehicleClass::Car, 0.2)];
        let cars = (0..100_000).filter(|_| class_of(mix, &mut dice) == VehicleClass::Car).count();
        assert!((19_400..20_600).contains(&cars), "{cars}");
        let picked: std::collections::BTreeSet<_> = (0..200).map(|_| dice.pick(&[1, 2, 3])).collect();
        assert_eq!(picked.len(), 3);
    }

    #[test]
    fn a_poisson_process_has_its_rate() {
        let n = Dice::new(3).poisson(0.5, 100_000.0).len();
        assert!((49_300..50_700).contains(&n), "{n}");
    }
}
