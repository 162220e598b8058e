"""Requests at a steady rate, each with its times, its answer and who gave it."""

import collections
import gzip
import http.client
import csv
import json
import random
import threading
import time

import parts

THREADS = 8
BODIES = 200
USERS = 5_000
NUMBERS = ("carat", "depth", "table", "x", "y", "z")
TEXTS = ("cut", "color", "clarity")

# Seconds of the monotonic clock; status 0 when there was no answer; `replica` as the balancer names it.
Answer = collections.namedtuple("Answer", "begun ended status replica variant words")


def bodies(most=BODIES):
    """Requests for the first diamonds of the replay data."""
    made = []
    with gzip.open(parts.ROOT / "models" / "data" / "replay.csv.gz", "rt") as rows:
        for row, _ in zip(csv.DictReader(rows), range(most)):
            inputs = [tensor(name, "FP32", float(row[name])) for name in NUMBERS]
            inputs += [tensor(name, "BYTES", row[name]) for name in TEXTS]
            made.append(json.dumps({"inputs": inputs}).encode())
    return made


def tensor(name, datatype, value):
    return {"name": name, "shape": [1, 1], "datatype": datatype, "data": [value]}


class Traffic:
    """Sends from `with` on until its end; what was answered is in `answers`, in the order of the ends."""

    def __init__(self, port, rate, threads=THREADS):
        self.port = port
        self.every = threads / rate
        self.answers = []
        self.bodies = bodies()
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(number,), daemon=True) for number in range(threads)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(15)

    def run(self, number):
        draw = random.Random(number)
        due = time.monotonic() + draw.random() * self.every
        while not self.over.wait(max(0.0, due - time.monotonic())):
            self.answers.append(self.ask(draw))
            due = max(due + self.every, time.monotonic() - 1.0)  # what a stall held back for longer is not sent late

    def ask(self, draw):
        """Over a connection of its own: haproxy closes a kept one without a word when the replica behind it dies."""
        headers = {"Content-Type": "application/json", "x-user-id": f"user-{draw.randrange(USERS)}", "Connection": "close"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        begun = time.monotonic()
        try:
            connection.request("POST", f"/v2/models/{parts.MODEL}/infer", draw.choice(self.bodies), headers)
            answer = connection.getresponse()
            text = answer.read()
            words = "" if answer.status == 200 else text[:200].decode(errors="replace")
            return Answer(begun, time.monotonic(), answer.status, answer.getheader("weir-replica", ""),
                          answer.getheader("weir-variant", ""), words)
        except (OSError, http.client.HTTPException) as e:
            return Answer(begun, time.monotonic(), 0, "", "", repr(e))
        finally:
            connection.close()

    def failures(self, since=0):
        """Those of the answers from index `since` on that are no answer of the model."""
        return [each for each in self.answers[since:] if each.status != 200]
