#!/usr/bin/env python3
"""Weir beside a bare handler and two Python model servers, on loopback. Read README.md for what the figures mean.

Each round loads every system one after the other, so that noise of the machine meets all alike; the table shows
medians over the rounds. CPU is that of the server's processes alone, read from /proc."""

import argparse
import json
import os
import statistics
import sys

import systems

BASELINE = "fastapi"
FLOOR = "bare"
WARM_SECONDS = 4
WARM_SLICES_MAX = 15
WARM_REQUESTS = {"weir": 60_000, "bare": 60_000, "fastapi": 3_000, "flask": 3_000}  # a JIT needs many


def options():
    parser = argparse.ArgumentParser(prog="ops/bench/run", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--secs", type=int, default=5, help="seconds of each measurement (5)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--conns", default="1,16,64", help="connections, comma-separated (1,16,64)")
    parser.add_argument("--only", default=",".join(systems.PORTS), help=f"of {','.join(systems.PORTS)}")
    parser.add_argument("--json", help="also write every measurement to this file")
    chosen = parser.parse_args()
    chosen.conns = [int(each) for each in chosen.conns.split(",")]
    chosen.only = chosen.only.split(",")
    unknown = set(chosen.only) - set(systems.PORTS)
    if unknown:
        parser.error(f"no system {', '.join(sorted(unknown))}; there are {', '.join(systems.PORTS)}")
    return chosen


def warm(running, name, enough):
    requests = 0
    for _ in range(WARM_SLICES_MAX):
        result = systems.load(running.url(name), 16, WARM_SECONDS)
        requests += result["requests"]
        if requests >= enough:
            break
    print(f"# warm: {name} after {requests} requests, last at {result['rate']:.0f}/s", file=sys.stderr)


def measure(running, name, connections, seconds):
    pid = running.pid(name)
    cpu, busy = systems.cpu_seconds(pid), systems.machine_busy_seconds()
    result = systems.load(running.url(name), connections, seconds)
    used = systems.cpu_seconds(pid) - cpu
    result["cpu"] = used / max(result["requests"], 1) * 1e6
    result["cores"] = used / seconds
    result["machine"] = (systems.machine_busy_seconds() - busy) / seconds
    result["memory"] = systems.resident_mib(pid)
    print(f"# {connections:3} connections {name:8} {result['rate']:8.0f}/s  p50 {result['p50']} us  p99 {result['p99']} us  "
          f"cpu {result['cpu']:.1f} us/request  {result['cores']:.2f} cores of {result['machine']:.2f} busy",
          file=sys.stderr)
    return result


def table(names, connections, results, baseline=BASELINE, floor=FLOOR):
    def median(name, count, field):
        return statistics.median(each[field] for each in results[name, count])

    def ratio(name, other, count, field):
        """The median of the rounds' own ratios: both sides of each were measured within seconds."""
        if other not in names:
            return "-"
        pairs = zip(results[name, count], results[other, count])
        return f"{statistics.median(a[field] / max(b[field], 1e-9) for a, b in pairs):.2f}"

    print(f"| connections | system | req/s | p50 ms | p99 ms | CPU us/request | memory MiB | req/s ÷ {baseline} | CPU ÷ {floor} | errors |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for count in connections:
        for name in names:
            print(f"| {count} | {name} | {median(name, count, 'rate'):.0f} | {median(name, count, 'p50') / 1000:.2f} "
                  f"| {median(name, count, 'p99') / 1000:.1f} | {median(name, count, 'cpu'):.1f} "
                  f"| {median(name, count, 'memory'):.0f} | {ratio(name, baseline, count, 'rate')} "
                  f"| {ratio(name, floor, count, 'cpu')} | {sum(each['errors'] for each in results[name, count])} |")


def main():
    chosen = options()
    results = {}
    with systems.Running(chosen.only) as running:
        for name in chosen.only:
            warm(running, name, WARM_REQUESTS[name])
        for _ in range(chosen.rounds):
            for count in chosen.conns:
                for name in chosen.only:
                    results.setdefault((name, count), []).append(measure(running, name, count, chosen.secs))
        exports = running.sink.exports
    table(chosen.only, chosen.conns, results)
    every = [each for runs in results.values() for each in runs]
    others = statistics.median(each["machine"] - each["cores"] for each in every)
    print(f"\n{chosen.rounds} rounds of {chosen.secs} s; {os.cpu_count()} cores; beside the system under load "
          f"{others:.2f} cores were busy (wrk and everything else); {exports} exports of traces arrived.")
    if chosen.json:
        with open(chosen.json, "w") as out:
            json.dump({f"{name}@{count}": runs for (name, count), runs in results.items()}, out, indent=1)


if __name__ == "__main__":
    main()
