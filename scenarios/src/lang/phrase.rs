//! Sentences with values in them: one function each, the placeholders checked by the compiler. Numbers come formatted
//! ([`super::number`]).

use super::Lang;
use std::fmt::Display;

macro_rules! phrases {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident),+) { $vi:literal, $en:literal })+) => {
        $(
            $(#[$doc])*
            pub fn $name(lang: Lang, $($arg: impl Display),+) -> String {
                match lang {
                    Lang::Vi => format!($vi),
                    Lang::En => format!($en),
                }
            }
        )+

        #[cfg(test)]
        const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $vi, $en)),+];
    };
}

phrases! {
    /// Heading of a finished run.
    fn results_of(scenario) { "Kết quả của kịch bản {scenario}", "Results of scenario {scenario}" }
    /// Heading of several runs.
    fn results_of_seeds(scenario, seeds) {
        "Kết quả của kịch bản {scenario}, trung bình của {seeds} lần chạy",
        "Results of scenario {scenario}, mean of {seeds} runs"
    }
    /// Heading of a comparison.
    fn compared(variant, base, seeds) {
        "So sánh {variant} với {base}, {seeds} cặp lần chạy cùng hạt giống ngẫu nhiên",
        "{variant} against {base}, {seeds} pairs of runs with the same random numbers"
    }
    /// From when to when, times of day.
    fn from_until(from, until) { "từ {from} đến {until}", "{from} to {until}" }
    /// How large the network is.
    fn network_size(length_km, links, junctions, signals) {
        "{length_km} km, {links} đoạn đường, {junctions} nút giao, trong đó {signals} nút có đèn tín hiệu",
        "{length_km} km, {links} links, {junctions} junctions, {signals} of them signalised"
    }
    /// What became of the trips.
    fn population(entered, on_road, waiting, arrived, removed) {
        "đã vào {entered} = trên đường {on_road} + đã đến {arrived} + bị loại {removed}; còn chờ tại điểm xuất phát {waiting}",
        "entered {entered} = on the road {on_road} + arrived {arrived} + removed {removed}; waiting at the origin {waiting}"
    }
    /// How fast the run was.
    fn speed_factor(factor) { "nhanh gấp {factor} lần thời gian thực", "{factor} times real time" }
    /// How a sketch is replaced by a real map.
    fn bring_the_real_map(command) { "Nạp bản đồ thật bằng lệnh: {command}", "Bring the real map with: {command}" }
    /// All checks passed.
    fn checked_steps(steps) {
        "Đã kiểm tra {steps} bước: không mất xe, không chồng lấn, không vượt đèn đỏ, không dịch chuyển tức thời.",
        "Checked {steps} steps: no vehicle lost, no overlap, no red-light run, no teleport."
    }
    /// A run of a fit.
    fn fit_run(run, trips) { "{run}: {trips} chuyến đi", "{run}: {trips} trips" }
    /// Which fit, the first is 1.
    fn fit_number(number) { "hiệu chỉnh lần {number}", "fit {number}" }
    /// Detectors of a road that was held out.
    fn held_out_road(road) { "tuyến để riêng {road}", "held-out road {road}" }
    /// How near simulated counts come to recorded ones.
    fn nearness(group, detectors, geh, below_5, rmsn, bias) {
        "{group}: {detectors}, GEH trung bình {geh}, GEH < 5 ở {below_5} %, RMSN {rmsn}, sai lệch {bias} %",
        "{group}: {detectors}, mean GEH {geh}, GEH < 5 at {below_5} %, RMSN {rmsn}, bias {bias} %"
    }
    /// No hour has enough counts to judge a fit by.
    fn fit_not_judged(minutes) {
        "Không đánh giá được độ khớp: sau thời gian khởi động không có giờ nào có đủ {minutes} phút số liệu đếm.",
        "The fit cannot be judged: no hour has {minutes} min of counts after the warm-up."
    }
    /// Times in which no detector recorded anything.
    fn uncounted(times) {
        "Không có số liệu đếm {times}: ở đó nhu cầu theo dạng phân bố ban đầu, ở mức của số liệu đếm (giả định).",
        "No counts {times}: there the demand has the prior's pattern at the level of the counts (assumed)."
    }
    /// Counts the fit never saw are met better than before it.
    fn fit_is_better(group, prior, fit) {
        "{group}: hiệu chỉnh gần số liệu đếm hơn so với trước (GEH {prior} → {fit}).",
        "{group}: the fit is nearer to the counts than the prior (GEH {prior} → {fit})."
    }
    /// Counts the fit never saw are met no better than before it.
    fn fit_is_not_better(group, prior, fit) {
        "CHÚ Ý, {group}: hiệu chỉnh KHÔNG gần số liệu đếm hơn so với trước (GEH {prior} → {fit}); không nên tin lưu lượng trên những đường không có điểm đếm.",
        "NOTE, {group}: the fit is NOT nearer to the counts than the prior (GEH {prior} → {fit}); do not rely on flows of roads without detectors."
    }
    /// What is missing to evaluate an indicator.
    fn needs(what) { "cần {what}", "needs {what}" }
    /// A mean with the half-width of its interval.
    fn plus_minus(mean, half_width) { "{mean} ± {half_width}", "{mean} ± {half_width}" }
    /// A gridlock that stands, and since when.
    fn gridlock_since(junction, since) { "{junction} từ {since}", "{junction} since {since}" }
    /// A gridlock that dissolved.
    fn gridlock_until(junction, since, until) { "{junction} từ {since} đến {until}", "{junction} from {since} to {until}" }
    /// More of a list than is shown.
    fn and_more(number) { "và {number} nơi khác", "and {number} more" }
    /// Ways are near enough to equilibrium.
    fn gap_reached(gap, enough) {
        "Lộ trình đã ổn định: độ hở tương đối {gap} %, dưới {enough} %.",
        "Ways have come to rest: the relative gap is {gap} %, below {enough} %."
    }
    /// They are not.
    fn gap_missed(gap, enough) {
        "CHÚ Ý: lộ trình CHƯA ổn định, độ hở tương đối còn {gap} % (cần dưới {enough} %); một phần chênh lệch có thể do đó. Tăng số lần chọn lại bằng --assign.",
        "NOTE: ways have NOT come to rest, the relative gap is {gap} % (below {enough} % is enough); differences may partly come of that. Choose more often by --assign."
    }
    /// What a change of demand adds.
    fn trips_added(name, added, of) { "`{name}` thêm {added} chuyến vào {of} chuyến", "`{name}` adds {added} trips to {of}" }
    /// What a change of demand takes away.
    fn trips_left_out(name, less, of) { "`{name}` bớt {less} trong {of} chuyến", "`{name}` takes {less} of {of} trips away" }
    /// What moved departures come to.
    fn departures_moved(name, moved, of) {
        "`{name}` dời giờ đi của {moved} trong {of} chuyến",
        "`{name}` lets {moved} of {of} trips leave at another time"
    }
    /// Trips that were told of a better way and took it.
    fn rerouted(times) { "đổi đường {times} lần khi đang đi", "changed their way {times} times" }
    /// What became of the trips of a class with one system.
    fn driven(class, who, vehicles, loss, stops, grams) {
        "{class}, {who}: {vehicles} xe, mất {loss} s/km, dừng {stops} lần/km, CO₂ {grams} g/km",
        "{class}, {who}: {vehicles} vehicles, {loss} s/km lost, {stops} stops/km, CO₂ {grams} g/km"
    }
    /// Machines and people in turns.
    fn handed_over(times, km) { "đổi người lái {times} lần, máy lái {km} km", "handed over {times} times, {km} km by the machine" }
    /// What trackers of a class saw.
    fn tracked(class, km, detected, cases, rate, wrong) {
        "{class}: {km} km có giám sát, phát hiện {detected} trong {cases} vi phạm ({rate} trên 1 000 km), báo sai {wrong} lần",
        "{class}: {km} km tracked, {detected} of {cases} violations detected ({rate} per 1 000 km), {wrong} false alarms"
    }
    /// Pedestrians at crossings.
    fn walked(crossed, crossings, wait) {
        "{crossed} người qua đường, chờ trung bình {wait} (số lối sang đường: {crossings})",
        "{crossed} crossed, mean wait {wait} (crossings: {crossings})"
    }
    /// Pedestrians came, but none could cross.
    fn nobody_walked(came) { "{came} người chờ, chưa ai qua được", "{came} came, none could cross" }
    /// Vehicles served at gates.
    fn served(vehicles, gates) { "{vehicles} xe được phục vụ (số trạm: {gates})", "{vehicles} vehicles served (gates: {gates})" }
    /// Vehicles in car parks.
    fn parked(vehicles, parks, full, away) {
        "{vehicles} xe đã vào bãi (số bãi: {parks}, số bãi có lúc hết chỗ: {full}), tài xế bị từ chối {away} lần",
        "{vehicles} vehicles parked (car parks: {parks}, found full: {full}), drivers turned away {away} times"
    }
    /// Search traffic.
    fn searched(drivers, mean, seeking) {
        "{drivers} tài xế phải tìm chỗ, trung bình {mean} trước khi đỗ được; {seeking} tài xế còn đang tìm",
        "{drivers} drivers searched {mean} in the mean before they parked, {seeking} search still"
    }
    /// Heading of the table of an assignment.
    fn assignment(trips) {
        "Phân bổ lưu lượng lặp hướng tới cân bằng người dùng ({trips} chuyến chọn đường); kết quả là lần chạy cuối",
        "Iterated assignment toward user equilibrium ({trips} trips choose their ways); the last run is the result"
    }
    /// Junctions without their own controller for a while.
    fn degraded(junctions, actuated, fixed, failed) {
        "tại {junctions} nút, {actuated} điều khiển theo xe và {fixed} theo chương trình cố định thay cho bộ điều khiển riêng (bộ điều khiển bị lỗi: {failed})",
        "at {junctions} junctions, {actuated} actuated and {fixed} fixed instead of their own controller (controllers that failed: {failed})"
    }
    /// Signals that served ambulances and fire engines.
    fn preempted(times) { "{times} lần", "{times} times" }
    /// Trips that no road serves for their class.
    fn unreachable_trips(trips) {
        "{trips} chuyến không có đường đi cho loại xe của mình; không được mô phỏng.",
        "{trips} trips have no road for their class; they were not simulated."
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    #[test]
    fn both_languages_say_the_same_values() {
        for (name, vi, en) in ALL {
            assert_eq!(placeholders(vi), placeholders(en), "{name}");
            assert_eq!(vi == en, *name == "plus_minus", "{name}: {vi}");
        }
    }

    #[test]
    fn a_sentence_reads_as_a_person_would_write_it() {
        assert_eq!(from_until(Lang::Vi, "06:30", "08:30"), "từ 06:30 đến 08:30");
        assert_eq!(speed_factor(Lang::En, "85"), "85 times real time");
    }
}
