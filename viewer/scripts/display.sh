# shellcheck shell=bash
# What screenshot.sh and tour.sh share: a virtual display with a software renderer, the program built, the window started on it and closed again.
# Sourced, not run. Needs Xvfb, a software Vulkan driver and ImageMagick (the tour xdotool besides); Debian and Ubuntu have them as
#   apt-get install xvfb xdotool mesa-vulkan-drivers imagemagick libx11-6 libx11-xcb1 libxcb1 libxcursor1 libxi6 libxrandr2 \
#                   libxkbcommon0 libxkbcommon-x11-0 libvulkan1
# With INSTALL=1 and as root the scripts install them themselves. VIEWER names another program, SIZE another size of the display.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
size=${SIZE:-1280x800}

# prepare PROGRAM…: these programs are there, and the window is built.
prepare() {
    if [ "${INSTALL:-0}" = 1 ]; then
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends xvfb xdotool mesa-vulkan-drivers imagemagick libx11-6 libx11-xcb1 libxcb1 libxcursor1 \
            libxi6 libxrandr2 libxkbcommon0 libxkbcommon-x11-0 libvulkan1
    fi
    local program
    for program in Xvfb import "$@"; do
        command -v "$program" > /dev/null || { echo "$program is missing; see the head of viewer/scripts/display.sh" >&2; exit 2; }
    done
    if [ -z "${VIEWER:-}" ]; then
        (cd "$root" && cargo build --locked -p viewer --bin agtwin-viewer)
    fi
    viewer=${VIEWER:-$root/target/debug/agtwin-viewer}
}

# open_display: a display of its own, closed with everything on it when the script ends. $work is a folder for the time being.
open_display() {
    work=$(mktemp -d)
    mkdir -m 700 "$work/runtime"
    window=
    local number=97
    while [ -e "/tmp/.X11-unix/X$number" ]; do number=$((number + 1)); done
    Xvfb ":$number" -screen 0 "${size}x24" -nolisten tcp > "$work/xvfb.log" 2>&1 &
    display=$!
    trap close_display EXIT
    export DISPLAY=":$number" XDG_RUNTIME_DIR="$work/runtime" XDG_CONFIG_HOME="$work/config"
    unset WAYLAND_DISPLAY
    local icd
    icd=/usr/share/vulkan/icd.d/lvp_icd.$(uname -m).json
    [ ! -e "$icd" ] || export VK_ICD_FILENAMES="$icd"
    sleep 1
}

close_display() {
    [ -z "$window" ] || kill "$window" 2> /dev/null || true
    kill "$display" 2> /dev/null || true
    wait 2> /dev/null || true
    rm -rf "$work"
}

# open_window ARGUMENTS…: starts the program, as large as the display, in $work.
open_window() {
    (cd "$work" && exec "$viewer" --size "$size" "$@") > "$work/window.log" 2>&1 &
    window=$!
}

# alive: ends the script with what the window said if it has closed.
alive() {
    kill -0 "$window" 2> /dev/null || { echo "the window closed:" >&2; cat "$work/window.log" >&2; exit 1; }
}
