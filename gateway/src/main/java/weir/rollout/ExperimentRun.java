package weir.rollout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.experiment.Checkpoint;
import weir.experiment.Experiment;
import weir.experiment.FeedbackOutcome;
import weir.experiment.Look;
import weir.experiment.Part;
import weir.journal.FeedbackRow;
import weir.journal.Journal;
import weir.journal.UnitMark;
import weir.routing.Stickiness;

/**
 * This replica's part in the experiment of a rollout under way, exchanged through the journal with
 * what the other replicas and earlier processes gathered.
 *
 * <p>Looking needs no journal and no lock but the experiment's own short one. {@link #exchange} and
 * {@link #forget} wait for the journal: call them on a thread that nothing urgent waits for.
 */
final class ExperimentRun {
  /**
   * By then every row of feedback is written, and the generation that it names is known here:
   * longer than a call to the journal takes, and than clocks differ.
   */
  private static final Duration MATURE_WITHIN = Duration.ofSeconds(10);

  /** Rows made within this time are read at once, when feedback of days has to be read again. */
  private static final Duration READ_AT_ONCE = Duration.ofHours(1);

  private static final Duration FOLLOWERS_READ_EVERY = Duration.ofSeconds(5);
  private static final int CLAIMS_AT_ONCE = 5_000;
  private static final int CLAIM_CALLS_MAX = 10;

  /** No replica's id begins so. */
  private static final String SHARED_BY_ALL = "@";

  /** From that revision of the model's stream on, the candidate had that share, in [0, 1]. */
  record Stage(long revision, int step, double share, Instant at) {}

  private final Journal journal;
  private final String model;
  private final String prefix;
  private final String replica;
  private final Experiment experiment;
  private final Part part;
  private final LongSupplier nanoTime;
  private final Duration labelWindow;
  private final Instant began;

  /** Held while the journal is talked to; guards what follows. */
  private final ReentrantLock exchanging = new ReentrantLock();

  private @Nullable String own;
  private byte[] written = new byte[0];
  private long readNanos;
  private boolean limitsKept;
  private boolean forgotten;
  private Instant fedUntil;

  private ExperimentRun(
      Journal journal,
      String replica,
      Experiment experiment,
      Instant began,
      LongSupplier nanoTime) {
    Experiment.Terms terms = experiment.terms();
    this.journal = journal;
    this.replica = replica;
    this.experiment = experiment;
    this.nanoTime = nanoTime;
    this.began = began;
    model = terms.model();
    prefix = prefix(model, terms.rollout());
    part = experiment.part();
    labelWindow = terms.settings().labelWindow();
    fedUntil = began;
  }

  /**
   * Begins this process's part. Without an answer of the journal where that is shared; a file's
   * units are read.
   *
   * @param replica differs between any two processes that ever were
   * @param began when the rollout did
   * @param stages all shares since then, oldest first; later ones are told to the experiment
   */
  static ExperimentRun open(
      Journal journal,
      String replica,
      ModelPlan plan,
      RolloutTerms terms,
      String model,
      Instant began,
      List<Stage> stages,
      LongSupplier nanoTime,
      Runnable onGuard) {
    Experiment.Terms of =
        new Experiment.Terms(
            terms.rollout(),
            model,
            terms.stable(),
            terms.candidate(),
            !(plan.route().stickiness() instanceof Stickiness.None),
            terms.settings().last(),
            plan.experiment());
    Experiment experiment =
        journal.shared()
            ? Experiment.inFleet(of, nanoTime, onGuard)
            : new Experiment(of, nanoTime, onGuard);
    stages.forEach(
        stage -> experiment.step(stage.step(), stage.revision(), stage.share(), stage.at()));
    ExperimentRun run = new ExperimentRun(journal, replica, experiment, began, nanoTime);
    if (!journal.shared()) {
      run.read();
    }
    return run;
  }

  static String prefix(String model, String rollout) {
    return "experiment/" + model + "/" + rollout + "/";
  }

  String rollout() {
    return experiment.terms().rollout();
  }

  Experiment experiment() {
    return experiment;
  }

  /** Feedback on predictions made after this is needed until the rollout ends. */
  Instant feedbackFrom() {
    return began;
  }

  /** What all checks say of everything known here; never waits for the journal. */
  Look look(Instant now) {
    return experiment.look(now);
  }

  /**
   * Tells the others what this replica saw and takes in what they saw; call it each second.
   *
   * @param leading whether this replica decides: it reads the others' parts each time, and says
   *     what is slow
   */
  void exchange(Instant now, boolean leading) {
    exchanging.lock();
    try {
      if (forgotten) {
        return;
      }
      boolean due = nanoTime.getAsLong() - readNanos >= FOLLOWERS_READ_EVERY.toNanos();
      if (leading || due || own == null) {
        read();
      }
      claim();
      keepLimits(leading || !journal.shared());
      write();
      feed(now);
    } finally {
      exchanging.unlock();
    }
  }

  /** Takes in what is kept of the others, and at first finds a name that nothing is kept under. */
  private void read() {
    Map<String, byte[]> kept = new TreeMap<>(journal.checkpoints(prefix));
    byte[] limits = kept.get(limitsKey());
    if (limits != null) {
      part.limits(limits);
      limitsKept = true;
    }
    kept.keySet().removeIf(key -> key.startsWith(prefix + SHARED_BY_ALL));
    boolean first = own == null;
    String name = own == null ? prefix + replica : own;
    for (int times = 2; first && kept.containsKey(name); times++) {
      name = prefix + replica + "-" + times;
    }
    kept.remove(name);
    List<String> others = List.copyOf(kept.keySet());
    List<Boolean> counted = part.others(List.copyOf(kept.values()));
    if (first && !journal.shared()) {
      for (int i = 0; i < counted.size(); i++) {
        if (counted.get(i)) {
          part.restore(journal.units(others.get(i)).stream().map(ExperimentRun::mark).toList());
        }
      }
    }
    own = name;
    readNanos = nanoTime.getAsLong();
  }

  private static weir.experiment.UnitMark mark(UnitMark unit) {
    return new weir.experiment.UnitMark(unit.unitHash(), unit.mark());
  }

  private static UnitMark mark(weir.experiment.UnitMark unit) {
    return new UnitMark(unit.unitHash(), unit.mark());
  }

  /** Until what waits is answered, or for a while when that is much. */
  private void claim() {
    for (int calls = 0; calls < CLAIM_CALLS_MAX; calls++) {
      List<UnitMark> claims =
          part.claims(CLAIMS_AT_ONCE).stream().map(ExperimentRun::mark).toList();
      if (claims.isEmpty()) {
        return;
      }
      part.answered(journal.claim(claimsKey(), number(name()), claims));
    }
  }

  private void keepLimits(boolean deciding) {
    Optional<byte[]> limits = deciding && !limitsKept ? part.limits() : Optional.empty();
    if (limits.isPresent()) {
      journal.checkpoint(limitsKey(), limits.get(), List.of());
      limitsKept = true;
    }
  }

  private void write() {
    Checkpoint checkpoint = part.checkpoint();
    byte[] state = checkpoint.state();
    if (checkpoint.units().isEmpty() && Arrays.equals(state, written)) {
      return;
    }
    journal.checkpoint(
        name(), state, checkpoint.units().stream().map(ExperimentRun::mark).toList());
    part.written();
    written = state;
  }

  private String name() {
    String name = own;
    return name == null ? prefix + replica : name;
  }

  /** Tells the experiment of the predictions that matured since the last time. */
  private void feed(Instant now) {
    Instant until = now.minus(labelWindow).minus(MATURE_WITHIN).truncatedTo(ChronoUnit.MICROS);
    while (fedUntil.isBefore(until)) {
      Instant next = fedUntil.plus(READ_AT_ONCE);
      next = next.isBefore(until) ? next : until;
      for (FeedbackRow row : journal.feedback(model, fedUntil, next)) {
        experiment.feedback(outcome(row));
      }
      fedUntil = next;
    }
  }

  private static FeedbackOutcome outcome(FeedbackRow row) {
    return new FeedbackOutcome(
        row.kind(),
        row.version(),
        row.generation(),
        row.probability(),
        row.unitHash(),
        row.score(),
        row.scoreLabel(),
        row.value(),
        row.valueLabel());
  }

  private String limitsKey() {
    return prefix + SHARED_BY_ALL + "slow-" + Long.toHexString(number(part.evidenceTerms()));
  }

  private String claimsKey() {
    return prefix + SHARED_BY_ALL + "claims-" + Long.toHexString(number(part.evidenceTerms()));
  }

  /** A number that differs between texts, for all that can be expected. */
  private static long number(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits();
  }

  /** Removes everything kept of the rollout, whoever gathered it; exchanges nothing afterwards. */
  void forget() {
    exchanging.lock();
    try {
      forgotten = true;
      journal.checkpoints(prefix).keySet().forEach(journal::forget);
    } finally {
      exchanging.unlock();
    }
  }
}
