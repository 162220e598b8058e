"""Breaks a fleet in many ways under load, holds what happened against what was promised, and writes the report."""

import os
import random
import statistics
import sys
import time

import breaks
import parts
import races
import rollouts
import traffic

RATE = 100
LATE_WANTED, LATE_SECONDS = 5, 150
REPORT = parts.ROOT / "gateway" / "simulation" / "fleet.md"


class Report:
    """Sections of a Markdown page, and whether everything held."""

    def __init__(self):
        self.lines = []
        self.broken = []

    def section(self, title, promise):
        self.lines += ["", f"## {title}", "", promise, "", "| what | measured |", "|---|---|"]
        print(f"# {title}", file=sys.stderr, flush=True)

    def row(self, what, measured):
        self.lines.append(f"| {what} | {measured} |")
        print(f"#   {what}: {measured}", file=sys.stderr, flush=True)

    def holds(self, what, truth, measured):
        """A row that is a promise."""
        self.row(what, f"{measured}" if truth else f"**{measured}: broken**")
        if not truth:
            self.broken.append(f"{what}: {measured}")

    def trying(self, work, *of):
        """What is waited for in vain breaks its promise and leaves the rest to be tried."""
        try:
            work(*of)
        except (TimeoutError, OSError) as e:
            self.holds("was waited for", False, e)


def seconds(values):
    ordered = sorted(values)
    return (f"median {statistics.median(ordered):.1f} s, 90 % within {ordered[int(0.9 * (len(ordered) - 1))]:.1f} s, "
            f"longest {ordered[-1]:.1f} s") if ordered else "none"


def run(chosen, fleet_of):
    os.environ["WEIR_JAVA_OPTS"] = "-XX:TieredStopAtLevel=1 -Xmx384m"  # processes that start often, on few cores
    report, out = Report(), chosen.out or REPORT
    begun = time.monotonic()
    with fleet_of(chosen.port) as fleet, traffic.Traffic(fleet.balancer.port, RATE) as sent:
        breaking = breaks.Breaks(fleet, sent, random.Random(6))
        pairs(fleet, chosen.pairs, report)
        with rollouts.Rolling(fleet):
            report.trying(rollouts.moving, fleet)
            report.trying(stops, breaking, report)
            report.trying(database, breaking, report)
            report.trying(kills, breaking, chosen.kills, report)
            report.trying(whole, breaking, report)
    text = [*head(chosen, time.monotonic() - begun), *report.lines, ""]
    out.write_text("\n".join(text))
    print(f"wrote {out}" + ("".join(f"\nBROKEN  {each}" for each in report.broken)))
    return 1 if report.broken else 0


def head(chosen, took):
    return ["# A fleet that is broken on purpose", "",
            f"`ops/fleet chaos --kills {chosen.kills} --pairs {chosen.pairs}`: three replicas, PostgreSQL and haproxy on one"
            f" machine of {os.cpu_count()} cores, {RATE} requests per second",
            f"through haproxy, rollouts of {parts.MODEL} of 19 steps one after the other, each step at least"
            f" {parts.SETTINGS['STEP']}. It took {took / 60:.0f} minutes.",
            "haproxy asks each replica for its readiness twice a second and sends a request on to another replica only when",
            "it could not connect. What does not hold is bold, and the command fails then."]


def pairs(fleet, count, report):
    report.section("Racing commands", "Two replicas are asked at once: exactly one wins, one row is in the audit trail, the other says who won.")
    result = races.race(fleet, count)
    report.row("pairs", f"{count} in {result.took:.0f} s ({', '.join(f'{n} of {kind}' for kind, n in result.kinds.items())})")
    report.holds("pairs with exactly one winner", result.one_winner == count, result.one_winner)
    report.holds("pairs with exactly one new row, the winner's", result.one_row == count, result.one_row)
    report.holds("losers refused with 409 or 412", result.refused == count, result.refused)
    report.row("of these told the revision that won", result.named)
    report.holds("pairs of aborts with exactly one new row", result.abort_rows == result.aborts, f"{result.abort_rows} of {result.aborts}")
    report.row("wins of the first replica", result.first_won)
    for example in result.examples:
        report.row("a loser was told", f"`{example}`")
    for problem in result.problems[:5]:
        report.row("problem", problem)


def kills(breaking, count, report):
    if not count:
        return
    report.section("kill -9 of the leader", "Another leads within five seconds; no step is skipped or done twice; no request fails but those in flight on the dead one.")
    try:
        for number in range(count):
            breaking.kill_leader()
            print(f"#   {number + 1} kills", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        breaking.revive()
    done = len(breaking.takeovers)
    report.row("kills", f"{done}" if done == count else f"{done} of {count}: ended early by Ctrl-C")
    if not done:
        return
    report.holds("until another led", max(breaking.takeovers) < 5, seconds(breaking.takeovers))
    worst = breaking.takeovers.index(max(breaking.takeovers))
    report.row("processor time that the host gave to others meanwhile",
               f"{statistics.median(breaking.taken_away):.0%} in the median, {breaking.taken_away[worst]:.0%} during the longest")
    report.row("until a step was begun by it", seconds(breaking.grown))
    report.row("until the killed one served again", seconds(breaking.returned))
    steps(breaking, report)
    time.sleep(1)  # the last answers
    inside, outside = breaking.failures()
    report.row("requests", f"{len(breaking.traffic.answers)}")
    report.row("failed in flight on the killed replica", f"{len(inside)} in {len(breaking.deaths)} kills")
    report.holds("failed otherwise", not outside, len(outside))
    for each in outside[:5]:
        report.row("for example", f"{each.status} from {each.replica or 'nobody'}: `{each.words[:120]}`")
    breaking.forget()


def steps(breaking, report):
    begun, grown, problems = rollouts.audit(breaking.fleet)
    report.row("rollouts begun, steps taken", f"{begun}, {grown}")
    report.holds("steps skipped, doubled or out of order", not problems, len(problems))
    for problem in problems[:5]:
        report.row("problem", problem)


def stops(breaking, report):
    report.section("SIGSTOP of the leader beyond its lease, then SIGCONT", "Another leads; what the old one still writes is refused.")
    taken = [breaking.stop_leader() for _ in range(3)]
    report.row("stopped for six seconds", f"{len(taken)} times")
    report.holds("until another led", max(taken) < 5, seconds(taken))
    late = breaking.late_writes(LATE_WANTED, LATE_SECONDS)
    report.row("stopped in the midst of an append that the lease then no longer covered", f"{late.caught} times in {late.tried} attempts")
    report.holds("of these appends refused", late.caught > 0 and late.refused == late.caught, late.refused)
    steps(breaking, report)
    breaking.forget()


def database(breaking, report):
    report.section("The database", "Serving goes on, rollouts stand still, the age of the state is shown, and all goes on by itself.")
    for fault in breaks.FAULTS:
        told = breaking.database(fault)
        where = f"{fault}, {told.lasted:.0f} s"
        report.holds(f"{where}: requests that failed", told.failed == 0, f"{told.failed} of {told.requests}")
        report.holds(f"{where}: steps begun meanwhile", told.grown == 0, told.grown)
        shown = all(age > after - 2.5 for after, age in told.ages)
        report.holds(f"{where}: age of the state that replicas told", shown, ", ".join(f"{age:.1f} s after {after:.1f} s" for after, age in told.ages))
        report.row(f"{where}: until all knew the journal again, until the next step", f"{told.known:.1f} s, {told.moved:.1f} s")
        for what, truth, words in told.more:
            report.holds(f"{where}: {what}", truth, words)
    steps(breaking, report)


def whole(breaking, report):
    report.section("The whole", "Every replica says the same at the end.")
    breaking.pause()
    revisions = breaking.revisions()
    report.holds("revision on each replica", len(set(revisions)) == 1, ", ".join(map(str, revisions)))
    split, asked = breaking.same_variant(300)
    report.holds(f"units with one variant on all replicas, of {asked}", split == 0, asked - split)
