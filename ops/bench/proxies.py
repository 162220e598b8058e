"""What the proxy bench starts: one upstream of constant answers, and the proxies before it."""

import os
import re
import shutil
import subprocess
import sys

import systems

PORT = systems.PORT
UPSTREAM_PORT = int(os.environ.get("BENCH_UPSTREAM_PORT", "9000"))
PORTS = {"upstream": UPSTREAM_PORT, "nginx": PORT + 6, "haproxy": PORT + 7, "scg": PORT + 8, "fastapi": PORT + 9,
         "bare": PORT + 10, "weir": PORT}
TOOLS = {"nginx": "nginx", "upstream": "nginx", "haproxy": "haproxy", "scg": "mvn"}
PEERS = systems.HERE / "peers"
SCG = PEERS / "scg"
RUN = systems.TARGET / f"proxy-{PORT}"
OPEN_CONNECTIONS = 32


class Proxies(systems.Running):
    """The upstream and the proxies; `with` ends only what it started."""

    ports = PORTS
    path = "/v2/models/remote-30/infer"
    modules = {"fastapi": ["fastapi", "uvicorn", "httpx"]}
    candidate = ("remote-30", "b")

    def __init__(self, names):
        super().__init__(["upstream", *names])
        for name in self.names:
            if name in TOOLS and not shutil.which(TOOLS[name]):
                sys.exit(f"bench: {name} needs {TOOLS[name]}\n  Debian: apt-get install {systems.PACKAGES}\n"
                         "  or leave it out: see --only")

    def __enter__(self):
        systems.end_on_terminate()
        shutil.rmtree(RUN, ignore_errors=True)
        RUN.mkdir(parents=True)
        if "scg" in self.names:
            build_scg()
        return super().__enter__()

    def environment(self):
        return {**super().environment(),
                "BENCH_UPSTREAM_PORT": str(UPSTREAM_PORT), "BENCH_SCG_PORT": str(PORTS["scg"])}

    def command(self, name, python):
        port = PORTS[name]
        if name == "upstream":
            return ["nginx", "-p", str(RUN), "-c", written("proxy-upstream.conf", port)]
        if name == "nginx":
            return ["nginx", "-p", str(RUN), "-c", written("proxy-nginx.conf", port)]
        if name == "haproxy":
            return ["haproxy", "-db", "-f", written("proxy-haproxy.cfg", port)]
        if name == "scg":
            return [systems.java(), "-XX:+UseParallelGC", "-Xmx512m", "-jar", str(SCG / "target" / "scg.jar")]
        if name == "fastapi":
            return [python, "-m", "uvicorn", "fastapi_proxy:app", "--host", "127.0.0.1", "--port", str(port),
                    "--workers", "2", "--no-access-log", "--log-level", "warning"]
        if name == "bare":
            return systems.bare(systems.HERE / "bare" / "BareProxy.java", UPSTREAM_PORT, port)
        return [str(systems.ROOT / "ops" / "weir"), "serve", "--config", str(systems.HERE / "proxy.yaml")]


def written(name, port):
    """The configuration file `name` with ports and folder filled in."""
    text = (PEERS / name).read_text()
    for mark, value in (("@RUN@", RUN), ("@PORT@", port), ("@UPSTREAM@", UPSTREAM_PORT)):
        text = text.replace(mark, str(value))
    (RUN / name).write_text(text)
    return str(RUN / name)


def build_scg():
    jar = SCG / "target" / "scg.jar"
    sources = [SCG / "pom.xml", *(each for each in (SCG / "src").rglob("*") if each.is_file())]
    if jar.exists() and all(each.stat().st_mtime <= jar.stat().st_mtime for each in sources):
        return
    print("# building Spring Cloud Gateway with Maven (once)", file=sys.stderr)
    subprocess.run(["mvn", "-q", "-B", "-ntp", "package"], cwd=SCG, check=True, stdout=sys.stderr)


class OpenLoop:
    """A generator of requests at a fixed rate."""

    def __init__(self):
        self.classes = systems.compiled(systems.HERE / "load" / "OpenLoop.java")

    def load(self, target, rate, seconds):
        """Latencies in microseconds from the instants at which requests were due."""
        command = [systems.java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", str(self.classes), "OpenLoop",
                   target, str(systems.BODY), str(rate), str(seconds), str(OPEN_CONNECTIONS)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        systems.LOADS.append(process)
        try:
            told, _ = process.communicate(timeout=seconds + 60)
        finally:
            process.kill()
            systems.LOADS.remove(process)
        result = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", told)
        if not result:
            sys.exit(f"bench: the open loop failed: {told}")
        requests, micros, p50, p99, p999, errors, delay = map(int, result.groups())
        return {"requests": requests, "rate": requests / micros * 1e6, "p50": p50, "p99": p99, "p999": p999,
                "errors": errors, "delay": delay}
