package weir.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses changes that a browser sends for another site's page.
 *
 * <p>Twice over: a foreign page cannot set JSON's content type or a header of its own without being
 * asked about beforehand, which nothing here allows; and the browser itself says where a request
 * comes from, in {@code Sec-Fetch-Site} (W3C Fetch Metadata) or {@code Origin}. The second rule is
 * that of Go's {@code http.CrossOriginProtection}.
 */
final class CrossSite {
  record Refusal(Status status, String words) {}

  private static final HeaderName SITE = HeaderNames.create("Sec-Fetch-Site");
  private static final Set<String> OWN = Set.of("same-origin", "none");

  private CrossSite() {}

  static Optional<Refusal> refusal(ServerRequest request) {
    if (foreign(request)) {
      return Optional.of(
          new Refusal(
              Status.FORBIDDEN_403,
              "a page of another site asks for this change; use the console of this gateway"));
    }
    if (!json(request) && request.headers().first(AdminDoor.ACTOR).isEmpty()) {
      return Optional.of(
          new Refusal(
              Status.UNSUPPORTED_MEDIA_TYPE_415,
              "send the content type application/json, or the header weir-actor"));
    }
    return Optional.empty();
  }

  private static boolean foreign(ServerRequest request) {
    Optional<String> site = request.headers().first(SITE);
    if (site.isPresent()) {
      return !OWN.contains(site.get());
    }
    Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
    return origin.isPresent() && !authority(origin.get()).equals(request.authority());
  }

  /** What {@code Host} would be; "" for an origin that is none, such as {@code null}. */
  private static String authority(String origin) {
    try {
      return Optional.ofNullable(URI.create(origin).getRawAuthority()).orElse("");
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  private static boolean json(ServerRequest request) {
    String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end))
        .strip()
        .toLowerCase(Locale.ROOT)
        .equals("application/json");
  }
}
