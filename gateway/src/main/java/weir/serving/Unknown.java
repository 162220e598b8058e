package weir.serving;

import weir.backend.Catalog;
import weir.inference.InferenceRequest;
import weir.inference.Quoted;

/** What a caller is told who names something that is not there. */
final class Unknown {
  static final String NOTHING = "no model is served yet; GET /v2/health/ready says why";

  private Unknown() {}

  static String model(InferenceRequest request) {
    return "model %s is unknown; POST /v2/repository/index lists the models"
        .formatted(Quoted.name(request.model()));
  }

  static String version(InferenceRequest request, Catalog catalog) {
    return "model %s has no version %s; it has %s"
        .formatted(
            Quoted.name(request.model()),
            Quoted.name(request.version()),
            Quoted.list(catalog.versions(request.model())));
  }
}
