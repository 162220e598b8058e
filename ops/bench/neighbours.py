"""What a sick variant and a slow shadow do to the callers of the variant beside them.

One gateway serves plain-30 from its file. Each case adds a neighbour on a server that behaves as the case says; the callers of
the file's version are sent at a fixed rate and timed from the instant at which each request was due. Cases alternate over rounds.
"""

import argparse
import asyncio
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

import proxies
import systems

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BODY = json.dumps({"inputs": [{"name": "input", "shape": [1, 30], "datatype": "FP32", "data": [0.5] * 30}]})
NEIGHBOURS_CALLERS = 4
WARM_REQUESTS = 80_000


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Neighbour:
    """A server of the protocol that waits before each prediction."""

    def __init__(self, metadata, seconds):
        self.metadata, self.seconds, self.port = metadata, seconds, free_port()
        self.answer = b'{"model_name":"plain-30","model_version":"1","outputs":[{"name":"probability","shape":[1,1],"datatype":"FP32","data":[0.5]}]}'
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", self.port))
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
                await reader.readexactly(length)
                if head.startswith(b"POST"):
                    await asyncio.sleep(self.seconds)
                    body = self.answer
                else:
                    body = b"{}" if b"/ready" in head else self.metadata
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.close()

    def kill(self):
        """Closes the port and every connection."""
        def end():
            self.server.close()
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
        self.loop.call_soon_threadsafe(end)


def post(url, timeout):
    request = urllib.request.Request(url, BODY.encode(), {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def get(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()


class Gateway:
    def __init__(self, model):
        self.port, self.management = free_port(), free_port()
        self.folder = tempfile.TemporaryDirectory(prefix="weir-bench-")
        config = pathlib.Path(self.folder.name) / "weir.yaml"
        config.write_text(
            f"http: {{port: {self.port}, management-port: {self.management}}}\ngrpc: {{enabled: false}}\n"
            f"repository: {{path: {ROOT / 'models' / 'repository'}}}\nstate: {self.folder.name}/state\nmodels:\n  plain-30:\n{model}"
        )
        self.process = subprocess.Popen(
            [ROOT / "ops" / "weir", "serve", "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        end = time.time() + 60
        while post(self.url("1"), 2) != 200:
            if time.time() > end or self.process.poll() is not None:
                raise SystemExit("the gateway did not come up with\n" + config.read_text())
            time.sleep(0.2)

    def url(self, version):
        versioned = f"/versions/{version}" if version else ""
        return f"http://127.0.0.1:{self.port}/v2/models/plain-30{versioned}/infer"

    def metric(self, name):
        lines = get(f"http://127.0.0.1:{self.management}/metrics").decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name + "{") or line.startswith(name + " "))

    def close(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)
        self.folder.cleanup()


def warm(gateway):
    """A cold gateway's latency is its compiler's."""
    sent = 0
    while sent < WARM_REQUESTS:
        sent += systems.load(gateway.url(""), 8, 3)["requests"]


def latency(generator, url, rate, secs):
    result = generator.load(url, rate, secs)
    return tuple(float(result[field]) for field in ("p50", "p99", "p999", "errors"))


def neighbour_model(port, shadow):
    routing = "{policy: {fixed: \"1\"}%s}" % (", shadows: [{version: far}]" if shadow else "")
    return (
        f"    routing: {routing}\n    serving: {{deadline: 1s}}\n"
        f"    variants: {{far: {{endpoints: [\"http://127.0.0.1:{port}\"], model: plain-30, version: \"1\"}}}}\n"
    )


def load_on(gateway, stop):
    def call():
        while not stop.is_set():
            if post(gateway.url("far"), 5) != 200:
                time.sleep(0.05)
    for _ in range(NEIGHBOURS_CALLERS):
        threading.Thread(target=call, daemon=True).start()


def case(name, metadata, generator, rate, secs):
    waits = {"sound variant": 0.05, "hanging variant": 30, "shadow of 300 ms": 0.3, "killed shadow": 0.3}.get(name, 0)
    neighbour = Neighbour(metadata, waits)
    shadow = "shadow" in name and name != "no shadow"
    gateway = Gateway(neighbour_model(neighbour.port, shadow) if name not in ("alone", "no shadow") else "    routing: {policy: {fixed: \"1\"}}\n")
    stop = threading.Event()
    try:
        warm(gateway)
        if "variant" in name:
            load_on(gateway, stop)
        if name == "killed shadow":
            neighbour.kill()
        measured = latency(generator, gateway.url(""), rate, secs)
        copies = gateway.metric("weir_shadow_comparisons_total") if shadow else 0
        drops = gateway.metric("weir_shadow_dropped_total") if shadow else 0
        return (*measured, copies, drops)
    finally:
        stop.set()
        gateway.close()
        neighbour.kill()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rate", type=int, default=500)
    options.add_argument("--secs", type=int, default=8)
    options.add_argument("--rounds", type=int, default=2)
    chosen = options.parse_args()
    bare = Gateway("    routing: {policy: {fixed: \"1\"}}\n")
    metadata = get(f"http://127.0.0.1:{bare.port}/v2/models/plain-30/versions/1")
    bare.close()
    cases = ["alone", "sound variant", "hanging variant", "no shadow", "shadow of 300 ms", "killed shadow"]
    results = {name: [] for name in cases}
    systems.write_body()
    generator = proxies.OpenLoop()
    for _ in range(chosen.rounds):
        for name in cases:
            results[name].append(case(name, metadata, generator, chosen.rate, chosen.secs))
            print("#", name, results[name][-1], flush=True)
    print("\n| neighbour | p50 us | p99 us | p99.9 us | errors | copies compared | copies dropped |\n|---|--:|--:|--:|--:|--:|--:|")
    for name in cases:
        middle = [statistics.median(run[i] for run in results[name]) for i in range(6)]
        print(f"| {name} | " + " | ".join(f"{value:.0f}" for value in middle) + " |")
    print(f"\n{chosen.rounds} rounds of {chosen.secs} s at {chosen.rate} requests/s; medians of the rounds.")


if __name__ == "__main__":
    main()
