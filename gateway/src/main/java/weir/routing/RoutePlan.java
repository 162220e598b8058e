package weir.routing;

import java.util.Map;

/** The routes of all models at one moment; {@code generation} grows with every plan published. */
public record RoutePlan(long generation, Map<String, ModelRoute> models) {
  public RoutePlan {
    if (generation < 0) {
      throw new IllegalArgumentException("a generation is at least 0, not " + generation);
    }
    models = Map.copyOf(models);
  }
}
