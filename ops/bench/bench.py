#!/usr/bin/env python3
"""Weir beside a bare handler and two Python model servers, on loopback. Read README.md for what the figures mean.

Each round loads every system one after the other, so that noise of the machine meets all alike; the table shows
medians over the rounds. CPU is that of the server's processes alone, read from /proc."""

import argparse
import json
import os
import statistics
import sys

import paced
import systems
import warming

BASELINE = "fastapi"
FLOOR = "bare"
PACED = ("bare", "weir")  # those of the fixed rate
STOLEN_CORES_MAX = 0.06
TURNS_MAX = 4  # a turn that the host disturbs is taken again
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


def measure(running, name, connections, seconds):
    pid = running.pid(name)
    cpu, (busy, stolen) = systems.cpu_seconds(pid), systems.machine_seconds()
    result = systems.load(running.url(name), connections, seconds)
    used = systems.cpu_seconds(pid) - cpu
    result["cpu"] = used / max(result["requests"], 1) * 1e6
    result["cores"] = used / seconds
    busy_after, stolen_after = systems.machine_seconds()
    result["machine"] = (busy_after - busy) / seconds
    result["stolen"] = (stolen_after - stolen) / seconds
    result["memory"] = systems.resident_mib(pid)
    print(f"# {connections:3} connections {name:8} {result['rate']:8.0f}/s  p50 {result['p50']} us  p99 {result['p99']} us  "
          f"cpu {result['cpu']:.1f} us/request  {result['cores']:.2f} cores of {result['machine']:.2f} busy, {result['stolen']:.2f} taken by the host",
          file=sys.stderr)
    return result


def closed(running, chosen):
    """The measurements by system and connections. A turn of all systems from which the host took too much is taken again."""
    results = {}
    for _ in range(chosen.rounds):
        for count in chosen.conns:
            for _ in range(TURNS_MAX):
                turn = [measure(running, name, count, chosen.secs) for name in chosen.only]
                if max(each["stolen"] for each in turn) <= STOLEN_CORES_MAX:
                    break
            for name, result in zip(chosen.only, turn):
                results.setdefault((name, count), []).append(result)
    return results


def machine_told(chosen, results):
    every = [each for runs in results.values() for each in runs]
    others = statistics.median(each["machine"] - each["cores"] for each in every)
    print(f"\n{chosen.rounds} rounds of {chosen.secs} s; {os.cpu_count()} cores; beside the system under load {others:.2f} cores were busy "
          f"(all else, the load too); the host took {statistics.median(each['stolen'] for each in every):.2f} cores away, at most "
          f"{max(each['stolen'] for each in every):.2f} in one measurement.")


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
    with systems.Running(chosen.only) as running:
        for name in chosen.only:
            warming.warm(name, running.url(name), running.pid(name), WARM_REQUESTS[name])
        results = closed(running, chosen)
        todo = paced.rates([name for name in PACED if name in chosen.only], results, chosen.conns)
        at_rates = paced.measured(running, todo, chosen.rounds, chosen.secs)
        exports = running.sink.exports
    table(chosen.only, chosen.conns, results)
    machine_told(chosen, results)
    print(f"{exports} exports of traces arrived.\n")
    paced.table(at_rates, FLOOR, FLOOR)
    if chosen.json:
        with open(chosen.json, "w") as out:
            json.dump({f"{name}@{count}": runs for many in (results, at_rates) for (name, count), runs in many.items()},
                      out, indent=1)


if __name__ == "__main__":
    main()
