package weir.experiment;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import weir.stats.RateBound;
import weir.stats.RatioEvidence;
import weir.stats.RiskRatioProcess;

/**
 * The events of one step.
 *
 * <p>{@code requests} and {@code events} are what people read; the ratio and the trials are what
 * verdicts stand on, and hold a unit once where assignment is sticky.
 */
final class StepTally {
  /** A copy of what one check has in this step. */
  record Reading(
      RatioEvidence ratio,
      long stableEvents,
      long stableRequests,
      long candidateEvents,
      long candidateRequests,
      RateBound trials) {}

  private final RiskRatioProcess[] ratios;
  private final long[][] events;
  private final long[] requests = new long[Side.COUNT];
  private final long[] timed = new long[Side.COUNT];
  private final long[] trialEvents;
  private long trials;
  private long timedTrials;

  StepTally(int checks) {
    ratios = new RiskRatioProcess[checks];
    events = new long[checks][Side.COUNT];
    trialEvents = new long[checks];
    for (int i = 0; i < checks; i++) {
      ratios[i] = new RiskRatioProcess();
    }
  }

  void request(int side, boolean judgedByTime) {
    requests[side]++;
    if (judgedByTime) {
      timed[side]++;
    }
  }

  /** A trial, to which the checks of those bits happened. */
  void trial(boolean judgedByTime, int events) {
    trials += judgedByTime ? 0 : 1;
    timedTrials += judgedByTime ? 1 : 0;
    for (int check = 0; check < trialEvents.length; check++) {
      trialEvents[check] += events >>> check & 1;
    }
  }

  void event(int check, int side) {
    events[check][side]++;
  }

  void evidence(int check, int side, double rho) {
    ratios[check].add(rho, side == Side.CANDIDATE);
  }

  /** With what another replica saw of the same step. */
  void add(StepTally other) {
    for (int side = 0; side < Side.COUNT; side++) {
      requests[side] += other.requests[side];
      timed[side] += other.timed[side];
    }
    trials += other.trials;
    timedTrials += other.timedTrials;
    for (int check = 0; check < ratios.length; check++) {
      ratios[check] =
          new RiskRatioProcess(ratios[check].evidence().plus(other.ratios[check].evidence()));
      events[check][Side.STABLE] += other.events[check][Side.STABLE];
      events[check][Side.CANDIDATE] += other.events[check][Side.CANDIDATE];
      trialEvents[check] += other.trialEvents[check];
    }
  }

  Reading reading(int check, boolean byTime) {
    long[] all = byTime ? timed : requests;
    return new Reading(
        ratios[check].evidence(),
        events[check][Side.STABLE],
        all[Side.STABLE],
        events[check][Side.CANDIDATE],
        all[Side.CANDIDATE],
        new RateBound(trialEvents[check], byTime ? timedTrials : trials));
  }

  void write(DataOutput out) throws IOException {
    for (int side = 0; side < Side.COUNT; side++) {
      out.writeLong(requests[side]);
      out.writeLong(timed[side]);
    }
    out.writeLong(trials);
    out.writeLong(timedTrials);
    for (int check = 0; check < ratios.length; check++) {
      for (double value : ratios[check].evidence().toArray()) {
        out.writeDouble(value);
      }
      out.writeLong(events[check][Side.STABLE]);
      out.writeLong(events[check][Side.CANDIDATE]);
      out.writeLong(trialEvents[check]);
    }
  }

  static StepTally read(DataInput in, int checks) throws IOException {
    StepTally tally = new StepTally(checks);
    for (int side = 0; side < Side.COUNT; side++) {
      tally.requests[side] = in.readLong();
      tally.timed[side] = in.readLong();
    }
    tally.trials = in.readLong();
    tally.timedTrials = in.readLong();
    int length = RatioEvidence.none().toArray().length;
    for (int check = 0; check < checks; check++) {
      double[] stored = new double[length];
      for (int i = 0; i < length; i++) {
        stored[i] = in.readDouble();
      }
      tally.ratios[check] = new RiskRatioProcess(RatioEvidence.fromArray(stored));
      tally.events[check][Side.STABLE] = in.readLong();
      tally.events[check][Side.CANDIDATE] = in.readLong();
      tally.trialEvents[check] = in.readLong();
    }
    return tally;
  }
}
