package weir.drift;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weir.drift.DriftReport.OfVariant;
import weir.drift.DriftSettings.Source;
import weir.inference.ModelSignature;
import weir.inference.Quoted;
import weir.inference.Tensor;
import weir.inference.Variant;
import weir.observation.DriftMeters;
import weir.observation.TensorObserver;

/**
 * Watches every variant that has a baseline: told of answers by the request's threads, of the time
 * by {@link #tick}, of what to watch by start-up.
 *
 * <p>{@link #answered} costs a map lookup and a counter per watched element. Statuses change at the
 * ends of windows only; the listener is told on the thread of the tick.
 */
public final class DriftMonitor implements TensorObserver {
  private static final Logger LOG = System.getLogger(DriftMonitor.class.getName());

  private final DriftMeters meters;
  private final Consumer<DriftEvent> listener;
  private final InstantSource clock;
  private final Map<Variant, WatchedVariant> watched = new ConcurrentHashMap<>();
  private final Map<String, InvalidInputs> invalidInputs = new ConcurrentHashMap<>();
  private final Map<Variant, Learner> learners = new ConcurrentHashMap<>();
  private final Map<String, Baseline> learned = new ConcurrentHashMap<>();
  private final Map<Variant, Waiting> waiting = new ConcurrentHashMap<>();
  private final ReentrantLock changing = new ReentrantLock();

  private DriftMonitor(DriftMeters meters, Consumer<DriftEvent> listener, InstantSource clock) {
    this.meters = meters;
    this.listener = listener;
    this.clock = clock;
  }

  /** A monitor of nothing yet; {@code listener} is told each change of a status. */
  public static DriftMonitor create(
      DriftMeters meters, Consumer<DriftEvent> listener, InstantSource clock) {
    return new DriftMonitor(meters, listener, clock);
  }

  /** Why {@link #watch} would refuse these; empty when it would not. */
  public static List<String> problems(
      Variant variant, ModelSignature signature, DriftSettings settings) {
    return switch (settings.baseline()) {
      case Source.None _, Source.Learned _ -> List.of();
      case Source.File file ->
          switch (read(file.path(), variant, signature)) {
            case Read.Fits _ -> List.of();
            case Read.Refused refused -> refused.problems();
          };
    };
  }

  /**
   * From now on watches {@code variant} as {@code settings} say; nothing changes when it already
   * does, and nothing on a problem. A baseline to be learned is learned from the variant that is
   * {@code stable}, once per model; the others wait for it. Any thread.
   */
  public List<String> watch(
      Variant variant, ModelSignature signature, DriftSettings settings, boolean stable) {
    changing.lock();
    try {
      switch (settings.baseline()) {
        case Source.None _ -> unwatch(variant);
        case Source.Learned _ -> learn(new Waiting(variant, signature, settings), stable);
        case Source.File file -> {
          switch (read(file.path(), variant, signature)) {
            case Read.Fits fits -> {
              waiting.remove(variant);
              learners.remove(variant);
              start(new WatchedVariant.Terms(variant, signature, settings, fits.baseline()));
            }
            case Read.Refused refused -> {
              return refused.problems();
            }
          }
        }
      }
      invalidInputs.put(variant.model(), new InvalidInputs(variant.model(), signature, meters));
      return List.of();
    } finally {
      changing.unlock();
    }
  }

  /** A variant to be watched as soon as its model's baseline is learned. */
  private record Waiting(Variant variant, ModelSignature signature, DriftSettings settings) {}

  private void learn(Waiting next, boolean stable) {
    Variant variant = next.variant();
    waiting.put(variant, next);
    @Nullable Baseline known = learned.get(variant.model());
    if (known != null) {
      List<String> problems = BaselineFit.problems(known, next.signature());
      if (problems.isEmpty()) {
        start(new WatchedVariant.Terms(variant, next.signature(), next.settings(), known));
      } else {
        stop(variant);
        LOG.log(Level.WARNING, "no drift of {0}, unlike the learned: {1}", variant, problems);
      }
      return;
    }
    stop(variant);
    @Nullable Learner learner = learners.get(variant);
    if (!stable) {
      learners.remove(variant);
    } else if (learner == null || !learner.learns(variant, next.signature(), next.settings())) {
      learners.put(variant, new Learner(variant, next.signature(), next.settings()));
    }
  }

  /** Starts the watches that waited for what was learned by now. */
  private void startLearned(Instant now) {
    for (Learner learner : learners.values()) {
      learner
          .baseline(now)
          .ifPresent(baseline -> {
            learners.remove(learner.teacher());
            learned.put(baseline.model(), baseline);
            for (Waiting each : waiting.values()) {
              if (each.variant().model().equals(baseline.model())) {
                learn(each, false);
              }
            }
          });
    }
  }

  private void start(WatchedVariant.Terms terms) {
    @Nullable WatchedVariant before = watched.get(terms.variant());
    if (before == null || !before.terms().equals(terms)) {
      WatchedVariant next = new WatchedVariant(terms, clock.instant());
      watched.put(terms.variant(), next);
      meters.show(terms.variant(), Readings.of(next));
    }
  }

  private sealed interface Read {
    record Fits(Baseline baseline) implements Read {}

    record Refused(List<String> problems) implements Read {}
  }

  private static Read read(Path path, Variant variant, ModelSignature signature) {
    try {
      Baseline baseline = BaselineJson.read(Files.readString(path));
      List<String> problems = new ArrayList<>();
      if (!baseline.model().equals(variant.model())) {
        problems.add(
            "%s: the baseline is of model %s, not %s"
                .formatted(path, Quoted.name(baseline.model()), Quoted.name(variant.model())));
      }
      BaselineFit.problems(baseline, signature)
          .forEach(problem -> problems.add(path + ": " + problem));
      return problems.isEmpty() ? new Read.Fits(baseline) : new Read.Refused(problems);
    } catch (IOException e) {
      return new Read.Refused(List.of(path + ": cannot be read: " + e));
    } catch (IllegalArgumentException e) {
      return new Read.Refused(List.of(path + ": " + e.getMessage()));
    }
  }

  /** Forgets the variant, its counts and its gauges. */
  public void forget(Variant variant) {
    changing.lock();
    try {
      unwatch(variant);
    } finally {
      changing.unlock();
    }
  }

  private void unwatch(Variant variant) {
    waiting.remove(variant);
    learners.remove(variant);
    stop(variant);
  }

  private void stop(Variant variant) {
    watched.remove(variant);
    meters.forget(variant);
  }

  @Override
  public void answered(Variant variant, List<Tensor> inputs, List<Tensor> outputs) {
    @Nullable WatchedVariant known = watched.get(variant);
    if (known != null) {
      known.add(inputs, outputs);
      return;
    }
    @Nullable Learner learner = learners.get(variant);
    if (learner != null) {
      learner.add(inputs, outputs);
    }
  }

  @Override
  public void refused(String model, List<Tensor> inputs) {
    @Nullable InvalidInputs counters = invalidInputs.get(model);
    if (counters != null) {
      counters.count(inputs);
    }
  }

  /** Moves time on; call it about each second. */
  public void tick(Instant now) {
    List<DriftEvent> events = new ArrayList<>();
    changing.lock();
    try {
      startLearned(now);
      watched.forEach((variant, each) -> {
        if (each.due(now)) {
          events.addAll(each.tick(now));
          meters.show(variant, Readings.of(each));
        }
      });
    } finally {
      changing.unlock();
    }
    events.forEach(listener);
  }

  /** The model's baseline when it was learned and is known by now. */
  public Optional<Baseline> learned(String model) {
    return Optional.ofNullable(learned.get(model));
  }

  /** What is known of the model's watched variants; empty when none is. */
  public Optional<DriftReport> report(String model) {
    List<OfVariant> variants =
        watched.entrySet().stream()
            .filter(entry -> entry.getKey().model().equals(model))
            .sorted(Comparator.comparing(entry -> entry.getKey().version()))
            .map(entry -> entry.getValue().report())
            .toList();
    return variants.isEmpty() ? Optional.empty() : Optional.of(new DriftReport(model, variants));
  }
}
