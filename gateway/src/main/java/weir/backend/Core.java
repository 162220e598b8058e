package weir.backend;

/** What computes a variant, without the decorators around it. */
interface Core extends Backend, AutoCloseable {
  /** Refuses new calls; what the core holds is freed when the last running call has ended. */
  @Override
  void close();
}
