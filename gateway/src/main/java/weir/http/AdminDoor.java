package weir.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weir.access.Caller;
import weir.journal.JournalUnavailableException;
import weir.journal.Recorded;
import weir.rollout.CommandResult;
import weir.rollout.ModelStatus;
import weir.rollout.RolloutCommand;
import weir.rollout.RolloutControl;
import weir.rollout.RolloutControl.Asked;
import weir.routing.RoutingPolicy;
import weir.routing.Share;

/**
 * {@code /admin/…} on the management port: where models stand, splits, rollouts, the audit trail.
 *
 * <p>Every change takes {@code If-Match} with the revision that {@code ETag} told, answers 412 when
 * the model has moved on, 409 when it cannot be done now, and says why in words.
 */
final class AdminDoor {
  static final HeaderName ACTOR = HeaderNames.create("weir-actor");
  private static final Pattern ENTITY_TAG = Pattern.compile("\\s*\"?(\\d{1,18})\"?\\s*");
  private static final Pattern ACTOR_NAME = Pattern.compile("[\\p{Alnum}._@+-]{1,64}");
  private static final String ANONYMOUS = "admin";
  private static final int AUDIT_DEFAULT = 100;
  private static final int AUDIT_MAX = 1_000;

  private final RolloutControl control;
  private final Steering steering;
  private final Bodies bodies;

  AdminDoor(Steering steering, Bodies bodies) {
    this.control = steering.control();
    this.steering = steering;
    this.bodies = bodies;
  }

  void route(Routes routing) {
    String model = "/admin/models/{model}";
    Fallback.route(routing, Method.GET, "/admin/status", this::standing);
    Fallback.route(routing, Method.GET, "/admin/models", this::models);
    Fallback.route(routing, Method.GET, "/admin/audit", this::audit);
    Fallback.route(routing, Method.GET, model, this::model);
    Fallback.route(routing, Method.GET, model + "/experiment", this::experiment);
    Fallback.route(routing, Method.GET, model + "/shadows", this::shadows);
    Fallback.route(routing, Method.POST, model + "/split", command(this::split));
    Fallback.route(routing, Method.POST, model + "/rollout/start", command(this::start));
    Fallback.route(
        routing, Method.POST, model + "/rollout/pause", plain(_ -> new RolloutCommand.Pause()));
    Fallback.route(
        routing, Method.POST, model + "/rollout/resume", plain(_ -> new RolloutCommand.Resume()));
    Fallback.route(
        routing,
        Method.POST,
        model + "/rollout/advance",
        plain(name -> new RolloutCommand.Advance(control.look(name))));
    Fallback.route(
        routing, Method.POST, model + "/rollout/abort", plain(_ -> new RolloutCommand.Abort()));
  }

  private void standing(ServerRequest request, ServerResponse response) {
    json(response, AdminJson.standing(control.standing()));
  }

  private void models(ServerRequest request, ServerResponse response) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    control.statuses().forEach(status -> all.add(AdminJson.status(status)));
    json(response, all);
  }

  private void model(ServerRequest request, ServerResponse response) {
    about(request, response, AdminJson::status);
  }

  private void experiment(ServerRequest request, ServerResponse response) {
    about(request, response, AdminJson::experiment);
  }

  private void shadows(ServerRequest request, ServerResponse response) {
    String model = Paths.parameter(request, "model");
    control
        .shadows(model)
        .ifPresentOrElse(
            reports -> json(response, ShadowJson.document(model, reports)),
            () -> unknown(response));
  }

  private void about(
      ServerRequest request, ServerResponse response, Function<ModelStatus, ObjectNode> document) {
    String model = Paths.parameter(request, "model");
    Optional<ModelStatus> status = control.status(model);
    if (status.isEmpty()) {
      unknown(response);
      return;
    }
    response.header(HeaderNames.ETAG, "\"" + status.get().revision() + "\"");
    json(response, document.apply(status.get()));
  }

  private static void unknown(ServerResponse response) {
    Answers.error(
        response, Status.NOT_FOUND_404, "no such model; GET /admin/models lists those served");
  }

  private void audit(ServerRequest request, ServerResponse response) {
    String model = request.query().first("model").orElse("");
    int most;
    try {
      most = Integer.parseInt(request.query().first("max").orElse("" + AUDIT_DEFAULT));
    } catch (NumberFormatException e) {
      most = 0;
    }
    if (most < 1 || most > AUDIT_MAX) {
      Answers.error(
          response, Status.BAD_REQUEST_400, "max must be a number from 1 to " + AUDIT_MAX);
      return;
    }
    try {
      List<Recorded> entries =
          steering.journal().recent(model.isEmpty() ? "" : "model/" + model, most);
      json(response, AdminJson.audit(entries));
    } catch (JournalUnavailableException e) {
      Answers.notReady(response, String.valueOf(e.getMessage()));
    }
  }

  /** A command of a person: the body is read, the answer given. */
  @FunctionalInterface
  private interface Commanded {
    CommandResult on(String model, AdminBody body, Asked asked);
  }

  private Handler plain(Function<String, RolloutCommand> command) {
    return command((model, body, asked) -> {
      body.onlyWhy();
      return control.command(model, command.apply(model), asked);
    });
  }

  private CommandResult split(String model, AdminBody body, Asked asked) {
    RoutingPolicy policy = body.split();
    for (String version : versions(policy)) {
      Optional<String> problem =
          steering.versions().mismatch(model, versions(policy).getFirst(), version);
      if (problem.isPresent() && control.status(model).isPresent()) {
        return new CommandResult.Refused(problem.get());
      }
    }
    return control.command(model, new RolloutCommand.SetSplit(policy), asked);
  }

  private static List<String> versions(RoutingPolicy policy) {
    return switch (policy) {
      case RoutingPolicy.Fixed fixed -> List.of(fixed.version());
      case RoutingPolicy.Divided divided -> divided.shares().stream().map(Share::version).toList();
    };
  }

  private CommandResult start(String model, AdminBody body, Asked asked) {
    String candidate = body.candidate();
    Optional<ModelStatus> status = control.status(model);
    if (status.isPresent()) {
      Optional<String> problem =
          steering.versions().mismatch(model, status.get().policy().largest(), candidate);
      if (problem.isPresent()) {
        return new CommandResult.Refused(problem.get());
      }
    }
    return control.start(model, candidate, body::settings, asked);
  }

  private Handler command(Commanded commanded) {
    return (request, response) -> {
      Optional<CrossSite.Refusal> foreign = CrossSite.refusal(request);
      if (foreign.isPresent()) {
        Answers.closing(request, response);
        Answers.error(response, foreign.get().status(), foreign.get().words());
        Answers.closeUnread(request);
        return;
      }
      switch (bodies.read(request)) {
        case Bodies.Body.Broken broken -> {
          Answers.closing(request, response);
          Answers.error(response, broken.status(), broken.message());
          Answers.closeUnread(request);
        }
        case Bodies.Body.Whole whole -> {
          try {
            AdminBody body = AdminBody.read(whole);
            answer(
                response,
                commanded.on(Paths.parameter(request, "model"), body, asked(request, body)));
          } catch (IllegalArgumentException e) {
            Answers.error(response, Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
          }
        }
      }
    };
  }

  /**
   * Who asked is the caller where callers must say who they are; the header is then a note for whom
   * they did it.
   */
  private static Asked asked(ServerRequest request, AdminBody body) {
    String said = request.headers().first(ACTOR).orElse("");
    if (!said.isEmpty() && !ACTOR_NAME.matcher(said).matches()) {
      throw new IllegalArgumentException(
          "weir-actor must be a name of letters, digits and ._@+-, at most 64");
    }
    String otherwise = said.isEmpty() ? ANONYMOUS : said;
    String actor = Guard.caller(request).map(Caller::name).orElse(otherwise);
    String why =
        actor.equals(otherwise) || said.isEmpty()
            ? body.why()
            : (body.why() + " (for " + said + ")").strip();
    String match = request.headers().first(HeaderNames.IF_MATCH).orElse("*");
    if (match.equals("*")) {
      return new Asked(actor, why, OptionalLong.empty());
    }
    Matcher tag = ENTITY_TAG.matcher(match);
    if (!tag.matches()) {
      throw new IllegalArgumentException("If-Match must be the ETag of the model, such as \"7\"");
    }
    return new Asked(actor, why, OptionalLong.of(Long.parseLong(tag.group(1))));
  }

  private static void answer(ServerResponse response, CommandResult result) {
    switch (result) {
      case CommandResult.Done done -> {
        response.header(HeaderNames.ETAG, "\"" + done.revision() + "\"");
        json(
            response,
            JsonNodeFactory.instance
                .objectNode()
                .put("words", done.words())
                .put("revision", done.revision()));
      }
      case CommandResult.Refused refused ->
          Answers.error(response, Status.CONFLICT_409, refused.words());
      case CommandResult.Stale stale -> {
        response.header(HeaderNames.ETAG, "\"" + stale.revision() + "\"");
        Answers.error(response, Status.PRECONDITION_FAILED_412, stale.words());
      }
      case CommandResult.Unavailable unavailable -> Answers.notReady(response, unavailable.words());
      case CommandResult.UnknownModel _ -> unknown(response);
    }
  }

  private static void json(ServerResponse response, JsonNode document) {
    Answers.json(response, document.toString().getBytes(StandardCharsets.UTF_8));
  }
}
