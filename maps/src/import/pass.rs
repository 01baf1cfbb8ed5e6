//! The import as a list of named passes. After each the graph is checked, so an error names the pass that broke it.

use super::{
    ImportError, ImportOptions,
    build::{Sources, build},
    cluster::{drop_stubs, merge_junctions},
    draft::Draft,
    enclosed::drop_enclosed,
    ferry::connect_ferries,
    join::join,
    names::name_junctions,
    place_signals::place_signals,
    places::find_places,
    priority::set_priorities,
    reach::drop_unreached,
    report::{ImportReport, ReportGroup},
    restrictions::Restrictions,
    road::{DrivableWay, NotDrivable, drivable},
    signals::add_signals,
    split::split,
    turns::find_movements,
    urban::mark_urban,
    weld::weld_ends,
};
use crate::osm::OsmData;
use rayon::prelude::*;
use sim_core::network::{NetworkMeta, RoadNetwork};

/// One step of the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Keeps the ways that motor vehicles may drive, by class of road and access; reads their lanes, speeds and names.
    KeepDrivable,
    /// Cuts ways into pieces at the nodes they share.
    Split,
    /// Joins roads that end a step before another road.
    WeldEnds,
    /// Leaves out service roads that no open road leads to; what remains is the drivable length.
    DropEnclosed,
    /// Ties ferries that end on the bank to the nearest road.
    ConnectFerries,
    /// Finds the roads in built-up areas.
    MarkUrban,
    /// Joins two pieces at a node where nothing else meets.
    JoinPairs,
    /// Leaves out dead ends too short to be driven into.
    DropStubs,
    /// Puts signals mapped on approaches and crossings onto their junctions; those far from any become crossings of their own.
    PlaceSignals,
    /// Merges the several nodes of one real junction.
    MergeJunctions,
    /// Cuts links back to their stop lines.
    BuildLinks,
    /// Finds the movements through every junction.
    FindMovements,
    /// Drops what the largest connected part does not reach.
    DropUnreached,
    /// Gives signalised junctions their controllers and plans.
    AddSignals,
    /// Ranks the movements of every junction.
    SetPriorities,
    /// Finds hospitals, stops, landings, towns and the links they are reached from.
    FindPlaces,
    /// Names junctions after their streets.
    NameJunctions,
}

impl Pass {
    /// Every pass, in order.
    pub const ALL: [Self; 17] = [
        Self::KeepDrivable,
        Self::Split,
        Self::WeldEnds,
        Self::DropEnclosed,
        Self::ConnectFerries,
        Self::MarkUrban,
        Self::JoinPairs,
        Self::DropStubs,
        Self::PlaceSignals,
        Self::MergeJunctions,
        Self::BuildLinks,
        Self::FindMovements,
        Self::DropUnreached,
        Self::AddSignals,
        Self::SetPriorities,
        Self::FindPlaces,
        Self::NameJunctions,
    ];
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
            Pass::KeepDrivable => return self.keep_drivable(),
            Pass::Split => return self.split(),
            _ => {}
        }
        let report = &mut self.report;
        if let Some((network, sources)) = &mut self.built {
            let Some(draft) = &self.draft else { return Ok(()) };
            match pass {
                Pass::FindMovements => find_movements(draft, sources, &self.restrictions, network, report),
                Pass::DropUnreached => drop_unreached(draft, network, sources, report),
                Pass::AddSignals => add_signals(draft, sources, network, report),
                Pass::SetPriorities => set_priorities(draft, sources, network),
                Pass::FindPlaces => find_places(self.data, network, report),
                Pass::NameJunctions => name_junctions(network),
                _ => {}
            }
        } else if let Some(draft) = &mut self.draft {
            match pass {
                Pass::WeldEnds => weld_ends(draft, report),
                Pass::DropEnclosed => drop_enclosed(draft, report),
                Pass::ConnectFerries => connect_ferries(draft, report),
                Pass::MarkUrban => mark_urban(self.data, draft, report),
                Pass::JoinPairs => join(draft, &self.restrictions.at_node.keys().copied().collect(), report),
                Pass::DropStubs => drop_stubs(draft, report),
                Pass::PlaceSignals => place_signals(draft, report),
                Pass::MergeJunctions => merge_junctions(draft, &self.restrictions, &self.options.never_merge, report),
                Pass::BuildLinks => {
                    let meta = NetworkMeta {
                        name: self.options.name.clone().unwrap_or_else(|| report.source.clone()),
                        source: report.source.clone(),
                        attribution: "© OpenStreetMap contributors, ODbL".to_owned(),
                        is_sketch: false,
                        driving_side: self.options.driving_side,
                        frame: draft.frame,
                    };
                    self.built = Some(build(draft, meta, report));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn split(&mut self) -> Result<(), ImportError> {
        let ways = std::mem::take(&mut self.ways);
        let draft = split(self.data, &ways, self.options.region.as_ref(), self.options.driving_side, &mut self.report);
        if draft.edges.is_empty() {
            return Err(ImportError::NoRoads { source_name: self.report.source.clone(), ways: self.data.ways.len() });
        }
        self.draft = Some(draft);
        Ok(())
    }

    fn keep_drivable(&mut self) -> Result<(), ImportError> {
        let (side, keep_service) = (self.options.driving_side, self.options.keep_service_roads);
        const CHUNK: usize = 512;
        let read: Vec<(Vec<Result<DrivableWay, NotDrivable>>, ImportReport)> = self
            .data
            .ways
            .par_chunks(CHUNK)
            .map(|ways| {
                let mut notes = ImportReport::default();
                (ways.iter().map(|way| drivable(way, side, keep_service, &mut notes)).collect(), notes)
            })
            .collect();
        let report = &mut self.report;
        report.add_count(ReportGroup::Read, "nodes", self.data.nodes.len() as u64);
        report.add_count(ReportGroup::Read, "ways", self.data.ways.len() as u64);
        report.add_count(ReportGroup::Read, "relations", self.data.relations.len() as u64);
        for (ways, (results, notes)) in self.data.ways.chunks(CHUNK).zip(read) {
            report.absorb(notes);
            for (way, result) in ways.iter().zip(results) {
                match result {
                    Ok(found) => self.ways.push(found),
                    Err(NotDrivable::NotARoad) => {}
                    Err(NotDrivable::Because(cause)) => report.add(ReportGroup::Dropped, cause, format_args!("w{}", way.id)),
                }
            }
        }
        report.add_count(ReportGroup::Read, "drivable ways", self.ways.len() as u64);
        self.restrictions = Restrictions::read(self.data, report);
        let signals = self.data.nodes.iter().filter(|n| n.tags.is("highway", "traffic_signals")).count();
        report.signal_nodes = signals as u64;
        if self.ways.is_empty() {
            return Err(ImportError::NoRoads { source_name: report.source.clone(), ways: self.data.ways.len() });
        }
        Ok(())
    }
}
