#!/usr/bin/env python3
"""What an answer from the cache costs beside one from the model, in CPU per request, for a small model and a large one.

One gateway serves each model twice, with a cache and without. A hit is the same body again; a miss is one of many bodies
in turn, of which the cache holds few. The small model is a logistic regression of 30 numbers, the large one has layers
before it. The counts of hits are read from the gateway's own metrics."""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import urllib.request

import growth
import repository
import systems
import warming

FEATURES = systems.FEATURES
LAYERS = {"small": 0, "large": 4}
VARIED = 4_096
KINDS = {"hit": ("cached", 0), "miss": ("cached", VARIED), "no cache": ("plain", VARIED)}


def options():
    parser = argparse.ArgumentParser(prog="ops/bench/cached", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--secs", type=int, default=4, help="seconds of each measurement (4)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--conns", type=int, default=2, help="connections; more than the large model has permits for would be refused in part (2)")
    return parser.parse_args()


class Cached(systems.Running):
    """One gateway of four models."""

    modules = {}
    candidate = None
    ports = {"weir": systems.PORT}
    path = "/v2/models/small-cached/infer"

    def __init__(self):
        super().__init__(["weir"])

    def command(self, name, python):
        folder = growth.WORK / "cached"
        text = (f"http: {{port: {systems.PORT}, management-port: {systems.MANAGEMENT_PORT}}}\ngrpc: {{enabled: false}}\n"
                f"repository: {{path: {folder}}}\nstate: {growth.WORK / 'state-cached'}\n"
                f"tracing: {{endpoint: 'http://127.0.0.1:{systems.SINK_PORT}', sampling-ratio: 0.01}}\nmodels:\n")
        for size, layers in LAYERS.items():
            model = growth.onnx_model(FEATURES, layers)
            for kept in ("cached", "plain"):
                repository.model_folder(folder / f"{size}-{kept}", model, FEATURES, 1)
                cache = ", cache: {max-size: 64KiB, ttl: 1h}" if kept == "cached" else ""
                text += f'  {size}-{kept}: {{routing: {{sticky: {{by-header: x-user-id}}, policy: {{split: {{"1": 100}}}}}}{cache}}}\n'
        file = growth.WORK / "cached.yaml"
        file.write_text(text)
        return [str(systems.ROOT / "ops" / "weir"), "serve", "--config", str(file)]

    def model_micros(self, size):
        """The mean time of the model's own calls."""
        told = scraped("weir_model_duration_seconds_sum", f"{size}-plain")
        count = scraped("weir_model_duration_seconds_count", f"{size}-plain")
        return told / max(count, 1) * 1e6


def scraped(metric, model, *labels):
    with urllib.request.urlopen(f"http://127.0.0.1:{systems.MANAGEMENT_PORT}/metrics") as page:
        lines = page.read().decode().splitlines()
    wanted = [f'model="{model}"', *labels]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(metric + "{") and all(each in line for each in wanted))


def measure(running, size, kind, chosen):
    kept, varied = KINDS[kind]
    model = f"{size}-{kept}"
    url = f"http://127.0.0.1:{systems.PORT}/v2/models/{model}/infer"
    hits, cpu = scraped("weir_cache_requests_total", model, 'result="hit"'), systems.cpu_seconds(running.pid("weir"))
    result = systems.load(url, chosen.conns, chosen.secs, varied)
    used = systems.cpu_seconds(running.pid("weir")) - cpu
    result["cpu"] = used / max(result["requests"], 1) * 1e6
    result["hits"] = (scraped("weir_cache_requests_total", model, 'result="hit"') - hits) / max(result["requests"], 1)
    print(f"# {size:6} {kind:9} {result['rate']:8.0f}/s  cpu {result['cpu']:.1f} us/request  hits {100 * result['hits']:.1f} %", file=sys.stderr)
    return result


def warm(running, chosen):
    for size in LAYERS:
        for kept, varied in KINDS.values():
            url = f"http://127.0.0.1:{systems.PORT}/v2/models/{size}-{kept}/infer"
            warming.warm(f"{size} {kept}", url, running.pid("weir"), 0, chosen.conns, varied)


def table(results, micros):
    print("| model | its call us | answer | CPU us/request | ÷ miss | ÷ no cache | req/s | hits | errors |\n|---|--:|---|--:|--:|--:|--:|--:|--:|")
    for size in LAYERS:
        for kind in KINDS:
            runs = results[size, kind]
            ratio = {other: statistics.median(a["cpu"] / b["cpu"] for a, b in zip(runs, results[size, other])) for other in ("miss", "no cache")}
            print(f"| {size} | {micros[size]:.0f} | {kind} | {statistics.median(each['cpu'] for each in runs):.1f} | {ratio['miss']:.2f} "
                  f"| {ratio['no cache']:.2f} | {statistics.median(each['rate'] for each in runs):.0f} "
                  f"| {100 * statistics.median(each['hits'] for each in runs):.1f} % | {sum(each['errors'] for each in runs)} |")


def main():
    chosen = options()
    subprocess.run([str(systems.ROOT / "ops" / "weir"), "--version"], check=True, stdout=subprocess.DEVNULL)  # builds when needed
    shutil.rmtree(growth.WORK, ignore_errors=True)
    growth.WORK.mkdir(parents=True)
    results = {}
    with Cached() as running:
        warm(running, chosen)
        for _ in range(chosen.rounds):
            for size in LAYERS:
                for kind in KINDS:
                    results.setdefault((size, kind), []).append(measure(running, size, kind, chosen))
        micros = {size: running.model_micros(size) for size in LAYERS}
    shutil.rmtree(growth.WORK, ignore_errors=True)
    table(results, micros)
    print(f"\n{chosen.rounds} rounds of {chosen.secs} s, {chosen.conns} connections; {os.cpu_count()} cores. The call is timed by the gateway.")


if __name__ == "__main__":
    main()
