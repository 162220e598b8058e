package weir.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.experiment.ShadowReport;
import weir.experiment.ShadowReport.Quantiles;

/** What the copies of a model's shadows add up to, as JSON; what is not a finite number is null. */
final class ShadowJson {
  private ShadowJson() {}

  static ObjectNode document(String model, List<ShadowReport> reports) {
    ObjectNode out = JsonNodeFactory.instance.objectNode().put("model", model);
    ArrayNode shadows = out.putArray("shadows");
    reports.forEach(report -> shadow(shadows.addObject(), report));
    return out;
  }

  private static void shadow(ObjectNode out, ShadowReport report) {
    out.put("version", report.shadow())
        .put("stable", report.stable())
        .put("running", report.running())
        .put("since", report.since().toString())
        .put("verdict", report.verdict().label())
        .put("words", report.verdict().words())
        .put("advice", report.advice())
        .put("answered", report.answered())
        .put("equal", report.equal())
        .put("different", report.different())
        .put("within_noise", report.withinNoise())
        .put("incomparable", report.incomparable());
    counts(out.putObject("failed"), report.failed());
    counts(out.putObject("dropped"), report.dropped());
    number(out, "failed_low", report.failedLow());
    number(out, "failed_high", report.failedHigh());
    number(out, "different_high", report.differentHigh());
    out.putObject("labels")
        .put("compared", report.labels().compared())
        .put("agreed", report.labels().agreed());
    quantiles(out.putObject("difference"), report.difference());
    quantiles(out.putObject("noise"), report.noise());
    quantiles(out.putObject("stable_seconds"), report.stableLatency());
    quantiles(out.putObject("shadow_seconds"), report.shadowLatency());
    ArrayNode outputs = out.putArray("outputs");
    report
        .outputs()
        .forEach(output -> {
          ObjectNode each =
              outputs.addObject().put("name", output.name()).put("different", output.different());
          number(each, "largest", output.largest());
        });
    ArrayNode worst = out.putArray("worst");
    report
        .worst()
        .forEach(one -> {
          ObjectNode each =
              worst
                  .addObject()
                  .put("prediction_id", one.predictionId())
                  .put("request_id", one.requestId());
          number(each, "difference", one.difference());
        });
  }

  private static void counts(ObjectNode out, Map<String, Long> counts) {
    new TreeMap<>(counts).forEach(out::put);
  }

  private static void quantiles(ObjectNode out, Quantiles quantiles) {
    out.put("count", quantiles.count());
    number(out, "p50", quantiles.p50());
    number(out, "p90", quantiles.p90());
    number(out, "p99", quantiles.p99());
    number(out, "max", quantiles.max());
  }

  private static void number(ObjectNode out, String name, double value) {
    if (Double.isFinite(value)) {
      out.put(name, value);
    } else {
      out.putNull(name);
    }
  }
}
