"""Rollouts that follow each other without end, and what the journal says of their steps."""

import json
import threading
import time

import parts

STREAM = f"model/{parts.MODEL}"
GROWTH = ("rollout-stepped", "rollout-promoted")


class Rolling:
    """Starts a rollout of the other version whenever none is under way, through any replica that answers."""

    def __init__(self, fleet):
        self.fleet = fleet
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join(30)

    def run(self):
        while not self.over.wait(0.3):
            for replica in self.fleet.replicas:
                try:
                    if self.started(replica):
                        break
                except (OSError, KeyError, TypeError):
                    pass  # it is dead, or stands still, or starts

    def started(self, replica):
        """True when `replica` could tell that a rollout is under way, or began one."""
        status, _, model = replica.ask(f"/admin/models/{parts.MODEL}", seconds=1)
        if status != 200:
            return False
        if not model.get("rollout", {}).get("over", True):
            return True
        stable = model["policy"].get("fixed", "1")
        body = {"candidate": "1" if stable == "2" else "2", "why": "the next of the fleet's"}
        return replica.ask(f"/admin/models/{parts.MODEL}/rollout/start", body, {"weir-actor": "fleet"}, 3)[0] in (200, 409)


def growth(fleet, after):
    """The position of the first growth after that one; None when there is none, or nobody can tell."""
    rows = fleet.sql.rows(f"SELECT MIN(place) FROM event WHERE place > {after} AND kind IN {GROWTH}")
    return int(rows[0][0]) if rows and rows[0][0] else None


def last(fleet):
    """The newest position; waits for the database."""
    return int(fleet.asked("SELECT COALESCE(MAX(place), 0) FROM event"))


def grown_between(fleet, begun, ended):
    """How often rollouts grew between these two seconds since 1970."""
    return int(fleet.asked("SELECT COUNT(*) FROM event WHERE recorded_at BETWEEN"
                           f" {int(begun * 1e6)} AND {int(ended * 1e6)} AND kind IN {GROWTH}"))


def decided_before(fleet, position, instant):
    """How many entries after that position were decided before that second since 1970."""
    return int(fleet.asked("SELECT COUNT(*) FROM event WHERE place > %d AND kind IN %s AND"
                           " EXTRACT(EPOCH FROM CAST(payload::json->>'at' AS timestamptz)) < %f" % (position, GROWTH, instant)))


def audit(fleet):
    """(rollouts, steps, problems): every revision once, every rollout's steps each once and in order."""
    rows = parts.until("the journal answers", 30, lambda: fleet.sql.rows(
        f"SELECT revision, kind, encode(convert_to(payload, 'UTF8'), 'hex') FROM event"
        f" WHERE stream = '{STREAM}' ORDER BY place", 10))
    events = [(int(row[0]), row[1], json.loads(bytes.fromhex(row[2]))) for row in rows]
    return judged(events)


def judged(events):
    problems, at, rollouts, steps = [], {}, 0, 0
    for expected, (revision, kind, event) in enumerate(events, 1):
        if revision != expected:
            problems.append(f"revision {revision} where {expected} belongs")
        if kind == "rollout-started":
            rollouts += 1
            terms = event["terms"]
            if any(each["left"] for each in at.values()):
                problems.append(f"revision {revision} starts a rollout while another is under way")
            at[terms["rollout"]] = {"step": 0, "left": len(terms["settings"]["steps"]) - 1}
        elif kind in GROWTH:
            steps += 1
            now = at[event["rollout"]]
            step = event.get("step", now["step"] + now["left"])  # a promotion is the last step
            if not now["left"] or step != now["step"] + 1:
                problems.append(f"revision {revision}: {kind} to step {step} after step {now['step']}")
            now.update(step=step, left=now["left"] - (step - now["step"]))
        elif kind == "rollout-rolled-back":
            at[event["rollout"]]["left"] = 0
    return rollouts, steps, problems


def moving(fleet, seconds=60):
    """Waits until a rollout grows; how long that took."""
    begun = time.monotonic()
    before = last(fleet)
    parts.until("a rollout grows", seconds, lambda: growth(fleet, before))
    return time.monotonic() - begun
