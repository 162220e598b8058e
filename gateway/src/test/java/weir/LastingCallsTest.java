package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelInferRequest;
import inference.ModelMetadataRequest;
import inference.ModelStreamInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.access.ApiKey;
import weir.access.Grant;
import weir.access.Issuer;

/** Streams and calls with a key or a token which then holds no longer. */
@Timeout(180)
class LastingCallsTest {
  @TempDir private Path folder;

  private Issuer issuer;
  private Gateway gateway;
  private String ann = "";
  private String bob = "";
  private String others = "";

  @BeforeEach
  void start() throws Exception {
    issuer = Issuer.start();
    ApiKey.Fresh first = key("ann", "read,infer");
    ApiKey.Fresh second = key("bob", "read,infer");
    ann = first.secret();
    bob = second.secret();
    others = second.key().line() + "\n";
    Files.writeString(folder.resolve("access.keys"), first.key().line() + "\n" + others);
    String yaml =
        """
        http: {port: 0, management-port: 0, lame-duck: 0s, drain: 1s}
        grpc: {port: 0, drain: 1s}
        repository: {path: %s, warm-up-runs: 1}
        access:
          keys: access.keys
          tokens: {issuer: "%s", audience: weir, jwks: "%s", clock-skew: 0s}
        """
            .formatted(TestGateway.REPOSITORY, Issuer.NAME, issuer.jwks());
    gateway = Gateway.start(Settings.parse(yaml, folder.resolve("weir.yaml"), Map.of()));
  }

  @AfterEach
  void stop() {
    gateway.close();
    issuer.close();
  }

  private static ApiKey.Fresh key(String name, String roles) {
    return ApiKey.create(name, Grant.all(roles), new SecureRandom(), Instant.EPOCH);
  }

  private void revokeAnn() throws IOException {
    Files.writeString(folder.resolve("access.keys"), others);
  }

  /** A client of the event stream that reads line by line. */
  private final class Events implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Events(String secret) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), gateway.managementPort());
      socket.setSoTimeout(60_000);
      String request =
          "GET /admin/events?model=m HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(secret);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(in.readLine()).startsWith("HTTP/1.1 200");
    }

    /** Waits for the chunk of length 0 that ends the answer. */
    void awaitEnd() throws IOException {
      String line = in.readLine();
      while (line != null && !line.equals("0")) {
        line = in.readLine();
      }
      assertThat(line).isEqualTo("0");
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void events_ofARevokedKey_endAndThoseOfOthersGoOn() throws Exception {
    try (Events ending = new Events(ann);
        Events lasting = new Events(bob)) {
      revokeAnn();
      ending.awaitEnd();

      lasting.socket.setSoTimeout(3_000);
      assertThat(silent(lasting)).isTrue();
    }
  }

  /** Whether nothing ends within the time of a read. */
  private static boolean silent(Events events) throws IOException {
    try {
      events.awaitEnd();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  @Test
  void events_ofAnExpiredToken_end() throws Exception {
    String token =
        issuer.sign(
            Issuer.claims(Instant.now().plusSeconds(4)).claim("roles", "read infer").build());
    try (Events ending = new Events(token)) {
      ending.awaitEnd();
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:" + gateway.managementPort() + "/admin/events?model=m"))
              .header("authorization", "Bearer " + token)
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void grpcStream_ofARevokedKey_endsWithItsNextMessage() throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort()).usePlaintext().build();
    Answers answers = new Answers();
    try {
      StreamObserver<ModelInferRequest> requests =
          GRPCInferenceServiceGrpc.newStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(ann)))
              .modelStreamInfer(answers);
      ModelInferRequest message =
          ModelInferRequest.newBuilder().setModelName("no-such-model").build();
      requests.onNext(message);
      assertThat(answers.first.get(60, TimeUnit.SECONDS).getErrorMessage())
          .contains("no-such-model");

      revokeAnn();
      while (!answers.end.isDone()) {
        requests.onNext(message);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
      assertThat(answers.end.get().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void grpcCall_ofAToken_isLetInUntilItExpires() throws Exception {
    Instant expires = Instant.now().plusSeconds(10);
    String token = issuer.sign(Issuer.claims(expires).claim("roles", "infer:plain-30").build());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort()).usePlaintext().build();
    GRPCInferenceServiceBlockingStub stub =
        GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(token)));
    try {
      assertThat(stub.modelMetadata(model("plain-30")).getName()).isEqualTo("plain-30");
      assertThat(code(() -> stub.modelMetadata(model("diamond-price"))))
          .isEqualTo(Status.Code.PERMISSION_DENIED);

      while (Instant.now().isBefore(expires)) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
      assertThat(code(() -> stub.modelMetadata(model("plain-30"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
    } finally {
      channel.shutdownNow();
    }
  }

  private static ModelMetadataRequest model(String name) {
    return ModelMetadataRequest.newBuilder().setName(name).build();
  }

  private static Status.Code code(ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call).getStatus().getCode();
  }

  private static Metadata bearer(String secret) {
    Metadata metadata = new Metadata();
    metadata.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + secret);
    return metadata;
  }

  private static final class Answers implements StreamObserver<ModelStreamInferResponse> {
    private final CompletableFuture<ModelStreamInferResponse> first = new CompletableFuture<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    @Override
    public void onNext(ModelStreamInferResponse answer) {
      first.complete(answer);
    }

    @Override
    public void onError(Throwable failure) {
      end.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }
}
