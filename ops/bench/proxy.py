#!/usr/bin/env python3
"""Weir as a proxy beside nginx, haproxy, Spring Cloud Gateway, FastAPI with httpx and a bare one, before one upstream.

First the throughput and CPU under a closed loop, each round one system after the other; then latency at a fixed rate,
from the instants at which requests were due. Read README.md for what the figures mean."""

import argparse
import json
import os
import sys

import bench
import paced
import proxies
import systems
import warming

BASELINE = "nginx"
FLOOR = "bare"
OPEN = ("nginx", "bare", "weir")  # those of the open loop
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


def main():
    chosen = options()
    with proxies.Proxies(chosen.only) as running:
        for name in chosen.only:
            warming.warm(name, running.url(name), running.pid(name), WARM_REQUESTS[name])
        results = bench.closed(running, chosen)
        todo = paced.rates([name for name in OPEN if name in chosen.only], results, chosen.conns)
        at_rates = paced.measured(running, todo, chosen.rounds, chosen.secs)
        exports = running.sink.exports
    bench.table(chosen.only, chosen.conns, results, BASELINE, FLOOR)
    bench.machine_told(chosen, results)
    print(f"{exports} exports of traces arrived.\n")
    paced.table(at_rates, BASELINE, FLOOR)
    if chosen.json:
        with open(chosen.json, "w") as out:
            json.dump({f"{name}@{count}": runs for many in (results, at_rates) for (name, count), runs in many.items()},
                      out, indent=1)


if __name__ == "__main__":
    main()
