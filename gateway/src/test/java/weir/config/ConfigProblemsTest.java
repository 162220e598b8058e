package weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigProblemsTest {
  private static List<String> problems(String text) {
    return switch (ConfigReader.read(text, SampleSettings.class, Map.of("SECRET", "s3cret"))) {
      case Parsed.Good<SampleSettings> _ -> List.of();
      case Parsed.Bad<SampleSettings>(List<Problem> found) ->
          found.stream().map(Problem::toString).toList();
    };
  }

  @Test
  void read_elevenFaults_reportsElevenProblemsWithTheirLines() {
    String text =
        """
        htpp: {port: 1}
        tick: 5 minutes
        alpha: "0.05"
        mode: all-at-onse
        tags: demo
        tick: 1s
        models:
          diamond-price:
            directory: models/diamond
            policy:
              split:
                1: 90
                2: ten
            cache: 64 MB
          fraud:
            policy: {fixed: 1}
          churn:
            directory: ${CHURN_HOME}
            policy: {canary: 1}
        """;

    assertThat(problems(text))
        .containsExactly(
            "weir.yaml:1: htpp: is not a known key — did you mean http?",
            "weir.yaml:2: tick: must be a duration, got \"5 minutes\" — write a whole number and"
                + " one of ns, us, ms, s, m, h, d, for example 250ms or 5m",
            "weir.yaml:3: alpha: must be a number, got the text \"0.05\" — the quotes make it a"
                + " text: write 0.05 without them",
            "weir.yaml:4: mode: must be one of step-by-step, all-at-once, got \"all-at-onse\" —"
                + " did you mean all-at-once?",
            "weir.yaml:5: tags: must be a list, got \"demo\" — write [a, b], or one line \"- a\""
                + " for each",
            "weir.yaml:6: tick: the key is given twice, first on line 2 — remove one of them",
            "weir.yaml:13: models.diamond-price.policy.split.2: must be a number, got \"ten\" —"
                + " write for example 10",
            "weir.yaml:14: models.diamond-price.cache: must be a size, got \"64 MB\" — write for"
                + " example 64MiB, 10KB or a number of bytes",
            "weir.yaml:15: models.fraud.directory: is missing — add directory: <a path>",
            "weir.yaml:18: models.churn.directory: the environment variable CHURN_HOME is not set"
                + " — set it, or write ${CHURN_HOME:-default}",
            "weir.yaml:19: models.churn.policy: must be one of fixed: …, split: …, bandit: …, got"
                + " the key \"canary\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "- a | 1: must be a map of keys, got a list",
        "hello | 1: must be a map of keys, got \"hello\"",
        "http: [1] | 1: http: must be a map of keys, got a list",
        "http: | 1: http: has no value",
        "http: {prot: 1} | 1: http.prot: is not a known key — did you mean port?",
        "http: {zzz: 1} | the keys here are host, port, max-body, compress",
        "http: {max-body-bytes: 1} | did you mean max-body?",
        "http: {max: 1} | did you mean max-body?",
        "http: {port: 80.0} | http.port: must be a whole number, got \"80.0\"",
        "http: {port: 0x50} | must be a whole number, got \"0x50\"",
        "http: {port: 010} | must be a whole number, got \"010\"",
        "http: {port: 1_000} | must be a whole number, got \"1_000\"",
        "http: {port: '80'} | the quotes make it a text: write 80 without them",
        "http: {port: 2147483648} | a whole number from -2147483648 to 2147483647",
        "http: {port: 65536} | 1: http: port is from 0 to 65535, not 65536",
        "http: {port: [80]} | http.port: must be a single value, got a list",
        "http: {compress: yes} | must be true or false, got \"yes\"",
        "http: {max-body: -1} | must be a size, got \"-1\"",
        "http: {max-body: 9999999TiB} | must be a size, got \"9999999TiB\"",
        "seed: 99999999999999999999 | from -9223372036854775808 to 9223372036854775807",
        "alpha: .nan | must be a number, got \".nan\"",
        "alpha: 1e999 | must be a number that fits a double",
        "tick: 106752d | must be a duration, got \"106752d\"",
        "tick: 1.5s | must be a duration",
        "tick: -1s | must be a duration",
        "collector: 'a b' | collector: must be a URI, got \"a b\"",
        "tags: [a, [b]] | tags[1]: must be a single value, got a list",
        "models: [] | models: must be a map of keys, got a list",
        "models: {\"a.b\": 1} | models.\"a.b\": must be a map of keys, got \"1\"",
        "models: {m: {directory: .}} | add policy: <one of fixed: …, split: …, bandit: …>",
        "models: {m: {directory: '', policy: {fixed: 1}}} | m.directory: must be a path",
        "models: {m: {directory: ., policy: fixed}} | policy: must be one of fixed: …",
        "models: {m: {directory: ., policy: fixd}} | write fixed: and its value",
        "models: {m: {directory: ., policy: {fixed: 1, split: {}}}} | must be exactly one of",
        "models: {m: {directory: ., policy: {}}} | must be exactly one of fixed: …",
        "models: {m: {directory: ., policy: {split: {}}}} | m.policy.split: a split has at least",
        "models: {m: {directory: ., policy: {fixed: }}} | m.policy.fixed: has no value",
        "models: {m: {directory: ., policy: {fixed: 1}, stickiness: {none: 1}}} | takes no value",
        "models: {m: {directory: ., policy: {fixed: 1}, stickiness: non}} | write none alone",
        "models: {m: {directory: ., policy: {fixed: 1}, groups: [a, a]}} | m.groups[1]: is given",
        "models: {m: {directory: ., policy: {fixed: 1}, limits: {permits: 1}}} | deadline: is miss",
        "models: {m: {directory: ., polcy: {fixed: 1}}} | m.polcy: is not a known key — did you",
        "mode: ${UNSET} | the environment variable UNSET is not set",
        "mode: ${SECRET} | mode: must be one of step-by-step, all-at-once, got \"${SECRET}\"",
        "mode: $${SECRET} | got \"$${SECRET}\"",
        "mode: '${1X}' | has ${ without a name and }",
        "mode: '${A' | has ${ without a name and }"
      })
  void read_oneFault_isOneProblem(String text, String expected) {
    assertThat(problems(text)).singleElement().asString().contains(expected);
    assertThat(problems(text).toString()).doesNotContain("s3cret");
  }

  @Test
  void read_boundOfOneRecordBroken_stillBindsTheOthers() {
    assertThat(problems("http:\n  port: -1\nlimits:\n  permits: 0\ntick: x\n"))
        .hasSize(3)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("weir.yaml:1: http: port is from"),
            second -> assertThat(second).startsWith("weir.yaml:3: limits: permits is at least 1"),
            third -> assertThat(third).startsWith("weir.yaml:5: tick: must be a duration"));
  }

  @Test
  void read_componentBroken_doesNotAlsoReportTheRecord() {
    assertThat(problems("http: {port: 70000, compress: perhaps}")).hasSize(1);
  }

  @Test
  void read_moreProblemsThanTheBound_countsTheRest() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Problems.MAX + 5; i++) {
      text.append("unknown-").append(i).append(": 1\n");
    }

    assertThat(problems(text.toString()))
        .hasSize(Problems.MAX + 1)
        .last()
        .asString()
        .contains("5 more problems");
  }

  @Test
  void in_anotherFile_namesIt() {
    assertThat(new Problem("http.port", 3, "is missing", "").in("other.yaml"))
        .isEqualTo("other.yaml:3: http.port: is missing");
  }
}
