package weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.common.uri.UriPath;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.http.PathMatchers.MatchResult;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentPathTest {
  private static final List<String> PATTERNS =
      List.of(
          "/",
          "/v2",
          "/v2/models/{model}",
          "/v2/models/{model}/infer",
          "/v2/models/{model}/versions/{version}",
          "/v2/models/{model}/versions/{version}/infer");

  /** The named parts, or nothing where a path does not fit. */
  private static Optional<String> told(PathMatcher matcher, String path) {
    MatchResult result = matcher.match(UriPath.create(path));
    return result.accepted()
        ? Optional.of(
            "%s %s %s %s %s"
                .formatted(
                    result.path().pathParameters().first("model").orElse("-"),
                    result.path().pathParameters().first("version").orElse("-"),
                    result.path().path(),
                    result.path().rawPath(),
                    result.path().absolute().path()))
        : Optional.empty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v2",
        "/v2/",
        "/v2/models",
        "/v2/models/",
        "/v2/models//infer",
        "/v2/models/a",
        "/v2/models/a/",
        "/v2/models/a/infer",
        "/v2/models/a/infer/",
        "/v2/models/a/inferno",
        "/v2/models/a/infe",
        "/v2/models/infer/infer",
        "/v2/models/a.b-c_d/infer",
        "/v2/models/a%20b/infer",
        "/v2/models/a%2Fb/infer",
        "/v2/models/%7Bmodel%7D/infer",
        "/v2/models/../models/a/infer",
        "/v2/models/a;x=1/infer",
        "/v2/models/a/versions/3",
        "/v2/models/a/versions/3/infer",
        "/v2/models/a/versions//infer",
        "/v2/models/ä/versions/ß/infer",
        "/V2/models/a/infer",
        "//v2/models/a/infer"
      })
  void match_anyPath_tellsWhatTheServersPatternTells(String path) {
    for (String pattern : PATTERNS) {
      assertThat(told(new SegmentPath(pattern), path))
          .as("%s by %s", path, pattern)
          .isEqualTo(told(PathMatchers.create(pattern), path));
    }
  }
}
