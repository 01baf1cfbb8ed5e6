//! The time bar: play, pause, single step, speed, the clock, a time to go to, and the line of what has been simulated, to scrub on.

use super::{Desk, View, Wish};
use crate::{
    bridge::Stage,
    order::Order,
    text::{self, Text},
};
use bevy_egui::egui::{self, Color32, Sense, Stroke, pos2, vec2};
use scenarios::{
    lang::{clock, number},
    scenario::quantity::ClockTime,
};

/// Size of the clock's digits, points.
pub const CLOCK_PX: f32 = 24.0;
/// The speeds one can choose, simulated seconds per second.
pub const SPEEDS: [f64; 9] = [0.25, 0.5, 1.0, 2.0, 5.0, 20.0, 60.0, 300.0, f64::INFINITY];

/// How a speed is written.
pub fn speed_name(speed: f64, view: &View) -> String {
    if speed.is_infinite() {
        return view.say(Text::Fastest).into();
    }
    let decimals = if speed < 0.5 { 2 } else { usize::from(speed < 1.0) };
    format!("{}×", number(view.lang, speed, decimals))
}

/// The clock with seconds.
pub fn clock_s(time_s: f64) -> String {
    format!("{}:{:02}", clock(time_s), time_s.max(0.0) as u64 % 60)
}

/// The bar.
pub fn time_bar(ui: &mut egui::Ui, view: &View, desk: &mut Desk) -> Option<Wish> {
    let mut wish = None;
    let is_ready = view.is_running();
    let finished = view.snapshot.finished;
    ui.add_space(3.0);
    ui.horizontal(|ui| {
        ui.add_enabled_ui(is_ready, |ui| {
            if ui.button("⏮").on_hover_text(view.say(Text::Restart)).clicked() {
                wish = Some(Order::Restart);
            }
            let (sign, text, order) = if view.is_playing { ("⏸", Text::Pause, Order::Pause) } else { ("▶", Text::Play, Order::Play) };
            let name = format!("{sign} {}", view.say(text));
            if ui.add_enabled(!finished, egui::Button::new(name).min_size(vec2(96.0, 0.0))).clicked() {
                wish = Some(order);
            }
            let step = ui.add_enabled(!finished, egui::Button::new("⏵|")).on_hover_text(view.say(Text::Step));
            if step.clicked() {
                wish = Some(Order::Step);
            }
        });
        let now = if is_ready { clock_s(view.snapshot.time_s.max(0.0)) } else { "––:––:––".into() };
        ui.label(egui::RichText::new(now).size(CLOCK_PX * desk.text_scale));
        ui.separator();
        ui.label(view.say(Text::Speed));
        egui::ComboBox::from_id_salt("speed").width(86.0).selected_text(speed_name(desk.speed, view)).show_ui(ui, |ui| {
            for speed in SPEEDS {
                if ui.selectable_label(desk.speed == speed, speed_name(speed, view)).clicked() {
                    desk.speed = speed;
                    wish = Some(Order::Speed(speed));
                }
            }
        });
        if is_ready && view.is_playing {
            ui.weak(text::speed_reached(view.lang, number(view.lang, view.speed_reached, 1)));
        }
        ui.separator();
        ui.label(view.say(Text::JumpTo));
        let field = egui::TextEdit::singleline(&mut desk.jump).desired_width(54.0).hint_text("07:15");
        let typed = ui.add_enabled(is_ready, field).on_hover_text(view.say(Text::JumpTip));
        if typed.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) {
            let line = &view.snapshot.line;
            if let Ok(time) = desk.jump.trim().parse::<ClockTime>() {
                wish = Some(Order::Jump(time.seconds().clamp(line.from_s, line.to_s)));
                desk.jump.clear();
            }
        }
        if ui.add_enabled(is_ready, egui::Button::new("★")).on_hover_text(view.say(Text::BookmarkTip)).clicked() {
            desk.bookmarks.push(view.snapshot.time_s);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| status(ui, view));
    });
    let scrubbed = line(ui, view, desk);
    ui.add_space(3.0);
    wish.or(scrubbed).map(Wish::Simulation)
}

fn status(ui: &mut egui::Ui, view: &View) {
    if let Stage::Jumping(to_s) = view.stage {
        ui.label(text::jumping(view.lang, clock(to_s)));
        ui.spinner();
    } else if view.snapshot.finished {
        ui.label(view.say(Text::Finished));
    }
}

/// The line of time: what was simulated is full, the present a handle; edits and bookmarks are marks.
fn line(ui: &mut egui::Ui, view: &View, desk: &Desk) -> Option<Order> {
    let line = &view.snapshot.line;
    let span_s = line.to_s - line.from_s;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::click_and_drag());
    if span_s <= 0.0 || !ui.is_rect_visible(rect) {
        return None;
    }
    let bar = egui::Rect::from_min_max(pos2(rect.left() + 8.0, rect.top() + 3.0), pos2(rect.right() - 8.0, rect.top() + 10.0));
    let x_of = |time_s: f64| bar.left() + bar.width() * ((time_s - line.from_s) / span_s).clamp(0.0, 1.0) as f32;
    let time_at = |x: f32| line.from_s + f64::from(((x - bar.left()) / bar.width()).clamp(0.0, 1.0)) * span_s;
    let (strong, weak) = (ui.visuals().strong_text_color(), ui.visuals().weak_text_color());
    let painter = ui.painter();
    painter.rect_filled(bar, 3.0, ui.visuals().extreme_bg_color);
    painter.rect_stroke(bar, 3.0, Stroke::new(1.0, weak), egui::StrokeKind::Outside);
    let known = egui::Rect::from_min_max(bar.min, pos2(x_of(line.known_until_s), bar.bottom()));
    painter.rect_filled(known, 3.0, Color32::from_rgb(0x7f, 0xb2, 0xe5));
    ticks(ui, line.from_s, line.to_s, bar, x_of);
    for time_s in &desk.bookmarks {
        painter.text(pos2(x_of(*time_s), bar.center().y), egui::Align2::CENTER_CENTER, "★", egui::FontId::proportional(13.0), strong);
    }
    for edit in line.edits.iter() {
        let x = x_of(edit.time_s);
        let colour = if edit.is_undo { weak } else { Color32::from_rgb(0xd5, 0x5e, 0x00) };
        painter.circle_filled(pos2(x, bar.center().y), 4.5, colour);
    }
    let x = x_of(view.snapshot.time_s);
    painter.circle(pos2(x, bar.center().y), 7.0, Color32::WHITE, Stroke::new(2.0, Color32::from_rgb(0x1f, 0x5f, 0xbf)));
    let pointer = response.hover_pos().or(response.interact_pointer_pos());
    if let Some(at) = pointer.filter(|_| response.hovered() || response.dragged()) {
        let time_s = time_at(at.x);
        let near = line.edits.iter().find(|e| (x_of(e.time_s) - at.x).abs() < 6.0);
        let tip = near.map_or_else(|| clock_s(time_s), |e| format!("{} {}", clock_s(e.time_s), e.what.get(view.lang)));
        response.clone().on_hover_text_at_pointer(tip);
    }
    let is_asked = response.clicked() || response.drag_stopped();
    let at = response.interact_pointer_pos().filter(|_| is_asked && view.is_running())?;
    let mut time_s = time_at(at.x);
    // A click on a mark means the mark.
    let marks = desk.bookmarks.iter().copied().chain(line.edits.iter().map(|e| e.time_s));
    if let Some(mark) = marks.filter(|m| (x_of(*m) - at.x).abs() < 6.0).min_by(|a, b| (a - time_s).abs().total_cmp(&(b - time_s).abs())) {
        time_s = mark;
    }
    Some(Order::Jump((time_s * 2.0).round() / 2.0))
}

fn ticks(ui: &egui::Ui, from_s: f64, to_s: f64, bar: egui::Rect, x_of: impl Fn(f64) -> f32) {
    const STEPS_S: [f64; 7] = [300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14_400.0];
    let most = f64::from((bar.width() / 58.0).max(2.0));
    let step_s = STEPS_S.into_iter().find(|s| (to_s - from_s) / s <= most).unwrap_or(14_400.0);
    let colour = ui.visuals().weak_text_color();
    let mut at_s = (from_s / step_s).ceil() * step_s;
    while at_s <= to_s {
        let x = x_of(at_s);
        ui.painter().line_segment([pos2(x, bar.bottom()), pos2(x, bar.bottom() + 3.0)], Stroke::new(1.0, colour));
        let font = egui::FontId::proportional(10.5);
        let text_x = x.clamp(bar.left() + 8.0, bar.right() - 10.0);
        ui.painter().text(pos2(text_x, bar.bottom() + 3.0), egui::Align2::CENTER_TOP, clock(at_s), font, colour);
        at_s += step_s;
    }
}
