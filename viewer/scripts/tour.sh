#!/usr/bin/env bash
# The planner's five minutes, driven by mouse and keyboard on a virtual display with a software renderer: open, search, switch a layer, zoom to a
# junction, see its signal and re-time it, follow a motorcycle, close a road, undo, compare, read the indicators, go back in time, export. Stores a picture of
# each station.
#
#   viewer/scripts/tour.sh [FOLDER]          default: docs/images
#
# What it needs, and INSTALL and VIEWER: see display.sh. LANGUAGE is the window's language, SLOW=2 waits twice as long everywhere.
set -euo pipefail

# shellcheck source=viewer/scripts/display.sh
. "$(dirname "$0")/display.sh"
out=${1:-$root/docs/images}
slow=${SLOW:-1}
prepare convert xdotool
mkdir -p "$out"
open_display
# The example's well-timed fixed plans, since only a plan that runs by the clock can be re-timed, under a name and in words that say so.
cp -r "$root/scenarios/data/long-xuyen-signals" "$work/signals"
about="Long Xuyên một giờ cao điểm sáng, đèn chạy theo phương án cố định / Long Xuyên in a busy morning hour, signals by fixed plans"
sed "s/^name = .*/name = \"long-xuyen-signals\"/; s|^description = .*|description = \"$about\"|" \
    "$root/scenarios/data/long-xuyen-signals/coordinated.toml" > "$work/signals/fixed-plans.toml"
open_window signals/fixed-plans.toml --lang "${LANGUAGE:-vi}" --speed 20

pause() { sleep "$(awk "BEGIN { print $1 * $slow }")"; }
# A picture after so many seconds, in few colours, because it goes into the repository.
look() { pause "$2"; alive; import -window root "$work/shot.png"; convert "$work/shot.png" +dither -colors 160 "png8:$out/$1.png"; echo "$out/$1.png"; }
# A click spans several frames, since a software renderer draws a few a second, but a press of more than 0.8 s is none.
click() { xdotool mousemove "$1" "$2"; pause 0.7; xdotool mousedown 1; sleep 0.4; xdotool mouseup 1; pause 1; }
wheel() { xdotool mousemove "$1" "$2"; pause 0.5; for _ in $(seq "$3"); do xdotool click "$4"; pause 0.25; done; pause 1; }
key() { xdotool key "$1"; pause 1; }
# From the layer of speeds on to the roads again, past all others.
roads() { for _ in 1 2 3 4 5 6 7 8 9 10; do key l; done; }

# Where the buttons of the top bar are: words differ in length.
if [ "${LANGUAGE:-vi}" = vi ]; then
    search=270 indicators=637 compare=710
else
    search=290 indicators=704 compare=794
fi

# Opened: the map at once, the traffic within seconds.
pause 5
xdotool windowfocus "$(xdotool search --name 'An Giang Twin' | head -1)"
look 01-open 30
# Slower from here on, so that the scenario lasts.
key bracketleft; key bracketleft
# A street is found without its marks.
click $search 16
pause 2
xdotool type --delay 250 "tran hung"
look 02-search 3
key Escape
click 1180 640
# A layer: speed as colour, flow as width.
key l
look 03-layer 5
# Near: markings, stop lines, seconds at the signals, every motorcycle in its place.
roads
wheel 745 345 12 4
look 04-junction 3
# The junction: the head of a signal is clicked; ring of the plan, lamps, traffic through it. Its plan is re-timed in the editor.
click 712 537
look 05-signal 3
click 998 496
click 1058 559
xdotool type --delay 250 "25"
key Return
look 06-retime 3
click 986 663
key Escape
# A motorcycle is followed.
key v
look 07-follow 4
key Escape
# A road is closed: it is clicked, then the button in its panel.
key Home
click 818 414
click 998 316
wheel 818 414 5 4
look 08-closed 8
key ctrl+z
look 09-undone 3
key Escape
# With and without the changes, side by side; then left minus right.
key Home
key l
click $compare 16
click $((compare + 20)) 66
look 10-compare 30
click 456 16
click 376 308
look 10b-difference 8
click 456 16
click 376 308
# The indicators as they stand, with a column for the other side.
click $indicators 16
look 11-indicators 5
click $indicators 16
# With other control at every signal: another scenario of the same folder.
click $compare 16
look 11b-compare-menu 2
click $((compare + 15)) 227
look 11c-max-pressure 50
click $compare 16
click $((compare + 15)) 330
# Back in time: a click on the time line.
click 120 770
look 12-back 10
# Night, in the other language.
click 1193 16
click 1048 16
look 13-night 4
# Every key.
key F1
look 14-help 3
key Escape
# The start page.
key ctrl+o
look 15-start 3
key Escape
# Export: the window takes its own picture.
key F12
pause 4
ls "$work"/agtwin-1.png > /dev/null
echo "the tour is over"
