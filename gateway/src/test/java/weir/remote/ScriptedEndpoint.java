package weir.remote;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import weir.inference.Datatype;
import weir.inference.Headers;
import weir.inference.InferenceRequest;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;
import weir.inference.Variant;
import weir.remote.RemoteFailure.Kind;

/** An endpoint that does what a test says. */
final class ScriptedEndpoint implements Endpoint {
  static final Variant VARIANT = new Variant("price", "4");
  static final ModelSignature SIGNATURE =
      new ModelSignature(
          "test",
          List.of(new TensorSpec("x", Datatype.FP32, Shape.of(-1, 1))),
          List.of(new TensorSpec("y", Datatype.FP32, Shape.of(-1, 1))));

  /** What one attempt does. */
  @FunctionalInterface
  interface Script {
    List<Tensor> run(InferenceRequest request, long deadlineNanos) throws RemoteFailure;
  }

  private final String name;
  private final AtomicInteger calls = new AtomicInteger();
  volatile Script script = (_, _) -> answer();
  volatile boolean ready = true;
  volatile ModelSignature signature = SIGNATURE;
  volatile boolean closed;

  ScriptedEndpoint(String name) {
    this.name = name;
  }

  static List<Tensor> answer() {
    return List.of(Tensor.ofFloats("y", Shape.of(1, 1), 7));
  }

  static InferenceRequest request(long deadlineNanos) {
    return new InferenceRequest(
        "price",
        "",
        "",
        Headers.NONE,
        List.of(Tensor.ofFloats("x", Shape.of(1, 1), 1)),
        List.of(),
        Map.of(),
        deadlineNanos);
  }

  void fails(Kind kind) {
    script =
        (_, _) -> {
          throw new RemoteFailure(kind, "scripted " + kind);
        };
  }

  int calls() {
    return calls.get();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Tensor> infer(InferenceRequest request, long deadlineNanos) throws RemoteFailure {
    calls.incrementAndGet();
    return script.run(request, deadlineNanos);
  }

  @Override
  public ModelSignature describe(long deadlineNanos) {
    return signature;
  }

  @Override
  public void probe(long deadlineNanos) throws RemoteFailure {
    if (!ready) {
      throw new RemoteFailure(Kind.UNREACHABLE, "connection refused");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
