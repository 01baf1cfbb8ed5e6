#!/usr/bin/env bash
# Our engine beside SUMO on the very same networks and demand, in alternation, in one run.
#
#   benches/peers/compare.sh [WORK_FOLDER]
#
# Needs Python 3 with `venv` and, the first time, the network: eclipse-sumo is installed from PyPI into a virtual environment below WORK_FOLDER
# (default: target/peers). Without it the script says so and runs our engine alone on nothing but networks it has made before.
# SIZES (default "10:2000 30:20000 60:100000"), ROUNDS (default 3), UNTIL (default 60), THREADS (default 1) change what is run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${1:-$root/target/peers}
mkdir -p "$work"
sumo=
if [ ! -x "$work/venv/bin/sumo" ]; then
    python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet "eclipse-sumo==1.28.0" \
        || echo "eclipse-sumo could not be installed: our engine runs alone" >&2
fi
[ ! -x "$work/venv/bin/sumo" ] || sumo=$work/venv/bin
(cd "$root" && cargo build --release --locked -p benches --bin peer)
peer=${CARGO_TARGET_DIR:-$root/target}/release/peer
exec python3 "$here/compare.py" --work "$work" --peer "$peer" --sumo "$sumo"
