"""What is done to a fleet, and what was seen of it."""

import collections
import signal
import time

import database
import parts
import rollouts

FAULTS = ("stopped", "frozen", "crashed")
FAULT_SECONDS = 10
STOP_SECONDS = 6
LEASE_SECONDS = 3.0

Kill = collections.namedtuple("Kill", "replica begun gone")
Late = collections.namedtuple("Late", "caught tried refused")
Fault = collections.namedtuple("Fault", "lasted requests failed grown ages known moved more")

# Takes the lock on the order of entries within a millisecond of the next renewal of the lease.
LOCK_AFTER_RENEWAL = """DO $$
DECLARE was bigint; is_now bigint; BEGIN
  SELECT ends_at INTO was FROM lease WHERE name = 'rollouts';
  FOR i IN 1..1500 LOOP
    PERFORM pg_sleep(0.001);
    SELECT ends_at INTO is_now FROM lease WHERE name = 'rollouts';
    EXIT WHEN is_now <> was;
  END LOOP;
  PERFORM pg_advisory_lock(2003134834, 2);
END $$"""
UNLOCK = "SELECT pg_advisory_unlock_all()"
WAITING = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 2003134834 AND objid = 2 AND NOT granted"


class Breaks:
    """Faults under load, one after the other."""

    def __init__(self, fleet, traffic, draw):
        self.fleet, self.traffic, self.draw = fleet, traffic, draw
        self.deaths = []
        self.takeovers, self.grown, self.returned, self.taken_away = [], [], [], []
        self.since = 0

    def leader(self):
        return parts.until("a replica leads", 30, self.fleet.leader, 0.05)

    def taken_over(self, identity, begun):
        """Waits until another holds the lease; the seconds since `begun`."""

        def other():
            lease = self.fleet.lease()
            return lease and lease[2] > 0 and lease[0] != identity

        parts.until("another leads", 60, other, 0.03)
        return time.monotonic() - begun

    def kill_leader(self):
        time.sleep(self.draw.uniform(0, 3))  # at any moment of a step
        leader = self.leader()
        identity, position = self.fleet.identity(leader), rollouts.last(self.fleet)
        before = parts.processor_time()
        begun, gone = leader.kill()
        self.deaths.append(Kill(leader.name, begun, gone))
        self.takeovers.append(self.taken_over(identity, begun))
        self.taken_away.append(parts.taken_away(before))
        leader.start()
        parts.until("the next step", 60, lambda: rollouts.growth(self.fleet, position))
        self.grown.append(time.monotonic() - begun)
        parts.until("the killed replica serves", 240, leader.ready)
        parts.until("the balancer has every replica", 30, self.fleet.balanced)
        self.returned.append(time.monotonic() - begun)

    def revive(self):
        """Every replica serves again."""
        for replica in self.fleet.replicas:
            if not replica.alive():
                replica.start()
        parts.until("the balancer has every replica", 240, self.fleet.balanced)

    def failures(self):
        """Those in flight on a replica that was killed, and the others."""
        inside, outside = [], []
        for answer in self.traffic.failures(self.since):
            dying = any(kill.replica == answer.replica and answer.begun <= kill.gone and answer.ended >= kill.begun
                        for kill in self.deaths)
            (inside if dying else outside).append(answer)
        return inside, outside

    def forget(self):
        """Failures until now have been told."""
        self.since = len(self.traffic.answers)

    def stop_leader(self):
        """The leader stands still beyond its lease and goes on; the seconds until another led."""
        leader = self.leader()
        identity = self.fleet.identity(leader)
        begun = time.monotonic()
        leader.signal(signal.SIGSTOP)
        try:
            taken = self.taken_over(identity, begun)
            time.sleep(max(0.0, STOP_SECONDS - (time.monotonic() - begun)))
        finally:
            leader.signal(signal.SIGCONT)
        parts.until("the balancer has every replica", 30, self.fleet.balanced)
        rollouts.moving(self.fleet)
        return taken

    def late_writes(self, wanted, seconds):
        """Stops leaders in the midst of appends, until their leases are over."""
        caught = refused = tried = 0
        end = time.monotonic() + seconds
        with database.Sql(self.fleet.database.port) as holding:
            while caught < wanted and time.monotonic() < end:
                tried += 1
                try:
                    outcome = self.late_write(holding)
                except OSError:  # a replica was too slow to tell its metrics
                    outcome = None
                caught += outcome is not None
                refused += outcome is True
        return Late(caught, tried, refused)

    def late_write(self, holding):
        """Whether the append was refused; None when none was caught.

        The lock on the order is held so that the leader waits inside of its append; it is stopped, and goes on when
        its lease is over and its transaction, which PostgreSQL gives two seconds, is not. Its append has been caught
        when it counts one more afterwards; the entry, had it got in, would be one decided before the stop."""
        leader = self.leader()
        if holding.rows(LOCK_AFTER_RENEWAL, 5) is None:
            return None
        stopped = None
        try:
            locked = time.monotonic()
            position, appended = rollouts.last(self.fleet), self.appends(leader)
            while not stopped and time.monotonic() < locked + 0.7:
                if self.fleet.asked(WAITING) != "0":
                    leader.signal(signal.SIGSTOP)
                    stopped = time.time()
            if not stopped:
                return None
            time.sleep(max(0.0, locked + 1.4 - time.monotonic()))
            holding.rows(UNLOCK)
            left = float(self.fleet.asked("SELECT ends_at / 1e6 - EXTRACT(EPOCH FROM clock_timestamp()) FROM lease"))
            time.sleep(max(0.0, left + 0.1))
        finally:
            if stopped:
                leader.signal(signal.SIGCONT)
            holding.rows(UNLOCK)
        time.sleep(0.3)
        answered = self.appends(leader) - appended
        parts.until("the balancer has every replica", 60, self.fleet.balanced)
        rollouts.moving(self.fleet)
        late = rollouts.decided_before(self.fleet, position, stopped)
        return not late if answered == 1 else None

    @staticmethod
    def appends(replica):
        return replica.metric("weir_journal_append_duration_seconds_count") or 0.0

    def database(self, fault):
        """The database is not there for a while, in the midst of a rollout."""
        parts.until("a rollout is far from its end", 120, self.early)
        before = len(self.traffic.answers)
        begun = time.time()
        getattr(self, fault)()
        try:
            time.sleep(1)
            early = self.unrecorded() if fault == "stopped" else []
            cold = self.cold() if fault == "stopped" else None
            time.sleep(max(0.0, begun + FAULT_SECONDS - time.time()))
            ages = [(time.time() - begun, self.age(replica)) for replica in self.fleet.replicas if replica is not cold]
            failed = self.failures_since(before, cold)
            more = [*early, *self.told_cold(cold)]
        finally:
            ended = time.time()
            self.mend(fault)
        lasted = ended - begun
        warm = [each for each in self.fleet.replicas if each is not cold]
        parts.until("every replica knows the journal", 60, lambda: all(self.age(each) < 2.5 for each in warm))
        known = time.time() - ended
        rollouts.moving(self.fleet)
        moved = time.time() - ended
        if cold:
            parts.until("the cold replica serves", 240, cold.ready)
            more.append(("the abort is in the journal afterwards", *self.recorded_abort()))
        parts.until("the balancer has every replica", 60, self.fleet.balanced)
        grown = rollouts.grown_between(self.fleet, begun + 0.2, ended)
        requests = len(self.traffic.answers) - before
        return Fault(lasted, requests, failed, grown, ages, known, moved, more)

    def early(self):
        told = answered(self.fleet.replicas[0], f"/admin/models/{parts.MODEL}")
        rollout = told[2].get("rollout", {}) if told and told[0] == 200 else {}
        return not rollout.get("over", True) and rollout["percent"] <= 60

    def stopped(self):
        self.fleet.database.stop()

    def frozen(self):
        self.fleet.database.freeze()

    def crashed(self):
        self.fleet.database.signal(signal.SIGQUIT)  # no shutdown: it recovers from its log when it starts
        self.fleet.database.process.wait(30)

    def mend(self, fault):
        if fault == "frozen":
            self.fleet.database.thaw()
        else:
            self.fleet.database.start()

    def failures_since(self, before, cold):
        """A replica that was killed on purpose is not the database's doing."""
        return len([each for each in self.traffic.failures(before) if not cold or each.replica != cold.name])

    @staticmethod
    def age(replica):
        try:
            return replica.ask("/admin/status", seconds=5)[2]["journal_age_seconds"]
        except (OSError, KeyError, TypeError):
            return float("inf")

    def unrecorded(self):
        """Safety without a journal: the candidate's share is taken at once."""
        replica = self.fleet.replicas[0]
        path = f"/admin/models/{parts.MODEL}"
        status, _, words = replica.ask(path + "/rollout/abort", {"why": "while the database is away"}, {"weir-actor": "fleet"}, 15)
        model = replica.ask(path)[2]
        done = status == 503 and "fixed" in model["policy"] and model["unrecorded"] > 0
        return [("an abort is in effect at once where it was given", done, f"{status} {words.get('error', '')[:60]}…")]

    def recorded_abort(self):
        rows = self.fleet.asked("SELECT COUNT(*) FROM event WHERE kind = 'rollout-rolled-back'"
                                " AND why = 'while the database is away'")
        return rows == "1", f"{rows} row"

    def cold(self):
        """A replica that starts without its state."""
        replica = self.fleet.replicas[-1]
        begun, gone = replica.kill()
        self.deaths.append(Kill(replica.name, begun, gone))
        replica.start()
        return replica

    @staticmethod
    def told_cold(cold):
        """Its ports open while the database is away; how long a Java process takes for that is the machine's affair."""
        if cold is None:
            return []
        status, _, words = parts.until("the cold replica answers", 240, lambda: answered(cold, "/health/ready"))
        words = words.get("error", "") if isinstance(words, dict) else str(words)
        return [("a replica that starts is not ready, and says why", status == 503 and "journal" in words, f"{status} {words[:90]}…")]

    def pause(self):
        """Everything stands still from here on."""
        parts.until("a rollout is far from its end", 120, self.early)
        self.fleet.replicas[0].ask(f"/admin/models/{parts.MODEL}/rollout/pause", {}, {"weir-actor": "fleet"})
        time.sleep(2)  # what a change may take to reach every replica

    def revisions(self):
        return [replica.ask(f"/admin/models/{parts.MODEL}")[2]["revision"] for replica in self.fleet.replicas]

    def same_variant(self, units):
        """Units that replicas gave different variants while the model stood still, and how many were asked."""
        split = 0
        for unit in range(units):
            given = {parts.call(f"http://127.0.0.1:{replica.port}/v2/models/{parts.MODEL}/infer", self.body(),
                                {"x-user-id": f"person-{unit}"})[1].get("weir-variant") for replica in self.fleet.replicas}
            split += len(given) > 1
        return split, units

    def body(self):
        return parts.parsed(self.traffic.bodies[0])


def answered(replica, path):
    try:
        return replica.ask(path, seconds=3)
    except OSError:
        return None
