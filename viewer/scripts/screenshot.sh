#!/usr/bin/env bash
# A picture of the window, made without a screen: starts agtwin-viewer on a virtual display with a software renderer and saves what it shows.
#
#   viewer/scripts/screenshot.sh OUT.png [SECONDS] [ARGUMENTS OF agtwin-viewer…]
#
# Needs Xvfb, a software Vulkan driver and ImageMagick's `import`. Debian and Ubuntu have them as
#   apt-get install xvfb mesa-vulkan-drivers imagemagick libx11-6 libx11-xcb1 libxcb1 libxcursor1 libxi6 libxrandr2 \
#                   libxkbcommon0 libxkbcommon-x11-0 libvulkan1
# With INSTALL=1 and as root the script installs them itself. VIEWER names another program to picture, SIZE another size.
set -euo pipefail

out=${1:?usage: screenshot.sh OUT.png [SECONDS] [ARGUMENTS…]}
wait_s=${2:-20}
shift $(($# < 2 ? $# : 2))

root=$(cd "$(dirname "$0")/../.." && pwd)
if [ "${INSTALL:-0}" = 1 ]; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends xvfb mesa-vulkan-drivers imagemagick libx11-6 libx11-xcb1 libxcb1 libxcursor1 libxi6 \
        libxrandr2 libxkbcommon0 libxkbcommon-x11-0 libvulkan1
fi
for program in Xvfb import; do
    command -v "$program" > /dev/null || { echo "$program is missing; see the head of this script" >&2; exit 2; }
done

viewer=${VIEWER:-$root/target/debug/agtwin-viewer}
if [ -z "${VIEWER:-}" ]; then
    (cd "$root" && cargo build --locked -p viewer --bin agtwin-viewer)
fi

work=$(mktemp -d)
mkdir -m 700 "$work/runtime"
number=97
while [ -e "/tmp/.X11-unix/X$number" ]; do number=$((number + 1)); done
Xvfb ":$number" -screen 0 "${SIZE:-1280x800}x24" -nolisten tcp > "$work/xvfb.log" 2>&1 &
display=$!
window=
finish() {
    [ -z "$window" ] || kill "$window" 2> /dev/null || true
    kill "$display" 2> /dev/null || true
    wait 2> /dev/null || true
    rm -rf "$work"
}
trap finish EXIT

export DISPLAY=":$number" XDG_RUNTIME_DIR="$work/runtime"
unset WAYLAND_DISPLAY
icd=/usr/share/vulkan/icd.d/lvp_icd.$(uname -m).json
[ ! -e "$icd" ] || export VK_ICD_FILENAMES="$icd"
sleep 1
"$viewer" "$@" > "$work/window.log" 2>&1 &
window=$!
for _ in $(seq "$wait_s"); do
    sleep 1
    kill -0 "$window" 2> /dev/null || { echo "the window closed:" >&2; cat "$work/window.log" >&2; exit 1; }
done
import -window root "$out"
echo "$out"
