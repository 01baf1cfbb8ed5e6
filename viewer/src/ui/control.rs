//! What controls a signal, and another choice of it: one of the ways that need no preparation, from the next step on.

use super::{Desk, View, Wish};
use crate::{
    detail::SignalDetail,
    order::{Edit, Order},
    text::Text,
};
use bevy_egui::egui;
use scenarios::{lang::Lang, scenario::signals::ControllerName};

/// The ways of control that can be switched to while running. `coordinated` plans are made for a whole network before a run, `trial` is for
/// tests of the guard.
pub const CHOICES: [ControllerName; 8] = [
    ControllerName::Fixed,
    ControllerName::Actuated,
    ControllerName::Webster,
    ControllerName::MaxPressure,
    ControllerName::CyclicMaxPressure,
    ControllerName::EfficientMaxPressure,
    ControllerName::AdvancedMaxPressure,
    ControllerName::Predictive,
];

/// What a way of control is called.
pub fn name(method: ControllerName, lang: Lang) -> &'static str {
    let text = match method {
        ControllerName::Fixed => Text::ControlFixed,
        ControllerName::Coordinated => Text::ControlCoordinated,
        ControllerName::Webster => Text::ControlWebster,
        ControllerName::Actuated => Text::ControlActuated,
        ControllerName::MaxPressure => Text::ControlMaxPressure,
        ControllerName::CyclicMaxPressure => Text::ControlCyclicMaxPressure,
        ControllerName::EfficientMaxPressure => Text::ControlEfficientMaxPressure,
        ControllerName::AdvancedMaxPressure => Text::ControlAdvancedMaxPressure,
        ControllerName::Predictive => Text::ControlPredictive,
        ControllerName::PredictiveOracle => Text::ControlPredictiveOracle,
        ControllerName::Onnx => Text::ControlOnnx,
        ControllerName::Trial => Text::ControlTrial,
    };
    text.in_lang(lang)
}

/// The way of control that the engine calls so.
pub fn of_engine(method: &str) -> Option<ControllerName> {
    let all = [ControllerName::Coordinated, ControllerName::PredictiveOracle, ControllerName::Onnx, ControllerName::Trial];
    CHOICES.into_iter().chain(all).find(|c| key(*c) == method)
}

/// How files and the engine spell it.
pub const fn key(method: ControllerName) -> &'static str {
    match method {
        ControllerName::Fixed => "fixed",
        ControllerName::Coordinated => "coordinated",
        ControllerName::Webster => "webster",
        ControllerName::Actuated => "actuated",
        ControllerName::MaxPressure => "max_pressure",
        ControllerName::CyclicMaxPressure => "cyclic_max_pressure",
        ControllerName::EfficientMaxPressure => "efficient_max_pressure",
        ControllerName::AdvancedMaxPressure => "advanced_max_pressure",
        ControllerName::Predictive => "predictive",
        ControllerName::PredictiveOracle => "predictive_oracle",
        ControllerName::Onnx => "onnx",
        ControllerName::Trial => "trial",
    }
}

/// The choice of another way for one signal.
pub fn chooser(ui: &mut egui::Ui, view: &View, desk: &mut Desk, signal: &SignalDetail) -> Option<Wish> {
    let now = of_engine(signal.method);
    let draft = &mut desk.edit;
    if draft.method.is_none_or(|(of, _)| of != signal.controller) {
        draft.method = Some((signal.controller, now.unwrap_or(ControllerName::Fixed)));
    }
    let (controller, chosen) = draft.method.as_mut()?;
    let mut wish = None;
    ui.label(view.say(Text::SwitchTo));
    ui.horizontal(|ui| {
        egui::ComboBox::from_id_salt("method").width(210.0).truncate().selected_text(name(*chosen, view.lang)).show_ui(ui, |ui| {
            for method in CHOICES {
                ui.selectable_value(chosen, method, name(method, view.lang));
            }
        });
        let can = view.is_running() && now != Some(*chosen);
        if ui.add_enabled(can, egui::Button::new(view.say(Text::Switch))).on_hover_text(view.say(Text::SwitchTip)).clicked() {
            wish = Some(Wish::Simulation(Order::Edit(Edit::Method { controller: *controller, method: *chosen })));
        }
    });
    wish
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_is_spelt_as_scenario_files_do() {
        for method in CHOICES {
            let spelt = serde_json::to_value(method).unwrap();
            assert_eq!(spelt, key(method));
            assert_eq!(of_engine(key(method)), Some(method));
        }
    }
}
