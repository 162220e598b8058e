package weir.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RoutingSettingsTest {
  private static final RoutingSettings DEFAULTS = RoutingSettings.defaults();
  private static final RoutingSettings.Match ANN = units("ann");

  @Test
  void defaults_everyKey_isAsDocumented() {
    assertThat(DEFAULTS.policy()).isEmpty();
    assertThat(DEFAULTS.sticky()).isEqualTo(new Stickiness.None());
    assertThat(DEFAULTS.match()).isEmpty();
    assertThat(DEFAULTS.salt()).isEmpty();
  }

  @Test
  void route_defaults_fixesDefaultVersionUnderTheModelsName() {
    assertThat(DEFAULTS.route("churn", "1"))
        .isEqualTo(
            new ModelRoute(
                "churn", new Stickiness.None(), List.of(), new RoutingPolicy.Fixed("1")));
  }

  @Test
  void route_everyKeySet_mapsEveryKey() {
    Map<String, Double> weights = new LinkedHashMap<>();
    weights.put("stable", 90.0);
    weights.put("candidate", 10.0);
    weights.put("a", 0.0);
    RoutingSettings settings =
        new RoutingSettings(
            Optional.of(new RoutingSettings.Policy.Split(weights)),
            new Stickiness.ByHeader("X-User-Id"),
            List.of(headers("X-Team", "pricing"), ANN),
            Optional.of("spring"));

    assertThat(settings.route("churn", "1"))
        .isEqualTo(
            new ModelRoute(
                "spring",
                new Stickiness.ByHeader("x-user-id"),
                List.of(
                    new MatchRule.HeaderIn("x-team", Set.of("pricing"), "2"),
                    new MatchRule.UnitIn(Set.of("ann"), "2")),
                new RoutingPolicy.Split(
                    List.of(
                        new Share("stable", 90), new Share("candidate", 10), new Share("a", 0)))));
  }

  @Test
  void route_fixedPolicy_overridesDefaultVersion() {
    RoutingSettings settings =
        new RoutingSettings(
            Optional.of(new RoutingSettings.Policy.Fixed("2")),
            new Stickiness.ByInput("customer"),
            List.of(ANN),
            Optional.empty());

    assertThat(settings.route("churn", "1").policy()).isEqualTo(new RoutingPolicy.Fixed("2"));
    assertThat(settings.route("churn", "1").stickiness())
        .isEqualTo(new Stickiness.ByInput("customer"));
  }

  @Test
  void versions_ofRoute_areThoseOfPolicyAndRules() {
    RoutingPolicy split = new RoutingPolicy.Split(List.of(new Share("1", 1), new Share("3", 0)));
    ModelRoute route = DEFAULTS.route("churn", "1").withPolicy(split);

    assertThat(route.versions()).containsExactly("1", "3");
    assertThat(
            new ModelRoute(
                    "s",
                    new Stickiness.ByInput("c"),
                    List.of(ANN.rule()),
                    new RoutingPolicy.Fixed("1"))
                .versions())
        .containsExactly("1", "2");
  }

  @Test
  void withSalt_another_changesNothingElse() {
    ModelRoute route = DEFAULTS.route("churn", "1");

    assertThat(route.withSalt("rollout-7").salt()).isEqualTo("rollout-7");
    assertThat(route.withSalt("rollout-7").withSalt("churn")).isEqualTo(route);
  }

  @Test
  void settings_unitInWithoutUnit_isRefused() {
    refused(
        () ->
            new RoutingSettings(
                Optional.empty(), new Stickiness.None(), List.of(ANN), Optional.empty()),
        "a unit-in rule needs a unit: sticky is by-header or by-input, not none");
  }

  @Test
  void settings_emptyNames_areRefused() {
    refused(
        () ->
            new RoutingSettings(
                Optional.empty(), new Stickiness.None(), List.of(), Optional.of("")),
        "a salt has 1 to 255 bytes of UTF-8, not ''");
    refused(() -> new Stickiness.ByHeader(""), "a sticky header has 1 to 255 bytes");
    refused(() -> new Stickiness.ByInput(""), "a sticky input has 1 to 255 bytes");
    refused(() -> new RoutingSettings.Policy.Fixed(""), "a fixed version has 1 to 255 bytes");
  }

  @Test
  void split_outOfBounds_isRefused() {
    refused(() -> new RoutingSettings.Policy.Split(Map.of()), "the weights of a split");
    refused(() -> new RoutingSettings.Policy.Split(Map.of("1", 0.0)), "the weights of a split");
    refused(() -> new RoutingSettings.Policy.Split(Map.of("1", -1.0)), "the weight of version '1'");
    refused(() -> new RoutingSettings.Policy.Split(Map.of("", 1.0)), "a share's version");
  }

  @Test
  void match_notExactlyOneForm_isRefused() {
    String message = "a match rule has header and in, or unit-in, not header ";
    Optional<String> team = Optional.of("team");
    List<String> none = List.of();
    List<String> ann = List.of("ann");

    refused(() -> new RoutingSettings.Match(Optional.empty(), none, none, "2"), message);
    refused(() -> new RoutingSettings.Match(team, none, none, "2"), message);
    refused(() -> new RoutingSettings.Match(Optional.empty(), ann, none, "2"), message);
    refused(() -> new RoutingSettings.Match(team, none, ann, "2"), message);
    refused(() -> new RoutingSettings.Match(team, ann, ann, "2"), message);
    refused(() -> new RoutingSettings.Match(Optional.empty(), ann, ann, "2"), message);
  }

  @Test
  void match_emptyParts_areRefused() {
    refused(() -> headers("", "a"), "a matched header has 1 to 255 bytes");
    refused(() -> headers("team", ""), "the values of header 'team' are at least one");
    refused(() -> units(""), "the units of a match rule are at least one");
    refused(
        () -> new RoutingSettings.Match(Optional.empty(), List.of(), List.of("ann"), ""),
        "a match rule's version has 1 to 255 bytes");
  }

  private static RoutingSettings.Match headers(String header, String value) {
    return new RoutingSettings.Match(Optional.of(header), List.of(value), List.of(), "2");
  }

  private static RoutingSettings.Match units(String unit) {
    return new RoutingSettings.Match(Optional.empty(), List.of(), List.of(unit), "2");
  }

  private static void refused(ThrowingCallable construction, String message) {
    assertThatThrownBy(construction)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
