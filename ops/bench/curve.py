#!/usr/bin/env python3
"""Latency at rising rates for Weir and its peers, as model servers and as proxies; a table and one picture of each.

What a system answers at most is found first, under a closed loop; then requests come at shares of that, evenly, and each is
measured from the instant at which it was due. Systems take turns at each share, so that noise of the machine meets all."""

import argparse
import os
import pathlib
import statistics
import sys

import bench
import plot
import proxies
import proxy
import systems
import warming

SHARES = (0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9)
CAPACITY_SECONDS = 2
CAPACITY_CONNECTIONS = 16
SETS = {"models": ("Model servers: latency against load", systems.Running, ("weir", "bare", "fastapi", "flask"), bench.WARM_REQUESTS),
        "proxies": ("Proxies: latency against load", proxies.Proxies, ("weir", "bare", "nginx", "haproxy"), proxy.WARM_REQUESTS)}


def options():
    parser = argparse.ArgumentParser(prog="ops/bench/curve", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--secs", type=int, default=3, help="seconds of each measurement, after one that is left out (3)")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default=",".join(SETS), help=f"of {','.join(SETS)}")
    parser.add_argument("--note", default="", help="words drawn into the pictures, such as what else the machine did")
    parser.add_argument("--out", type=pathlib.Path, default=systems.HERE / "plots", help="folder of the pictures (ops/bench/plots)")
    chosen = parser.parse_args()
    chosen.only = chosen.only.split(",")
    unknown = set(chosen.only) - set(SETS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return chosen


def curves(running, names, warm, chosen):
    """For each system the points (rate asked, p50, p99 in milliseconds, failures), medians over the rounds."""
    generator = proxies.OpenLoop()
    most, runs = {}, {}
    for name in names:
        warming.warm(name, running.url(name), running.pid(name), warm[name])
        most[name] = systems.load(running.url(name), CAPACITY_CONNECTIONS, CAPACITY_SECONDS)["rate"]
    for _ in range(chosen.rounds):
        for share in SHARES:
            for name in names:
                rate = max(int(most[name] * share), proxies.OPEN_CONNECTIONS)
                result = generator.load(running.url(name), rate, chosen.secs)
                runs.setdefault((name, rate), []).append(result)
                print(f"# {share:4.0%} {rate:6}/s {name:8} p50 {result['p50']} us  p99 {result['p99']} us  {result['errors']} failed", file=sys.stderr)
    points = {name: [] for name in names}
    for (name, rate), results in sorted(runs.items(), key=lambda each: each[0][1]):
        middle = {field: statistics.median(each[field] for each in results) / 1_000 for field in ("p50", "p99")}
        points[name].append((rate, middle["p50"], middle["p99"], sum(each["errors"] for each in results)))
    return points, most


def table(points, most):
    print("\n| system | answers at most | share | requests/s | p50 ms | p99 ms | failed |\n|---|--:|--:|--:|--:|--:|--:|")
    for name, measured in points.items():
        for rate, p50, p99, failed in measured:
            print(f"| {name} | {most[name]:.0f} | {rate / most[name]:.0%} | {rate} | {p50:.2f} | {p99:.2f} | {failed} |")


def main():
    chosen = options()
    chosen.out.mkdir(parents=True, exist_ok=True)
    note = f"{os.cpu_count()} cores shared with the load; {proxies.OPEN_CONNECTIONS} connections; from the instant at which a request was due"
    note = f"{note}; {chosen.note}" if chosen.note else note
    for each in chosen.only:
        title, kind, names, warm = SETS[each]
        with kind(list(names)) as running:
            points, most = curves(running, names, warm, chosen)
        table(points, most)
        (chosen.out / f"{each}.svg").write_text(plot.latency(title, note, points))
        print(f"\n{chosen.out / f'{each}.svg'}")


if __name__ == "__main__":
    main()
