#!/usr/bin/env python3
"""Three replicas of Weir on one PostgreSQL behind haproxy, on this machine, for people to try and for the tests.

Without a command: starts them, prints where they are and a line for each thing that happens, until Ctrl-C.
A replica that ends is started again. chaos breaks the fleet in many ways under load and writes
gateway/simulation/fleet.md; scale measures what a replica and the database carry."""

import argparse
import contextlib
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import database
import parts

TOOLS = ("initdb", "postgres", "psql", "haproxy")
LOOK_SECONDS = 0.5
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Fleet:
    """What was started; `with` ends it."""

    def __init__(self, port, replicas=parts.REPLICAS, **settings):
        parts.require_tools(TOOLS)
        ports = [port, port + 1, *(port + 10 * n + more for n in range(1, replicas + 1) for more in (0, 1))]
        parts.require_free(ports)
        subprocess.run([str(parts.ROOT / "ops" / "weir"), "--version"], check=True, stdout=subprocess.DEVNULL)
        self.run = parts.ROOT / "gateway" / "target" / f"fleet-{port}"
        shutil.rmtree(self.run, ignore_errors=True)
        self.run.mkdir(parents=True)
        self.database = database.Postgres(port + 1, self.run / "postgresql.log")
        self.replicas = [parts.Replica(n, self.run, port + 10 * n, port + 1, settings) for n in range(1, replicas + 1)]
        self.balancer = parts.Balancer(self.run, port, self.replicas)
        self.sql = database.Sql(port + 1)
        self.identities = {}

    def __enter__(self):
        try:
            self.database.create()
            self.database.start()
            self.database.create_database()
            for replica in self.replicas:
                replica.start()
            for replica in self.replicas:
                parts.until(f"{replica.name} is ready", 120, replica.ready)
            self.balancer.start()
            parts.until("the balancer has every replica", 30, self.balanced)
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        before = {each: signal.signal(each, signal.SIG_IGN) for each in ENDS}  # another signal would leave some running
        self.sql.close()
        for part in (self.balancer, *self.replicas):
            with contextlib.suppress(Exception):
                part.stop()
        self.database.remove()
        for each, handler in before.items():
            signal.signal(each, handler)

    def balanced(self):
        with contextlib.suppress(OSError):
            return len(self.balancer.up()) == len(self.replicas)

    def lease(self):
        """Holder, term and seconds left of the leader's lease by the database's clock; None when nobody knows."""
        rows = self.sql.rows("SELECT holder, term, ends_at / 1e6 - EXTRACT(EPOCH FROM clock_timestamp())"
                             " FROM lease WHERE name = 'rollouts'")
        return (rows[0][0], int(rows[0][1]), float(rows[0][2])) if rows else None

    def asked(self, query):
        """The one value that the database answers; waits for it."""
        return parts.until("the database answers", 30, lambda: self.sql.rows(query))[0][0]

    def leader(self):
        """The replica that leads now, if it is one of those that run."""
        lease = self.lease()
        return self.named(lease[0]) if lease and lease[2] > 0 else None

    def named(self, identity):
        for replica in self.replicas:
            if replica.alive() and self.identity(replica) == identity:
                return replica
        return None

    def identity(self, replica):
        """What a replica calls itself, which each start makes anew."""
        key = (replica.name, replica.starts)
        if key not in self.identities:
            try:
                self.identities[key] = replica.ask("/admin/status", seconds=2)[2]["replica"]
            except (OSError, KeyError, TypeError):
                return None
        return self.identities[key]

    def entries(self, after=0):
        """The journal's entries after that position: (position, stream, revision, event, actor, why)."""
        rows = self.sql.rows("SELECT place, stream, revision, kind, actor, replace(replace(why, chr(10), ' '), chr(9), ' ')"
                             f" FROM event WHERE place > {after} ORDER BY place LIMIT 500")
        return None if rows is None else [(int(row[0]), row[1], int(row[2]), *row[3:]) for row in rows]


class Watch:
    """One line for each thing that happens to a fleet."""

    def __init__(self, fleet):
        self.fleet = fleet
        self.position = 0
        self.term = None
        self.up = {replica.name for replica in fleet.replicas}
        self.answers = True

    def look(self):
        self.processes()
        self.balancer()
        entries = self.fleet.entries(self.position)
        if (entries is not None) != self.answers:
            self.answers = entries is not None
            say("postgresql answers again" if self.answers else "postgresql does not answer: serving goes on, rollouts stand still")
        for position, stream, revision, event, actor, why in entries or []:
            self.position = position
            say(f"{stream.removeprefix('model/')} revision {revision}: {event} by {actor}{': ' + why if why else ''}")
        if self.answers:
            self.leader()

    def processes(self):
        for part in (*self.fleet.replicas, self.fleet.database):
            if not part.alive():
                code = part.process.returncode
                part.start()
                how = f"signal {-code}" if code < 0 else f"code {code}"
                say(f"{part.name} ended ({how}) and was started again, pid {part.pid}")

    def balancer(self):
        with contextlib.suppress(OSError):
            up = self.fleet.balancer.up()
            for name in sorted(up ^ self.up):
                say(f"the balancer {'sends to' if name in up else 'leaves out'} {name}")
            self.up = up

    def leader(self):
        lease = self.fleet.lease()
        if lease and lease[2] > 0 and lease[1] != self.term:
            replica = self.fleet.named(lease[0])
            if replica:
                self.term = lease[1]
                say(f"{replica.name} leads (term {lease[1]}, {lease[0]})")


def say(words):
    print(f"{time.strftime('%H:%M:%S')}  {words}", flush=True)


def addresses(fleet):
    base = fleet.balancer.port
    first, last = fleet.replicas[0], fleet.replicas[-1]
    print(f"balancer     http://127.0.0.1:{base}/v2")
    for replica in fleet.replicas:
        print(f"{replica.name}    http://127.0.0.1:{replica.port}/v2   management {replica.management}   pid {replica.pid}")
    print(f"postgresql   postgresql://127.0.0.1:{fleet.database.port}/weir   user weir, password {parts.PASSWORD}   pid {fleet.database.pid}")
    print(f"logs         {fleet.run.relative_to(parts.ROOT)}/")
    print(f"""try          ops/weir rollout start {parts.MODEL} 2 --why "a try" --management {first.management}
             ops/weir status {parts.MODEL} --management {last.management}      # every replica says the same
             kill -9 PID of the leader            # another leads within five seconds
             kill -STOP / -CONT {fleet.database.pid}         # no new sessions; ops/fleet chaos freezes all of the database
""", flush=True)


def run(chosen):
    with Fleet(chosen.port) as fleet, traffic(fleet, chosen.rate) as sent:
        addresses(fleet)
        watch = Watch(fleet)
        end = time.monotonic() + chosen.secs if chosen.secs else float("inf")
        while time.monotonic() < end:
            watch.look()
            time.sleep(LOOK_SECONDS)
        if sent:
            say(f"{len(sent.answers)} requests, {len(sent.failures())} without an answer of the model")


def traffic(fleet, rate):
    if not rate:
        return contextlib.nullcontext()
    import traffic as of
    return of.Traffic(fleet.balancer.port, rate)


def options():
    parser = argparse.ArgumentParser(prog="ops/fleet", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=9400, help="the balancer's; the others follow it (9400)")
    parser.add_argument("--secs", type=float, help="end by itself after so many seconds")
    parser.add_argument("--rate", type=float, default=100, help="requests per second through the balancer, 0 for none (100)")
    commands = parser.add_subparsers(dest="command")
    chaos = commands.add_parser("chaos", help="break it under load and write the report; Ctrl-C ends the kills early")
    chaos.add_argument("--kills", type=int, default=50)
    chaos.add_argument("--pairs", type=int, default=1_000)
    chaos.add_argument("--out", type=pathlib.Path, help="the report (gateway/simulation/fleet.md)")
    scale = commands.add_parser("scale", help="measure what a replica and the database carry")
    scale.add_argument("--slice", type=int, default=15, help="seconds of each measurement (15)")
    return parser.parse_args()


def main():
    chosen = options()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell that started it in the background ignores it
    for ends in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ends, lambda number, _: sys.exit(128 + number))
    try:
        if chosen.command == "chaos":
            import chaos
            sys.exit(chaos.run(chosen, Fleet))
        elif chosen.command == "scale":
            import scale
            scale.run(chosen, Fleet)
        else:
            run(chosen)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
