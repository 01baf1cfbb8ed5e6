//! Turn restrictions, from relations to rules that the search through a junction follows.

use super::{
    access::{excepted, restricted},
    report::{ImportReport, ReportGroup},
};
use crate::osm::{MemberKind, OsmData, Relation};
use sim_core::class::ClassSet;
use std::collections::BTreeMap;

/// Where a restricted turn is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    /// At a node.
    Node(i64),
    /// Over these ways, in order.
    Ways(Vec<i64>),
}

/// A ban, or a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Restriction {
    pub(crate) relation: i64,
    /// Only this way on (`only_*`), instead of not this way on (`no_*`).
    pub(crate) is_only: bool,
    pub(crate) from: i64,
    pub(crate) via: Via,
    pub(crate) to: i64,
    /// Whom it binds.
    pub(crate) classes: ClassSet,
}

/// All restrictions, found by where they end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Restrictions {
    /// Via a node, by that node.
    pub(crate) at_node: BTreeMap<i64, Vec<Restriction>>,
    /// Via ways, by the last of them.
    pub(crate) over_way: BTreeMap<i64, Vec<Restriction>>,
}

impl Restrictions {
    /// Reads every restriction relation.
    pub(crate) fn read(data: &OsmData, report: &mut ImportReport) -> Self {
        let mut all = Self::default();
        for relation in data.relations.iter().filter(|r| r.tags.get("type").is_some_and(|t| t.starts_with("restriction"))) {
            report.add(ReportGroup::Read, "turn restriction", format_args!("r{}", relation.id));
            for found in read_one(relation, report) {
                match &found.via {
                    Via::Node(node) => all.at_node.entry(*node).or_default().push(found),
                    Via::Ways(ways) => {
                        let last = ways[ways.len() - 1];
                        all.over_way.entry(last).or_default().push(found);
                    }
                }
            }
        }
        all
    }
}

fn read_one(relation: &Relation, report: &mut ImportReport) -> Vec<Restriction> {
    let id = format!("r{}", relation.id);
    let tags = &relation.tags;
    if tags.0.iter().any(|(k, _)| k.starts_with("restriction") && k.ends_with(":conditional")) {
        report.add(ReportGroup::Dropped, "conditional turn restriction (times are not modelled)", &id);
    }
    let except = tags.get("except").map_or(ClassSet::NONE, excepted);
    let mut rules = Vec::new();
    for (key, value) in &tags.0 {
        let suffix = match &**key {
            "restriction" => None,
            key => match key.strip_prefix("restriction:") {
                Some("conditional") | None => continue,
                Some(suffix) if suffix.ends_with(":conditional") => continue,
                Some(suffix) => Some(suffix),
            },
        };
        let is_only = value.starts_with("only_");
        if !is_only && !value.starts_with("no_") {
            report.add(ReportGroup::Dropped, "turn restriction not understood", format_args!("{id} {key}={value}"));
            continue;
        }
        let Some(classes) = restricted(suffix) else {
            report.add(ReportGroup::Dropped, "turn restriction not understood", format_args!("{id} {key}={value}"));
            continue;
        };
        rules.push((is_only, classes.without(except)));
    }
    if rules.is_empty() {
        return Vec::new();
    }
    let role = |role: &'static str| relation.members.iter().filter(move |m| &*m.role == role);
    let ways = |name: &'static str| role(name).filter(|m| m.kind == MemberKind::Way).map(|m| m.id).collect::<Vec<_>>();
    let (from, to) = (ways("from"), ways("to"));
    let via_nodes: Vec<i64> = role("via").filter(|m| m.kind == MemberKind::Node).map(|m| m.id).collect();
    let via_ways = ways("via");
    let via = match (&via_nodes[..], via_ways.is_empty()) {
        ([node], true) => Via::Node(*node),
        ([], false) => Via::Ways(via_ways),
        _ => {
            report.add(ReportGroup::Dropped, "turn restriction without a clear via", &id);
            return Vec::new();
        }
    };
    if from.is_empty() || to.is_empty() {
        report.add(ReportGroup::Dropped, "turn restriction without from or to", &id);
        return Vec::new();
    }
    let mut found = Vec::new();
    for (is_only, classes) in rules {
        for from in &from {
            for to in &to {
                found.push(Restriction { relation: relation.id, is_only, from: *from, via: via.clone(), to: *to, classes });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::osm::{Member, Tags};
    use sim_core::class::VehicleClass;

    fn relation(tags: &[(&str, &str)], members: &[(MemberKind, i64, &str)]) -> OsmData {
        let tags = Tags(tags.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect());
        let members = members.iter().map(|(kind, id, role)| Member { kind: *kind, id: *id, role: (*role).into() }).collect();
        OsmData { relations: vec![Relation { id: 9, members, tags }], ..OsmData::default() }
    }

    const TURN: [(MemberKind, i64, &str); 3] = [(MemberKind::Way, 1, "from"), (MemberKind::Node, 5, "via"), (MemberKind::Way, 2, "to")];

    #[test]
    fn exceptions_and_class_keys_say_whom_it_binds() {
        let mut report = ImportReport::default();
        let data = relation(&[("type", "restriction"), ("restriction", "no_left_turn"), ("except", "psv;bicycle")], &TURN);
        let all = Restrictions::read(&data, &mut report);
        let r = &all.at_node[&5][0];
        assert!(!r.is_only && r.classes.contains(VehicleClass::Motorcycle) && !r.classes.contains(VehicleClass::Bus));
        let data = relation(&[("type", "restriction"), ("restriction:hgv", "only_straight_on")], &TURN);
        let r = &Restrictions::read(&data, &mut report).at_node[&5][0];
        assert!(r.is_only && !r.classes.contains(VehicleClass::Car) && r.classes.contains(VehicleClass::HeavyTruck));
    }

    #[test]
    fn conditional_and_broken_ones_are_reported() {
        let mut report = ImportReport::default();
        let data = relation(&[("type", "restriction"), ("restriction:conditional", "no_left_turn @ (06:00-08:00)")], &TURN);
        assert!(Restrictions::read(&data, &mut report).at_node.is_empty());
        assert_eq!(report.count(ReportGroup::Dropped, "conditional turn restriction (times are not modelled)"), 1);
        let data = relation(&[("type", "restriction"), ("restriction", "no_u_turn")], &TURN[..1]);
        assert!(Restrictions::read(&data, &mut report).at_node.is_empty());
        assert_eq!(report.count(ReportGroup::Dropped, "turn restriction without a clear via"), 1);
    }
}
