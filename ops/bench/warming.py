"""Loads a system until its compilers rest: what is measured before that is measured beside them, and they take tails of milliseconds."""

import pathlib
import sys

import systems

SLICE_SECONDS = 4
SLICES_MAX = 20
CONNECTIONS = 16
RESTING_CORES = 0.03  # of one core, over a slice


def warm(name, url, pid, enough, connections=CONNECTIONS, varied=0):
    """At least so many requests, and then until the compilers rest, or until the last slice; says which."""
    requests, before = 0, compiler_seconds(pid)
    for _ in range(SLICES_MAX):
        result = systems.load(url, connections, SLICE_SECONDS, varied)
        requests += result["requests"]
        now = compiler_seconds(pid)
        cores = sum(seconds - before.get(thread, 0) for thread, seconds in now.items()) / SLICE_SECONDS
        before = now
        if requests >= enough and cores < RESTING_CORES:
            break
    print(f"# warm: {name} after {requests} requests, last at {result['rate']:.0f}/s, compilers on {cores:.2f} cores", file=sys.stderr)


def compiler_seconds(pid):
    """CPU seconds by compiler thread of a JVM and its children; none for what is no JVM."""
    seconds = {}
    for each in systems.tree(pid):
        for thread in pathlib.Path(f"/proc/{each}/task").glob("*"):
            try:
                name = (thread / "comm").read_text()
            except OSError:
                continue  # it has ended
            fields = systems.stat(f"{each}/task/{thread.name}") if " CompilerThre" in name else []
            if fields:
                seconds[thread.name] = (int(fields[11]) + int(fields[12])) / systems.TICKS
    return seconds
