package weir.backend;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Tensor;
import weir.observation.CacheMeters;
import weir.observation.Stage;
import weir.observation.Tracing;

/**
 * Keeps answers, and lets equal requests that meet wait for one computation.
 *
 * <p>Bounded in bytes and time. Refusals are passed to those who waited for them and never kept.
 */
final class CachingBackend implements Backend {
  /** What followers find when the one they waited for failed unexpectedly: they compute. */
  private static final Rejected GONE = new Rejected(Reason.INTERNAL, "no longer kept");

  private static final int ENTRY_OVERHEAD_BYTES = 200;
  private static final int TENSOR_OVERHEAD_BYTES = 150;

  private final Backend next;
  private final CacheMeters meters;
  private final Tracing tracing;
  private final AsyncCache<CacheKey, InferenceResult> answers;

  CachingBackend(
      Backend next, CacheSettings settings, CacheMeters meters, Tracing tracing, Ticker ticker) {
    this.next = next;
    this.meters = meters;
    this.tracing = tracing;
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight(settings.maxSizeBytes())
            .weigher(CachingBackend::bytes)
            .expireAfterWrite(settings.ttl())
            .ticker(ticker)
            .executor(Runnable::run)
            .removalListener(this::left)
            .buildAsync();
  }

  private void left(@Nullable CacheKey key, @Nullable InferenceResult value, RemovalCause cause) {
    if (key == null || !(value instanceof Answered)) {
      return;
    }
    if (cause.wasEvicted()) {
      meters.evicted(bytes(key, value));
    } else {
      meters.removed(bytes(key, value));
    }
  }

  private static int bytes(CacheKey key, InferenceResult result) {
    long bytes = (long) ENTRY_OVERHEAD_BYTES + key.bytes();
    if (result instanceof Answered answered) {
      for (Tensor output : answered.outputs()) {
        bytes += TENSOR_OVERHEAD_BYTES + output.data().capacity();
      }
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  @Override
  public InferenceResult infer(InferenceRequest request) {
    CacheKey key = CacheKey.of(request);
    CompletableFuture<InferenceResult> mine = new CompletableFuture<>();
    try (Stage stage = tracing.stage("cache")) {
      CompletableFuture<InferenceResult> first = answers.asMap().putIfAbsent(key, mine);
      if (first == null) {
        meters.miss();
        stage.result("miss");
        return compute(request, key, mine);
      }
      if (!first.isDone()) {
        meters.coalesced();
        stage.result("coalesced");
        return await(first, request);
      }
      if (first.getNow(GONE) instanceof Answered answered) {
        meters.hit();
        stage.result("hit");
        return new Answered(answered.outputs(), Source.CACHE, 0);
      }
      return next.infer(request);
    }
  }

  private InferenceResult compute(
      InferenceRequest request, CacheKey key, CompletableFuture<InferenceResult> mine) {
    InferenceResult result = GONE;
    try {
      result = next.infer(request);
      return result;
    } finally {
      if (result instanceof Answered) {
        meters.stored(bytes(key, result));
      } else {
        answers.asMap().remove(key, mine);
      }
      mine.complete(result);
    }
  }

  /** What was refused to the first for its own sake says nothing to those who waited for it. */
  private static boolean othersOwn(Rejected rejected) {
    return rejected.equals(GONE) || rejected.reason() == Reason.OVER_SHARE;
  }

  private InferenceResult await(
      CompletableFuture<InferenceResult> first, InferenceRequest request) {
    try {
      long left = request.deadlineNanos() - System.nanoTime();
      return switch (first.get(left, TimeUnit.NANOSECONDS)) {
        case Answered answered -> new Answered(answered.outputs(), Source.COALESCED, 0);
        case Rejected rejected -> othersOwn(rejected) ? next.infer(request) : rejected;
      };
    } catch (TimeoutException e) {
      return new Rejected(
          Reason.BACKEND_TIMEOUT, "an equal request was being computed, past this one's deadline");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Rejected(Reason.INTERNAL, "the gateway is stopping");
    } catch (ExecutionException e) {
      return next.infer(request);
    }
  }
}
