package weir.http;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Which pages in browsers may call the inference protocol: exact origins, none by default. {@code
 * maxAge} is how long a browser keeps what it was told. Management is never opened to them.
 */
public record CorsSettings(List<String> origins, Duration maxAge) {
  public CorsSettings {
    origins = List.copyOf(origins);
    for (String origin : origins) {
      if (!exact(origin)) {
        throw new IllegalArgumentException(
            "an origin is exact, such as https://app.example.com without a path, not " + origin);
      }
    }
    if (maxAge.isNegative() || maxAge.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("max-age must lie between 0s and 24h, not " + maxAge);
    }
  }

  private static boolean exact(String origin) {
    try {
      URI uri = URI.create(origin);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return http
          && uri.getHost() != null
          && origin.equals(uri.getScheme() + "://" + uri.getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  public static CorsSettings defaults() {
    return new CorsSettings(List.of(), Duration.ofMinutes(10));
  }
}
