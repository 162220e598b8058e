package weir;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * SIGTERM and SIGINT as an event to wait for.
 *
 * <p>A second signal ends the process at once. Not a shutdown hook: ONNX Runtime's own hook frees
 * its environment, and hooks run in no order, so the gateway has to be closed before the virtual
 * machine begins to stop.
 */
final class StopSignal {
  /** What a shell reports of a process that SIGTERM ended. */
  private static final int AT_ONCE = 143;

  private final CountDownLatch stopped = new CountDownLatch(1);

  private StopSignal() {}

  /**
   * Takes both signals over; by reflection, since the compiler warns of this API whatever one says.
   */
  static StopSignal install() {
    StopSignal signal = new StopSignal();
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              StopSignal.class.getClassLoader(),
              new Class<?>[] {handlerType},
              (proxy, method, arguments) -> signal.handle(proxy, method.getName(), arguments));
      for (String name : new String[] {"TERM", "INT"}) {
        Object taken = type.getConstructor(String.class).newInstance(name);
        type.getMethod("handle", type, handlerType).invoke(null, taken, handler);
      }
      return signal;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java runtime lacks the module jdk.unsupported", e);
    }
  }

  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself alone
  private @Nullable Object handle(Object proxy, String method, Object @Nullable [] arguments) {
    return switch (method) {
      case "handle" -> {
        if (stopped.getCount() == 0) {
          Runtime.getRuntime().halt(AT_ONCE);
        }
        stopped.countDown();
        yield null;
      }
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "stop signal";
    };
  }

  void await() throws InterruptedException {
    stopped.await();
  }

  /** Runs {@code action} on a thread of its own when the signal comes. */
  void then(Runnable action) {
    Thread.ofVirtual()
        .name("stop")
        .start(() -> {
          try {
            stopped.await();
            action.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
