package weir.backend;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import weir.inference.Datatype;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.InferenceResult.Source;
import weir.inference.ModelSignature;
import weir.inference.Quoted;
import weir.inference.Reason;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;
import weir.inference.Variant;

/**
 * A model computed in this process by ONNX Runtime.
 *
 * <p>The native session is counted by reference: after {@link #close()} new calls are refused with
 * {@link Reason#NOT_READY}, and the last running call frees it. A native call holds its carrier
 * thread, so callers bound how many run at once.
 */
final class OnnxBackend implements Core {
  private static final Logger LOG = System.getLogger(OnnxBackend.class.getName());

  private static final int SMALLEST_INPUT_BYTES_MAX = 1 << 26;
  private static final Duration WARM_UP_RUN_WITHIN = Duration.ofSeconds(10);

  private final Variant variant;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final ModelSignature signature;
  private final OnnxSlots slots;
  private final CallWatch watch;
  private final AtomicInteger users = new AtomicInteger(1);
  private final AtomicBoolean closed = new AtomicBoolean();

  /** How a model is run: calls at once, warm-up runs, overwritten buffers, who ends late calls. */
  record Care(int permits, int warmUpRuns, boolean poison, CallWatch watch) {}

  private OnnxBackend(
      Variant variant,
      OrtEnvironment environment,
      OrtSession session,
      ModelSignature signature,
      Care care) {
    this.variant = variant;
    this.environment = environment;
    this.session = session;
    this.signature = signature;
    this.watch = care.watch();
    this.slots = new OnnxSlots(environment, signature, care);
  }

  /** Builds a session from a model's bytes and warms it up. */
  static OnnxBackend load(Variant variant, byte[] model, Care care) throws ModelRefusedException {
    ModelInspection.check(variant, model);
    OrtEnvironment environment = environment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Else native code also takes its own format, which nobody looked through.
      options.addConfigEntry("session.load_model_format", "ONNX");
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      OrtSession session = environment.createSession(model, options);
      try {
        ModelSignature signature = OnnxTypes.signature(session);
        OnnxBackend backend = new OnnxBackend(variant, environment, session, signature, care);
        backend.warmUp(care.warmUpRuns());
        return backend;
      } catch (ModelRefusedException | OrtException | RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new ModelRefusedException(
          "ONNX Runtime refuses the model of %s (%s)".formatted(variant, e.getCode()));
    }
  }

  /** The process's own; the first call loads the native library. */
  static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "weir");
  }

  ModelSignature signature() {
    return signature;
  }

  private void warmUp(int runs) throws ModelRefusedException {
    List<Tensor> zeros = new ArrayList<>();
    for (TensorSpec spec : signature.inputs()) {
      zeros.add(zeros(spec));
    }
    for (int i = 0; i < runs; i++) {
      try {
        compute(zeros, System.nanoTime() + WARM_UP_RUN_WITHIN.toNanos());
      } catch (OrtException | CutException e) {
        LOG.log(
            Level.WARNING,
            "{0} fails on a warm-up request of zeros ({1}); it is served all the same",
            variant,
            e.getMessage());
        return;
      }
    }
  }

  private static Tensor zeros(TensorSpec spec) throws ModelRefusedException {
    long[] dimensions = spec.shape().toArray();
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = Math.max(dimensions[i], 1);
    }
    Shape shape = Shape.of(dimensions);
    long elements = shape.elements();
    int width = spec.datatype() == Datatype.BYTES ? 4 : spec.datatype().width();
    if (elements < 0 || elements > SMALLEST_INPUT_BYTES_MAX / width) {
      throw new ModelRefusedException(
          "input %s takes at least %s elements, more than the %d bytes that an input may have"
              .formatted(
                  Quoted.name(spec.name()),
                  elements < 0 ? "2^63" : elements,
                  SMALLEST_INPUT_BYTES_MAX));
    }
    return new Tensor(spec.name(), spec.datatype(), shape, Tensor.allocate((int) elements * width));
  }

  @Override
  public InferenceResult infer(InferenceRequest request) {
    if (!acquire()) {
      return new Rejected(
          Reason.NOT_READY,
          "version %s of model '%s' is being replaced; send the request again"
              .formatted(variant.version(), variant.model()));
    }
    try {
      long start = System.nanoTime();
      List<Tensor> outputs = compute(inSignatureOrder(request.inputs()), request.deadlineNanos());
      return new Answered(
          selected(outputs, request.outputs()), Source.MODEL, System.nanoTime() - start);
    } catch (CutException e) {
      LOG.log(Level.WARNING, "{0} was ended at the deadline of a request", variant);
      return new Rejected(
          Reason.BACKEND_TIMEOUT,
          "version %s of model '%s' did not answer before the deadline"
              .formatted(variant.version(), variant.model()));
    } catch (OrtException e) {
      LOG.log(Level.WARNING, "{0} failed to compute a request ({1})", variant, e.getCode());
      return new Rejected(
          Reason.BACKEND_FAILED,
          "version %s of model '%s' failed to compute this input"
              .formatted(variant.version(), variant.model()));
    } finally {
      release();
    }
  }

  /** The call was ended because its deadline had passed. */
  private static final class CutException extends Exception {
    private static final long serialVersionUID = 1;

    CutException(OrtException cause) {
      super("past its deadline", cause);
    }
  }

  private List<Tensor> compute(List<Tensor> inputs, long deadlineNanos)
      throws OrtException, CutException {
    Optional<OnnxSlots.Lease> lease = slots.borrow(inputs);
    if (lease.isEmpty()) {
      return computePlainly(inputs, deadlineNanos);
    }
    OnnxSlot slot = lease.get().slot();
    try {
      return slot.run(environment, session, inputs, deadlineNanos);
    } catch (OrtException e) {
      if (slot.limit().cut()) {
        throw new CutException(e);
      }
      throw e;
    } finally {
      slots.giveBack(lease.get());
    }
  }

  private List<Tensor> computePlainly(List<Tensor> inputs, long deadlineNanos)
      throws OrtException, CutException {
    Map<String, OnnxTensor> made = new LinkedHashMap<>();
    CallLimit limit = watch.limit();
    try (Arena arena = Arena.ofConfined()) {
      try {
        for (Tensor input : inputs) {
          made.put(input.name(), OnnxSlots.plain(environment, input, arena));
        }
        limit.begin(deadlineNanos);
        try (OrtSession.Result result = session.run(made, limit.options())) {
          return OnnxOutputs.copy(result, signature.outputs());
        } catch (OrtException e) {
          if (limit.cut()) {
            throw new CutException(e);
          }
          throw e;
        }
      } finally {
        made.values().forEach(OnnxTensor::close);
      }
    } finally {
      watch.release(limit);
    }
  }

  private List<Tensor> inSignatureOrder(List<Tensor> inputs) {
    List<TensorSpec> specs = signature.inputs();
    for (int i = 0; i < specs.size(); i++) {
      if (!inputs.get(i).name().equals(specs.get(i).name())) {
        return specs.stream().map(spec -> named(spec.name(), inputs)).toList();
      }
    }
    return inputs;
  }

  private static List<Tensor> selected(List<Tensor> outputs, List<String> wanted) {
    if (wanted.isEmpty()) {
      return outputs;
    }
    List<Tensor> selection = new ArrayList<>(wanted.size());
    for (String name : wanted) {
      selection.add(named(name, outputs));
    }
    return selection;
  }

  private static Tensor named(String name, List<Tensor> tensors) {
    for (Tensor tensor : tensors) {
      if (tensor.name().equals(name)) {
        return tensor;
      }
    }
    throw new IllegalArgumentException("there is no tensor '" + name + "'");
  }

  private boolean acquire() {
    for (int now = users.get(); now > 0; now = users.get()) {
      if (users.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  private void release() {
    if (users.decrementAndGet() == 0) {
      slots.close();
      try {
        session.close();
      } catch (OrtException e) {
        LOG.log(Level.WARNING, "{0} could not be freed ({1})", variant, e.getCode());
      }
    }
  }

  /** Refuses new calls; the session is freed when the last running call has ended. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release();
    }
  }
}
