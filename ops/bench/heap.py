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

FLAT_MIB = 3.0


def options():
    parser = argparse.ArgumentParser(prog="ops/bench/heap", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--every", type=int, default=30, help="seconds between samples (30)")
    parser.add_argument("--conns", type=int, default=4, help="connections of the load (4)")
    return parser.parse_args()


def jdk(tool, *arguments):
    command = [os.path.join(os.environ["JAVA_HOME"], "bin", tool), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def used_mib(pid):
    """Heap and metaspace in use just after a full collection."""
    jdk("jcmd", pid, "GC.run")
    header, values = (line.split() for line in jdk("jstat", "-gc", pid).splitlines()[:2])
    kib = dict(zip(header, (float(re.sub(",", ".", value)) if value != "-" else 0.0 for value in values)))
    return (kib["S0U"] + kib["S1U"] + kib["EU"] + kib["OU"]) / 1024, kib["MU"] / 1024


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
            target=lambda: served.update(systems.load(systems.url("weir"), chosen.conns, seconds)))
        loader.start()
        print("| minute | heap after GC MiB | metaspace MiB | RSS MiB | threads |\n|--:|--:|--:|--:|--:|")
        start, heaps, residents = time.monotonic(), [], []
        while time.monotonic() - start < seconds:
            heap, metaspace = used_mib(pid)
            heaps.append(heap)
            residents.append(resident_mib(pid))
            minute = (time.monotonic() - start) / 60
            print(f"| {minute:.1f} | {heap:.1f} | {metaspace:.1f} | {residents[-1]:.0f} | {threads(pid)} |", flush=True)
            time.sleep(min(chosen.every, max(0, seconds - (time.monotonic() - start))))
        loader.join()
    grown = trend(heaps)
    print(f"\n{served['requests']} requests ({served['rate']:.0f}/s, {served['errors']} errors); heap after GC moved by "
          f"{grown:+.2f} MiB, RSS by {trend(residents):+.0f} MiB, between the first and last third after warm-up.")
    print("flat" if grown <= FLAT_MIB else f"NOT flat: the heap grew by more than {FLAT_MIB} MiB")
    sys.exit(0 if grown <= FLAT_MIB else 1)


main()
