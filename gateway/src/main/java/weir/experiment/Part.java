package weir.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One replica's part of an {@link Experiment}: what it tells the other replicas, and what it is
 * told by them. Any thread; one at a time for claims and checkpoints.
 */
public final class Part {
  private final Experiment.Terms terms;
  private final Evidence evidence;
  private final Guard guard;
  private final ReentrantLock lock;
  private final States states;

  Part(Experiment.Terms terms, Evidence evidence, Guard guard, ReentrantLock lock) {
    this.terms = terms;
    this.evidence = evidence;
    this.guard = guard;
    this.lock = lock;
    states = new States(terms, evidence.claiming());
  }

  /** This replica's part, to keep; tell {@link #written} once it is safe. */
  public Checkpoint checkpoint() {
    lock.lock();
    try {
      evidence.own().guard(guard.words().orElse(""));
      List<UnitMark> units = evidence.claiming() ? List.of() : evidence.units().changed();
      return new Checkpoint(states.write(evidence.own()), units);
    } finally {
      lock.unlock();
    }
  }

  /** The last checkpoint is safe; until then each one repeats the units of the ones before. */
  public void written() {
    lock.lock();
    try {
      evidence.units().written();
    } finally {
      lock.unlock();
    }
  }

  /**
   * From now on these are the other replicas' parts, and those of earlier processes: in place of
   * what was known of them.
   *
   * @return which of them count, in their order: those under the same terms
   */
  public List<Boolean> others(List<byte[]> kept) {
    Sums others = new Sums(terms);
    List<Boolean> counted = new ArrayList<>();
    for (byte[] state : kept) {
      Optional<Sums> read = states.read(state);
      read.ifPresent(sums -> {
        others.add(sums);
        others.addLatencies(sums);
      });
      counted.add(read.isPresent());
    }
    lock.lock();
    try {
      evidence.others(others);
    } finally {
      lock.unlock();
    }
    return counted;
  }

  /** Units that earlier processes counted; before the first request. */
  public void restore(List<UnitMark> units) {
    lock.lock();
    try {
      units.forEach(evidence::restore);
    } finally {
      lock.unlock();
    }
  }

  /** The oldest claims that wait for {@link #answered}, at most {@code max}. */
  public List<UnitMark> claims(int max) {
    lock.lock();
    try {
      return evidence.claims().oldest(max);
    } finally {
      lock.unlock();
    }
  }

  /** Whether each of the oldest claims was granted, in the order of {@link #claims}. */
  public void answered(List<Boolean> granted) {
    lock.lock();
    try {
      evidence.claims().answered(granted, evidence.own());
    } finally {
      lock.unlock();
    }
  }

  /**
   * What is slow, once it is known here or the requests known can tell: to be kept for all others.
   */
  public Optional<byte[]> limits() {
    lock.lock();
    try {
      if (!evidence.limitsKnown()) {
        WarmUp all = evidence.warmUp();
        if (!all.over()) {
          return Optional.empty();
        }
        evidence.limits(all.limits(terms.settings().checks()));
      }
      return Optional.of(states.limits(evidence.limits()));
    } finally {
      lock.unlock();
    }
  }

  /** What is slow as {@link #limits} told it elsewhere; passed over where it is known already. */
  public void limits(byte[] kept) {
    Optional<double[]> limits = states.limits(kept);
    lock.lock();
    try {
      if (limits.isPresent() && !evidence.limitsKnown()) {
        evidence.limits(limits.get());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells evidence that was gathered alike from other evidence of the same rollout. */
  public String evidenceTerms() {
    return states.terms();
  }
}
