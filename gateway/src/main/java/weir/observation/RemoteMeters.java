package weir.observation;

/** What is counted of a variant that computes elsewhere; used on any thread. */
public final class RemoteMeters {
  private final BackendMeters backend;

  RemoteMeters(BackendMeters backend) {
    this.backend = backend;
  }

  /** The meters that every backend has. */
  public BackendMeters backend() {
    return backend;
  }
}
