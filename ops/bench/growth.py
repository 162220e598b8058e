#!/usr/bin/env python3
"""What a request costs as models, variants, features and connections grow; every row beside its base, in the same rounds.

CPU is that of the server's process alone, read from /proc. The base is 1 model of 2 versions and 30 features under 16 connections.
"held" opens many connections, asks once over each, holds them, and asks once more over each."""

import argparse
import json
import os
import pathlib
import random
import resource
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import time

import repository
import systems
import warming

WORK = systems.TARGET / "growth"
WARM_REQUESTS = 60_000
CONNECTIONS = 16
HELD_AT_ONCE = 200
WIDE = 1_024


class Shape:
    """One gateway to measure."""

    def __init__(self, what, models=1, variants=2, features=30, connections=CONNECTIONS):
        self.what, self.models, self.variants, self.features, self.connections = what, models, variants, features, connections
        self.cost, self.rates, self.errors = [], [], 0

    @property
    def key(self):
        return f"{self.models}-{self.variants}-{self.features}"


SHAPES = {
    "models": [Shape(f"{n} models", models=n) for n in (10, 100, 1_000)],
    "variants": [Shape(f"{n} versions", variants=n) for n in (5, 10, 20)],
    "features": [Shape(f"{n} features", features=n) for n in (10, 100, 300, 1_000)],
    "connections": [Shape(f"{n} connections", connections=n) for n in (64, 256, 1_000)],
}


def options():
    parser = argparse.ArgumentParser(prog="ops/bench/growth", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--secs", type=int, default=4, help="seconds of each measurement (4)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warm", type=int, default=WARM_REQUESTS, help=f"requests before the first round ({WARM_REQUESTS})")
    parser.add_argument("--ends", action="store_true", help="of each kind only the largest")
    parser.add_argument("--held", type=int, default=10_000, help="connections to hold (10000)")
    parser.add_argument("--only", default="models,variants,features,connections,held")
    chosen = parser.parse_args()
    chosen.only = chosen.only.split(",")
    unknown = set(chosen.only) - set(SHAPES) - {"held"}
    if unknown:
        parser.error(f"no rows of {', '.join(sorted(unknown))}")
    return chosen


def onnx_model(features, layers=0):
    """A logistic regression of that many features, behind that many layers of WIDE by WIDE numbers."""
    maker = """
import sys, numpy as np
from onnx import helper, numpy_helper, save, TensorProto as T
n, layers, wide = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
draw = np.random.default_rng(7)
weights = [draw.normal(0, a ** -0.5, (a, b)).astype(np.float32)
           for a, b in zip([n] + [wide] * layers, [wide] * layers + [1])]
nodes, at = [], "input"
for i in range(layers):
    nodes += [helper.make_node("MatMul", [at, f"w{i}"], [f"m{i}"]), helper.make_node("Relu", [f"m{i}"], [f"r{i}"])]
    at = f"r{i}"
nodes += [helper.make_node("MatMul", [at, f"w{layers}"], ["sum"]), helper.make_node("Sigmoid", ["sum"], ["probability"])]
graph = helper.make_graph(nodes, "plain", [helper.make_tensor_value_info("input", T.FLOAT, [None, n])],
    [helper.make_tensor_value_info("probability", T.FLOAT, [None, 1])],
    [numpy_helper.from_array(each, f"w{i}") for i, each in enumerate(weights)])
save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]), sys.argv[4])
"""
    file = WORK / f"{features}-{layers}.onnx"
    subprocess.run([systems.peer_python(["onnx", "numpy"]), "-c", maker, str(features), str(layers), str(WIDE), str(file)], check=True)
    return file


def models(shape):
    """A folder of models that differ in name only."""
    folder = WORK / shape.key
    model = onnx_model(shape.features)
    for number in range(1, shape.models + 1):
        repository.model_folder(folder / f"m{number}", model, shape.features, shape.variants)
    return folder


def configuration(shape, port):
    weights = ", ".join(f'"{version}": 1' for version in range(1, shape.variants + 1))
    text = (f"http: {{port: {port}, management-port: {port + 1}, max-connections: 12000, max-connections-per-address: 12000}}\ngrpc: {{enabled: false}}\n"
            f"repository: {{path: {models(shape)}}}\nstate: {WORK / ('state-' + shape.key)}\n"
            f"tracing: {{endpoint: 'http://127.0.0.1:{systems.SINK_PORT}', sampling-ratio: 0.01}}\nmodels:\n")
    for number in range(1, shape.models + 1):
        text += (f"  m{number}: {{routing: {{sticky: {{by-header: x-user-id}}, policy: {{split: {{{weights}}}}}}},"
                 " drift: {baseline: {learned: 2000}}}\n")
    file = WORK / f"{shape.key}.yaml"
    file.write_text(text)
    return file


class Growing(systems.Running):
    """Two gateways at a time: the base and the one that has grown."""

    modules = {}
    candidate = None

    def __init__(self, shapes):
        super().__init__([shape.key for shape in shapes])
        self.shapes = {shape.key: shape for shape in shapes}
        self.ports = {key: systems.PORT + 10 * (n + 1) for n, key in enumerate(self.shapes)}

    def command(self, name, python):
        return [str(systems.ROOT / "ops" / "weir"), "serve", "--config", str(configuration(self.shapes[name], self.ports[name]))]

    def url(self, name):
        body(self.shapes[name].features)
        return f"http://127.0.0.1:{self.ports[name]}/v2/models/m{self.shapes[name].models}/infer"

    def measure(self, shape, seconds):
        pid = self.pid(shape.key)
        before = systems.cpu_seconds(pid)
        result = systems.load(self.url(shape.key), shape.connections, seconds)
        shape.cost.append((systems.cpu_seconds(pid) - before) / max(result["requests"], 1) * 1e6)
        shape.rates.append(result["rate"])
        shape.errors += result["errors"]


def body(features):
    draw = random.Random(7)
    data = [round(draw.gauss(0, 1), 6) for _ in range(features)]
    systems.BODY.write_text(json.dumps(
        {"id": "42", "inputs": [{"name": "input", "shape": [1, features], "datatype": "FP32", "data": data}]}, separators=(",", ":")))


def grow(shape, chosen):
    base = Shape("base")
    shapes = [base] if shape.key == base.key else [base, shape]
    with Growing(shapes) as running:
        for each in shapes:
            warming.warm(each.what, running.url(each.key), running.pid(each.key), chosen.warm)
        for _ in range(chosen.rounds):
            running.measure(base, chosen.secs)
            running.measure(shape, chosen.secs)
        memory = systems.resident_mib(running.pid(shape.key))
    shutil.rmtree(WORK, ignore_errors=True)
    ratio = statistics.median(now / then for now, then in zip(shape.cost, base.cost))
    more = statistics.median(now - then for now, then in zip(shape.cost, base.cost))
    feature = f"{1000 * more / (shape.features - base.features):.0f}" if shape.features != base.features else ""
    print(f"| {shape.what} | {statistics.median(shape.cost):.1f} | {ratio:.2f} | {feature} | {statistics.median(shape.rates):.0f} "
          f"| {memory:.0f} | {shape.errors} |", flush=True)


def held(count):
    """Connections that are kept, asked once at their beginning and once at their end; failures of either."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    base = Shape("base")
    with Growing([base]) as running:
        port = running.ports[base.key]
        running.url(base.key)
        payload = systems.BODY.read_bytes()
        head = f"POST /v2/models/m1/infer HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {len(payload)}\r\n\r\n"
        request = head.encode() + payload
        before = systems.resident_mib(running.pid(base.key))
        sockets, failed = [], 0
        while len(sockets) < count:  # asked as soon as they are open: a silent connection is closed after a while
            some = [opened(port) for _ in range(min(HELD_AT_ONCE, count - len(sockets)))]
            failed += asked(some, request)
            sockets += some
        for start in range(0, count, HELD_AT_ONCE):
            failed += asked(sockets[start:start + HELD_AT_ONCE], request)
        after = systems.resident_mib(running.pid(base.key))
        for each in sockets:
            each.close()
    shutil.rmtree(WORK, ignore_errors=True)
    print(f"\n{count} connections held, each asked twice: {failed} of {2 * count} requests failed; "
          f"{(after - before) * 1024 / count:.1f} KiB of memory for each.", flush=True)


def opened(port):
    kept = socket.create_connection(("127.0.0.1", port), 30)
    kept.settimeout(30)
    return kept


def asked(some, request):
    """How many of these connections did not answer 200."""
    failed = 0
    waiting = selectors.DefaultSelector()
    for each in some:
        try:
            each.sendall(request)
            waiting.register(each, selectors.EVENT_READ)
        except OSError:
            failed += 1
    end = time.monotonic() + 30
    while waiting.get_map() and time.monotonic() < end:
        for key, _ in waiting.select(1):
            try:
                answer = key.fileobj.recv(65_536)
            except OSError:
                answer = b""
            failed += not answer.startswith(b"HTTP/1.1 200")
            waiting.unregister(key.fileobj)
    failed += len(waiting.get_map())
    waiting.close()
    return failed


def main():
    chosen = options()
    subprocess.run([str(systems.ROOT / "ops" / "weir"), "--version"], check=True, stdout=subprocess.DEVNULL)  # builds when needed
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    print("| grown to | CPU us/request | ÷ base | ns for each feature more | req/s | memory MiB | errors |\n|---|--:|--:|--:|--:|--:|--:|")
    for what in SHAPES:
        if what in chosen.only:
            for shape in SHAPES[what][-1:] if chosen.ends else SHAPES[what]:
                WORK.mkdir(parents=True, exist_ok=True)
                grow(shape, chosen)
    if "held" in chosen.only:
        WORK.mkdir(parents=True, exist_ok=True)
        held(chosen.held)
    print(f"\n{chosen.rounds} rounds of {chosen.secs} s; {os.cpu_count()} cores.")


if __name__ == "__main__":
    main()
