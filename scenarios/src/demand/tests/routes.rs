//! Routes: the hierarchy against plain Dijkstra, turn bans and closed links, alternatives and their shares.

use super::grid::{close, link, town};
use crate::demand::{Router, RouterSettings, cost::movement_delay_s, draw_keys::uniform};
use sim_core::{
    class::{ClassTable, VehicleClass},
    demand::LinkPosition,
    ids::LinkId,
    network::RoadNetwork,
};

fn router(net: &RoadNetwork) -> Router {
    Router::new(net, &ClassTable::default(), RouterSettings::default())
}

/// The obvious way: relax every movement until nothing changes.
fn slow_time_s(net: &RoadNetwork, router: &Router, class: VehicleClass, from: LinkPosition, to: LinkPosition) -> Option<f64> {
    let whole = |l: LinkId| router.piece_s(class, l, 0.0, f64::from(net.link(l).length_m));
    let mut best = vec![f64::INFINITY; net.links.len()]; // time at the end of each link
    best[from.link.index()] = router.piece_s(class, from.link, f64::from(from.pos_m), f64::from(net.link(from.link).length_m));
    loop {
        let mut changed = false;
        for m in net.movements.iter().filter(|m| m.access.contains(class) && net.link(m.to).access.contains(class)) {
            let time_s = best[m.from.index()] + movement_delay_s(net, m) + whole(m.to);
            if time_s < best[m.to.index()] - 1e-9 {
                best[m.to.index()] = time_s;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let end_s = best[to.link.index()];
    end_s.is_finite().then(|| end_s - whole(to.link) + router.piece_s(class, to.link, 0.0, f64::from(to.pos_m)))
}

#[test]
fn the_hierarchy_agrees_with_the_obvious_way() {
    let mut net = town(5, 300.0);
    // Some turns are banned, some links closed to trucks.
    for n in 0..net.movements.len() {
        if uniform(5, "ban", "", n as u64) < 0.2 && net.movements[n].group.is_none() {
            net.movements[n].access = net.movements[n].access.without(sim_core::class::ClassSet::of(&[VehicleClass::Car]));
        }
    }
    for ref_ in ["j1,1>j2,1", "j3,3>j3,4"] {
        close(&mut net, ref_, VehicleClass::HeavyTruck);
    }
    let router = router(&net);
    let mut searcher = router.searcher();
    for class in [VehicleClass::Motorcycle, VehicleClass::Car, VehicleClass::HeavyTruck] {
        for n in 0..150 {
            let place = |purpose| {
                let link = LinkId((uniform(n, purpose, "", 0) * net.links.len() as f64) as u32);
                LinkPosition { link, pos_m: (uniform(n, purpose, "", 1) * f64::from(net.link(link).length_m)) as f32 }
            };
            let (from, to) = (place("from"), place("to"));
            if from.link == to.link || !router.may_drive(class, from.link) || !router.may_drive(class, to.link) {
                continue;
            }
            let expected = slow_time_s(&net, &router, class, from, to);
            let found = searcher.best(class, from, to);
            match (expected, &found) {
                (None, None) => {}
                (Some(expected), Some(found)) => {
                    assert!((found.time_s - expected).abs() < 0.2, "{class} {n}: {} s, expected {expected} s", found.time_s);
                    for pair in found.links.windows(2) {
                        let m = net.movement_between(pair[0], pair[1]).expect("consecutive links are joined");
                        assert!(net.movement(m).access.contains(class));
                    }
                }
                _ => panic!("{class} {n}: {expected:?} against {found:?}"),
            }
        }
    }
}

#[test]
fn classes_share_a_graph_only_where_they_may_drive_the_same_ways() {
    let mut net = town(3, 300.0);
    let open = router(&net);
    assert_eq!(open.group_of(VehicleClass::Car), open.group_of(VehicleClass::Taxi));
    assert_ne!(open.group_of(VehicleClass::Car), open.group_of(VehicleClass::Motorcycle));
    close(&mut net, "j0,0>j1,0", VehicleClass::Taxi);
    let closed = router(&net);
    assert_ne!(closed.group_of(VehicleClass::Car), closed.group_of(VehicleClass::Taxi));
    let (from, to) =
        (LinkPosition { link: link(&net, "j0,1>j0,0"), pos_m: 50.0 }, LinkPosition { link: link(&net, "j1,0>j2,0"), pos_m: 50.0 });
    let mut searcher = closed.searcher();
    let shut = link(&net, "j0,0>j1,0");
    assert!(searcher.best(VehicleClass::Car, from, to).unwrap().links.contains(&shut));
    assert!(!searcher.best(VehicleClass::Taxi, from, to).is_some_and(|r| r.links.contains(&shut)));
}

#[test]
fn a_place_behind_on_the_same_link_is_reached_round_the_block() {
    let net = town(3, 300.0);
    let router = router(&net);
    let at = link(&net, "j0,0>j1,0");
    let (near, far) = (LinkPosition { link: at, pos_m: 40.0 }, LinkPosition { link: at, pos_m: 200.0 });
    let mut searcher = router.searcher();
    assert_eq!(searcher.best(VehicleClass::Car, near, far).unwrap().links[..], [at]);
    let round = searcher.best(VehicleClass::Car, far, near).unwrap();
    assert!(round.links.len() == 5 && round.links[0] == at && round.links[4] == at, "{round:?}");
}

#[test]
fn alternatives_differ_and_the_slower_is_taken_less() {
    let net = town(7, 300.0);
    let router = router(&net);
    let (from, to) =
        (LinkPosition { link: link(&net, "j0,0>j1,0"), pos_m: 100.0 }, LinkPosition { link: link(&net, "j6,5>j6,6"), pos_m: 100.0 });
    let found = router.searcher().alternatives(VehicleClass::Motorcycle, from, to);
    assert!(found.len() >= 2, "{found:?}");
    assert!((found.iter().map(|r| r.share).sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(found.windows(2).all(|w| w[0].route.time_s <= w[1].route.time_s));
    assert!(found.iter().all(|r| r.route.time_s <= 1.4 * found[0].route.time_s + 1e-9));
    assert_eq!(found, router.searcher().alternatives(VehicleClass::Motorcycle, from, to));
}
