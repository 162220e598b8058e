package weir.observation;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;

/** One outcome per source and per reason, so that a request allocates none. */
final class SharedOutcomes {
  private static final Map<Source, Outcome> ANSWERED = new EnumMap<>(Source.class);
  private static final Map<Reason, Outcome> REFUSED = new EnumMap<>(Reason.class);

  static {
    for (Source source : Source.values()) {
      ANSWERED.put(source, new Outcome.Answered(source));
    }
    for (Reason reason : Reason.values()) {
      REFUSED.put(reason, new Outcome.Refused(reason));
    }
  }

  private SharedOutcomes() {}

  static Outcome of(Source source) {
    return requireNonNull(ANSWERED.get(source));
  }

  static Outcome of(Reason reason) {
    return requireNonNull(REFUSED.get(reason));
  }
}
