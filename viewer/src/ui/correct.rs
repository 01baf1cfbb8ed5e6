//! Correcting the map: what can be said of the road or junction that was clicked. What is written holds for the map, not for one run.

use super::{Desk, View, Wish, number_field};
use crate::{
    correct::{Correction, new_ref},
    detail::Focus,
    text::{self, Text},
};
use bevy_egui::egui;
use maps::corrections::ROAD_CLASSES;
use sim_core::{
    class::ClassSet,
    geometry::{LatLon, Point},
    network::{JunctionKind, LinkKind, RoadClass, RoadNetwork},
};
use std::collections::BTreeSet;

/// A correction that is being prepared.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrectDraft {
    /// What it is of: when something else is clicked it begins anew.
    pub of: Option<Focus>,
    /// Lanes.
    pub lanes: u8,
    /// Width of this direction, decimetres.
    pub width_dm: u32,
    /// Limit, km/h.
    pub speed_kmh: u32,
    /// Also the opposite direction.
    pub both: bool,
    /// The junction where a new road begins, by index.
    pub new_from: Option<u32>,
    /// Where it bends, metres from the drawing's origin.
    pub via: Vec<[f32; 2]>,
    /// Class of a new road.
    pub class: RoadClass,
    /// Lanes of one of its directions.
    pub new_lanes: u8,
    /// Whether it also leads back.
    pub two_way: bool,
}

impl Default for CorrectDraft {
    fn default() -> Self {
        Self {
            of: None,
            lanes: 1,
            width_dm: 35,
            speed_kmh: 50,
            both: false,
            new_from: None,
            via: Vec::new(),
            class: RoadClass::Residential,
            new_lanes: 1,
            two_way: true,
        }
    }
}

impl CorrectDraft {
    /// Draws no new road any more.
    pub fn forget_road(&mut self) {
        self.new_from = None;
        self.via.clear();
    }
}

fn header(ui: &mut egui::Ui, view: &View, inside: impl FnOnce(&mut egui::Ui) -> Option<Correction>) -> Option<Wish> {
    let opened = view.opened.as_ref()?;
    let mut wish = None;
    egui::CollapsingHeader::new(view.say(Text::CorrectMap)).id_salt("correct").show(ui, |ui| {
        ui.small(view.say(Text::CorrectTip));
        ui.add(egui::Label::new(egui::RichText::new(opened.corrections.display().to_string()).small()).truncate());
        wish = inside(ui).map(Wish::Correct);
        if !opened.left_out.is_empty() {
            let told = text::left_out(view.lang, opened.left_out.len());
            ui.colored_label(ui.visuals().error_fg_color, told).on_hover_text(opened.left_out.join("\n"));
        }
        if opened.corrected > 0 && ui.button(view.say(Text::UndoCorrection)).clicked() {
            wish = Some(Wish::UndoCorrection);
        }
    });
    wish
}

/// Corrections of a road.
pub fn link(ui: &mut egui::Ui, view: &View, desk: &mut Desk, network: &RoadNetwork, link: u32) -> Option<Wish> {
    let facts = &network.links[link as usize];
    if facts.kind != LinkKind::Road {
        return None;
    }
    let draft = &mut desk.correct;
    let (lanes, width_dm) = (facts.lanes.len() as u8, (facts.width_m * 10.0).round() as u32);
    let speed_kmh = (facts.limits.light_mps * 3.6).round() as u32;
    if draft.of != Some(Focus::Link(link)) {
        let (new_from, via) = (draft.new_from, std::mem::take(&mut draft.via));
        *draft = CorrectDraft { of: Some(Focus::Link(link)), lanes, width_dm, speed_kmh, new_from, via, ..CorrectDraft::default() };
    }
    header(ui, view, |ui| {
        let ref_ = facts.ref_.to_string();
        let mut made = None;
        egui::Grid::new("correct-link").num_columns(2).spacing([10.0, 4.0]).show(ui, |ui| {
            ui.label(view.say(Text::Lanes));
            ui.add(egui::DragValue::new(&mut draft.lanes).range(1..=10));
            ui.end_row();
            ui.label(view.say(Text::Width));
            let mut metres = f64::from(draft.width_dm) / 10.0;
            ui.add(number_field(&mut metres, 1, " m", view.lang).range(2.0..=31.9).speed(0.1));
            draft.width_dm = (metres * 10.0).round() as u32;
            ui.end_row();
            ui.label(view.say(Text::Limit));
            ui.add(egui::DragValue::new(&mut draft.speed_kmh).range(5..=120).suffix(" km/h"));
            ui.end_row();
        });
        ui.checkbox(&mut draft.both, view.say(Text::BothDirections));
        ui.horizontal(|ui| {
            let change = Correction::Link {
                link: ref_.clone(),
                both: draft.both,
                lanes: (draft.lanes != lanes).then_some(draft.lanes),
                width_dm: (draft.width_dm != width_dm).then_some(draft.width_dm),
                speed_kmh: (draft.speed_kmh != speed_kmh).then_some(draft.speed_kmh),
            };
            let is_new = !matches!(change, Correction::Link { lanes: None, width_dm: None, speed_kmh: None, .. });
            if ui.add_enabled(is_new, egui::Button::new(view.say(Text::WriteCorrection))).clicked() {
                made = Some(change);
            }
            if ui.button(view.say(Text::RemoveRoad)).on_hover_text(view.say(Text::RemoveRoadTip)).clicked() {
                made = Some(Correction::Remove { link: ref_.clone(), both: draft.both });
            }
        });
        ui.label(view.say(Text::Turns));
        for (to, allowed) in turns(network, link) {
            ui.horizontal(|ui| {
                let text = if allowed { Text::BanTurn } else { Text::AllowTurn };
                let to_ref = network.links[to as usize].ref_.to_string();
                let clicked = ui.push_id(to, |ui| ui.button(view.say(text)).clicked()).inner;
                if clicked {
                    made = Some(Correction::Turn { from: ref_.clone(), to: to_ref, allow: !allowed });
                }
                ui.add(egui::Label::new(format!("→ {}", super::pick::link_name(network, to, view))).truncate());
            });
        }
        made
    })
}

/// The links one could turn into at the end of a link, and whether anybody may.
pub fn turns(network: &RoadNetwork, link: u32) -> Vec<(u32, bool)> {
    let end = network.links[link as usize].to;
    let leads = |to: u32| network.movements.iter().any(|m| m.from.0 == link && m.to.0 == to && m.access != ClassSet::NONE);
    network.junction(end).outgoing.iter().map(|l| (l.0, leads(l.0))).collect()
}

/// The other junctions at the ends of short links (at most 200 m: only those can be merged), nearest first.
pub fn neighbours(network: &RoadNetwork, junction: u32) -> Vec<u32> {
    let here = &network.junctions[junction as usize];
    let out = here.outgoing.iter().map(|l| (network.link(*l).length_m, network.link(*l).to.0));
    let back = here.incoming.iter().map(|l| (network.link(*l).length_m, network.link(*l).from.0));
    let mut all: Vec<(f32, u32)> = out.chain(back).filter(|(m, j)| *m <= 200.0 && *j != junction).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut seen = BTreeSet::new();
    all.into_iter().map(|(_, j)| j).filter(|j| seen.insert(*j)).collect()
}

/// The nodes that were put together into a junction, as far as the refs of its links tell.
pub fn nodes(network: &RoadNetwork, junction: u32) -> Vec<String> {
    let here = &network.junctions[junction as usize];
    let last = |r: &str| r.rsplit_once('>').map(|(_, n)| n.to_owned());
    let first = |r: &str| r.rsplit_once('>').and_then(|(a, _)| a.rsplit_once(':')).map(|(_, n)| n.to_owned());
    let into = here.incoming.iter().filter_map(|l| last(network.link(*l).ref_.as_str()));
    let out = here.outgoing.iter().filter_map(|l| first(network.link(*l).ref_.as_str()));
    let all: BTreeSet<String> =
        into.chain(out).filter(|n| n.strip_prefix('n').is_some_and(|n| n.parse::<i64>().is_ok())).map(|n| format!("osm:{n}")).collect();
    all.into_iter().collect()
}

/// Corrections of a junction.
pub fn junction(ui: &mut egui::Ui, view: &View, desk: &mut Desk, network: &RoadNetwork, index: u32) -> Option<Wish> {
    let draft = &mut desk.correct;
    let here = &network.junctions[index as usize];
    let ref_of = |j: u32| network.junctions[j as usize].ref_.to_string();
    header(ui, view, |ui| {
        let mut made = None;
        let has = matches!(here.kind, JunctionKind::Signal(_));
        let text = if has { Text::NoSignalHere } else { Text::SignalHere };
        if ui.button(view.say(text)).clicked() {
            made = Some(Correction::Signal { junction: ref_of(index), has: !has });
        }
        for near in neighbours(network, index).into_iter().take(4) {
            let name = network.junctions[near as usize].name.clone().unwrap_or_else(|| ref_of(near));
            let button = ui.push_id(near, |ui| ui.button(text::merge_with(view.lang, name))).inner;
            if button.on_hover_text(ref_of(near)).clicked() {
                made = Some(Correction::Merge { junctions: vec![ref_of(index), ref_of(near)] });
            }
        }
        let nodes = nodes(network, index);
        let can_split = nodes.len() > 1 && view.opened.as_ref().is_some_and(|o| o.is_imported);
        if can_split && ui.button(text::split_junction(view.lang, nodes.len())).on_hover_text(nodes.join(", ")).clicked() {
            made = Some(Correction::Split { nodes });
        }
        ui.separator();
        ui.label(view.say(Text::MissingRoad));
        ui.horizontal(|ui| {
            egui::ComboBox::from_id_salt("new-class").width(96.0).selected_text(class_text(draft.class, view)).show_ui(ui, |ui| {
                for (_, class) in ROAD_CLASSES {
                    ui.selectable_value(&mut draft.class, class, class_text(class, view));
                }
            });
            ui.add(egui::DragValue::new(&mut draft.new_lanes).range(1..=6)).on_hover_text(view.say(Text::Lanes));
            ui.add(egui::DragValue::new(&mut draft.speed_kmh).range(5..=120).suffix(" km/h"));
        });
        ui.checkbox(&mut draft.two_way, view.say(Text::BothDirections));
        match draft.new_from.filter(|j| (*j as usize) < network.junctions.len() && *j != index) {
            Some(from) => {
                let name = network.junctions[from as usize].name.clone().unwrap_or_else(|| ref_of(from));
                ui.label(format!("{}: {name}", view.say(Text::From)));
                bends(ui, view, draft);
                ui.horizontal(|ui| {
                    if ui.button(view.say(Text::NewRoadTo)).clicked() {
                        made = Some(Correction::NewLink {
                            link: new_ref(network, &ref_of(from), &ref_of(index)),
                            from: ref_of(from),
                            to: ref_of(index),
                            via: places(view, &draft.via),
                            class: draft.class,
                            lanes: draft.new_lanes,
                            speed_kmh: draft.speed_kmh,
                            two_way: draft.two_way,
                        });
                        draft.forget_road();
                    }
                    if ui.button(view.say(Text::Cancel)).clicked() {
                        draft.forget_road();
                    }
                });
            }
            None if draft.new_from == Some(index) => {
                ui.weak(view.say(Text::NewRoadNext));
                bends(ui, view, draft);
            }
            None => {
                if ui.button(view.say(Text::NewRoadFrom)).clicked() {
                    (draft.new_from, draft.via) = (Some(index), Vec::new());
                }
            }
        }
        made
    })
}

/// How often the new road bends so far, and a way to take the last bend back.
fn bends(ui: &mut egui::Ui, view: &View, draft: &mut CorrectDraft) {
    if draft.via.is_empty() {
        return;
    }
    ui.horizontal(|ui| {
        ui.label(text::bends(view.lang, draft.via.len()));
        if ui.button(view.say(Text::UndoBend)).clicked() {
            draft.via.pop();
        }
    });
}

/// Points of the drawing as places.
fn places(view: &View, points: &[[f32; 2]]) -> Vec<LatLon> {
    let Some(opened) = &view.opened else { return Vec::new() };
    let place = |p: &[f32; 2]| Point::new(f64::from(p[0]) + opened.origin.x, f64::from(p[1]) + opened.origin.y);
    points.iter().map(|p| opened.network.meta.frame.unproject(place(p))).collect()
}

fn class_text(class: RoadClass, view: &View) -> &'static str {
    view.say(match class {
        RoadClass::Motorway => Text::RoadMotorway,
        RoadClass::Trunk => Text::RoadTrunk,
        RoadClass::Primary => Text::RoadPrimary,
        RoadClass::Secondary => Text::RoadSecondary,
        RoadClass::Tertiary => Text::RoadTertiary,
        RoadClass::Unclassified => Text::RoadMinor,
        RoadClass::Service => Text::RoadService,
        _ => Text::RoadResidential,
    })
}
