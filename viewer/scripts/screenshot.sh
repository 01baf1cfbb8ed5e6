#!/usr/bin/env bash
# A picture of the window, made without a screen: starts agtwin-viewer on a virtual display with a software renderer and saves what it shows.
#
#   viewer/scripts/screenshot.sh OUT.png [SECONDS] [ARGUMENTS OF agtwin-viewer…]
#
# What it needs, and INSTALL, VIEWER and SIZE: see display.sh.
set -euo pipefail

out=${1:?usage: screenshot.sh OUT.png [SECONDS] [ARGUMENTS…]}
wait_s=${2:-20}
shift $(($# < 2 ? $# : 2))

# shellcheck source=viewer/scripts/display.sh
. "$(dirname "$0")/display.sh"
prepare
open_display
open_window "$@"
for _ in $(seq "$wait_s"); do
    sleep 1
    alive
done
import -window root "$out"
echo "$out"
