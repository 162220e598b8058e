package weir.serving;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import weir.backend.Backend;
import weir.backend.ServedVariant;
import weir.inference.Blame;
import weir.inference.Headers;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.Reason;
import weir.inference.Tensor;
import weir.inference.Variant;
import weir.observation.ShadowAnswer;
import weir.observation.ShadowObserver;
import weir.observation.ShadowObserver.Drop;
import weir.routing.Shadow;

/**
 * Asks shadows for copies of answered requests, on threads of its own.
 *
 * <p>{@link #offer} copies the tensors or drops, never waits and throws nothing; what is in flight
 * is bounded in number and bytes. A shadow computes one copy at a time, past the cache, and only
 * where the variant's limits say that a live request would still find room ({@code
 * gateway/decisions/shadows.md}). A copy has no id, no headers, no span and its own deadline; what
 * comes of it is told to the observer alone.
 */
public final class ShadowDispatcher implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ShadowDispatcher.class.getName());
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

  /** Finds a variant that can answer now. */
  @FunctionalInterface
  public interface Variants {
    Optional<ServedVariant> find(String model, String version);
  }

  /** One request to copy, and what the stable variant answered. */
  public record Original(InferenceRequest request, Served served, Duration deadline) {}

  /** A copy in flight: nothing of the request's buffers. */
  private record Copy(
      Variant shadow,
      boolean noiseFloor,
      Variant stable,
      String predictionId,
      String requestId,
      List<Tensor> inputs,
      List<String> outputs,
      Map<String, Object> parameters,
      Answered expected,
      Duration deadline) {
    InferenceRequest request(String version) {
      return new InferenceRequest(
          shadow.model(),
          version,
          "",
          Headers.NONE,
          inputs,
          outputs,
          parameters,
          System.nanoTime() + deadline.toNanos());
    }
  }

  private final Variants variants;
  private final ShadowObserver observer;
  private final ShadowSettings settings;
  private final Semaphore copies;
  private final AtomicLong held = new AtomicLong();
  private final Map<Variant, Semaphore> turns = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("shadow-", 0).factory());
  private volatile boolean closing;

  public ShadowDispatcher(Variants variants, ShadowObserver observer, ShadowSettings settings) {
    this.variants = variants;
    this.observer = observer;
    this.settings = settings;
    this.copies = new Semaphore(settings.copiesMax());
  }

  /** Copies the request for {@code shadow}, or drops it. */
  public void offer(Shadow shadow, Original original) {
    Variant variant = new Variant(original.request().model(), shadow.version());
    if (!(original.served().result() instanceof Answered answered)) {
      return;
    }
    if (!copies.tryAcquire()) {
      observer.dropped(variant, Drop.COPIES);
      return;
    }
    long bytes = bytes(original.request().inputs()) + bytes(answered.outputs());
    if (held.addAndGet(bytes) > settings.heldBytes()) {
      release(bytes);
      observer.dropped(variant, Drop.BYTES);
      return;
    }
    try {
      Copy copy = copy(variant, shadow.noiseFloor(), original, answered);
      threads.execute(() -> run(copy, bytes));
    } catch (RejectedExecutionException e) {
      release(bytes);
      observer.dropped(variant, Drop.CLOSING);
    }
  }

  private void release(long bytes) {
    held.addAndGet(-bytes);
    copies.release();
  }

  private static long bytes(List<Tensor> tensors) {
    return tensors.stream().mapToLong(tensor -> tensor.data().limit()).sum();
  }

  private static Copy copy(
      Variant shadow, boolean noiseFloor, Original original, Answered answered) {
    InferenceRequest request = original.request();
    return new Copy(
        shadow,
        noiseFloor,
        original.served().variant(),
        original.served().predictionId(),
        request.id(),
        copied(request.inputs()),
        request.outputs(),
        request.parameters(),
        new Answered(copied(answered.outputs()), answered.source(), answered.modelNanos()),
        original.deadline());
  }

  private static List<Tensor> copied(List<Tensor> tensors) {
    return tensors.stream()
        .map(tensor -> {
          ByteBuffer data = Tensor.allocate(tensor.data().limit());
          data.put(0, tensor.data(), 0, tensor.data().limit());
          return new Tensor(tensor.name(), tensor.datatype(), tensor.shape(), data);
        })
        .toList();
  }

  private void run(Copy copy, long bytes) {
    try {
      Semaphore turn = turns.computeIfAbsent(copy.shadow(), _ -> new Semaphore(1));
      if (!turn.tryAcquire(copy.deadline().toNanos(), TimeUnit.NANOSECONDS)) {
        observer.dropped(copy.shadow(), Drop.BUSY);
        return;
      }
      try {
        ask(copy);
      } finally {
        turn.release();
      }
    } catch (InterruptedException e) {
      observer.dropped(copy.shadow(), Drop.CLOSING);
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "a copy for {0} could not be compared: {1}", copy.shadow(), e);
    } finally {
      release(bytes);
    }
  }

  private void ask(Copy copy) {
    Optional<ServedVariant> found = variants.find(copy.shadow().model(), copy.shadow().version());
    if (found.isEmpty()) {
      observer.dropped(copy.shadow(), Drop.MISSING);
      return;
    }
    Backend backend = found.get().direct();
    if (backend.busy()) {
      observer.dropped(copy.shadow(), Drop.BUSY);
      return;
    }
    InferenceResult got = answer(backend, copy.request(copy.shadow().version()));
    if (closing && got instanceof Rejected) {
      observer.dropped(copy.shadow(), Drop.CLOSING);
      return;
    }
    if (got instanceof Rejected rejected && noFault(rejected)) {
      observer.dropped(copy.shadow(), Drop.BUSY);
      return;
    }
    observer.compared(
        new ShadowAnswer(
            copy.shadow(),
            copy.stable(),
            copy.predictionId(),
            copy.requestId(),
            copy.expected(),
            got,
            copy.noiseFloor() ? again(copy) : Optional.empty()));
  }

  /** What the gateway had no room for says nothing of the shadow. */
  private static boolean noFault(Rejected rejected) {
    return rejected.blame() == Blame.CAPACITY || rejected.reason() == Reason.NOT_READY;
  }

  private static InferenceResult answer(Backend backend, InferenceRequest request) {
    try {
      return backend.infer(request);
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "a shadow threw", e);
      return new Rejected(Reason.BACKEND_FAILED, "the variant failed");
    }
  }

  private Optional<Answered> again(Copy copy) {
    return variants
        .find(copy.stable().model(), copy.stable().version())
        .map(ServedVariant::direct)
        .filter(backend -> !backend.busy())
        .map(backend -> answer(backend, copy.request(copy.stable().version())))
        .filter(Answered.class::isInstance)
        .map(Answered.class::cast);
  }

  /** Takes no more; what is in flight has a while to be compared, and is dropped after it. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        closing = true;
        threads.shutdownNow();
        if (!threads.awaitTermination(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.log(Level.DEBUG, "copies are still in flight");
        }
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
