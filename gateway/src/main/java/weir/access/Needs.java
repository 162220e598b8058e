package weir.access;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;

/** The one table of what each path and each gRPC call asks of a caller. */
public final class Needs {
  /** Of HTTP paths that a setting may open for Prometheus. */
  static final String METRICS = "/metrics";

  private static final Need OPEN = new Need.Open();
  private static final Need KNOWN = new Need.Known();
  private static final Need INFER = Need.oneOf(Role.INFER);
  private static final Need FEEDBACK = Need.oneOf(Role.FEEDBACK);
  private static final Need DESCRIBE = Need.oneOf(Role.INFER, Role.READ);
  private static final Need READ = Need.oneOf(Role.READ, Role.OPERATE);
  private static final Need OPERATE = Need.oneOf(Role.OPERATE);

  private static final String MODEL = "/v2/models/{model}";
  private static final String VERSION = MODEL + "/versions/{version}";
  private static final String ADMIN = "/admin/models/{model}";

  private static final Map<String, Need> PATHS =
      Map.ofEntries(
          // health, and documents that hold nothing of this gateway
          entry("/v2/health/live", OPEN),
          entry("/v2/health/ready", OPEN),
          entry("/health/live", OPEN),
          entry("/health/ready", OPEN),
          entry("/openapi.yaml", OPEN),
          entry("/docs", OPEN),
          entry("/docs/{file}", OPEN),
          entry("/", OPEN),
          entry("/console", OPEN),
          entry("/console/{file}", OPEN),
          // the protocol
          entry("/v2", KNOWN),
          entry(MODEL, DESCRIBE),
          entry(VERSION, DESCRIBE),
          entry(MODEL + "/ready", DESCRIBE),
          entry(VERSION + "/ready", DESCRIBE),
          entry(MODEL + "/stats", READ),
          entry(VERSION + "/stats", READ),
          entry(MODEL + "/infer", INFER),
          entry(VERSION + "/infer", INFER),
          entry(MODEL + "/feedback", FEEDBACK),
          entry("/v2/repository/index", READ),
          // management
          entry(METRICS, READ),
          entry("/admin/status", READ),
          entry("/admin/models", READ),
          entry("/admin/overview", READ),
          entry("/admin/audit", READ),
          entry("/admin/events", READ),
          entry(ADMIN, READ),
          entry(ADMIN + "/drift", READ),
          entry(ADMIN + "/experiment", READ),
          entry(ADMIN + "/shadows", READ),
          entry(ADMIN + "/split", OPERATE),
          entry(ADMIN + "/rollout/start", OPERATE),
          entry(ADMIN + "/rollout/pause", OPERATE),
          entry(ADMIN + "/rollout/resume", OPERATE),
          entry(ADMIN + "/rollout/advance", OPERATE),
          entry(ADMIN + "/rollout/abort", OPERATE));

  private static final Set<String> CHOSEN_BY_QUERY = Set.of("/admin/audit", "/admin/events");

  private static final String OIP = "inference.GRPCInferenceService/";

  private static final Map<String, Need> CALLS =
      Map.ofEntries(
          entry(OIP + "ServerLive", OPEN),
          entry(OIP + "ServerReady", OPEN),
          entry("grpc.health.v1.Health/Check", OPEN),
          entry("grpc.health.v1.Health/Watch", OPEN),
          entry("grpc.health.v1.Health/List", OPEN),
          entry(OIP + "ServerMetadata", KNOWN),
          entry("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", KNOWN),
          entry(OIP + "ModelReady", DESCRIBE),
          entry(OIP + "ModelMetadata", DESCRIBE),
          entry(OIP + "ModelInfer", INFER),
          entry(OIP + "ModelStreamInfer", INFER),
          entry(OIP + "ModelStatistics", READ),
          entry(OIP + "RepositoryIndex", READ));

  private Needs() {}

  /** Of an HTTP path, as the pattern that routes it; a path without an entry is not routed. */
  static Need ofPath(String pattern) {
    Need need = PATHS.get(pattern);
    if (need == null) {
      throw new IllegalStateException(
          "weir.access.Needs does not say what %s asks".formatted(pattern));
    }
    return need;
  }

  /** Of a gRPC call by its full name; one without an entry asks for every right. */
  public static Need ofCall(String name) {
    return CALLS.getOrDefault(name, OPERATE);
  }

  /** Whether a path tells of one model alone when {@code ?model=} names it. */
  public static boolean chosenByQuery(String pattern) {
    return CHOSEN_BY_QUERY.contains(pattern);
  }

  /** Whether a path is for everyone. */
  public static boolean open(String pattern) {
    return ofPath(pattern) instanceof Need.Open;
  }

  /** Every call in the table. */
  static Set<String> calls() {
    return CALLS.keySet();
  }
}
