package weir.remote;

import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelInferRequest;
import inference.ModelMetadataRequest;
import inference.ModelReadyRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import weir.inference.InferenceRequest;
import weir.inference.ModelSignature;
import weir.inference.Tensor;
import weir.inference.Variant;
import weir.observation.Tracing;
import weir.oip.DecodeLimits;
import weir.oip.GrpcClientCodec;
import weir.oip.InvalidAnswerException;
import weir.remote.RemoteFailure.Kind;

/**
 * A server that speaks the Open Inference Protocol over gRPC.
 *
 * <p>All calls share one connection, opened by the first. gRPC's own retries are off: who tries
 * again is above.
 */
final class GrpcEndpoint implements Endpoint {
  private static final DecodeLimits LIMITS =
      new DecodeLimits(16, 1_024, 1_024, 1 << 27, 1 << 30, 64, 4_096);

  private final String name;
  private final String model;
  private final String version;
  private final Variant variant;
  private final ManagedChannel channel;
  private final GRPCInferenceServiceBlockingStub stub;
  private final GrpcFailures failures;
  private final Metadata headers;
  private final Tracing tracing;
  private final GrpcClientCodec codec = new GrpcClientCodec(LIMITS);

  private GrpcEndpoint(
      String name,
      RemoteSettings settings,
      Variant variant,
      ManagedChannel channel,
      Tracing tracing) {
    this.name = name;
    this.model = settings.model().orElse(variant.model());
    this.version = settings.version().orElse("");
    this.variant = variant;
    this.channel = channel;
    this.stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
    this.failures = new GrpcFailures(variant, settings.connections().maxAnswerBytes());
    this.headers = new Metadata();
    settings.headers().forEach((key, value) -> put(headers, key, value));
    this.tracing = tracing;
  }

  /** Connects with the first call. {@code address} has no path: gRPC has its own. */
  static GrpcEndpoint open(RemoteSettings settings, URI address, Variant variant, Tracing tracing) {
    String path = address.getRawPath();
    if (path != null && !path.isEmpty() && !path.equals("/")) {
      throw new IllegalArgumentException("a gRPC endpoint has no path, unlike " + address);
    }
    boolean secure = "https".equals(address.getScheme());
    int port = address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
    NettyChannelBuilder channel =
        NettyChannelBuilder.forAddress(address.getHost(), port)
            .maxInboundMessageSize((int) settings.connections().maxAnswerBytes())
            .withOption(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) settings.connections().connectTimeout().toMillis())
            .proxyDetector(target -> null)
            .disableServiceConfigLookUp()
            .disableRetry();
    if (secure) {
      channel.useTransportSecurity();
    } else {
      channel.usePlaintext();
    }
    return new GrpcEndpoint(
        address.getHost() + ":" + port, settings, variant, channel.build(), tracing);
  }

  private static void put(Metadata metadata, String name, String value) {
    metadata.put(
        Metadata.Key.of(name.toLowerCase(Locale.ROOT), Metadata.ASCII_STRING_MARSHALLER), value);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Tensor> infer(InferenceRequest request, long deadlineNanos) throws RemoteFailure {
    ModelInferRequest message = codec.encode(model, version, request);
    return answer(
        message.getSerializedSize(),
        () -> codec.decode(call(deadlineNanos).modelInfer(message), request.outputs()));
  }

  @Override
  public ModelSignature describe(long deadlineNanos) throws RemoteFailure {
    ModelMetadataRequest message =
        ModelMetadataRequest.newBuilder().setName(model).setVersion(version).build();
    return answer(0, () -> codec.signature(call(deadlineNanos).modelMetadata(message)));
  }

  @Override
  public void probe(long deadlineNanos) throws RemoteFailure {
    ModelReadyRequest message =
        ModelReadyRequest.newBuilder().setName(model).setVersion(version).build();
    // Whoever asks wants to know now, not when the pause after a failed connection is over.
    channel.resetConnectBackoff();
    try {
      boolean ready =
          answer(0, () -> call(deadlineNanos).withWaitForReady().modelReady(message).getReady());
      if (!ready) {
        throw new RemoteFailure(
            Kind.FAILED,
            "the server of %s says that the model is not ready".formatted(variant.version()));
      }
    } catch (RemoteFailure failure) {
      if (failure.kind() == Kind.TIMEOUT) {
        // A connection whose far end is gone looks open for long; the next call opens another.
        channel.enterIdle();
      }
      throw failure;
    }
  }

  private GRPCInferenceServiceBlockingStub call(long deadlineNanos) {
    Metadata metadata = new Metadata();
    metadata.merge(headers);
    tracing.propagate((key, value) -> put(metadata, key, value));
    return stub.withDeadlineAfter(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  @FunctionalInterface
  private interface Call<A> {
    A answer() throws InvalidAnswerException;
  }

  private <A> A answer(int requestBytes, Call<A> call) throws RemoteFailure {
    try {
      return call.answer();
    } catch (StatusRuntimeException e) {
      throw failures.of(e, requestBytes);
    } catch (InvalidAnswerException e) {
      throw failures.invalid(e.message());
    }
  }

  /** Lets running calls end. */
  @Override
  public void close() {
    channel.shutdown();
  }
}
