package weir.observation;

import io.opentelemetry.api.common.AttributeKey;
import weir.routing.Because;

/**
 * The names in Weir's spans; those of {@code feature_flag} and {@code error.type} are
 * OpenTelemetry's semantic conventions.
 */
final class SpanNames {
  static final String EVALUATION = "feature_flag.evaluation";
  static final AttributeKey<String> FLAG_KEY = AttributeKey.stringKey("feature_flag.key");
  static final AttributeKey<String> FLAG_PROVIDER =
      AttributeKey.stringKey("feature_flag.provider.name");
  static final AttributeKey<String> FLAG_VARIANT =
      AttributeKey.stringKey("feature_flag.result.variant");
  static final AttributeKey<String> FLAG_REASON =
      AttributeKey.stringKey("feature_flag.result.reason");
  static final AttributeKey<String> FLAG_VERSION = AttributeKey.stringKey("feature_flag.version");
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  static final AttributeKey<String> MODEL = AttributeKey.stringKey("weir.model");
  static final AttributeKey<String> VARIANT = AttributeKey.stringKey("weir.variant");
  static final AttributeKey<String> BECAUSE = AttributeKey.stringKey("weir.because");
  static final AttributeKey<String> SOURCE = AttributeKey.stringKey("weir.source");
  static final AttributeKey<String> RESULT = AttributeKey.stringKey("weir.result");

  private SpanNames() {}

  /** The semantic conventions' reason that says the same. */
  static String flagReason(Because because) {
    return switch (because) {
      case MATCHED, PINNED -> "targeting_match";
      case FIXED -> "static";
      case SPLIT, BANDIT -> "split";
      case FALLBACK -> "default";
    };
  }
}
