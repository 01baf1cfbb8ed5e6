#!/usr/bin/env bash
# The planner's five minutes, driven by mouse and keyboard on a virtual display with a software renderer: open, search, switch a layer, zoom to a
# junction, see its signal and re-time it, follow a motorcycle, close a road, undo, compare, read the indicators, go back in time, export. Stores a picture of
# each station.
#
#   viewer/scripts/tour.sh [FOLDER]          default: docs/images
#
# Needs Xvfb, xdotool, ImageMagick and a software Vulkan driver; with INSTALL=1 and as root it installs them (Debian, Ubuntu).
# VIEWER names another program to drive, LANGUAGE the window's language, SLOW=2 waits twice as long everywhere.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-$root/docs/images}
slow=${SLOW:-1}
if [ "${INSTALL:-0}" = 1 ]; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends xvfb xdotool mesa-vulkan-drivers imagemagick libx11-6 libx11-xcb1 libxcb1 libxcursor1 \
        libxi6 libxrandr2 libxkbcommon0 libxkbcommon-x11-0 libvulkan1
fi
for program in Xvfb import convert xdotool; do
    command -v "$program" > /dev/null || { echo "$program is missing; see the head of this script" >&2; exit 2; }
done
viewer=${VIEWER:-$root/target/debug/agtwin-viewer}
if [ -z "${VIEWER:-}" ]; then
    (cd "$root" && cargo build --locked -p viewer --bin agtwin-viewer)
fi

work=$(mktemp -d)
mkdir -p "$out"
mkdir -m 700 "$work/runtime"
number=97
while [ -e "/tmp/.X11-unix/X$number" ]; do number=$((number + 1)); done
Xvfb ":$number" -screen 0 1280x800x24 -nolisten tcp > "$work/xvfb.log" 2>&1 &
display=$!
window=
finish() {
    [ -z "$window" ] || kill "$window" 2> /dev/null || true
    kill "$display" 2> /dev/null || true
    wait 2> /dev/null || true
    rm -rf "$work"
}
trap finish EXIT

export DISPLAY=":$number" XDG_RUNTIME_DIR="$work/runtime" XDG_CONFIG_HOME="$work/config"
unset WAYLAND_DISPLAY
icd=/usr/share/vulkan/icd.d/lvp_icd.$(uname -m).json
[ ! -e "$icd" ] || export VK_ICD_FILENAMES="$icd"
sleep 1
(cd "$work" && exec "$viewer" long-xuyen-signals --set signals.controller=fixed --lang "${LANGUAGE:-vi}" --speed 20) > "$work/window.log" 2>&1 &
window=$!

alive() { kill -0 "$window" 2> /dev/null || { echo "the window closed:" >&2; cat "$work/window.log" >&2; exit 1; }; }
pause() { sleep "$(awk "BEGIN { print $1 * $slow }")"; }
# A picture after so many seconds, in few colours, because it goes into the repository.
look() { pause "$2"; alive; import -window root "$work/shot.png"; convert "$work/shot.png" +dither -colors 160 "png8:$out/$1.png"; echo "$out/$1.png"; }
# A click spans several frames, since a software renderer draws a few a second, but a press of more than 0.8 s is none.
click() { xdotool mousemove "$1" "$2"; pause 0.7; xdotool mousedown 1; sleep 0.4; xdotool mouseup 1; pause 1; }
wheel() { xdotool mousemove "$1" "$2"; pause 0.5; for _ in $(seq "$3"); do xdotool click "$4"; pause 0.25; done; pause 1; }
key() { xdotool key "$1"; pause 1; }
roads() { for _ in 1 2 3 4 5 6 7; do key l; done; }

# Opened: the map at once, the traffic within seconds.
pause 5
xdotool windowfocus "$(xdotool search --name 'An Giang Twin' | head -1)"
look 01-open 30
# Slower from here on, so that the scenario lasts.
key bracketleft; key bracketleft
# A street is found without its marks.
click 270 16
pause 2
xdotool type --delay 250 "tran hung"
look 02-search 3
key Escape
click 1180 640
# A layer: speed as colour, flow as width.
key l
look 03-layer 2
# Near: markings, stop lines, seconds at the signals, every motorcycle in its place.
roads
wheel 745 345 12 4
look 04-junction 3
# The junction: ring of the plan, lamps, traffic through it. Its plan is re-timed.
click 668 545
look 05-signal 3
click 997 496
look 06-retime 2
key Escape
# A motorcycle is followed.
key v
look 07-follow 4
key Escape
# A road is closed: it is clicked, then the button in its panel.
key Home
wheel 745 345 8 4
click 898 247
click 998 316
pause 5
look 08-closed 8
key ctrl+z
look 09-undone 3
key Escape
# With and without the changes, side by side.
key Home
key l
click 621 16
look 10-compare 30
click 621 16
# The indicators as they stand.
click 555 16
look 11-indicators 5
click 555 16
# Back in time: a click on the time line.
click 120 770
look 12-back 10
# Night, in the other language.
click 1104 16
click 1044 16
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
