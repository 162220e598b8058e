package weir.remote;

import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import weir.inference.Variant;
import weir.observation.Tracing;

/** What a remote variant takes from outside: its endpoints, the time, and chance. */
record Surroundings(
    Opener opener, LongSupplier nanoTime, Supplier<? extends RandomGenerator> random) {
  /** Makes the endpoint for an address. */
  @FunctionalInterface
  interface Opener {
    Endpoint open(RemoteSettings settings, URI address, Variant variant, Tracing tracing);
  }

  static Surroundings real() {
    return new Surroundings(Endpoints::open, System::nanoTime, ThreadLocalRandom::current);
  }
}
