package weir;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code ops/weir COMMAND}. */
@Command(
    name = "weir",
    description = "Divides a model's traffic between its versions and measures what it divides.",
    mixinStandardHelpOptions = true,
    versionProvider = Weir.VersionProvider.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      LoadCommand.class,
      ServeCommand.class,
      CheckCommand.class,
      SchemaCommand.class,
      DigestCommand.class,
      BaselineCommand.class,
      DriftCommand.class,
      StatusCommand.class,
      SplitCommand.class,
      RolloutCommands.class,
      ExperimentCommand.class,
      ShadowsCommand.class,
      FeedbackCommand.class,
      AuditCommand.class,
      KeyCommands.class,
      JournalCopyCommand.Journals.class
    })
public final class Weir {
  /** Exit codes, as in sysexits.h where it has one. */
  static final int USAGE = CommandLine.ExitCode.USAGE;

  static final int REFUSED = 78;

  static final class VersionProvider implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"weir " + Version.CURRENT};
    }
  }

  private Weir() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Weir())
        .setExecutionExceptionHandler(Weir::failed)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static int failed(
      Exception failure, CommandLine command, CommandLine.ParseResult arguments) throws Exception {
    if (failure instanceof StartRefusedException refused) {
      refused.problems().forEach(problem -> command.getErr().println("weir: " + problem));
      return REFUSED;
    }
    if (failure instanceof CallFailedException call) {
      command.getErr().println("weir: " + call.getMessage());
      return call.code();
    }
    if (failure instanceof IllegalArgumentException) {
      command.getErr().println("weir: " + failure.getMessage());
      return USAGE;
    }
    throw failure;
  }
}
