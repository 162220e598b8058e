package weir;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir rollout start MODEL VERSION}. */
@Command(
    name = "start",
    description = "Starts a rollout; what is not given is as configured for the model.",
    mixinStandardHelpOptions = true)
final class RolloutStartCommand implements Callable<Integer> {
  @Mixin private ChangeOptions change = new ChangeOptions();

  @Parameters(index = "1", paramLabel = "VERSION", description = "the candidate")
  private String version = "";

  @Option(
      names = "--steps",
      split = ",",
      paramLabel = "PERCENT",
      description = "the candidate's shares such as 1,5,25,50,100")
  private List<String> steps = List.of();

  @Option(
      names = "--step-min",
      paramLabel = "TIME",
      description = "how long a step lasts at least, such as 10m")
  private Optional<String> stepMin = Optional.empty();

  @Option(
      names = "--step-max",
      paramLabel = "TIME",
      description = "when a step ends without a verdict, such as 24h")
  private Optional<String> stepMax = Optional.empty();

  @Option(
      names = "--manual",
      split = ",",
      paramLabel = "PERCENT",
      description = "the steps that wait for 'advance'")
  private List<String> manual = List.of();

  @Option(
      names = "--shadow",
      paramLabel = "TIME",
      description = "how long the first step waits; copies are not sent yet")
  private Optional<String> shadow = Optional.empty();

  @Option(names = "--dry-run", description = "decisions are told and not taken")
  private boolean dryRun;

  @Override
  public Integer call() throws CallFailedException, InterruptedException {
    ObjectNode body = change.body().put("candidate", version);
    numbers(body, "steps", steps);
    stepMin.ifPresent(time -> body.put("step_min", time));
    stepMax.ifPresent(time -> body.put("step_max", time));
    numbers(body, "manual", manual);
    shadow.ifPresent(time -> body.put("shadow", time));
    if (dryRun) {
      body.put("dry_run", true);
    }
    return change.post("/rollout/start", body);
  }

  private static void numbers(ObjectNode body, String name, List<String> percentages) {
    if (!percentages.isEmpty()) {
      ArrayNode all = body.putArray(name);
      percentages.forEach(each -> all.add(Numbers.of("--" + name, each)));
    }
  }
}
