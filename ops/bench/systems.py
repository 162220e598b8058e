"""What the bench starts, watches and stops: Weir, its peers, and a sink for traces."""

import http.server
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import repository

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = HERE / "target"
LIBS = ROOT / "gateway" / "target" / "libs"
MODEL = ROOT / "models" / "repository" / "plain-30" / "1" / "model.onnx"
BODY = TARGET / "request.json"
PATH = "/v2/models/plain-30/infer"
PORT = int(os.environ.get("BENCH_PORT", "9300"))  # the first of the ports
PORTS = {"weir": PORT, "bare": PORT + 3, "fastapi": PORT + 4, "flask": PORT + 5}
MANAGEMENT_PORT = PORT + 1
SINK_PORT = PORT + 2
FEATURES = 30
TICKS = os.sysconf("SC_CLK_TCK")  # of a second
STATE = TARGET / f"state-{PORT}"
MODELS = TARGET / "models"
LOADS = []  # runs of wrk under way
PEER_MODULES = {
    "fastapi": ["fastapi", "uvicorn", "sklearn", "numpy"],
    "flask": ["flask", "gunicorn", "pydantic", "sklearn", "numpy"],
}
PACKAGES = ("wrk nginx-light haproxy python3-fastapi python3-uvicorn python3-uvloop python3-httptools python3-httpx "
            "python3-flask gunicorn python3-sklearn")


def write_body():
    TARGET.mkdir(exist_ok=True)
    draw = random.Random(7)
    data = [round(draw.gauss(0, 1), 6) for _ in range(FEATURES)]
    tensor = {"name": "input", "shape": [1, FEATURES], "datatype": "FP32", "data": data}
    BODY.write_text(json.dumps({"id": "42", "inputs": [tensor]}, separators=(",", ":")))


def write_models():
    """The plain model as two versions, so that one can be rolled out beside the other."""
    shutil.rmtree(MODELS, ignore_errors=True)
    repository.model_folder(MODELS / "plain-30", MODEL, FEATURES, 2)


def peer_python(modules):
    """An interpreter that has these modules; exits naming what is missing."""
    if not modules:
        return sys.executable
    check = "import importlib.util as u,sys; print(' '.join(m for m in sys.argv[1:] if not u.find_spec(m)))"
    missing = {}
    for python in filter(None, [os.environ.get("BENCH_PYTHON"), "/usr/bin/python3", shutil.which("python3")]):
        if shutil.which(python):
            done = subprocess.run([python, "-c", check, *modules], capture_output=True, text=True)
            missing[python] = done.stdout.strip()
            if done.returncode == 0 and not missing[python]:
                return python
    told = "; ".join(f"{python} lacks {what}" for python, what in missing.items())
    sys.exit(f"bench: the Python peers need modules: {told}\n  Debian: apt-get install {PACKAGES}\n"
             "  or set BENCH_PYTHON, or leave the peers out: see --only")


def java_flags():
    """The JVM flags of ops/weir, so that every Java system here runs under the same ones."""
    command = re.search(r'exec "\$JAVA_HOME/bin/java"(.*?)-cp', (ROOT / "ops" / "weir").read_text(), re.S).group(1)
    flags = re.findall(r"(?<=\s)(?:--[a-z]|-XX:)\S+", command)
    if not flags:
        sys.exit("bench: no JVM flags found in ops/weir; the bare handler would run under others")
    return flags + os.environ.get("WEIR_JAVA_OPTS", "").split()


def java():
    return os.path.join(os.environ["JAVA_HOME"], "bin", "java")


def compiled(source):
    """The folder of the classes of one Java file, compiled against Weir's libraries."""
    if not LIBS.is_dir():
        subprocess.run([str(ROOT / "ops" / "weir"), "--version"], check=True, stdout=subprocess.DEVNULL)
    classes = TARGET / source.stem
    subprocess.run([java() + "c", "-nowarn", "-d", str(classes), "-cp", f"{LIBS}/*", str(source)], check=True)
    return classes


def bare(source, *arguments):
    """The command of a bare Java server, under the JVM flags that Weir has."""
    return [java(), *java_flags(), "-cp", f"{compiled(source)}:{LIBS}/*", source.stem, *map(str, arguments)]


def command(name, python):
    port = str(PORTS[name])
    if name == "weir":
        return [str(ROOT / "ops" / "weir"), "serve", "--config", str(HERE / "weir.yaml")]
    if name == "bare":
        return bare(HERE / "bare" / "Bare.java", MODEL, port)
    if name == "fastapi":
        return [python, "-m", "uvicorn", "fastapi_app:app", "--host", "127.0.0.1", "--port", port, "--workers", "2",
                "--no-access-log", "--log-level", "warning"]
    return [python, "-m", "gunicorn", "-w", "2", "-k", "gthread", "--threads", "8", "--keep-alive", "60",
            "-b", f"127.0.0.1:{port}", "--log-level", "warning", "flask_app:app"]


class Sink:
    """Answers 200 to every export of traces and counts them."""

    def __init__(self):
        self.exports = 0
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                sink.exports += 1
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", SINK_PORT), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def end_on_terminate():
    """SIGTERM leaves as an error does, so that what was started is ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


class Running:
    """The systems under load; `with` ends only the process groups that it started."""

    ports = PORTS
    path = PATH
    modules = PEER_MODULES
    candidate = ("plain-30", "2")  # rolled out on Weir from before the first request to after the last

    def __init__(self, names):
        self.names = names
        self.processes = {}

    def command(self, name, python):
        return command(name, python)

    def environment(self):
        return {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
                "BENCH_WEIR_PORT": str(PORTS["weir"]), "BENCH_MANAGEMENT_PORT": str(MANAGEMENT_PORT),
                "BENCH_SINK_PORT": str(SINK_PORT), "BENCH_STATE": str(STATE), "BENCH_MODELS": str(MODELS)}

    def url(self, name):
        return f"http://127.0.0.1:{self.ports[name]}{self.path}"

    def __enter__(self):
        end_on_terminate()
        python = peer_python(sorted({module for name in self.names for module in self.modules.get(name, [])}))
        self.require_free()
        write_body()
        shutil.rmtree(STATE, ignore_errors=True)
        write_models()
        self.sink = Sink()
        try:
            for name in self.names:
                self.start(name, self.command(name, python))
            for name in self.names:
                self.wait_up(name)
            if "weir" in self.names and self.candidate:
                self.steer("rollout", "start", *self.candidate)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind, *_):
        try:
            if "weir" in self.names and self.candidate and not kind:
                self.require_rollout()
        finally:
            self.stop()
            self.sink.close()

    def steer(self, *words):
        """What a command of Weir's prints."""
        command = [str(ROOT / "ops" / "weir"), *words, "--management", f"http://127.0.0.1:{MANAGEMENT_PORT}"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def require_rollout(self):
        """An experiment was under way all the time, or the figures are not those of everything on."""
        told = self.steer("experiment", self.candidate[0])
        print(told, file=sys.stderr)
        if " stepping since " not in told:
            sys.exit("bench: the rollout has ended meanwhile")
        self.sink.close()

    def require_free(self):
        ports = {self.ports[name] for name in self.names} | {SINK_PORT}
        if "weir" in self.names:
            ports.add(MANAGEMENT_PORT)
        for port in sorted(ports):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    sys.exit(f"bench: port {port} is taken; the bench needs {sorted(ports)}")

    def start(self, name, argv):
        environment = {**os.environ, **self.environment()}
        with open(TARGET / f"{name}-{PORT}.log", "w") as log:
            self.processes[name] = subprocess.Popen(
                argv, cwd=HERE / "peers", env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    def wait_up(self, name, seconds=300):
        request = urllib.request.Request(self.url(name), BODY.read_bytes(), {"Content-Type": "application/json"})
        end = time.monotonic() + seconds
        while True:
            try:
                answer = urllib.request.urlopen(request, timeout=5).read()
                print(f"# {name:8} {answer.decode()}", file=sys.stderr)
                return
            except OSError as e:
                if time.monotonic() > end or self.processes[name].poll() is not None:
                    sys.exit(f"bench: {name} did not answer ({e}); see {TARGET / f'{name}-{PORT}.log'}")
                time.sleep(0.3)

    def pid(self, name):
        return self.processes[name].pid

    def stop(self):
        for wrk in LOADS:
            wrk.terminate()
        for sign, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
            for process in self.processes.values():
                try:
                    os.killpg(process.pid, sign)
                except ProcessLookupError:
                    pass
            for process in self.processes.values():
                try:
                    process.wait(patience)
                except subprocess.TimeoutExpired:
                    pass


def tree(pid):
    children = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        fields = stat(entry)
        if fields:
            children.setdefault(int(fields[1]), []).append(int(entry))
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


def stat(pid):
    """The fields of /proc/PID/stat from the state on; empty when the process is gone."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def cpu_seconds(pid):
    ticks = sum(int(fields[11]) + int(fields[12]) for fields in map(stat, tree(pid)) if fields)
    return ticks / TICKS


def machine_seconds():
    """CPU seconds of everything on the machine, idle and waiting for disks left out, and those that its host took away."""
    fields = [int(n) for n in pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    stolen = fields.pop()
    return (sum(fields) - fields[3] - fields[4]) / TICKS, stolen / TICKS


def resident_mib(pid):
    """Resident memory of the process tree; pages shared between its processes count once."""
    kib = 0
    for each in tree(pid):
        try:
            rollup = pathlib.Path(f"/proc/{each}/smaps_rollup").read_text()
            kib += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M).group(1))
        except (OSError, AttributeError):
            pass
    return kib / 1024


def load(target, connections, seconds, varied=0):
    """One run of wrk, of one body or of so many: requests, rate, latencies in microseconds, errors."""
    wrk = subprocess.Popen(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(HERE / "post.lua"), target],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "BENCH_BODY": str(BODY), "BENCH_VARIED": str(varied)})
    LOADS.append(wrk)
    told, _ = wrk.communicate(timeout=seconds + 60)
    LOADS.remove(wrk)
    result = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", told)
    if not result:
        sys.exit(f"bench: wrk failed: {told}")
    requests, micros, p50, p99, p999, broken, refused = map(int, result.groups())
    return {"requests": requests, "rate": requests / micros * 1e6, "p50": p50, "p99": p99, "p999": p999,
            "errors": broken + refused, "broken": broken, "refused": refused}
