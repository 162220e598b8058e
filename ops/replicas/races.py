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
    refused: int = 0
    named: int = 0
    aborts: int = 0
    abort_rows: int = 0
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
    """Four kinds of pairs in turn, of which only one can be done; the aborts after them both may."""
    lines = threading.Barrier(3), threading.Barrier(3)
    racers = [Racer(replica, *lines) for replica in fleet.replicas[:2]]
    for racer in racers:
        racer.start()
    result = Result({})
    begun = time.monotonic()
    for number in range(count):
        kind, commands = pair(number, revision(fleet)[1])
        result.kinds[kind] = result.kinds.get(kind, 0) + 1
        judge(result, number, kind, *together(fleet, racers, lines, commands))
        if number % 4 == 3:
            _, rows, _ = together(fleet, racers, lines, [command("/rollout/abort", {}, f"abort {number}", who) for who in (0, 1)])
            result.aborts += 1
            result.abort_rows += len(rows) == 1
    for racer in racers:
        racer.next = None
    lines[0].wait()
    result.took = time.monotonic() - begun
    return result


def together(fleet, racers, lines, commands):
    """What both were answered, the rows that this led to, and the revision before."""
    before = revision(fleet)
    for racer, each in zip(racers, commands):
        racer.next = each
    for line in lines:
        line.wait()
    return [racer.answer for racer in racers], fleet.entries(before[0]), before


def revision(fleet):
    """The journal's last position, and the model's revision."""
    rows = fleet.sql.rows(f"SELECT MAX(place), MAX(revision) FILTER (WHERE stream = '{rollouts.STREAM}') FROM event")
    return int(rows[0][0]), int(rows[0][1])


def pair(number, at):
    at = {"If-Match": f'"{at}"'}
    kind, both = [
        ("split", [("/split", {"weights": {"1": 50 + who, "2": 50 - who}}, at) for who in (0, 1)]),
        ("start", [("/rollout/start", {"candidate": version}, {}) for version in "23"]),
        ("advance", [("/rollout/advance", {}, at)] * 2),
        ("pause and advance", [("/rollout/pause", {}, at), ("/rollout/advance", {}, at)]),
    ][number % 4]
    return kind, [command(path, body, f"pair {number} by {who}", who, more) for who, (path, body, more) in enumerate(both)]


def command(path, body, why, who, more=None):
    return path, {**body, "why": why}, {"Content-Type": "application/json", "weir-actor": f"racer-{who}", **(more or {})}


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
        result.refused += status in (409, 412)
        result.named += f"revision {before[1] + 1}" in words
        if number < 4:
            result.examples.append(f"{status} {words}")
    if not (fine and row):
        result.problems.append(f"{kind} {number}: {answers} {rows}".replace("|", "/")[:400])
