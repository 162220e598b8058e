package weir.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import weir.inference.Datatype;
import weir.inference.InferenceRequest;
import weir.inference.Shape;
import weir.inference.Tensor;

class RouterTest {
  private static final Stickiness BY_USER = new Stickiness.ByHeader("X-User-Id");
  private static final Stickiness BY_CUSTOMER = new Stickiness.ByInput("customer");
  private static final RoutingPolicy HALVES =
      new RoutingPolicy.Split(List.of(new Share("1", 1), new Share("2", 1)));

  private final Random random = new Random(42);
  private final Router router = new Router(() -> random);

  @Test
  void assign_pinnedRequest_getsItsVersionBeforeAnyRule() {
    ModelRoute route = route(BY_USER, HALVES, new MatchRule.HeaderIn("team", Set.of("a"), "2"));
    InferenceRequest request = Requests.of("3", name -> name.equals("team") ? "a" : "ann");

    Assignment assignment = router.assign(route, request);

    assertThat(assignment.version()).isEqualTo("3");
    assertThat(assignment.probability()).isEqualTo(1);
    assertThat(assignment.generation()).isEqualTo(7);
    assertThat(assignment.because()).isEqualTo(Because.PINNED);
  }

  @Test
  void assign_severalRulesMatch_firstWins() {
    ModelRoute route =
        route(
            BY_USER,
            HALVES,
            new MatchRule.HeaderIn("team", Set.of("other"), "9"),
            new MatchRule.HeaderIn("Team", Set.of("pricing", "sales"), "3"),
            new MatchRule.UnitIn(Set.of("ann"), "4"));

    Assignment assignment =
        router.assign(route, Requests.of("", name -> name.equals("team") ? "pricing" : "ann"));

    assertThat(assignment.version()).isEqualTo("3");
    assertThat(assignment.probability()).isEqualTo(1);
    assertThat(assignment.because()).isEqualTo(Because.MATCHED);
  }

  @Test
  void assign_noRuleMatches_policyDecides() {
    ModelRoute route =
        route(
            BY_USER,
            new RoutingPolicy.Fixed("1"),
            new MatchRule.HeaderIn("team", Set.of("pricing"), "3"),
            new MatchRule.UnitIn(Set.of("ann"), "4"));

    Assignment assignment = router.assign(route, Requests.with("x-user-id", "bob"));

    assertThat(assignment.version()).isEqualTo("1");
    assertThat(assignment.probability()).isEqualTo(1);
    assertThat(assignment.because()).isEqualTo(Because.FIXED);
  }

  @Test
  void assign_unitInRuleOnHeader_comparesItsValue() {
    ModelRoute route =
        route(BY_USER, new RoutingPolicy.Fixed("1"), new MatchRule.UnitIn(Set.of("ann"), "2"));

    assertThat(router.assign(route, Requests.with("x-user-id", "ann")).version()).isEqualTo("2");
    assertThat(router.assign(route, Requests.with("x-user-id", "Ann")).version()).isEqualTo("1");
  }

  @Test
  void assign_unitInRuleOnInput_comparesTextOfFirstElement() {
    Map<Tensor, String> texts =
        Map.ofEntries(
            Map.entry(Tensor.ofStrings("customer", Shape.of(2), "größe", "zoe"), "größe"),
            Map.entry(number(Datatype.BOOL, 1), "true"),
            Map.entry(number(Datatype.BOOL, 0), "false"),
            Map.entry(number(Datatype.INT8, -1), "-1"),
            Map.entry(number(Datatype.INT16, -1), "-1"),
            Map.entry(number(Datatype.INT32, -1), "-1"),
            Map.entry(number(Datatype.INT64, -1), "-1"),
            Map.entry(number(Datatype.UINT8, -1), "255"),
            Map.entry(number(Datatype.UINT16, -1), "65535"),
            Map.entry(number(Datatype.UINT32, -1), "4294967295"),
            Map.entry(number(Datatype.UINT64, -1), "18446744073709551615"),
            Map.entry(number(Datatype.FP16, 0x3800), "0.5"),
            Map.entry(number(Datatype.BF16, 0x3f00), "0.5"),
            Map.entry(number(Datatype.FP32, Float.floatToIntBits(0.5f)), "0.5"),
            Map.entry(number(Datatype.FP64, Double.doubleToLongBits(0.5)), "0.5"));

    texts.forEach((tensor, text) -> {
      MatchRule rule = new MatchRule.UnitIn(Set.of(text), "2");
      ModelRoute route = route(BY_CUSTOMER, new RoutingPolicy.Fixed("1"), rule);
      assertThat(router.assign(route, Requests.with(tensor)).version())
          .as("%s of %s", text, tensor.datatype())
          .isEqualTo("2");
    });
  }

  @Test
  void assign_split_givesShareAsProbability() {
    RoutingPolicy split = new RoutingPolicy.Split(List.of(new Share("1", 3), new Share("2", 1)));
    ModelRoute route = route(BY_USER, split);

    for (int i = 0; i < 100; i++) {
      Assignment assignment = router.assign(route, Requests.with("x-user-id", "user-" + i));
      assertThat(assignment.because()).isEqualTo(Because.SPLIT);
      assertThat(assignment.probability()).isEqualTo(split.probability(assignment.version()));
    }
  }

  @Test
  void assign_stickyHeader_keepsUnitWhateverElseDiffers() {
    ModelRoute route = route(BY_USER, HALVES);

    Assignment once = router.assign(route, Requests.with("x-user-id", "ann"));
    Assignment again =
        new Router(() -> new Random(1))
            .assign(route, Requests.of("", name -> name.equals("x-user-id") ? "ann" : "other"));

    assertThat(again).isEqualTo(once);
    assertThat(once.unitHash()).isEqualTo(UnitHash.of(UnitHash.seed("salt"), "ann"));
  }

  @Test
  void assign_stickyBytesInput_hashesFirstElementAsHeaderOfSameText() {
    ModelRoute route = route(BY_CUSTOMER, HALVES);
    Tensor features = Tensor.ofFloats("x", Shape.of(1), 1);

    Assignment assignment =
        router.assign(
            route,
            Requests.with(features, Tensor.ofStrings("customer", Shape.of(2), "größe", "zoe")));

    assertThat(assignment.unitHash()).isEqualTo(UnitHash.of(UnitHash.seed("salt"), "größe"));
  }

  @Test
  void assign_stickyInputOffHeap_hashesAsOnHeap() {
    ModelRoute route = route(BY_CUSTOMER, HALVES);
    Tensor heap = Tensor.ofStrings("customer", Shape.of(1), "user-1@example.org");
    ByteBuffer direct = ByteBuffer.allocateDirect(heap.data().limit()).order(heap.data().order());
    direct.put(0, heap.data(), 0, heap.data().limit());

    Assignment offHeap =
        router.assign(
            route, Requests.with(new Tensor("customer", Datatype.BYTES, Shape.of(1), direct)));

    assertThat(offHeap).isEqualTo(router.assign(route, Requests.with(heap)));
  }

  @Test
  void assign_stickyNumberInput_hashesItsLittleEndianBytes() {
    ModelRoute route = route(BY_CUSTOMER, HALVES);
    ByteBuffer two = Tensor.allocate(16).putLong(0, 42).putLong(8, 43);

    Assignment assignment =
        router.assign(
            route, Requests.with(new Tensor("customer", Datatype.INT64, Shape.of(2), two)));

    assertThat(assignment.unitHash()).isEqualTo(UnitHash.of(UnitHash.seed("salt"), 42));
  }

  @Test
  void assign_saltsOfOneHashCode_placeUnitsEachByItsOwn() {
    ModelRoute one = route(BY_USER, HALVES).withSalt("Aa");
    ModelRoute other = route(BY_USER, HALVES).withSalt("BB");
    InferenceRequest request = Requests.with("x-user-id", "ann");

    assertThat(one.salt().hashCode()).isEqualTo(other.salt().hashCode());
    for (ModelRoute each : List.of(one, other, one)) {
      assertThat(router.assign(each, request).unitHash())
          .isEqualTo(UnitHash.of(UnitHash.seed(each.salt()), "ann"));
    }
  }

  @Test
  void assign_noStickyValue_drawsOneKeyPerRequest() {
    Random same = new Random(42);
    List<InferenceRequest> requests =
        List.of(
            Requests.with("other", "ann"),
            Requests.with(Tensor.ofFloats("other", Shape.of(1), 1)),
            Requests.with(Tensor.ofFloats("customer", Shape.of(0))),
            Requests.with(Tensor.ofStrings("customer", Shape.of(1), "")),
            Requests.with(Tensor.ofStrings("customer", Shape.of(0))));

    for (Stickiness stickiness : List.of(BY_USER, BY_CUSTOMER, new Stickiness.None())) {
      for (InferenceRequest request : requests) {
        assertThat(router.assign(route(stickiness, HALVES), request).unitHash())
            .isEqualTo(UnitHash.of(UnitHash.seed("salt"), same.nextLong()));
      }
    }
  }

  private static ModelRoute route(
      Stickiness stickiness, RoutingPolicy policy, MatchRule... matches) {
    return new ModelRoute("salt", stickiness, List.of(matches), policy, List.of(), 7);
  }

  private static Tensor number(Datatype datatype, long bits) {
    ByteBuffer data = Tensor.allocate(datatype.width());
    for (int i = 0; i < datatype.width(); i++) {
      data.put(i, (byte) (bits >>> (8 * i)));
    }
    return new Tensor("customer", datatype, Shape.of(1), data);
  }
}
