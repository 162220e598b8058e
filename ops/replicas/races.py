"""Pairs of commands that two replicas are given at once."""

import dataclasses
import json
import http.client
import threading
import time

import parts
import rollouts

PATH = f"/admin/models/{parts.MODEL}"


@dataclasses.dataclass
class Result:
    kinds: dict
    took: float = 0.0
    one_winner: int = 0
    one_row: int = 0
    told: int = 0
    first_won: int = 0
    examples: list = dataclasses.field(default_factory=list)
    problems: list = dataclasses.field(default_factory=list)


class Racer(threading.Thread):
    """Gives a replica the commands that it is handed, over one kept connection."""

    def __init__(self, replica, start, end):
        super().__init__(daemon=True)
        self.replica, self.start_line, self.end_line = replica, start, end
        self.next = None
        self.answer = None

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.replica.management_port, timeout=15)
        while True:
            self.start_line.wait()
            if self.next is None:
                return connection.close()
            path, body, headers = self.next
            try:
                connection.request("POST", PATH + path, json.dumps(body), headers)
                answer = connection.getresponse()
                self.answer = answer.status, parts.parsed(answer.read())
            except (OSError, http.client.HTTPException) as e:
                connection.close()
                self.answer = 0, {"error": repr(e)}
            self.end_line.wait()


def race(fleet, count):
    """Splits at a named revision, and rollouts' starts and aborts without one, in turn."""
    lines = threading.Barrier(3), threading.Barrier(3)
    racers = [Racer(replica, *lines) for replica in fleet.replicas[:2]]
    for racer in racers:
        racer.start()
    result = Result({})
    begun = time.monotonic()
    for number in range(count):
        before = revision(fleet)
        kind, commands = pair(number, before[1])
        result.kinds[kind] = result.kinds.get(kind, 0) + 1
        for racer, command in zip(racers, commands):
            racer.next = command
        for line in lines:
            line.wait()
        judge(result, number, kind, [racer.answer for racer in racers], fleet.entries(before[0]), before)
    for racer in racers:
        racer.next = None
    lines[0].wait()
    result.took = time.monotonic() - begun
    return result


def revision(fleet):
    """The journal's last position, and the model's revision."""
    rows = fleet.sql.rows(f"SELECT MAX(place), MAX(revision) FILTER (WHERE stream = '{rollouts.STREAM}') FROM event")
    return int(rows[0][0]), int(rows[0][1])


def pair(number, at):
    if number % 3 == 0:
        kind, path = "split", "/split"
        bodies = [{"weights": {"1": 50 + who, "2": 50 - who}} for who in (0, 1)]
        more = {"If-Match": f'"{at}"'}
    else:
        kind = path = "/rollout/start" if number % 3 == 1 else "/rollout/abort"
        bodies = [{"candidate": version} for version in "23"] if number % 3 == 1 else [{}, {}]
        more = {}
    kind = kind.removeprefix("/rollout/")
    return kind, [(path, {**body, "why": f"pair {number} by {who}"},
                   {"Content-Type": "application/json", "weir-actor": f"racer-{who}", **more})
                  for who, body in enumerate(bodies)]


def judge(result, number, kind, answers, rows, before):
    won = [who for who, (status, _) in enumerate(answers) if status == 200]
    result.first_won += won == [0]
    fine = len(won) == 1
    result.one_winner += fine
    row = fine and [(each[2], each[5]) for each in rows] == [(before[1] + 1, f"pair {number} by {won[0]}")]
    result.one_row += row
    if fine:
        status, words = answers[1 - won[0]]
        words = words.get("error", "") if isinstance(words, dict) else str(words)
        told = status in (409, 412) and f"revision {before[1] + 1}" in words
        result.told += told
        if told and len(result.examples) < 3 and number < 3:
            result.examples.append(f"{status} {words}")
    if not (fine and row and told):
        result.problems.append(f"{kind} {number}: {answers} {rows}".replace("|", "/")[:400])
