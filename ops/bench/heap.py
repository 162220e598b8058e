#!/usr/bin/env python3
"""Loads Weir and samples what it holds after a full collection, to see whether that grows."""

import argparse
import os
import re
import statistics
import subprocess
import sys
import threading
import time

import systems

FLAT_MIB = 1.0


def options():
    parser = argparse.ArgumentParser(prog="ops/bench/heap", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--every", type=int, default=30, help="seconds between samples (30)")
    parser.add_argument("--conns", type=int, default=4, help="connections of the load (4)")
    return parser.parse_args()


def jdk(tool, *arguments):
    command = [os.path.join(os.environ["JAVA_HOME"], "bin", tool), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def live_mib(pid):
    """Bytes of the objects that a full collection left; the collector's own filler in dead space is none of them."""
    live = 0
    for line in jdk("jcmd", pid, "GC.class_histogram").splitlines():
        row = re.match(r"\s*\d+:\s+\d+\s+(\d+)\s+(\S+)", line)
        if row and "jdk.internal.vm.Filler" not in row.group(2):
            live += int(row.group(1))
    return live / (1 << 20)


def metaspace_mib(pid):
    header, values = (line.split() for line in jdk("jstat", "-gc", pid).splitlines()[:2])
    return float(values[header.index("MU")].replace(",", ".")) / 1024


def resident_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"^VmRSS:\s+(\d+)", status.read(), re.M).group(1)) / 1024


def threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def trend(samples):
    """MiB between the medians of the first and the last third, the first quarter left out as warm-up."""
    settled = samples[len(samples) // 4:]
    third = max(1, len(settled) // 3)
    return statistics.median(settled[-third:]) - statistics.median(settled[:third])


def main():
    chosen = options()
    with systems.Running(["weir"]) as running:
        pid = running.pid("weir")
        seconds = int(chosen.minutes * 60)
        served = {}
        loader = threading.Thread(
            target=lambda: served.update(systems.load(running.url("weir"), chosen.conns, seconds)), daemon=True)
        loader.start()
        print("| minute | live heap after GC MiB | metaspace MiB | RSS MiB | threads |\n|--:|--:|--:|--:|--:|")
        start, heaps, residents = time.monotonic(), [], []
        while time.monotonic() - start < seconds:
            heaps.append(live_mib(pid))
            residents.append(resident_mib(pid))
            minute = (time.monotonic() - start) / 60
            print(f"| {minute:.1f} | {heaps[-1]:.2f} | {metaspace_mib(pid):.1f} | {residents[-1]:.0f} | {threads(pid)} |", flush=True)
            time.sleep(min(chosen.every, max(0, seconds - (time.monotonic() - start))))
        loader.join()
    grown = trend(heaps)
    print(f"\n{served['requests']} requests ({served['rate']:.0f}/s, {served['broken']} broken or timed out, {served['refused']} refused); live heap after GC moved by "
          f"{grown:+.2f} MiB, RSS by {trend(residents):+.0f} MiB, between the first and last third after warm-up.")
    print("flat" if grown <= FLAT_MIB else f"NOT flat: the heap grew by more than {FLAT_MIB} MiB")
    sys.exit(0 if grown <= FLAT_MIB else 1)


main()
