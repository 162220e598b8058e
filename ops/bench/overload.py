"""What is answered, how fast and to whom when more is asked than can be done.

Two models: one in the gateway whose inference takes some milliseconds, and one on a server of 8 workers with an endless queue
that takes 20 ms for each request. A closed loop finds what each can do; an open loop then asks for shares of that, timed from
the instant at which each request was due. The last case has two callers, told apart by their loopback addresses.
"""

import argparse
import asyncio
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request

import neighbours
import proxies
import systems

WORKERS = 8
WORKER_SECONDS = 0.02
CONNECTIONS = 64
PRODUCTS = 2
BODY = {"inputs": [{"name": "input", "shape": [1, 256], "datatype": "FP32", "data": [0.5] * 256}]}


class Workers(neighbours.Neighbour):
    """A server of the protocol with some workers and an endless queue before them."""

    def __init__(self, metadata, answer):
        self.free = asyncio.Semaphore(WORKERS)
        super().__init__(metadata, WORKER_SECONDS)
        self.answer = answer

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
                await reader.readexactly(length)
                body = b"{}" if b"/ready" in head else self.metadata
                if head.startswith(b"POST"):
                    async with self.free:
                        await asyncio.sleep(self.seconds)
                    body = self.answer
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.close()


def onnx_model(file):
    """Products of matrices, one after another, that end in one number."""
    maker = """
import sys, numpy as np
from onnx import helper, numpy_helper, save, TensorProto as T
draw = np.random.default_rng(7)
weights = [numpy_helper.from_array(draw.normal(0, 0.01, shape).astype(np.float32), name) for name, shape in (("rows", (512, 1)), ("first", (256, 512)), ("next", (512, 512)), ("last", (512, 1)))]
nodes = [helper.make_node("MatMul", ["input", "first"], ["one"]), helper.make_node("MatMul", ["rows", "one"], ["m0"])]
for i in range(int(sys.argv[2])):
    nodes += [helper.make_node("MatMul", [f"m{i}", "next"], [f"p{i}"]), helper.make_node("Tanh", [f"p{i}"], [f"m{i + 1}"])]
nodes += [helper.make_node("MatMul", [f"m{sys.argv[2]}", "last"], ["each"]), helper.make_node("ReduceMean", ["each"], ["probability"], axes=[0])]
graph = helper.make_graph(nodes, "slow", [helper.make_tensor_value_info("input", T.FLOAT, [1, 256])],
    [helper.make_tensor_value_info("probability", T.FLOAT, [1, 1])], weights)
save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]), sys.argv[1])
"""
    subprocess.run([systems.peer_python(["onnx", "numpy"]), "-c", maker, str(file), str(PRODUCTS)], check=True)


def repository(folder):
    own = folder / "repository" / "slow"
    (own / "1").mkdir(parents=True)
    onnx_model(own / "1" / "model.onnx")
    config = ('name: "slow"\nplatform: "onnxruntime_onnx"\nmax_batch_size: 0\ninput [ { name: "input", data_type: TYPE_FP32, dims: [ 1, 256 ] } ]\n'
              'output [ { name: "probability", data_type: TYPE_FP32, dims: [ 1, 1 ] } ]\nversion_policy { all { } }\n')
    (own / "config.pbtxt").write_text(config)
    model = (own / "1" / "model.onnx").read_bytes()
    (own / "SHA256SUMS").write_text(f"{hashlib.sha256(model).hexdigest()}  1/model.onnx\n{hashlib.sha256(config.encode()).hexdigest()}  config.pbtxt\n")
    return folder / "repository"


class Gateway:
    """Weir before the model of its own (version 1) and the server elsewhere (version far)."""

    def __init__(self, permits):
        self.port, self.management = neighbours.free_port(), neighbours.free_port()
        self.folder = tempfile.TemporaryDirectory(prefix="weir-bench-")
        folder = pathlib.Path(self.folder.name)
        signature = {"inputs": [{"name": "input", "datatype": "FP32", "shape": [1, 256]}],
                     "outputs": [{"name": "probability", "datatype": "FP32", "shape": [1, 1]}]}
        metadata = json.dumps({"name": "slow", "versions": ["1"], "platform": "x", **signature}).encode()
        answer = json.dumps({"model_name": "slow", "model_version": "1", "outputs": [
            {"name": "probability", "datatype": "FP32", "shape": [1, 1], "data": [0.5]}]}).encode()
        self.server = Workers(metadata, answer)
        config = folder / "weir.yaml"
        config.write_text(
            f"http: {{port: {self.port}, management-port: {self.management}}}\ngrpc: {{enabled: false}}\n"
            f"repository: {{path: {repository(folder)}, permits: {permits}}}\nstate: {folder}/state\nmodels:\n  slow:\n    routing: {{policy: {{fixed: \"1\"}}}}\n"
            f"    serving: {{deadline: 5s}}\n    variants: {{far: {{endpoints: [\"http://127.0.0.1:{self.server.port}\"], model: slow, version: \"1\"}}}}\n"
        )
        log = open(systems.TARGET / "overload.log", "w")
        self.process = subprocess.Popen([systems.ROOT / "ops" / "weir", "serve", "--config", config], stdout=log, stderr=log, start_new_session=True)
        end = time.time() + 120
        while not all(self.answers(version) for version in ("1", "far")):
            if time.time() > end or self.process.poll() is not None:
                raise SystemExit("the gateway did not come up: see ops/bench/target/overload.log")
            time.sleep(0.2)

    def url(self, version):
        return f"http://127.0.0.1:{self.port}/v2/models/slow/versions/{version}/infer"

    def answers(self, version):
        request = urllib.request.Request(self.url(version), json.dumps(BODY).encode(), {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def limit(self, version):
        lines = neighbours.get(f"http://127.0.0.1:{self.management}/metrics").decode().splitlines()
        return next(float(line.rsplit(" ", 1)[1]) for line in lines
                    if line.startswith("weir_backend_concurrency_limit{") and f'variant="{version}"' in line)

    def close(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)
        self.server.kill()
        self.folder.cleanup()


def ask(classes, url, rate, secs, connections=CONNECTIONS, sender="127.0.0.1"):
    """An open loop: how many of the measured requests were answered and refused, and how fast the answers came."""
    command = [systems.java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", str(classes), "OpenLoop",
               url, str(systems.BODY), str(rate), str(secs), str(connections), sender]
    told = subprocess.run(command, capture_output=True, text=True, timeout=secs + 60).stdout
    numbers = [int(number) for number in re.search(r"RESULT (.*)", told).group(1).split()]
    return {"offered": numbers[0] / secs, "answered": numbers[7] / secs, "limited": numbers[8] / secs, "full": numbers[9] / secs,
            "p50": numbers[10] / 1e3, "p99": numbers[11] / 1e3, "share": numbers[7] / max(1, numbers[0])}


def median(rows):
    return {key: statistics.median(row[key] for row in rows) for key in rows[0]}


def loads(gateway, classes, name, version, places, secs, rounds):
    url = gateway.url(version)
    systems.load(url, places, 5)
    capacity = systems.load(url, places, secs)["rate"]
    shares = (0.3, 1, 2, 3)
    seen = [[ask(classes, url, max(1, round(share * capacity)), secs) for share in shares] for _ in range(rounds)]
    rows = list(zip(shares, map(median, zip(*seen))))
    peak = max(row["answered"] for _, row in rows)
    still = rows[0][1]["p99"]
    for share, row in rows:
        print(f"| {name} | {share} | {row['offered']:.0f} | {row['answered']:.0f} | {row['limited'] + row['full']:.0f} | {row['answered'] / peak:.2f} "
              f"| {row['p50']:.1f} | {row['p99']:.1f} | {row['p99'] / still:.2f} |", flush=True)
    print(f"# {name}: {capacity:.0f}/s in a closed loop over {places} connections; its limit at the end {gateway.limit(version):.0f}", flush=True)
    return capacity


def callers(gateway, classes, name, version, capacity, secs):
    url = gateway.url(version)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        greedy = pool.submit(ask, classes, url, round(3 * capacity), secs, CONNECTIONS, "127.0.0.1")
        light = pool.submit(ask, classes, url, max(1, round(0.05 * capacity)), secs, 8, "127.0.0.2")
        for caller, row in (("greedy, 3 x", greedy.result()), ("light, 0.05 x", light.result())):
            print(f"| {name} | {caller} | {row['offered']:.0f} | {row['answered']:.0f} | {row['limited']:.0f} | {row['full']:.0f} "
                  f"| {100 * row['share']:.1f} % | {row['p99']:.1f} |", flush=True)


def main():
    options = argparse.ArgumentParser(prog="ops/bench/overload")
    options.add_argument("--secs", type=int, default=10)
    options.add_argument("--rounds", type=int, default=3, help="of which the medians are told")
    options.add_argument("--only", default="embedded,remote")
    options.add_argument("--permits", type=int, default=max(1, os.cpu_count() - 1),
                         help="native calls at once; fewer than processors, since whoever asks needs one too")
    chosen = options.parse_args()
    systems.TARGET.mkdir(exist_ok=True)
    systems.BODY.write_text(json.dumps(BODY))
    classes = proxies.OpenLoop().classes
    gateway = Gateway(chosen.permits)
    try:
        cases = [case for case in (("embedded", "1", chosen.permits), ("remote", "far", WORKERS)) if case[0] in chosen.only.split(",")]
        print("| model | load | offered/s | answered/s | refused/s | of the peak | p50 ms | p99 ms | p99 ÷ at 0.3 |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|")
        capacities = [loads(gateway, classes, *case, chosen.secs, chosen.rounds) for case in cases]
        print("\n| model | caller | offered/s | answered/s | 429/s | 503/s | answered | p99 ms |\n|---|---|--:|--:|--:|--:|--:|--:|")
        for (name, version, _), capacity in zip(cases, capacities):
            callers(gateway, classes, name, version, capacity, chosen.secs)
    finally:
        gateway.close()


if __name__ == "__main__":
    main()
