package weir.oip;

/** One variant in the repository index; {@code reason} is empty when it is ready. */
public record RepositoryEntry(String name, String version, boolean ready, String reason) {}
