#!/usr/bin/env python3
"""Sums up a flight recording of Weir: where the samples of request threads are, by method and by Weir's own frames."""

import collections
import os
import re
import subprocess
import sys

FRAME = re.compile(r"^\s+([\w.$<>]+)\((.*)\)\s+line: (\d+)")


def samples(recording):
    jfr = os.path.join(os.environ["JAVA_HOME"], "bin", "jfr")
    for event in ("jdk.ExecutionSample", "jdk.NativeMethodSample"):
        out = subprocess.run([jfr, "print", "--stack-depth", "64", "--events", event, recording],
                             capture_output=True, text=True, check=True).stdout
        for sample in out.split(event + " {")[1:]:
            frames = [m.groups() for m in map(FRAME.match, sample.splitlines()) if m]
            if frames:
                yield event, frames


def main():
    tops, owns, shares, total = (collections.Counter() for _ in range(4))
    for event, frames in samples(sys.argv[1]):
        requests = any(name.startswith("weir.http.InferDoor") or "Http1Connection" in name for name, _, _ in frames)
        total["request threads" if requests else "others"] += event == "jdk.ExecutionSample"
        if not requests or event != "jdk.ExecutionSample":
            continue
        tops[frames[0][0]] += 1
        own = next(((name, line) for name, _, line in frames if name.startswith("weir.")), None)
        owns["HTTP server" if own is None else f"{own[0]}:{own[1]}"] += 1
        shares.update({name for name, _, _ in frames if name.startswith("weir.") or "Http1" in name})
    print(dict(total))
    for title, counter in (("top frame", tops), ("innermost frame of Weir", owns), ("in or below", shares)):
        print(f"\n{title}")
        for name, count in counter.most_common(35):
            print(f"{100 * count / max(1, total['request threads']):6.1f} %  {name}")


main()
