package weir.dashboards;

import java.util.concurrent.TimeUnit;

/** A process that a test started, and ends: politely at first. */
record ChildProcess(Process process) implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  @Override
  public void close() {
    process.toHandle().destroy(); // which leaves its output open to be read to the end
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
