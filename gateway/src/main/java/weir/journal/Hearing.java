package weir.journal;

/** Somebody who is told when others append, until it is closed. */
@FunctionalInterface
public interface Hearing extends AutoCloseable {
  @Override
  void close();
}
