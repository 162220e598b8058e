#!/usr/bin/env python3
"""How long Weir takes to start and what it holds, beside a bare server, and how long its client commands take.

Every round starts each system once, one after the other. Ready is the first answer 200 to an inference, from the
instant of the start; CPU is that of the process up to then; memory is read at that instant and after 1,000 requests.
Client commands are run against the gateway of the archive. The archive is made when there is none."""

import argparse
import http.client
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time

import systems

REQUESTS = 1_000
HEADERS = {"Content-Type": "application/json", "x-user-id": "ann"}
PORTS = {"archive": systems.PORT, "jdk": systems.PORT + 3, "bare": systems.PORT + 6, "bare-jdk": systems.PORT + 7}
WORDS = {"archive": "Weir, the archive (its own runtime, AOT cache)", "jdk": "Weir, `ops/weir` (JDK, no cache)",
         "bare": "bare server, the archive's runtime, AOT cache", "bare-jdk": "bare server, JDK, no cache"}
READY_SECONDS = 120


def options():
    parser = argparse.ArgumentParser(prog="ops/bench/start", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(PORTS), help=f"of {','.join(PORTS)}")
    parser.add_argument("--no-commands", action="store_true", help="leave the client commands out")
    chosen = parser.parse_args()
    chosen.only = chosen.only.split(",")
    unknown = set(chosen.only) - set(PORTS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return chosen


def product():
    """The folder of the archive; made when it is not there."""
    found = sorted((systems.ROOT / "target").glob("weir-*-linux-x64/lib/serve.aot"))
    if not found:
        subprocess.run([str(systems.ROOT / "ops" / "package")], check=True, stdout=sys.stderr)
        found = sorted((systems.ROOT / "target").glob("weir-*-linux-x64/lib/serve.aot"))
    return found[-1].parent.parent


def configuration(folder, port, name):
    """The archive's example configuration on ports and a state folder of this bench."""
    text = (folder / "conf" / "weir.yaml").read_text()
    text = text.replace("http:\n", f"http:\n  port: {port}\n  management-port: {port + 1}\n", 1)
    text = text.replace("grpc:\n", f"grpc:\n  port: {port + 2}\n", 1)
    text = text.replace("../models/repository", str(folder / "models" / "repository")).replace("../state", str(systems.TARGET / f"start-{name}"))
    file = systems.TARGET / f"start-{name}.yaml"
    file.write_text(text)
    return file


class Bare:
    """The bare server in the archive's runtime, with a cache recorded in a run of its own, as the archive's is."""

    def __init__(self, folder):
        self.folder = folder
        own = systems.TARGET / "bare"
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        (own / "libs").symlink_to(folder / "lib" / "libs")
        self.jar, self.cache = own / "bare.jar", own / "bare.aot"
        classes = systems.compiled(systems.HERE / "bare" / "Bare.java")
        manifest = own / "bare.mf"
        path = " ".join(f"libs/{each.name}" for each in sorted((folder / "lib" / "libs").glob("*.jar")))
        line, lines = f"Class-Path: {path}", []
        while line:
            lines.append(line[:70])
            line = line[70:] and " " + line[70:]
        manifest.write_text("\n".join(lines) + "\n")
        subprocess.run([systems.java().replace("/bin/java", "/bin/jar"), "--create", "--file", str(self.jar), "--manifest", str(manifest),
                        "-C", str(classes), "."], check=True)
        self.train()

    def command(self, *flags):
        return [str(self.folder / "runtime" / "bin" / "java"), f"@{self.folder / 'lib' / 'options'}", *flags,
                f"-Donnxruntime.native.path={self.folder / 'lib' / 'native'}", "-cp", str(self.jar), "Bare", str(systems.MODEL), str(PORTS["bare"])]

    def train(self):
        started = start(self.command(f"-XX:AOTCacheOutput={self.cache}"), "bare-train")
        try:
            ready(started, PORTS["bare"], systems.PATH, systems.BODY.read_bytes())
            ask(PORTS["bare"], systems.PATH, systems.BODY.read_bytes(), REQUESTS)
        finally:
            stop(started)
        if not self.cache.exists():
            sys.exit("bench: the bare server's training run left no cache")


def start(argv, name):
    with open(systems.TARGET / f"start-{name}.log", "w") as log:
        return subprocess.Popen(argv, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)


def stop(process):
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def ready(process, port, path, body):
    """Waits for the first answer 200; a port that refuses is asked again after 2 ms."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            ask(port, path, body, 1)
            return
        except (OSError, http.client.HTTPException, RuntimeError):
            time.sleep(0.002)
    sys.exit(f"bench: {' '.join(process.args[:2])} ... did not get ready; see {systems.TARGET}/start-*.log")


def ask(port, path, body, count):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        for _ in range(count):
            connection.request("POST", path, body, HEADERS)
            answer = connection.getresponse()
            told = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} {told[:200]}")
    finally:
        connection.close()


def resident(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def measured(argv, name, body):
    begin = time.monotonic()
    process = start(argv, name)
    try:
        ready(process, PORTS[name], systems.PATH, body)
        result = {"ready": time.monotonic() - begin, "cpu": systems.cpu_seconds(process.pid), "first": resident(process.pid)}
        ask(PORTS[name], systems.PATH, body, REQUESTS)
        result["memory"] = resident(process.pid)
    finally:
        stop(process)
    print(f"# {name:8} ready {result['ready']:.2f} s  cpu {result['cpu']:.2f} s  memory {result['first']:.0f}, then {result['memory']:.0f} MiB", file=sys.stderr)
    return result


def commands(folder, rounds):
    """Each client command by both ways, alternately, against one gateway."""
    file = configuration(folder, PORTS["archive"], "archive")
    management = f"http://127.0.0.1:{PORTS['archive'] + 1}"
    ways = {"archive": str(folder / "bin" / "weir"), "jdk": str(systems.ROOT / "ops" / "weir")}
    asked = {"--version": ["--version"], "--help": ["--help"], "check": ["check", str(file)],
             "status": ["status", "--management", management],
             "status MODEL": ["status", "diamond-price", "--management", management],
             "audit": ["audit", "--management", management]}
    results = {}
    gateway = start([ways["archive"], "serve", "--config", str(file)], "commands")
    try:
        ready(gateway, PORTS["archive"], systems.PATH, systems.BODY.read_bytes())
        for _ in range(rounds):
            for words, arguments in asked.items():
                for way, program in ways.items():
                    results.setdefault((words, way), []).append(timed([program, *arguments]))
    finally:
        stop(gateway)
    print("\n| command | archive: least s | median s | CPU s | `ops/weir`: least s | median s | CPU s |\n|---|--:|--:|--:|--:|--:|--:|")
    for words in asked:
        cells = []
        for way in ways:
            runs = results[words, way]
            cells += [min(each[0] for each in runs), statistics.median(each[0] for each in runs), statistics.median(each[1] for each in runs)]
        print(f"| `{words}` | " + " | ".join(f"{each:.2f}" for each in cells) + " |")


def timed(argv):
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    took, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(argv)}: {done.stderr}")
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def starts(chosen, folder):
    argv = {}
    if "archive" in chosen.only:
        argv["archive"] = [str(folder / "bin" / "weir"), "serve", "--config", str(configuration(folder, PORTS["archive"], "archive"))]
    if "jdk" in chosen.only:
        argv["jdk"] = [str(systems.ROOT / "ops" / "weir"), "serve", "--config", str(configuration(folder, PORTS["jdk"], "jdk"))]
    if "bare" in chosen.only:
        bare = Bare(folder)
        argv["bare"] = bare.command(f"-XX:AOTCache={bare.cache}")
    if "bare-jdk" in chosen.only:
        argv["bare-jdk"] = systems.bare(systems.HERE / "bare" / "Bare.java", systems.MODEL, PORTS["bare-jdk"])
    body, results = systems.BODY.read_bytes(), {}
    for _ in range(chosen.rounds):
        for name, command in argv.items():
            results.setdefault(name, []).append(measured(command, name, body))
    print("| started | ready: least s | median s | CPU s | memory when ready MiB | after 1,000 requests MiB |\n|---|--:|--:|--:|--:|--:|")
    for name, runs in results.items():
        middle = {field: statistics.median(each[field] for each in runs) for field in runs[0]}
        print(f"| {WORDS[name]} | {min(each['ready'] for each in runs):.2f} | {middle['ready']:.2f} | {middle['cpu']:.2f} "
              f"| {middle['first']:.0f} | {middle['memory']:.0f} |")
    if {"archive", "bare"} <= results.keys():
        pairs = list(zip(results["archive"], results["bare"]))
        print(f"\nThe archive is ready {statistics.median(a['ready'] - b['ready'] for a, b in pairs):.2f} s after the bare server "
              f"(median of the rounds' own differences), and takes {statistics.median(a['cpu'] - b['cpu'] for a, b in pairs):.2f} s of CPU more.")


def main():
    chosen = options()
    systems.end_on_terminate()
    systems.write_body()
    folder = product()
    subprocess.run([str(systems.ROOT / "ops" / "weir"), "--version"], check=True, stdout=subprocess.DEVNULL)  # builds when needed
    starts(chosen, folder)
    if not chosen.no_commands:
        commands(folder, chosen.rounds)
    print(f"\n{chosen.rounds} rounds; {os.cpu_count()} cores.")


if __name__ == "__main__":
    main()
