//! Changes while running: what can be done to a link, and the list of what was done.

use super::{Ask, Desk, View, Wish, fleet::FleetDraft};
use crate::{
    edits::sensor_name,
    order::{Edit, Order},
    text::{self, Text},
};
use bevy_egui::egui;
use scenarios::{
    lang::clock,
    scenario::{interventions::SensorName, signals::ControllerName},
};
use sim_core::network::{Link, LinkKind, SignalPlan};

/// A change that is being prepared.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// How long an accident lasts, minutes.
    pub minutes: u32,
    /// Which lane is closed, from the kerb side.
    pub lane: u8,
    /// The limit to set, km/h.
    pub limit_kmh: u32,
    /// The plan that is being edited: of which controller, its offset, and the times of its phases.
    pub plan: Option<(u32, SignalPlan)>,
    /// Which way of control is chosen, of which controller.
    pub method: Option<(u32, ControllerName)>,
    /// Demand and shares.
    pub fleet: FleetDraft,
    /// Where a detector is put, percent of the link from its start, and how it senses.
    pub detector: (u32, SensorName),
    /// What is typed into the plan's editor: offset, then green, yellow, all-red of each phase.
    pub times: Vec<f32>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            minutes: 30,
            lane: 0,
            limit_kmh: 30,
            plan: None,
            method: None,
            fleet: FleetDraft::default(),
            detector: (50, SensorName::Camera),
            times: Vec::new(),
        }
    }
}

/// What can be done to a link.
pub fn link_edits(ui: &mut egui::Ui, view: &View, desk: &mut Desk, link: u32, facts: &Link) -> Option<Wish> {
    let mut edit = None;
    let draft = &mut desk.edit;
    ui.add_enabled_ui(view.is_running(), |ui| {
        ui.strong(view.say(Text::Edit));
        if ui.button(view.say(Text::CloseRoad)).clicked() {
            edit = Some(Edit::Close { link, lanes: None });
        }
        if facts.lanes.len() > 1 {
            ui.horizontal(|ui| {
                let last = facts.lanes.len() as u8 - 1;
                draft.lane = draft.lane.min(last);
                if ui.button(view.say(Text::CloseLane)).clicked() {
                    edit = Some(Edit::Close { link, lanes: Some(draft.lane..draft.lane + 1) });
                }
                let mut shown = draft.lane + 1;
                ui.add(egui::DragValue::new(&mut shown).range(1..=last + 1));
                draft.lane = shown.clamp(1, last + 1) - 1;
            });
        }
        ui.horizontal(|ui| {
            if ui.button(view.say(Text::SetLimit)).clicked() {
                edit = Some(Edit::SpeedLimit { link, limit_mps: draft.limit_kmh as f32 / 3.6 });
            }
            ui.add(egui::DragValue::new(&mut draft.limit_kmh).range(5..=120).suffix(" km/h"));
        });
        ui.horizontal(|ui| {
            if ui.button(view.say(Text::AddAccident)).clicked() {
                let until_s = view.snapshot.time_s + f64::from(draft.minutes) * 60.0;
                edit = Some(Edit::Accident { link, until_s });
            }
            ui.label(view.say(Text::ForMinutes));
            ui.add(egui::DragValue::new(&mut draft.minutes).range(1..=600).suffix(format!(" {}", view.say(Text::Minutes))));
        });
        if matches!(facts.kind, LinkKind::Road) {
            ui.horizontal(|ui| {
                let (percent, sensor) = &mut draft.detector;
                if ui.button(view.say(Text::PlaceDetector)).on_hover_text(view.say(Text::PlaceDetectorTip)).clicked() {
                    let pos_m = facts.length_m * *percent as f32 / 100.0;
                    edit = Some(Edit::Detector { link, pos_m, sensor: *sensor });
                }
                egui::ComboBox::from_id_salt("sensor").width(72.0).selected_text(sensor_name(*sensor, view.lang)).show_ui(ui, |ui| {
                    for choice in [SensorName::Camera, SensorName::Loop, SensorName::Radar] {
                        ui.selectable_value(sensor, choice, sensor_name(choice, view.lang));
                    }
                });
                ui.add(egui::DragValue::new(percent).range(0..=100).suffix(" %")).on_hover_text(view.say(Text::DetectorAtTip));
            });
        }
    });
    edit.map(|e| Wish::Simulation(Order::Edit(e)))
}

/// The changes made on the branch that is shown.
pub fn edits(ui: &mut egui::Ui, view: &View, _desk: &mut Desk) -> Option<Wish> {
    let line = &view.snapshot.line;
    let mut wish = None;
    ui.horizontal(|ui| {
        ui.strong(view.say(Text::Edits));
        let can_undo = line.edits.iter().any(|e| !e.is_undo);
        if ui.add_enabled(can_undo, egui::Button::new(format!("⟲ {}", view.say(Text::Undo)))).on_hover_text("Ctrl+Z").clicked() {
            wish = Some(Wish::Simulation(Order::Undo));
        }
    });
    if line.branches.len() > 1 {
        ui.horizontal_wrapped(|ui| {
            ui.label(view.say(Text::Branch)).on_hover_text(view.say(Text::BranchTip));
            for (i, name) in line.branches.iter().enumerate() {
                if ui.selectable_label(i == line.branch, name).clicked() {
                    wish = Some(Wish::Simulation(Order::Branch(i)));
                }
            }
        });
    }
    if let Some(why) = &line.refused {
        ui.colored_label(ui.visuals().error_fg_color, text::refused(view.lang, why));
    }
    if let Some(file) = &line.saved {
        ui.weak(text::written(view.lang, file));
        let is_unfitted = view.opened.as_ref().is_some_and(|o| o.has_counts && !o.wanted.fitted);
        if is_unfitted {
            ui.weak(view.say(Text::SavedUnfitted));
        }
    }
    if line.edits.is_empty() {
        ui.weak(view.say(Text::NoEdits));
        return wish;
    }
    for edit in line.edits.iter() {
        let sign = if edit.is_undo { "⟲" } else { "•" };
        ui.horizontal(|ui| {
            let told = egui::Label::new(format!("{} {sign} {}", clock(edit.time_s), edit.what.get(view.lang)));
            if edit.stands {
                let undo = ui.push_id(&edit.name, |ui| ui.small_button("⟲")).inner;
                if undo.on_hover_text(view.say(Text::UndoThis)).clicked() {
                    wish = Some(Wish::Simulation(Order::UndoEdit(edit.name.clone())));
                }
            }
            ui.add(told.wrap());
        });
    }
    if ui.button(view.say(Text::SaveScenario)).clicked() {
        wish = Some(Wish::Ask(Ask::Save));
    }
    wish
}
