"""Runs SUMO and our engine in alternation on grids that SUMO's netgenerate makes, and prints what each did per core-second.

Called by compare.sh. A grid of n x n junctions, 200 m apart, two lanes each way, every junction a static signal; N vehicles are put on it within 10 s
at random places and wander 8 to 25 blocks, never straight back. Cars only, and 80 % motorcycles (for SUMO with its sublane model, 0.64 m). Both
engines run the same steps of 1 s; ours also at its own 0.5 s. SUMO's time for reading is measured by a run of one step and taken off.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def sizes():
    for part in os.environ.get("SIZES", "10:2000 30:20000 60:100000").split():
        n, vehicles = part.split(":")
        yield int(n), int(vehicles)


def network(work, sumo, n):
    path = work / f"grid{n}.net.xml"
    if not path.exists():
        if not sumo:
            return None
        command = [f"{sumo}/netgenerate", "--grid", "--grid.number", str(n), "--grid.length", "200", "--grid.attach-length", "200"]
        command += ["--default.lanenumber", "2", "--default-junction-type", "traffic_light", "--no-turnarounds", "true", "-o", str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return path


def routes(work, net, n, vehicles, mix):
    path = work / f"grid{n}-{vehicles}-{mix}.rou.xml"
    if path.exists():
        return path
    root = xml.parse(net).getroot()
    edges = {e.get("id"): float(e.find("lane").get("length")) for e in root.iter("edge") if e.get("function") is None}
    ways = {}
    for c in root.iter("connection"):
        if c.get("from") in edges and c.get("to") in edges and c.get("dir") != "t":
            ways.setdefault(c.get("from"), set()).add(c.get("to"))
    ways = {edge: sorted(to) for edge, to in ways.items()}
    dice = random.Random(1)
    names = sorted(edges)
    lines = []
    while len(lines) < vehicles:
        route = [dice.choice(names)]
        for _ in range(dice.randint(8, 25)):
            if route[-1] not in ways:
                break
            route.append(dice.choice(ways[route[-1]]))
        if len(route) < 6:
            continue
        kind = "motorcycle" if mix == "motorcycles" and dice.random() < 0.8 else "car"
        at = dice.uniform(6.0, edges[route[0]] - 1.0)
        lines.append((dice.uniform(0.0, 10.0), kind, at, " ".join(route)))
    lines.sort()
    with open(path, "w", encoding="utf-8") as out:
        out.write('<routes>\n<vType id="car" vClass="passenger"/>\n<vType id="motorcycle" vClass="motorcycle"/>\n')
        for i, (depart, kind, at, way) in enumerate(lines):
            out.write(f'<vehicle id="v{i}" type="{kind}" depart="{depart:.2f}" departPos="{at:.1f}" departLane="best"><route edges="{way}"/></vehicle>\n')
        out.write("</routes>\n")
    return path


def run_sumo(sumo, net, rou, mix, until, work):
    summary = work / "summary.xml"

    def once(end):
        command = [f"{sumo}/sumo", "-n", str(net), "-r", str(rou), "--step-length", "1", "--end", str(end), "--no-step-log", "true"]
        command += ["--no-warnings", "true", "--time-to-teleport", "-1", "--summary-output", str(summary), "--duration-log.disable", "true"]
        if mix == "motorcycles":
            command += ["--lateral-resolution", "0.64"]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            raise subprocess.CalledProcessError(child.returncode, command)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024.0

    load_s, _ = once(1)
    cpu_s, peak_mib = once(until)
    steps = [(int(s.get("running")), int(s.get("collisions", 0))) for s in xml.parse(summary).getroot().iter("step")]
    vehicle_s = float(sum(running for running, _ in steps))
    return {"vehicle_s": vehicle_s, "cpu_s": max(cpu_s - load_s, 1e-3), "peak_mib": peak_mib, "collisions": sum(c for _, c in steps)}


def run_ours(peer, net, rou, step, until, threads):
    done = subprocess.run([peer, str(net), str(rou), str(step), str(until), str(threads)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", required=True, type=Path)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--sumo", default="")
    options = parser.parse_args()
    rounds, until = int(os.environ.get("ROUNDS", "3")), float(os.environ.get("UNTIL", "60"))
    threads = int(os.environ.get("THREADS", "1"))
    if not options.sumo:
        print("SUMO is not here: our engine runs alone.")
    print("| network and demand | engine | vehicle-seconds a core-second, median (least to most) | ours / SUMO | real time on a core | peak MiB |")
    print("|---|---|---|---|---|---|")
    for n, vehicles in sizes():
        net = network(options.work, options.sumo, n)
        if net is None:
            print(f"| {n} x {n} | | no network made before, and no SUMO to make it | | | |")
            continue
        for mix in ("cars", "motorcycles"):
            rou = routes(options.work, net, n, vehicles, mix)
            seen = {}
            for _ in range(rounds):
                if options.sumo:
                    seen.setdefault("SUMO, 1 s", []).append(run_sumo(options.sumo, net, rou, mix, until, options.work))
                for step in (1.0, 0.5):
                    seen.setdefault(f"ours, {step:g} s", []).append(run_ours(options.peer, net, rou, step, until, threads))
            rate = {name: [r["vehicle_s"] / r["cpu_s"] for r in runs] for name, runs in seen.items()}
            theirs = statistics.median(rate["SUMO, 1 s"]) if "SUMO, 1 s" in rate else None
            for name, runs in seen.items():
                middle = statistics.median(rate[name])
                ratio = f"{middle / theirs:.1f}" if theirs and name.startswith("ours") else ""
                real = statistics.median(until / r["cpu_s"] for r in runs)
                peak = max(r["peak_mib"] for r in runs)
                note = f", {runs[-1]['collisions']} collisions" if runs[-1].get("collisions") else ""
                print(
                    f"| {n} x {n}, {vehicles} vehicles, {mix} | {name}{note} | {middle:,.0f} ({min(rate[name]):,.0f} to {max(rate[name]):,.0f}) "
                    f"| {ratio} | {real:.1f} | {peak:.0f} |"
                )
                sys.stdout.flush()


if __name__ == "__main__":
    main()
