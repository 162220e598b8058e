package weir;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weir split MODEL 1=90 2=10}: divides a model's traffic by hand. */
@Command(
    name = "split",
    description = "Divides a model's traffic until its configured policy changes.",
    mixinStandardHelpOptions = true)
final class SplitCommand implements Callable<Integer> {
  @Mixin private ChangeOptions change = new ChangeOptions();

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "VERSION=WEIGHT",
      description = "such as 1=90 2=10, the stable version first")
  private List<String> weights = List.of();

  @Override
  public Integer call() throws CallFailedException, InterruptedException {
    ObjectNode body = change.body();
    ObjectNode all = body.putObject("weights");
    for (String each : weights) {
      int equals = each.lastIndexOf('=');
      String version = each.substring(0, Math.max(0, equals));
      if (version.isEmpty() || all.has(version)) {
        throw new IllegalArgumentException(
            "each version is given once, as VERSION=WEIGHT such as 1=90, not '%s'".formatted(each));
      }
      all.put(version, Numbers.of("the weight of version " + version, each.substring(equals + 1)));
    }
    return change.post("/split", body);
  }
}
