package weir.inference;

/** The metadata that came with a request: HTTP headers or gRPC metadata, by lower-case name. */
@FunctionalInterface
public interface Headers {
  Headers NONE = name -> "";

  /** The first value of that lower-case name, or the empty string. */
  String first(String name);
}
