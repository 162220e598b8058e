package weir.http;

import io.helidon.common.parameters.Parameters;
import io.helidon.common.uri.UriPath;
import io.helidon.common.uri.UriPathSegment;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.http.PathMatchers.MatchResult;
import io.helidon.http.PathMatchers.PrefixMatchResult;
import io.helidon.http.RoutedPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A path whose segments are words or {@code {names}}, told without a regular expression where it
 * fits; whether others fit is left to the server's own pattern.
 */
final class SegmentPath implements PathMatcher {
  private static final String NAMED = "http/path";

  private final List<String> segments;
  private final PathMatcher pattern;

  SegmentPath(String path) {
    this.segments = List.of(path.substring(1).split("/"));
    this.pattern = PathMatchers.create(path);
  }

  @Override
  public MatchResult match(UriPath path) {
    String text = path.path();
    Map<String, String> named = new HashMap<>(4);
    int at = 0;
    for (String segment : segments) {
      if (at >= text.length() || text.charAt(at) != '/') {
        return pattern.match(path);
      }
      int end = text.indexOf('/', at + 1);
      end = end < 0 ? text.length() : end;
      if (segment.startsWith("{")) {
        if (end == at + 1) {
          return pattern.match(path);
        }
        named.put(segment.substring(1, segment.length() - 1), text.substring(at + 1, end));
      } else if (end - at - 1 != segment.length() || !text.startsWith(segment, at + 1)) {
        return pattern.match(path);
      }
      at = end;
    }
    return at == text.length()
        ? new MatchResult(true, new Matched(path, Parameters.createSingleValueMap(NAMED, named)))
        : pattern.match(path);
  }

  @Override
  public PrefixMatchResult prefixMatch(UriPath path) {
    return pattern.prefixMatch(path);
  }

  private record Matched(UriPath uri, Parameters pathParameters) implements RoutedPath {
    @Override
    public RoutedPath absolute() {
      return new Matched(uri.absolute(), pathParameters);
    }

    @Override
    public String rawPath() {
      return uri.rawPath();
    }

    @Override
    public String rawPathNoParams() {
      return uri.rawPathNoParams();
    }

    @Override
    public String path() {
      return uri.path();
    }

    @Override
    public Parameters matrixParameters() {
      return uri.matrixParameters();
    }

    @Override
    public List<UriPathSegment> segments() {
      return uri.segments();
    }

    @Override
    public void validate() {
      uri.validate();
    }
  }
}
