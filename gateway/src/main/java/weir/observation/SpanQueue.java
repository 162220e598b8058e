package weir.observation;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/**
 * Ended spans on their way to the collector.
 *
 * <p>The SDK's own batch processor would do the same but tells its drops only to an OpenTelemetry
 * meter; here they count as any sink's do.
 */
final class SpanQueue implements SpanProcessor {
  private static final int BATCH_MAX = 512;
  private static final Duration LINGER = Duration.ofMillis(200);

  /** How long a stop waits for a collector that does not answer. */
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

  private final SpanExporter exporter;
  private final Duration exportTimeout;
  private final Drain<SpanData> drain;

  SpanQueue(SpanExporter exporter, TracingSettings settings, LongConsumer dropped) {
    this.exporter = exporter;
    this.exportTimeout = settings.exportTimeout();
    this.drain =
        new Drain<>(
            "traces",
            new Drain.Limits(settings.maxQueue(), BATCH_MAX, LINGER, closeWithin(exportTimeout)),
            this::export,
            dropped,
            System::nanoTime);
  }

  private static Duration closeWithin(Duration exportTimeout) {
    return exportTimeout.compareTo(CLOSE_WITHIN) < 0 ? exportTimeout : CLOSE_WITHIN;
  }

  SpanQueue start() {
    drain.start();
    return this;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    drain.offer(span.toSpanData());
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  private void export(List<SpanData> batch) {
    CompletableResultCode result =
        exporter.export(List.copyOf(batch)).join(exportTimeout.toMillis(), TimeUnit.MILLISECONDS);
    if (!result.isDone()) {
      drain.lost(batch.size(), new TimeoutException("no answer within " + exportTimeout));
    } else if (!result.isSuccess()) {
      Throwable cause = result.getFailureThrowable();
      drain.lost(batch.size(), cause == null ? new IllegalStateException("refused") : cause);
    }
  }

  @Override
  public CompletableResultCode shutdown() {
    drain.close();
    // The exporter waits within its shutdown for the answer that may never come.
    CompletableResultCode closed = new CompletableResultCode();
    Thread.ofVirtual()
        .name("traces-end")
        .start(() -> exporter.shutdown().whenComplete(closed::succeed));
    return closed;
  }
}
