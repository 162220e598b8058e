package weir.backend;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The deadline of one native call at a time, and the means to end it from another thread.
 *
 * <p>ONNX Runtime looks at the mark between two nodes of a graph, so that a call ends within one
 * node of its deadline; inside a node it cannot be ended.
 */
final class CallLimit implements AutoCloseable {
  private final OrtSession.RunOptions options;
  private final ReentrantLock lock = new ReentrantLock();
  private long beganNanos;
  private long deadlineNanos;
  private boolean running;
  private boolean cut;

  CallLimit() throws OrtException {
    options = new OrtSession.RunOptions();
  }

  OrtSession.RunOptions options() {
    return options;
  }

  void begin(long deadlineNanos) throws OrtException {
    lock.lock();
    try {
      this.deadlineNanos = deadlineNanos;
      beganNanos = System.nanoTime();
      running = true;
      if (cut) {
        options.setTerminate(false);
        cut = false;
      }
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      running = false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the call that ended last was told to end. */
  boolean cut() {
    lock.lock();
    try {
      return cut;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the call that runs now began before then. */
  boolean runsSince(long thenNanos) {
    lock.lock();
    try {
      return running && beganNanos - thenNanos < 0;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the running call when its deadline has passed. */
  void expire(long nowNanos) throws OrtException {
    lock.lock();
    try {
      if (running && !cut && nowNanos - deadlineNanos > 0) {
        options.setTerminate(true);
        cut = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Frees the native part; no call may be running. */
  @Override
  public void close() {
    lock.lock();
    try {
      running = false;
      options.close();
    } finally {
      lock.unlock();
    }
  }
}
