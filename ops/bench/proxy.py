#!/usr/bin/env python3
"""Weir as a proxy beside nginx, haproxy, Spring Cloud Gateway, FastAPI with httpx and a bare one, before one upstream.

First the throughput and CPU under a closed loop, each round one system after the other; then latency at a fixed rate,
from the instants at which requests were due. Read README.md for what the figures mean."""

import argparse
import json
import os
import statistics
import sys

import bench
import proxies
import systems

BASELINE = "nginx"
FLOOR = "bare"
OPEN = ("nginx", "bare", "weir")  # those of the open loop
CAPACITY_CONNECTIONS = 16
WARM_REQUESTS = {"nginx": 1_000, "haproxy": 1_000, "scg": 20_000, "fastapi": 1_000, "bare": 80_000, "weir": 80_000}


def options():
    names = [name for name in proxies.PORTS if name != "upstream"]
    parser = argparse.ArgumentParser(prog="ops/bench/proxy", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--secs", type=int, default=3, help="seconds of each measurement (3)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--conns", default="1,16,64", help="connections, comma-separated (1,16,64)")
    parser.add_argument("--only", default=",".join(names), help=f"of {','.join(names)}")
    parser.add_argument("--json", help="also write every measurement to this file")
    chosen = parser.parse_args()
    chosen.conns = [int(each) for each in chosen.conns.split(",")]
    chosen.only = chosen.only.split(",")
    unknown = set(chosen.only) - set(names)
    if unknown:
        parser.error(f"no proxy {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return chosen


def closed(running, chosen):
    results = {}
    for _ in range(chosen.rounds):
        for count in chosen.conns:
            for name in chosen.only:
                results.setdefault((name, count), []).append(bench.measure(running, name, count, chosen.secs))
    return results


def rates(chosen, results):
    """Half of what each answered under the closed loop, and the least of these, which all meet."""
    count = CAPACITY_CONNECTIONS if CAPACITY_CONNECTIONS in chosen.conns else max(chosen.conns)
    half = {name: int(statistics.median(each["rate"] for each in results[name, count]) / 2)
            for name in OPEN if name in chosen.only}
    least = min(half.values(), default=0)
    return sorted({(name, rate) for name, own in half.items() for rate in (least, own)}, key=lambda each: each[1])


def open_loop(running, chosen, todo):
    generator = proxies.OpenLoop()
    results = {}
    for _ in range(chosen.rounds):
        for name, rate in todo:
            result = generator.load(running.url(name), rate, chosen.secs)
            results.setdefault((name, rate), []).append(result)
            print(f"# {rate}/s {name:8} p50 {result['p50']} us  p99 {result['p99']} us  {result['errors']} errors  "
                  f"clock late by {result['delay']} us", file=sys.stderr)
    return results


def open_table(results):
    def median(runs, field):
        return statistics.median(each[field] for each in runs) / 1000

    print("| requests/s | system | p50 ms | p99 ms | p99.9 ms | p99 above nginx's, ms | errors |\n|--:|---|--:|--:|--:|--:|--:|")
    for (name, rate), runs in results.items():
        other = results.get((BASELINE, rate))
        above = "-"
        if other:
            above = f"{statistics.median(a['p99'] - b['p99'] for a, b in zip(runs, other)) / 1000:.2f}"
        print(f"| {rate} | {name} | {median(runs, 'p50'):.2f} | {median(runs, 'p99'):.2f} | {median(runs, 'p999'):.2f} "
              f"| {above} | {sum(each['errors'] for each in runs)} |")


def main():
    chosen = options()
    with proxies.Proxies(chosen.only) as running:
        for name in chosen.only:
            bench.warm(running, name, WARM_REQUESTS[name])
        results = closed(running, chosen)
        paced = open_loop(running, chosen, rates(chosen, results))
        exports = running.sink.exports
    bench.table(chosen.only, chosen.conns, results, BASELINE, FLOOR)
    every = [each for runs in results.values() for each in runs]
    others = statistics.median(each["machine"] - each["cores"] for each in every)
    print(f"\n{chosen.rounds} rounds of {chosen.secs} s; {os.cpu_count()} cores; beside the proxy under load "
          f"{others:.2f} cores were busy (wrk, the upstream and everything else); {exports} exports of traces arrived.\n")
    open_table(paced)
    delay = statistics.median([each["delay"] for runs in paced.values() for each in runs] or [0])
    print(f"\nAt a fixed rate over {proxies.OPEN_CONNECTIONS} connections, from the instant at which a request was due; "
          f"the generator's own clock is {delay} us late at the median.")
    if chosen.json:
        with open(chosen.json, "w") as out:
            json.dump({f"{name}@{count}": runs for many in (results, paced) for (name, count), runs in many.items()},
                      out, indent=1)


if __name__ == "__main__":
    main()
