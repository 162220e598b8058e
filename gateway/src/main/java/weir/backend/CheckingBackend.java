package weir.backend;

import java.nio.ByteBuffer;
import java.util.Set;
import weir.inference.Datatype;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.Reason;
import weir.inference.Tensor;

/** Refuses answers that are no predictions: a floating output that is not finite. */
final class CheckingBackend implements Backend {
  private final Backend next;

  CheckingBackend(Backend next) {
    this.next = next;
  }

  @Override
  public InferenceResult infer(InferenceRequest request) {
    InferenceResult result = next.infer(request);
    if (result instanceof Answered answered) {
      for (Tensor output : answered.outputs()) {
        if (!finite(output)) {
          return refused(request, output);
        }
      }
    }
    return result;
  }

  @Override
  public boolean takes() {
    return next.takes();
  }

  @Override
  public Set<String> leftOut() {
    return next.leftOut();
  }

  @Override
  public boolean asks(String server) {
    return next.asks(server);
  }

  /** What a caller put in that is not finite may come out so: that is no fault of the model. */
  private static Rejected refused(InferenceRequest request, Tensor output) {
    for (Tensor input : request.inputs()) {
      if (!finite(input)) {
        return new Rejected(
            Reason.MALFORMED,
            "input '%s' holds a value that is not finite, and this version then answers none in output '%s'"
                .formatted(input.name(), output.name()));
      }
    }
    return new Rejected(
        Reason.INVALID_OUTPUT,
        "the model answered a value that is not finite in output '%s'".formatted(output.name()));
  }

  private static boolean finite(Tensor tensor) {
    ByteBuffer data = tensor.data();
    Datatype datatype = tensor.datatype();
    for (int at = 0; at < data.limit() && datatype.kind() == Datatype.Kind.FLOATING; ) {
      boolean finite =
          switch (datatype) {
            case FP32 -> Float.isFinite(data.getFloat(at));
            case FP64 -> Double.isFinite(data.getDouble(at));
            case FP16 -> (data.getShort(at) & 0x7c00) != 0x7c00;
            case BF16 -> (data.getShort(at) & 0x7f80) != 0x7f80;
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> true;
          };
      if (!finite) {
        return false;
      }
      at += datatype.width();
    }
    return true;
  }
}
