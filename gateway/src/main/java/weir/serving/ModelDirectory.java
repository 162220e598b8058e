package weir.serving;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import weir.backend.Catalog;
import weir.backend.LiveCatalog;
import weir.backend.ServedVariant;
import weir.inference.ModelSignature;
import weir.inference.Variant;
import weir.routing.LivePlan;
import weir.routing.ModelRoute;

/** What the doors may ask about the models: which there are, what they take, whether they serve. */
public final class ModelDirectory {
  /** One version of the repository; {@code problem} is empty when it serves. */
  public record Listing(Variant variant, String problem) {}

  private final LivePlan plan;
  private final LiveCatalog catalog;
  private final Supplier<Optional<String>> opening;
  private volatile boolean retired;

  /** {@code opening} says what keeps the gateway from serving at all; empty once it does. */
  public ModelDirectory(LivePlan plan, LiveCatalog catalog, Supplier<Optional<String>> opening) {
    this.plan = plan;
    this.catalog = catalog;
    this.opening = opening;
  }

  /** The gateway stops: nothing is ready any more, though it still answers. */
  public void retire() {
    retired = true;
  }

  private Optional<String> closed() {
    return retired ? Optional.of("the gateway is stopping") : opening.get();
  }

  public boolean knows(String model) {
    return plan.current().models().containsKey(model);
  }

  /** Whether there is such a version, serving or waiting for its server. */
  public boolean knows(String model, String version) {
    return catalog.current().known(model).contains(version);
  }

  /** The SHA-256 of a version's file; "" when it has none, or does not serve. */
  public String digest(Variant variant) {
    return catalog
        .current()
        .find(variant.model(), variant.version())
        .map(ServedVariant::digest)
        .orElse("");
  }

  /** The serving versions of a model, ascending; empty when it is unknown. */
  public List<String> versions(String model) {
    return catalog.current().versions(model);
  }

  /** What a version takes and gives; without a version, what the model's first routed one does. */
  public Optional<ModelSignature> signature(String model, String version) {
    String asked = version.isEmpty() ? routed(model) : version;
    return catalog.current().find(model, asked).map(ServedVariant::signature);
  }

  private String routed(String model) {
    ModelRoute route = plan.current().models().get(model);
    return route == null ? "" : route.versions().iterator().next();
  }

  /**
   * Whether the version that gets most of the model's traffic can answer: a sick candidate takes no
   * replica out of service.
   */
  public boolean ready(String model) {
    ModelRoute route = plan.current().models().get(model);
    return route != null && ready(model, route.policy().largest());
  }

  public boolean ready(String model, String version) {
    return catalog
        .current()
        .find(model, version)
        .filter(served -> served.problem().get().isEmpty())
        .isPresent();
  }

  /**
   * Whether there is a plan and every model of it is loaded or lives elsewhere: a server that does
   * not answer makes its model unready, and not the gateway that serves others.
   */
  public boolean ready() {
    return opening().isEmpty() && routed();
  }

  /** What keeps the gateway from serving at all; empty once it does. */
  public Optional<String> opening() {
    return closed();
  }

  private boolean routed() {
    Catalog now = catalog.current();
    return !plan.current().models().isEmpty()
        && plan.current().models().entrySet().stream()
            .allMatch(
                model -> now.known(model.getKey()).contains(model.getValue().policy().largest()));
  }

  public List<Listing> listings() {
    return catalog.current().listings().stream()
        .map(listing -> new Listing(listing.variant(), listing.problem()))
        .toList();
  }
}
