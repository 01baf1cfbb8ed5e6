//! The import as a list of named passes. After each the graph is checked, so an error names the pass that broke it.

use super::{
    ImportError, ImportOptions,
    build::{Sources, build},
    draft::Draft,
    join::join,
    report::{ImportReport, ReportGroup},
    restrictions::{Restrictions, Via},
    road::{DrivableWay, NotDrivable, drivable},
    split::split,
    turns::find_movements,
};
use crate::osm::OsmData;
use rayon::prelude::*;
use sim_core::network::{NetworkMeta, RoadNetwork};
use std::collections::BTreeSet;

/// One step of the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Keeps the ways that motor vehicles may drive, by class of road and access; reads their lanes, speeds and names.
    KeepDrivable,
    /// Cuts ways into pieces at the nodes they share.
    Split,
    /// Joins two pieces at a node where nothing else meets.
    JoinPairs,
    /// Cuts links back to their stop lines.
    BuildLinks,
    /// Finds the movements through every junction.
    FindMovements,
}

impl Pass {
    /// Every pass, in order.
    pub const ALL: [Self; 5] = [Self::KeepDrivable, Self::Split, Self::JoinPairs, Self::BuildLinks, Self::FindMovements];
}

/// What the passes work on: each takes what it needs and leaves its result.
pub(crate) struct Workshop<'a> {
    pub(crate) data: &'a OsmData,
    pub(crate) options: &'a ImportOptions,
    pub(crate) report: ImportReport,
    pub(crate) restrictions: Restrictions,
    pub(crate) ways: Vec<DrivableWay>,
    pub(crate) draft: Option<Draft>,
    pub(crate) built: Option<(RoadNetwork, Sources)>,
}

impl<'a> Workshop<'a> {
    pub(crate) fn new(data: &'a OsmData, source: &str, options: &'a ImportOptions) -> Self {
        Self {
            data,
            options,
            report: ImportReport::new(source),
            restrictions: Restrictions::default(),
            ways: Vec::new(),
            draft: None,
            built: None,
        }
    }

    /// Runs the passes in order.
    pub(crate) fn apply(&mut self, passes: &[Pass]) -> Result<(), ImportError> {
        for pass in passes {
            self.run(*pass)?;
            self.check().map_err(|problem| ImportError::Broken { pass: *pass, problem })?;
        }
        Ok(())
    }

    fn check(&self) -> Result<(), String> {
        if let Some((network, _)) = &self.built {
            return network.check().map_err(|e| e.to_string());
        }
        self.draft.as_ref().map_or(Ok(()), Draft::check)
    }

    fn run(&mut self, pass: Pass) -> Result<(), ImportError> {
        match pass {
            Pass::KeepDrivable => self.keep_drivable()?,
            Pass::Split => {
                let ways = std::mem::take(&mut self.ways);
                let draft = split(self.data, &ways, self.options.region.as_ref(), self.options.driving_side, &mut self.report);
                if draft.edges.is_empty() {
                    return Err(ImportError::NoRoads { source_name: self.report.source.clone(), ways: self.data.ways.len() });
                }
                self.report.drivable_km = draft.edges.iter().map(|e| e.directed_length_m() / 1000.0).sum();
                self.draft = Some(draft);
            }
            Pass::JoinPairs => {
                let keep: BTreeSet<i64> = self.restrictions.at_node.keys().copied().collect();
                if let Some(draft) = &mut self.draft {
                    join(draft, &keep, &mut self.report);
                }
            }
            Pass::BuildLinks => {
                if let Some(draft) = &self.draft {
                    let meta = NetworkMeta {
                        name: self.options.name.clone().unwrap_or_else(|| self.report.source.clone()),
                        source: self.report.source.clone(),
                        attribution: "© OpenStreetMap contributors, ODbL".to_owned(),
                        is_sketch: false,
                        driving_side: self.options.driving_side,
                        frame: draft.frame,
                    };
                    self.built = Some(build(draft, meta, &mut self.report));
                }
            }
            Pass::FindMovements => {
                if let (Some(draft), Some((network, sources))) = (&self.draft, &mut self.built) {
                    find_movements(draft, sources, &self.restrictions, network, &mut self.report);
                }
            }
        }
        Ok(())
    }

    fn keep_drivable(&mut self) -> Result<(), ImportError> {
        let (side, keep_service) = (self.options.driving_side, self.options.keep_service_roads);
        let read: Vec<(Result<DrivableWay, NotDrivable>, ImportReport)> = self
            .data
            .ways
            .par_iter()
            .with_min_len(256)
            .map(|way| {
                let mut notes = ImportReport::default();
                (drivable(way, side, keep_service, &mut notes), notes)
            })
            .collect();
        let report = &mut self.report;
        report.add_count(ReportGroup::Read, "nodes", self.data.nodes.len() as u64);
        report.add_count(ReportGroup::Read, "ways", self.data.ways.len() as u64);
        report.add_count(ReportGroup::Read, "relations", self.data.relations.len() as u64);
        for (way, (result, notes)) in self.data.ways.iter().zip(read) {
            report.absorb(notes);
            match result {
                Ok(found) => self.ways.push(found),
                Err(NotDrivable::NotARoad) => {}
                Err(NotDrivable::Because(cause)) => report.add(ReportGroup::Dropped, cause, format!("w{}", way.id)),
            }
        }
        report.add_count(ReportGroup::Read, "drivable ways", self.ways.len() as u64);
        self.restrictions = Restrictions::read(self.data, report);
        let signals = self.data.nodes.iter().filter(|n| n.tags.is("highway", "traffic_signals")).count();
        report.signal_nodes = signals as u64;
        if self.ways.is_empty() {
            return Err(ImportError::NoRoads { source_name: report.source.clone(), ways: self.data.ways.len() });
        }
        debug_assert!(self.restrictions.over_way.values().flatten().all(|r| matches!(r.via, Via::Ways(_))));
        Ok(())
    }
}
