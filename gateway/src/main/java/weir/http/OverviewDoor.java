package weir.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.observation.GatewayMetrics;
import weir.observation.VariantTraffic;
import weir.rollout.ModelStatus;
import weir.rollout.RolloutControl;
import weir.serving.ModelDirectory;

/**
 * {@code /admin/overview}: where everything stands, with the counts of each version.
 *
 * <p>The counts only grow; whoever asks twice has rates and quantiles of the time between.
 */
final class OverviewDoor {
  private static final double MILLIS_PER_SECOND = 1e3;

  private final RolloutControl control;
  private final ModelDirectory directory;
  private final GatewayMetrics metrics;
  private final InstantSource clock = InstantSource.system();

  OverviewDoor(RolloutControl control, ModelDirectory directory, GatewayMetrics metrics) {
    this.control = control;
    this.directory = directory;
    this.metrics = metrics;
  }

  void route(Routes routing) {
    Fallback.route(routing, Method.GET, "/admin/overview", this::overview);
  }

  private void overview(ServerRequest request, ServerResponse response) {
    ObjectNode out = JsonNodeFactory.instance.objectNode().put("at", clock.instant().toString());
    out.set("standing", AdminJson.standing(control.standing()));
    Map<String, ArrayNode> versions = versions();
    ArrayNode models = out.putArray("models");
    for (ModelStatus status : control.statuses()) {
      ObjectNode model = AdminJson.status(status);
      model.put("ready", directory.ready(status.model()));
      model.set(
          "versions", versions.getOrDefault(status.model(), JsonNodeFactory.instance.arrayNode()));
      models.add(model);
    }
    Answers.json(response, out.toString().getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, ArrayNode> versions() {
    Map<String, ArrayNode> byModel = new HashMap<>();
    for (ModelDirectory.Listing listing : directory.listings()) {
      byModel
          .computeIfAbsent(listing.variant().model(), _ -> JsonNodeFactory.instance.arrayNode())
          .add(version(listing));
    }
    return byModel;
  }

  private ObjectNode version(ModelDirectory.Listing listing) {
    VariantTraffic traffic = metrics.statistics(listing.variant()).traffic();
    ObjectNode out =
        JsonNodeFactory.instance
            .objectNode()
            .put("version", listing.variant().version())
            .put("ready", listing.problem().isEmpty())
            .put("problem", listing.problem())
            .put("digest", directory.digest(listing.variant()))
            .put("divided", traffic.divided())
            .put("answered", traffic.answered())
            .put("refused", traffic.refused())
            .put("failed", traffic.failed());
    out.set("durations", durations(traffic.durations()));
    return out;
  }

  private static ArrayNode durations(List<VariantTraffic.Bucket> buckets) {
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    for (VariantTraffic.Bucket bucket : buckets) {
      ObjectNode of = out.addObject();
      AdminJson.number(of, "at_most_ms", bucket.secondsMax() * MILLIS_PER_SECOND);
      of.put("count", bucket.count());
    }
    return out;
  }
}
