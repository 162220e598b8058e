package weir.access;

import java.util.Optional;

/** What every door asks of who comes, and the certificate that it shows; without one, no TLS. */
public record Entrance(Access access, Optional<Certificates> certificates) {}
