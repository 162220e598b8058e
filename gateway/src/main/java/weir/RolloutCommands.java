package weir;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weir rollout start|pause|resume|advance|abort|watch}. */
@Command(
    name = "rollout",
    description = "Steers the rollout of a model's candidate.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RolloutStartCommand.class, RolloutWatchCommand.class})
final class RolloutCommands {
  @Command(
      description = "Stops the growth; the share stays, and harm still rolls back.",
      mixinStandardHelpOptions = true)
  int pause(@Mixin ChangeOptions change) throws CallFailedException, InterruptedException {
    return change.post("/rollout/pause", change.body());
  }

  @Command(description = "Goes on after a pause.", mixinStandardHelpOptions = true)
  int resume(@Mixin ChangeOptions change) throws CallFailedException, InterruptedException {
    return change.post("/rollout/resume", change.body());
  }

  @Command(
      description = "Approves the next step, or begins it before its time; harm refuses it.",
      mixinStandardHelpOptions = true)
  int advance(@Mixin ChangeOptions change) throws CallFailedException, InterruptedException {
    return change.post("/rollout/advance", change.body());
  }

  @Command(
      description = "Takes all traffic from the candidate now.",
      mixinStandardHelpOptions = true)
  int abort(@Mixin ChangeOptions change) throws CallFailedException, InterruptedException {
    return change.post("/rollout/abort", change.body());
  }
}
