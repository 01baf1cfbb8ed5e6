//! The editor of a signal's plan. It applies nothing that [`sim_core::control::check_plan`] would refuse.

use super::{Desk, View, Wish, number_field};
use crate::{
    correct,
    detail::SignalDetail,
    order::{Edit, Order},
    text::{self, Text},
};
use bevy_egui::egui;
use scenarios::lang::number;
use sim_core::{
    control::check_plan,
    ids::ControllerId,
    network::{Phase, RoadNetwork, SignalPlan},
};

/// The times of a plan as the editor shows them: offset, then green, yellow, all-red of each phase.
pub fn times_of(plan: &SignalPlan) -> Vec<f32> {
    let phases = plan.phases().iter().flat_map(|p| [p.green_s, p.yellow_s, p.all_red_s]);
    std::iter::once(plan.offset_s()).chain(phases).collect()
}

/// A plan with these times.
///
/// # Errors
/// In words: a time out of range, or a plan that is not safe.
pub fn plan_of(times: &[f32], old: &SignalPlan, network: &RoadNetwork, controller: u32) -> Result<SignalPlan, String> {
    let phases = old
        .phases()
        .iter()
        .zip(times[1..].chunks(3))
        .map(|(phase, t)| Phase { groups: phase.groups.clone(), green_s: t[0], yellow_s: t[1], all_red_s: t[2] })
        .collect();
    let plan = SignalPlan::new(times[0], phases).map_err(|e| e.to_string())?;
    check_plan(network, ControllerId(controller), &plan).map_err(|e| e.to_string())?;
    Ok(plan)
}

/// The editor.
pub fn editor(ui: &mut egui::Ui, view: &View, desk: &mut Desk, network: &RoadNetwork, signal: &SignalDetail) -> Option<Wish> {
    let draft = &mut desk.edit;
    let is_open = draft.plan.as_ref().is_some_and(|(c, plan)| *c == signal.controller && *plan == signal.plan);
    if !is_open {
        if ui.add_enabled(view.is_running(), egui::Button::new(view.say(Text::Retime))).clicked() {
            draft.plan = Some((signal.controller, signal.plan.clone()));
            draft.times = times_of(&signal.plan);
        }
        return None;
    }
    ui.strong(view.say(Text::Retime));
    ui.small(view.say(Text::PlanHelp));
    egui::Grid::new("plan").num_columns(4).spacing([8.0, 4.0]).show(ui, |ui| {
        for head in ["", view.say(Text::Green), view.say(Text::Yellow), view.say(Text::AllRed)] {
            ui.small(head);
        }
        ui.end_row();
        let phases = signal.plan.phases();
        for (i, times) in draft.times[1..].chunks_mut(3).enumerate() {
            let groups: Vec<String> = phases[i].groups.iter().map(|g| (g + 1).to_string()).collect();
            ui.label(text::phase_of(view.lang, i + 1, groups.join(", ")));
            for time in times {
                ui.add(number_field(time, 1, "", view.lang).speed(0.2).range(0.0..=200.0));
            }
            ui.end_row();
        }
        ui.label(view.say(Text::Offset));
        ui.add(number_field(&mut draft.times[0], 1, "", view.lang).speed(0.2).range(0.0..=300.0));
        ui.end_row();
    });
    let made = plan_of(&draft.times, &signal.plan, network, signal.controller);
    match &made {
        Ok(plan) => drop(ui.weak(format!("✔ {}", text::plan_safe(view.lang, number(view.lang, f64::from(plan.cycle_s()), 0))))),
        Err(why) => {
            ui.colored_label(ui.visuals().error_fg_color, text::plan_unsafe(view.lang, why));
        }
    }
    let said = made.clone().ok();
    let mut wish = None;
    ui.horizontal(|ui| {
        let is_new = made.as_ref().is_ok_and(|plan| *plan != signal.plan);
        if ui.add_enabled(is_new, egui::Button::new(view.say(Text::Apply))).clicked()
            && let Ok(plan) = made
        {
            wish = Some(Wish::Simulation(Order::Edit(Edit::Plan { controller: signal.controller, plan })));
            draft.plan = None;
        }
        if ui.button(view.say(Text::Cancel)).clicked() {
            draft.plan = None;
        }
    });
    let controller = &network.controllers[signal.controller as usize];
    if let Some(plan) = said.filter(|plan| *plan != controller.plan)
        && ui.button(view.say(Text::WritePlan)).on_hover_text(view.say(Text::CorrectTip)).clicked()
    {
        wish = Some(Wish::Correct(correct::plan_of(network, signal.controller, &plan)));
        draft.plan = None;
    }
    wish
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editor_keeps_a_plan_and_refuses_what_could_hurt_somebody() {
        let network = maps::sketch::embedded().unwrap().network;
        let plan = network.controllers[0].plan.clone();
        let times = times_of(&plan);
        assert_eq!(plan_of(&times, &plan, &network, 0).unwrap(), plan);
        let mut short = times.clone();
        short[2] = 1.0;
        assert!(plan_of(&short, &plan, &network, 0).unwrap_err().contains("yellow"));
        let mut none = times;
        none[1] = 0.0;
        assert!(plan_of(&none, &plan, &network, 0).unwrap_err().contains("green"));
    }
}
