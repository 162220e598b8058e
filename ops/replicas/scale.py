"""Measures what one replica and the database carry during a rollout, and prints a Markdown table."""

import os
import re
import subprocess
import sys
import time

import parts
import traffic

sys.path.insert(0, str(parts.ROOT / "ops" / "bench"))
import systems  # noqa: E402  (CPU and memory of process trees)

KINDS = {"sticky": "{by-header: x-user-id}", "not sticky": "none"}
CONNECTIONS = 16
WARM_SECONDS = 12
STEADY_RATE = 100  # requests per second and replica
USERS = 5_000
COUNTS = ("SELECT xact_commit, tup_inserted + tup_updated + tup_deleted, wal_sync, wal_bytes"
          " FROM pg_stat_database, pg_stat_wal WHERE datname = 'weir'")
HEAD = ("| sticky | what | requests/s | replica CPU us/request | replica cores | transactions/s | durable writes/s"
        " | rows written/s | log KiB/s | postgres cores | checkpoint bytes | p99 ms |")


def run(chosen, fleet_of):
    parts.require_tools(("wrk",))
    print(HEAD + "\n|---|---|" + "--:|" * 10)
    for kind, sticky in KINDS.items():
        with fleet_of(chosen.port, STICKY=sticky, STEP="9m") as fleet:
            scale = Scale(fleet, kind, chosen.slice)
            scale.row("three replicas at rest, no rollout")
            start(fleet)
            scale.row("three replicas at rest, a rollout")
            with traffic.Traffic(fleet.balancer.port, STEADY_RATE * len(fleet.replicas)) as sent:
                time.sleep(3)
                scale.row(f"three replicas, {STEADY_RATE} requests/s each, {USERS} users", lambda seconds: steady(sent, seconds))
            scale.wrk(WARM_SECONDS, USERS)
            scale.row(f"all that one replica can, {USERS} users", lambda seconds: scale.wrk(seconds, USERS))
            if kind == "sticky":
                scale.row("all that one replica can, every request a new user", lambda seconds: scale.wrk(seconds, 0))
            connections = fleet.sql.rows("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = 'weir' AND application_name LIKE 'weir%'")
            memory = systems.resident_mib(fleet.replicas[0].pid)
            print(f"# {kind}: {connections[0][0]} connections of three replicas; replica-1 holds {memory:.0f} MiB", file=sys.stderr)


def start(fleet):
    path = f"/admin/models/{parts.MODEL}/rollout/start"
    status, _, words = fleet.replicas[0].ask(path, {"candidate": "2", "why": "measured"}, {"weir-actor": "fleet"})
    if status != 200:
        sys.exit(f"ops/fleet: no rollout: {words}")


def steady(sent, seconds):
    before = len(sent.answers)
    time.sleep(seconds)
    late = sorted(each.ended - each.begun for each in sent.answers[before:])
    return {"rate": len(late) / seconds, "p99": late[int(0.99 * (len(late) - 1))] * 1e3, "errors": len(sent.failures(before))}


class Scale:
    """One fleet and its measured rows."""

    def __init__(self, fleet, kind, seconds):
        self.fleet, self.kind, self.seconds = fleet, kind, seconds
        self.body = fleet.run / "request.json"
        self.body.write_bytes(traffic.bodies(1)[0])

    def wrk(self, seconds, users):
        """As much as the first replica answers, without the balancer."""
        target = f"http://127.0.0.1:{self.fleet.replicas[0].port}/v2/models/{parts.MODEL}/infer"
        wrk = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{int(seconds)}s", "--latency", "-s", str(parts.HERE / "users.lua"), target],
            capture_output=True, text=True, timeout=seconds + 60,
            env={**os.environ, "FLEET_BODY": str(self.body), "USERS": str(users)})
        result = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", wrk.stdout)
        if not result:
            sys.exit(f"ops/fleet: wrk failed: {wrk.stdout}{wrk.stderr}")
        requests, micros, _, p99, errors = map(int, result.groups())
        return {"rate": requests / micros * 1e6, "p99": p99 / 1e3, "errors": errors}

    def counts(self):
        time.sleep(1.2)  # PostgreSQL tells of itself once a second
        at = time.monotonic()
        numbers = [float(each) for each in self.fleet.sql.rows(COUNTS)[0]]
        cpu = [systems.cpu_seconds(pid) for pid in (self.fleet.replicas[0].pid, self.fleet.database.pid)]
        return [at, *numbers, *cpu]

    def row(self, what, load=None):
        before = self.counts()
        result = load(self.seconds) if load else time.sleep(self.seconds) or {"rate": 0, "p99": 0, "errors": 0}
        worked = self.seconds if load else None
        after = self.counts()
        seconds = after[0] - before[0]
        commits, rows, writes, log, cpu, database_cpu = (b - a for a, b in zip(before[1:], after[1:]))
        requests = result["rate"] * (worked or seconds) / (len(self.fleet.replicas) if "three" in what else 1)
        each = f"{cpu / requests * 1e6:.0f}" if requests else ""
        latency = f"{result['p99']:.1f}" if requests else ""
        print(f"| {self.kind} | {what} | {result['rate']:.0f} | {each} | {cpu / (worked or seconds):.2f} | {commits / seconds:.1f}"
              f" | {writes / seconds:.1f} | {rows / seconds:.1f} | {log / seconds / 1024:.1f} | {database_cpu / seconds:.3f}"
              f" | {self.checkpoint()} | {latency} |" + (f" {result['errors']} errors" if result["errors"] else ""), flush=True)

    def checkpoint(self):
        rows = self.fleet.sql.rows("SELECT COALESCE(ROUND(AVG(LENGTH(state))), 0) FROM evidence WHERE name LIKE 'experiment/%'")
        return rows[0][0]
