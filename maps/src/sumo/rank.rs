//! From who yields to whom, connection by connection, to ranks: lower goes first, of equal rank the one coming from the right.

use petgraph::{
    algo::kosaraju_scc,
    graph::{DiGraph, NodeIndex},
};
use std::collections::BTreeSet;

/// The rank of each of `n` connections: 0 for those that yield to nobody, else one more than the highest rank they yield to. Connections
/// that yield to each other in a circle (everybody to the right) share a rank.
pub(super) fn ranks(n: usize, yields: &[(usize, BTreeSet<usize>)]) -> Vec<u8> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(n, n);
    (0..n).for_each(|_| _ = graph.add_node(()));
    for (who, whom) in yields.iter().filter(|(who, _)| *who < n) {
        for other in whom.iter().filter(|o| **o < n && **o != *who) {
            graph.add_edge(NodeIndex::new(*who), NodeIndex::new(*other), ());
        }
    }
    let mut rank = vec![0u8; n];
    // In this order every circle comes after those it yields to.
    for circle in kosaraju_scc(&graph) {
        let beyond = circle.iter().flat_map(|c| graph.neighbors(*c)).filter(|o| !circle.contains(o)).map(|o| rank[o.index()] + 1);
        let own = beyond.max().unwrap_or(0).min(u8::MAX - 1);
        circle.iter().for_each(|c| rank[c.index()] = own);
    }
    rank
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_follow_who_yields_to_whom() {
        let yields = |list: &[(usize, &[usize])]| list.iter().map(|(i, to)| (*i, to.iter().copied().collect())).collect::<Vec<_>>();
        // Main road 0, its left turn 1, side road 2, the side road's left turn 3.
        assert_eq!(ranks(4, &yields(&[(3, &[0, 1, 2]), (2, &[0, 1]), (1, &[0]), (0, &[])])), [0, 1, 2, 3]);
        // Four roads, everybody yields to the right.
        assert_eq!(ranks(4, &yields(&[(0, &[1]), (1, &[2]), (2, &[3]), (3, &[0])])), [0, 0, 0, 0]);
        assert_eq!(ranks(2, &yields(&[(0, &[1, 7])])), [1, 0], "a number that no connection has counts for nothing");
    }
}
