package weir.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What happens in a demo, chapter by chapter: one version is rolled out, another is tried, then the
 * stones change.
 *
 * <p>A story asks for rollouts as a person would and tells what the gateway made of them. It
 * decides nothing and knows no version to be good or bad.
 */
final class Story {
  private static final long LOOK_EVERY_MILLIS = 500;
  private static final long DRIFT_LOOKS_MAX = 240;
  private static final int REASON_CHARS_MAX = 240;

  private final DemoPlan.Story plan;
  private final GatewayClient client;
  private final Scoreboard scoreboard;
  private final Consumer<Boolean> largeStones;

  /** {@code largeStones} is told whether only large stones are to arrive. */
  Story(
      DemoPlan.Story plan,
      GatewayClient client,
      Scoreboard scoreboard,
      Consumer<Boolean> largeStones) {
    this.plan = plan;
    this.client = client;
    this.scoreboard = scoreboard;
    this.largeStones = largeStones;
  }

  /** Tells the story until its end or an interrupt. */
  void run() {
    try {
      TimeUnit.MILLISECONDS.sleep(plan.prologue().toMillis());
      for (String candidate : plan.candidates()) {
        rollout(candidate);
      }
      largeStones();
      scoreboard.told("The story is over; the traffic goes on.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      scoreboard.told("The story stopped: " + e.getMessage());
    }
  }

  private void rollout(String candidate) throws IOException, InterruptedException {
    scoreboard.told("Version %s is rolled out.".formatted(candidate));
    String refused = client.startRollout(candidate);
    if (!refused.isEmpty()) {
      scoreboard.told("The gateway refuses: " + refused);
      return;
    }
    double percent = 0;
    while (true) {
      JsonNode status = client.status();
      scoreboard.wanted(weights(status.path("policy")));
      JsonNode rollout = status.path("rollout");
      if (rollout.path("over").asBoolean()) {
        scoreboard.told(end(candidate, rollout, status));
        return;
      }
      double now = rollout.path("percent").asDouble();
      if (now != percent) {
        percent = now;
        scoreboard.told(
            "Version %s has %s %% of the traffic.".formatted(candidate, Figures.whole(percent)));
      }
      scoreboard.waiting(status.path("words").asText());
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
  }

  private static String end(String candidate, JsonNode rollout, JsonNode status) {
    boolean promoted = rollout.path("state").asText().equals("promoted");
    String reason = promoted ? status.path("words").asText() : rollout.path("reason").asText();
    return "Version %s is %s. %s"
        .formatted(candidate, promoted ? "promoted" : "sent back", cut(reason));
  }

  private static String cut(String reason) {
    return reason.length() <= REASON_CHARS_MAX
        ? reason
        : reason.substring(0, REASON_CHARS_MAX) + " …";
  }

  private static Map<String, Double> weights(JsonNode policy) {
    Map<String, Double> weights = new LinkedHashMap<>();
    if (policy.has("fixed")) {
      weights.put(policy.path("fixed").asText(), 1.0);
    }
    policy
        .path("split")
        .properties()
        .forEach(weight -> weights.put(weight.getKey(), weight.getValue().asDouble()));
    return weights;
  }

  private void largeStones() throws IOException, InterruptedException {
    scoreboard.waiting("");
    scoreboard.told("From now on only large stones arrive.");
    largeStones.accept(true);
    for (int look = 0; look < DRIFT_LOOKS_MAX; look++) {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      List<String> drifted = drifted(client.drift());
      if (!drifted.isEmpty()) {
        scoreboard.told("Drift: " + String.join(", ", drifted) + ".");
        largeStones.accept(false);
        scoreboard.told("The usual stones are back.");
        return;
      }
    }
    scoreboard.told("No drift was said in two minutes.");
    largeStones.accept(false);
  }

  /** The features that drift on the variant that answers, each with its time. */
  private static List<String> drifted(JsonNode report) {
    List<String> drifted = new ArrayList<>();
    for (JsonNode variant : report.path("variants")) {
      for (JsonNode signal : variant.path("signals")) {
        if (signal.path("status").asText().equals("drift")) {
          drifted.add(
              "%s (PSI %.2f, since %s)"
                  .formatted(
                      signal.path("feature").asText(),
                      signal.path("distribution").path("psi").asDouble(),
                      signal.path("since").asText().replaceFirst(".*T", "").replace("Z", "")));
        }
      }
      if (!drifted.isEmpty()) {
        return drifted;
      }
    }
    return drifted;
  }
}
