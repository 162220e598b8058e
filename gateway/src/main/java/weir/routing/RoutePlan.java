package weir.routing;

import java.util.Map;

/**
 * The routes of all models at one moment.
 *
 * @param generation the journal's position of the newest event folded in: comparable between
 *     replicas
 */
public record RoutePlan(long generation, Map<String, ModelRoute> models) {
  public RoutePlan {
    if (generation < 0) {
      throw new IllegalArgumentException("a generation is at least 0, not " + generation);
    }
    models = Map.copyOf(models);
  }
}
