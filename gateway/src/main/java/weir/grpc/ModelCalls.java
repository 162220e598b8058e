package weir.grpc;

import inference.InferStatistics;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelMetadataResponse.TensorMetadata;
import inference.ModelReadyRequest;
import inference.ModelReadyResponse;
import inference.ModelStatistics;
import inference.ModelStatisticsRequest;
import inference.ModelStatisticsResponse;
import inference.RepositoryIndexRequest;
import inference.RepositoryIndexResponse;
import inference.ServerMetadataResponse;
import inference.ServerReadyResponse;
import inference.StatisticDuration;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import weir.inference.ModelSignature;
import weir.inference.Quoted;
import weir.inference.TensorSpec;
import weir.inference.Variant;
import weir.observation.GatewayMetrics;
import weir.observation.VariantStatistics;
import weir.serving.ModelDirectory;

/** The protocol's questions about server and models. */
final class ModelCalls {
  private static final List<String> EXTENSIONS = List.of("statistics", "model_repository");

  private final ModelDirectory directory;
  private final GatewayMetrics metrics;
  private final String version;

  ModelCalls(ModelDirectory directory, GatewayMetrics metrics, String version) {
    this.directory = directory;
    this.metrics = metrics;
    this.version = version;
  }

  ServerReadyResponse serverReady() {
    return ServerReadyResponse.newBuilder().setReady(directory.ready()).build();
  }

  ServerMetadataResponse server() {
    return ServerMetadataResponse.newBuilder()
        .setName("weir")
        .setVersion(version)
        .addAllExtensions(EXTENSIONS)
        .build();
  }

  /** False for what does not serve now and, as Triton says it, for what is not there. */
  ModelReadyResponse ready(ModelReadyRequest request) {
    String model = request.getName();
    String asked = request.getVersion();
    boolean ready = asked.isEmpty() ? directory.ready(model) : directory.ready(model, asked);
    return ModelReadyResponse.newBuilder().setReady(ready).build();
  }

  ModelMetadataResponse model(ModelMetadataRequest request) throws StatusException {
    String model = request.getName();
    String asked = request.getVersion();
    ModelSignature signature =
        directory.signature(model, asked).orElseThrow(() -> unknown(model, asked));
    return ModelMetadataResponse.newBuilder()
        .setName(model)
        .addAllVersions(asked.isEmpty() ? directory.versions(model) : List.of(asked))
        .setPlatform(signature.platform())
        .addAllInputs(signature.inputs().stream().map(ModelCalls::tensor).toList())
        .addAllOutputs(signature.outputs().stream().map(ModelCalls::tensor).toList())
        .build();
  }

  private static TensorMetadata tensor(TensorSpec spec) {
    TensorMetadata.Builder tensor =
        TensorMetadata.newBuilder().setName(spec.name()).setDatatype(spec.datatype().name());
    for (int i = 0; i < spec.shape().rank(); i++) {
      tensor.addShape(spec.shape().dimension(i));
    }
    return tensor.build();
  }

  /** Of every serving version that the request's fields leave. */
  ModelStatisticsResponse statistics(ModelStatisticsRequest request) throws StatusException {
    List<ModelStatistics> found =
        (request.getName().isEmpty() ? models() : Set.of(request.getName()))
            .stream()
                .flatMap(model ->
                    directory.versions(model).stream().map(each -> new Variant(model, each)))
                .filter(each ->
                    request.getVersion().isEmpty() || each.version().equals(request.getVersion()))
                .map(this::statistics)
                .toList();
    if (found.isEmpty() && !request.getName().isEmpty()) {
      throw unknown(request.getName(), request.getVersion());
    }
    return ModelStatisticsResponse.newBuilder().addAllModelStats(found).build();
  }

  private Set<String> models() {
    return directory.listings().stream()
        .map(listing -> listing.variant().model())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private ModelStatistics statistics(Variant variant) {
    VariantStatistics counted = metrics.statistics(variant);
    return ModelStatistics.newBuilder()
        .setName(variant.model())
        .setVersion(variant.version())
        .setLastInference(counted.lastInferenceMillis())
        .setInferenceCount(counted.inferenceCount())
        .setExecutionCount(counted.executionCount())
        .setInferenceStats(
            InferStatistics.newBuilder()
                .setSuccess(duration(counted.success()))
                .setFail(duration(counted.fail()))
                .setQueue(duration(counted.queue()))
                .setComputeInput(duration(VariantStatistics.Total.NONE))
                .setComputeInfer(duration(counted.computeInfer()))
                .setComputeOutput(duration(VariantStatistics.Total.NONE))
                .setCacheHit(duration(counted.cacheHit()))
                .setCacheMiss(duration(counted.cacheMiss())))
        .build();
  }

  private static StatisticDuration duration(VariantStatistics.Total total) {
    return StatisticDuration.newBuilder().setCount(total.count()).setNs(total.nanos()).build();
  }

  RepositoryIndexResponse index(RepositoryIndexRequest request) {
    RepositoryIndexResponse.Builder index = RepositoryIndexResponse.newBuilder();
    for (ModelDirectory.Listing listing : directory.listings()) {
      boolean ready = listing.problem().isEmpty();
      if (ready || !request.getReady()) {
        index
            .addModelsBuilder()
            .setName(listing.variant().model())
            .setVersion(listing.variant().version())
            .setState(ready ? "READY" : "UNAVAILABLE")
            .setReason(listing.problem());
      }
    }
    return index.build();
  }

  private StatusException unknown(String model, String asked) {
    String message =
        directory.knows(model) && !asked.isEmpty()
            ? "model %s has no version %s; it has %s"
                .formatted(
                    Quoted.name(model), Quoted.name(asked), Quoted.list(directory.versions(model)))
            : "model %s is unknown; RepositoryIndex lists the models".formatted(Quoted.name(model));
    return Status.NOT_FOUND.withDescription(message).asException();
  }
}
