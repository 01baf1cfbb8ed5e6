//! Demand and fleet: how many trips set out from now on, by class, how many drive on a battery, how many are told of travel times.

use super::{Desk, View, Wish};
use crate::{
    order::{Edit, Order},
    text::Text,
};
use bevy_egui::egui;
use scenarios::{
    lang::{class_name, system_name},
    scenario::automation::SystemName,
};
use sim_core::{
    class::{ClassSet, VehicleClass},
    driving::MAY_HAVE,
};

/// What is being prepared: percentages, and of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FleetDraft {
    /// Trips, percent of those the scenario has, 0 to 500.
    pub demand: u32,
    /// Of which class; of all where it is `None`.
    pub demand_of: Option<VehicleClass>,
    /// Share that drives on a battery, percent.
    pub electric: u32,
    /// Of which class; of all where it is `None`.
    pub electric_of: Option<VehicleClass>,
    /// What drives, a share of whom, percent, and of which class; of all that it can drive where it is `None`.
    pub system: SystemName,
    /// Its share, percent.
    pub driven: u32,
    /// Of which class.
    pub driven_of: Option<VehicleClass>,
    /// Share of commercial transport with a journey tracker, percent.
    pub tracked: u32,
    /// Share of the travellers who are told of travel times on the way, percent.
    pub guided: u32,
}

impl Default for FleetDraft {
    fn default() -> Self {
        Self {
            demand: 120,
            demand_of: None,
            electric: 50,
            electric_of: Some(VehicleClass::Motorcycle),
            system: SystemName::Autonomous,
            driven: 20,
            driven_of: None,
            tracked: 80,
            guided: 30,
        }
    }
}

/// Width of what says of whom a share is, points: longer names are cut, so that the button behind them stays in the panel.
const NAME_PX: f32 = 112.0;

/// The section of the side panel.
pub fn fleet(ui: &mut egui::Ui, view: &View, desk: &mut Desk) -> Option<Wish> {
    let draft = &mut desk.edit.fleet;
    let mut edit = None;
    let head = egui::CollapsingHeader::new(view.say(Text::DemandAndFleet)).id_salt("fleet");
    head.show(ui, |ui| {
        ui.add_enabled_ui(view.is_running(), |ui| {
            ui.label(view.say(Text::TripsFromNow)).on_hover_text(view.say(Text::TripsTip));
            ui.horizontal(|ui| {
                ui.add(egui::DragValue::new(&mut draft.demand).range(0..=500).suffix(" %"));
                of_whom(ui, view, "demand-of", &mut draft.demand_of);
                if set(ui, view, "demand") {
                    edit = Some(Edit::Demand { classes: draft.demand_of.into_iter().collect(), percent: draft.demand });
                }
            });
            ui.label(view.say(Text::ElectricShare)).on_hover_text(view.say(Text::ElectricTip));
            ui.horizontal(|ui| {
                ui.add(egui::DragValue::new(&mut draft.electric).range(0..=100).suffix(" %"));
                of_whom(ui, view, "electric-of", &mut draft.electric_of);
                if set(ui, view, "electric") {
                    edit = Some(Edit::Electric { classes: draft.electric_of.into_iter().collect(), percent: draft.electric });
                }
            });
            ui.label(view.say(Text::SystemShare)).on_hover_text(view.say(Text::SystemTip));
            let name = |system: SystemName| system_name(view.lang, system.system());
            egui::ComboBox::from_id_salt("system").width(232.0).selected_text(name(draft.system)).show_ui(ui, |ui| {
                for system in SystemName::ALL {
                    ui.selectable_value(&mut draft.system, system, name(system));
                }
            });
            ui.horizontal(|ui| {
                ui.add(egui::DragValue::new(&mut draft.driven).range(0..=100).suffix(" %"));
                one_of(ui, view, "driven-of", &mut draft.driven_of, view.say(Text::MotorVehicles), MAY_HAVE);
                if set(ui, view, "driven") {
                    let classes = draft.driven_of.into_iter().collect();
                    edit = Some(Edit::Automation { system: draft.system, classes, percent: draft.driven });
                }
            });
            ui.label(view.say(Text::TrackerShare)).on_hover_text(view.say(Text::TrackerTip));
            ui.horizontal(|ui| {
                ui.add(egui::DragValue::new(&mut draft.tracked).range(0..=100).suffix(" %"));
                let whom = egui::Label::new(view.say(Text::CommercialVehicles)).truncate();
                ui.allocate_ui(egui::vec2(NAME_PX, 18.0), |ui| ui.add(whom)).inner.on_hover_text(view.say(Text::CommercialVehicles));
                if set(ui, view, "tracked") {
                    edit = Some(Edit::Trackers { classes: Vec::new(), percent: draft.tracked });
                }
            });
            ui.label(view.say(Text::GuidedShare)).on_hover_text(view.say(Text::GuidedTip));
            ui.horizontal(|ui| {
                ui.add(egui::DragValue::new(&mut draft.guided).range(0..=100).suffix(" %"));
                if set(ui, view, "guided") {
                    edit = Some(Edit::Guidance { percent: draft.guided });
                }
            });
        });
    });
    edit.map(|e| Wish::Simulation(Order::Edit(e)))
}

fn set(ui: &mut egui::Ui, view: &View, id: &str) -> bool {
    ui.push_id(id, |ui| ui.button(view.say(Text::Set)).clicked()).inner
}

/// A choice of one class or all.
fn of_whom(ui: &mut egui::Ui, view: &View, id: &str, chosen: &mut Option<VehicleClass>) {
    one_of(ui, view, id, chosen, view.say(Text::AllClasses), ClassSet::ALL);
}

/// A choice of one of these classes or of all, who are called `all`.
fn one_of(ui: &mut egui::Ui, view: &View, id: &str, chosen: &mut Option<VehicleClass>, all: &str, classes: ClassSet) {
    let name = |class: Option<VehicleClass>| class.map_or(all, |c| class_name(view.lang, c));
    let now = name(*chosen);
    let choice = |ui: &mut egui::Ui| {
        egui::ComboBox::from_id_salt(id).width(NAME_PX).truncate().selected_text(now).show_ui(ui, |ui| {
            for class in std::iter::once(None).chain(classes.iter().map(Some)) {
                ui.selectable_value(chosen, class, name(class));
            }
        })
    };
    ui.allocate_ui(egui::vec2(NAME_PX, 18.0), choice).inner.response.on_hover_text(now);
}
