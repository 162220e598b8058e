"""What a fleet is made of: PostgreSQL, replicas, a load balancer. Each ends only the process that it started."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PASSWORD = "fleet"  # of a database that lives as long as the command, on 127.0.0.1
PACKAGES = {"initdb": "postgresql", "postgres": "postgresql", "psql": "postgresql-client", "haproxy": "haproxy", "wrk": "wrk"}
REPLICAS = 3
MODEL = "diamond-price"
SETTINGS = {"STICKY": "{by-header: x-user-id}", "CHECKS": "[{errors: {tolerable: 0.1}}]", "STEP": "2s"}


def tool(name):
    """The path of a program; Debian keeps PostgreSQL's servers outside of the PATH."""
    folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: -float(each.parent.name))
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *map(str, folders)])
    return shutil.which(name, path=path)


def require_tools(names):
    missing = [name for name in names if not tool(name)]
    if missing:
        packages = sorted({PACKAGES.get(name, name) for name in missing})
        sys.exit(f"ops/fleet: {', '.join(missing)} missing (Debian: apt-get install {' '.join(packages)})")


def require_free(ports):
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                sys.exit(f"ops/fleet: port {port} is taken; the fleet needs {sorted(ports)}, and --port moves them")


def call(url, body=None, headers=None, seconds=10):
    """Status, headers and JSON (or text) of an answer, whatever its status; OSError when there is none."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.status, answer.headers, parsed(answer.read())
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers, parsed(answer.read())


def parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        return text.decode(errors="replace")


def until(what, seconds, ask, every=0.1):
    """The first answer of `ask` that is true."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(every)


def descendants(pid):
    """The process and all below it, parents first."""
    children = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            parent = int(pathlib.Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()[1])
            children.setdefault(parent, []).append(int(entry))
        except OSError:
            pass
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop(0))
        todo += children.get(found[-1], [])
    return found


def send(pid, what):
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        pass


def processor_time():
    """(all, given to other guests of the host) since the machine's start, in ticks."""
    ticks = [int(each) for each in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(ticks), ticks[7]


def taken_away(before):
    """The share of processor time that the host has given to others since then; a small machine stands still meanwhile."""
    total, away = (b - a for a, b in zip(before, processor_time()))
    return away / total if total else 0.0


class Part:
    """One process and its log."""

    polite = signal.SIGTERM

    def __init__(self, name, log):
        self.name = name
        self.log = log
        self.process = None

    def launch(self, argv, environment=None, user=None):
        rights = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                argv, cwd="/" if user else ROOT, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True, **rights)

    @property
    def pid(self):
        return self.process.pid

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, what):
        send(self.pid, what)

    def told(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def stop(self):
        if not self.alive():
            return
        self.signal(signal.SIGCONT)
        self.signal(self.polite)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


class Replica(Part):
    """A gateway of the fleet, as `ops/weir serve` starts it; each start is a new replica to the others."""

    def __init__(self, number, run, port, database, settings):
        super().__init__(f"replica-{number}", run / f"replica-{number}.log")
        self.port = port
        self.management_port = port + 1
        self.config = run / f"replica-{number}.yaml"
        self.starts = 0
        marks = {**SETTINGS, **settings, "PORT": port, "MANAGEMENT": self.management_port, "DATABASE": database,
                 "ROOT": ROOT, "STATE": run / f"state-{number}"}
        self.config.write_text(filled("weir.yaml", marks))

    @property
    def management(self):
        return f"http://127.0.0.1:{self.management_port}"

    def start(self):
        self.starts += 1
        self.launch([str(ROOT / "ops" / "weir"), "serve", "--config", str(self.config)], {"FLEET_PASSWORD": PASSWORD})

    def ready(self):
        if not self.alive():
            sys.exit(f"ops/fleet: {self.name} ended:\n{self.told()}")
        try:
            return call(f"http://127.0.0.1:{self.port}/v2/health/ready", seconds=2)[0] == 200
        except OSError:
            return False

    def kill(self):
        """Between these two instants it dies."""
        begun = time.monotonic()
        self.signal(signal.SIGKILL)
        self.process.wait()
        return begun, time.monotonic()

    def ask(self, path, body=None, headers=None, seconds=10):
        return call(self.management + path, body, headers, seconds)

    def metric(self, name):
        """The sum of a metric's samples; None when there are none."""
        text = self.ask("/metrics", seconds=5)[2]
        values = re.findall(rf"^{name}(?:\{{[^\n]*\}})? (\S+)$", text, re.M)
        return sum(map(float, values)) if values else None


class Balancer(Part):
    """haproxy before the replicas."""

    def __init__(self, run, port, replicas):
        super().__init__("haproxy", run / "haproxy.log")
        self.port = port
        self.socket = run / "haproxy.sock"
        self.config = run / "haproxy.cfg"
        servers = "\n".join(f"  server {each.name} 127.0.0.1:{each.port}" for each in replicas)
        self.config.write_text(filled("haproxy.cfg", {"RUN": run, "BALANCER": port, "SERVERS": servers}))

    def start(self):
        self.launch([tool("haproxy"), "-db", "-f", str(self.config)])

    def up(self):
        """The names of the replicas that get requests."""
        with socket.socket(socket.AF_UNIX) as talk:
            talk.settimeout(2)
            talk.connect(str(self.socket))
            talk.sendall(b"show stat\n")
            text = b""
            while part := talk.recv(1 << 16):
                text += part
        rows = [line.split(",") for line in text.decode().splitlines() if line and not line.startswith("#")]
        return {row[1] for row in rows if row[1].startswith("replica") and row[17].startswith("UP")}


def filled(name, marks):
    text = (HERE / name).read_text()
    for mark, value in marks.items():
        text = text.replace(f"@{mark}@", str(value))
    return text
