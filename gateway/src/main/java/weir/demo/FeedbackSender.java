package weir.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Tells the gateway the real price of every priced stone, in batches, a moment after the answer.
 *
 * <p>Its queue is bounded: what does not fit, and what a failing gateway did not take, is not told.
 */
final class FeedbackSender {
  private static final int QUEUE_MAX = 10_000;
  private static final int BATCH_MAX = 500;
  private static final long BATCH_EVERY_MILLIS = 250;

  private final GatewayClient client;
  private final Scoreboard scoreboard;
  private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(QUEUE_MAX);

  FeedbackSender(GatewayClient client, Scoreboard scoreboard) {
    this.client = client;
    this.scoreboard = scoreboard;
  }

  void tell(Reply.Priced priced, double real) {
    if (!priced.predictionId().isEmpty()) {
      boolean _ =
          queue.offer(
              JsonNodeFactory.instance
                  .objectNode()
                  .put("id", priced.predictionId())
                  .put("actual", real)
                  .toString());
    }
  }

  /** Sends until it is interrupted. */
  void run() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(BATCH_EVERY_MILLIS);
        List<String> batch = new ArrayList<>();
        while (queue.drainTo(batch, BATCH_MAX) > 0) {
          send(batch);
          batch.clear();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(List<String> batch) throws InterruptedException {
    try {
      scoreboard.feedback(client.feedback(String.join("\n", batch) + "\n"));
    } catch (IOException e) {
      // The gateway is away for the moment; the story says so where it matters.
    }
  }
}
