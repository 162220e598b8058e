package weir.observation;

import java.util.EnumSet;
import java.util.Set;
import weir.inference.Blame;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.routing.Because;

/**
 * The meters of one variant's requests, looked up once.
 *
 * <p>An observation costs two increments and at most three histogram steps; it allocates nothing
 * unless its trace is sampled, when it leaves an exemplar.
 */
final class RequestMeters {
  private static final Set<Because> DIVIDED =
      EnumSet.of(Because.FIXED, Because.SPLIT, Because.BANDIT);

  private final EnumCounters<Source> answered;
  private final EnumCounters<Blame> blamed;
  private final EnumCounters<Reason> refusals;
  private final EnumCounters<Because> assignments;
  private final DurationHistogram.Series requestSeconds;
  private final DurationHistogram.Series modelSeconds;
  private final DurationHistogram.Series overheadSeconds;

  RequestMeters(
      EnumCounters<Source> answered,
      EnumCounters<Blame> blamed,
      EnumCounters<Reason> refusals,
      EnumCounters<Because> assignments,
      DurationHistogram.Series requestSeconds,
      DurationHistogram.Series modelSeconds,
      DurationHistogram.Series overheadSeconds) {
    this.answered = answered;
    this.blamed = blamed;
    this.refusals = refusals;
    this.assignments = assignments;
    this.requestSeconds = requestSeconds;
    this.modelSeconds = modelSeconds;
    this.overheadSeconds = overheadSeconds;
  }

  void observe(Observation observation) {
    assignments.increment(observation.assignment().because());
    if (observation.traceId().isEmpty()) {
      requestSeconds.observe(observation.totalNanos());
    } else {
      requestSeconds.observe(observation.totalNanos(), observation.traceId());
    }
    switch (observation.outcome()) {
      case Outcome.Answered(Source source) -> {
        answered.increment(source);
        if (source == Source.MODEL) {
          modelSeconds.observe(observation.modelNanos());
          overheadSeconds.observe(Math.max(0, observation.totalNanos() - observation.modelNanos()));
        }
      }
      case Outcome.Refused refused -> {
        blamed.increment(refused.blame());
        refusals.increment(refused.reason());
      }
    }
  }

  VariantTraffic traffic() {
    return new VariantTraffic(
        assignments.sum(DIVIDED),
        answered.sum(EnumSet.allOf(Source.class)),
        blamed.sum(EnumSet.of(Blame.CALLER)),
        blamed.sum(EnumSet.complementOf(EnumSet.of(Blame.CALLER))),
        requestSeconds.buckets());
  }

  /** Answers of the model, and the model's time alone. */
  VariantStatistics.Total model() {
    return modelSeconds.total();
  }
}
