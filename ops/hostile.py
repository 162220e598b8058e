"""Attacks a gateway, one way after the other, while normal clients ask at a steady rate from another address.

Says for each attack what share of the normal requests was answered rightly and how fast, which clients the gateway cut off and
why, and whether its threads, files and heap came back. Exits with 1 when a normal request got a wrong answer or none, or something
did not come back.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPORT = ROOT / "gateway" / "simulation" / "hostile.md"
INFER = "/v2/models/plain-30/infer"
BODY = json.dumps({"inputs": [{"name": "input", "shape": [1, 30], "datatype": "FP32", "data": [0.5] * 30}]})
NORMAL_ADDRESS = "127.0.0.9"
RATE = 40
NORMAL_CLIENTS = 8
CONNECTIONS = 400
BACK_WITHIN = 30
HEAP_SLACK = 24 << 20


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Gateway:
    def __init__(self):
        self.port, self.management, self.grpc = free_port(), free_port(), free_port()
        self.folder = tempfile.TemporaryDirectory(prefix="weir-hostile-")
        config = pathlib.Path(self.folder.name) / "weir.yaml"
        waits = "first-byte-timeout: 2s, body-timeout: 5s, read-timeout: 2s, write-timeout: 2s, idle-timeout: 10s, max-connections-per-address: 300"
        config.write_text(
            f"http: {{port: {self.port}, management-port: {self.management}, header-timeout: 2s, {waits}}}\n"
            f"grpc: {{port: {self.grpc}, {waits}}}\n"
            f"repository: {{path: {ROOT / 'models' / 'repository'}}}\nstate: {self.folder.name}/state\n"
        )
        self.log = open(pathlib.Path(self.folder.name) / "log", "wb")
        self.process = subprocess.Popen(
            [ROOT / "ops" / "weir", "serve", "--config", config], stdout=self.log, stderr=self.log, start_new_session=True
        )
        end = time.time() + 300
        while ask(None, self.port)[0] != 200:
            if time.time() > end or self.process.poll() is not None:
                raise SystemExit("the gateway did not come up: " + (pathlib.Path(self.folder.name) / "log").read_text())
            time.sleep(0.2)

    def cuts(self):
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.management}/metrics", timeout=30).read().decode()
        found = re.findall(r'weir_clients_cut_total\{door="(\w+)",reason="(\w+)"\} (\S+)', text)
        return {(door, reason): int(float(count)) for door, reason, count in found}

    def figures(self):
        """Live heap after a collection, threads and files."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        jcmd = os.path.join(os.environ["JAVA_HOME"], "bin", "jcmd")
        said = subprocess.run([jcmd, str(self.process.pid), "GC.class_histogram"], capture_output=True, text=True, check=True).stdout
        heap = int(next(line for line in said.splitlines() if line.startswith("Total")).split()[-1])
        files = len(os.listdir(f"/proc/{self.process.pid}/fd"))
        return heap, int(re.search(r"Threads:\s+(\d+)", status).group(1)), files

    def close(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        return self.process.wait(60)


def ask(connection, port):
    """Status and price of one request; 0 when there was no answer."""
    try:
        used = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(NORMAL_ADDRESS, 0))
        used.request("POST", INFER, BODY, {"content-type": "application/json"})
        answer = used.getresponse()
        body = answer.read()
        if connection is None:
            used.close()
        return answer.status, json.loads(body).get("outputs", [{}])[0].get("data")
    except (OSError, http.client.HTTPException, ValueError) as failure:
        return 0, repr(failure)


class Normal:
    """Clients that ask at a steady rate; every fourth request comes on a connection of its own."""

    def __init__(self, port, expected):
        self.port, self.expected, self.stop = port, expected, threading.Event()
        self.micros, self.shed, self.wrong = [], [], []
        self.threads = [threading.Thread(target=self.run, args=(i,), daemon=True) for i in range(NORMAL_CLIENTS)]
        for thread in self.threads:
            thread.start()

    def run(self, number):
        kept = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=(NORMAL_ADDRESS, 0))
        pause = NORMAL_CLIENTS / RATE
        due, count = time.monotonic() + pause * number / NORMAL_CLIENTS, 0
        while not self.stop.wait(max(0, due - time.monotonic())):
            count += 1
            answer = ask(None if count % 4 == 0 else kept, self.port)
            self.micros.append((time.monotonic() - due) * 1e6)
            if answer[0] == 503 and answer[1] is None:
                self.shed.append(answer)
            elif answer != (200, self.expected):
                self.wrong.append(answer)
                kept.close()
            due = max(due + pause, time.monotonic() - 5)

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join(30)
        ordered = sorted(self.micros)
        return len(ordered), len(self.shed), len(self.wrong), ordered[int(len(ordered) * 0.99)] / 1000 if ordered else 0


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload) << 8 | kind) + struct.pack(">BI", flags, stream) + payload


def literal(place, value):
    return bytes([place, len(value)]) + value


def block(method, path, *more):
    text = literal(1, b"a") + literal(2, method) + literal(4, path) + literal(6, b"http")
    for name, value in more:
        text += b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value
    return text


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0)
GET = block(b"GET", b"/v2")
POST = block(b"POST", INFER.encode(), (b"content-length", b"500"))
CALL = block(b"POST", b"/inference.GRPCInferenceService/ModelInfer", (b"content-type", b"application/grpc"), (b"te", b"trailers"))


def rapid_reset(n):
    """A request and its reset, as fast as the socket takes them."""
    return b"".join(frame(1, 5, s, GET) + frame(3, 0, s, struct.pack(">I", 8)) for s in range(1 + 200 * n, 1 + 200 * n + 200, 2))


def continuations(n):
    return (frame(1, 0, 1, GET) if n == 0 else b"") + frame(9, 0, 1) * 200


def pings(_):
    return frame(6, 0, 0, b"\0" * 8) * 100 + frame(4, 0, 0) * 100


def windows(n):
    """Bodies beyond every window."""
    return (frame(1, 4, 1, block(b"POST", INFER.encode())) if n == 0 else b"") + frame(0, 0, 1, b"\0" * 16384) * 8


def stalled(n):
    """Bodies that stop after a byte, a hundred to a connection; then silence."""
    return b"".join(frame(1, 4, s, POST) + frame(0, 0, s, b"{") for s in range(1, 200, 2)) if n == 0 else None


def announced(n):
    """Messages of 16 MiB that are announced, begun and never sent."""
    message = b"\0" + struct.pack(">I", (16 << 20) - 16) + b"\0" * 500
    return b"".join(frame(1, 4, s, CALL) + frame(0, 0, s, message) for s in range(1, 200, 2)) if n == 0 else None


def silence(_):
    return None


def raw(port, secs, more, connections, preface=PREFACE):
    """Keeps so many connections busy with what {@code more} says comes next; opens one anew for each that was cut."""
    end = time.monotonic() + secs

    def client():
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=2) as out:
                    out.sendall(preface)
                    number, out_timeout = 0, 0.2
                    while time.monotonic() < end:
                        piece = more(number)
                        if piece:
                            out.settimeout(2)
                            out.sendall(piece)
                        number += 1
                        out.settimeout(out_timeout if piece is None else 0.001)
                        try:
                            if not out.recv(1 << 16):
                                break
                        except TimeoutError:
                            continue
            except OSError:
                time.sleep(0.05)

    threads = [threading.Thread(target=client, daemon=True) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(secs + 30)


def tool(*command):
    def run(gateway, secs):
        url = f"http://127.0.0.1:{gateway.port}"
        words = [str(word).replace("URL", url).replace("SECS", str(secs)) for word in command]
        began = time.monotonic()
        done = subprocess.run(words, capture_output=True, text=True, timeout=secs + 120, check=False)
        if time.monotonic() - began < secs / 2:
            raise SystemExit(f"ops/hostile: {' '.join(words)} ended early and said\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return run


def frames(more, connections, door="port", preface=PREFACE):
    return lambda gateway, secs: raw(getattr(gateway, door), secs, more, connections, preface)


def attacks(folder):
    body = pathlib.Path(folder) / "body.json"
    body.write_text(BODY)
    slow = ["slowhttptest", "-c", CONNECTIONS, "-r", 200, "-i", 1, "-l", "SECS", "-p", 1]
    return [
        ("none", lambda gateway, secs: time.sleep(secs)),
        ("slow headers (slowhttptest -H)", tool(*slow, "-H", "-t", "GET", "-u", "URL/v2")),
        ("slow bodies (slowhttptest -B)", tool(*slow, "-B", "-s", 8192, "-t", "POST", "-u", "URL" + INFER)),
        ("slow reading (slowhttptest -X)", tool(*slow, "-X", "-w", 10, "-y", 20, "-n", 1, "-z", 5, "-k", 10, "-u", "URL/openapi.yaml")),
        ("many streams (h2load -c 20 -m 50)", tool("h2load", "-c", 20, "-m", 50, "-D", "SECS", "URL/v2")),
        ("many inferences (h2load -c 20 -m 50 -d)", tool("h2load", "-c", 20, "-m", 50, "-D", "SECS", "-d", body, "-H", "content-type: application/json", "URL" + INFER)),
        ("silent connections", frames(silence, CONNECTIONS, preface=b"")),
        ("rapid resets", frames(rapid_reset, 8)),
        ("endless CONTINUATION", frames(continuations, 8)),
        ("PING and SETTINGS", frames(pings, 8)),
        ("bodies beyond the window", frames(windows, 8)),
        ("100 stalled streams a connection", frames(stalled, 50)),
        ("gRPC: silent connections", frames(silence, CONNECTIONS, "grpc", b"")),
        ("gRPC: 100 unfinished messages a connection", frames(announced, 50, "grpc")),
        ("gRPC: rapid resets", frames(rapid_reset, 8, "grpc")),
        ("gRPC: PING and SETTINGS", frames(pings, 8, "grpc")),
    ]


def came_back(gateway, before):
    """Waits until files and threads are as few as before, then looks at the heap."""
    end = time.monotonic() + BACK_WITHIN
    while True:
        heap, threads, files = gateway.figures()
        if heap <= before[0] + HEAP_SLACK and threads <= before[1] + 12 and files <= before[2] + 12:
            return True, (heap, threads, files)
        if time.monotonic() > end:
            return False, (heap, threads, files)
        time.sleep(1)


def told(cuts):
    return ", ".join(f"{count:,} {door} {reason.replace('_', ' ')}" for (door, reason), count in sorted(cuts.items()) if count) or "none"


def main():
    options = argparse.ArgumentParser(prog="ops/hostile")
    options.add_argument("--secs", type=int, default=15, help="how long each attack lasts")
    secs = options.parse_args().secs
    gateway = Gateway()
    failed, rows = False, []
    expected = ask(None, gateway.port)[1]
    warm = Normal(gateway.port, expected)
    time.sleep(5)
    warm.end()
    before = gateway.figures()
    for name, attack in attacks(gateway.folder.name):
        cuts = gateway.cuts()
        normal = Normal(gateway.port, expected)
        attack(gateway, secs)
        asked, shed, wrong, p99 = normal.end()
        back, (heap, threads, files) = came_back(gateway, before)
        ended = {key: count - cuts[key] for key, count in gateway.cuts().items()}
        right = 100 * (asked - shed - wrong) / max(1, asked)
        rows.append(f"| {name} | {asked} | {right:.4g} % | {shed} | {wrong} | {p99:.0f} | {told(ended)} | {heap >> 20} / {threads} / {files}{'' if back else ' (no)'} |")
        print("#", rows[-1], set(map(str, normal.wrong[:5])) or "", flush=True)
        failed |= wrong > 0 or not back or asked == 0
    code = gateway.close()
    failed |= code != 0
    report = (
        "# Hostile clients\n\nWritten by `ops/hostile`. Each attack comes from 127.0.0.1 and lasts "
        f"{secs} s; meanwhile {NORMAL_CLIENTS} normal clients at {NORMAL_ADDRESS} ask for an inference {RATE} times a second together, every fourth time on a new\n"
        "connection, timed from when each was due. The gateway's deadlines are 2 s (5 s for a whole body), and an address may hold 300 connections.\n"
        "*Told to come again*: 503 with Retry-After, of a gateway that is full; rates of callers (`access.limits`) are what keeps one caller from filling it.\n"
        "Attackers and gateway share two processors, so p99 says what an attack takes of them too. Heap is what lives after a full collection.\n\n"
        "| attack | normal requests | answered rightly | told to come again | wrong or none | p99 ms | clients cut off, by door and reason | heap MiB / threads / files afterwards |\n|---|--:|--:|--:|--:|--:|---|--:|\n"
        + "\n".join(rows)
        + f"\n\nBefore: {before[0] >> 20} MiB / {before[1]} / {before[2]}. Told to stop at the end, the gateway exited with {code}.\n"
    )
    REPORT.write_text(report)
    print("\n" + report)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
