package weir;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code ops/weir COMMAND}. */
@Command(
    name = "weir",
    description = "Divides a model's traffic between its versions and measures what it divides.",
    mixinStandardHelpOptions = true,
    versionProvider = Weir.VersionProvider.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Weir {
  /** Exit codes, as in sysexits.h where it has one. */
  static final int USAGE = CommandLine.ExitCode.USAGE;

  static final int REFUSED = 78;

  /** In the order of the help. */
  private static final SequencedMap<String, Class<?>> COMMANDS = commands();

  static final class VersionProvider implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"weir " + Version.CURRENT};
    }
  }

  private Weir() {}

  public static void main(String[] arguments) {
    System.exit(commandLine(arguments).execute(arguments));
  }

  private static SequencedMap<String, Class<?>> commands() {
    SequencedMap<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("demo", DemoCommand.class);
    commands.put("load", LoadCommand.class);
    commands.put("serve", ServeCommand.class);
    commands.put("check", CheckCommand.class);
    commands.put("schema", SchemaCommand.class);
    commands.put("digest", DigestCommand.class);
    commands.put("baseline", BaselineCommand.class);
    commands.put("drift", DriftCommand.class);
    commands.put("status", StatusCommand.class);
    commands.put("split", SplitCommand.class);
    commands.put("rollout", RolloutCommands.class);
    commands.put("experiment", ExperimentCommand.class);
    commands.put("shadows", ShadowsCommand.class);
    commands.put("feedback", FeedbackCommand.class);
    commands.put("audit", AuditCommand.class);
    commands.put("key", KeyCommands.class);
    commands.put("journal", JournalCopyCommand.Journals.class);
    return commands;
  }

  /**
   * What understands these arguments: the one command that they name, since to describe them all
   * takes longer than most take to run; every command where they name none.
   */
  static CommandLine commandLine(String... arguments) {
    CommandLine line = new CommandLine(new Weir());
    String first = arguments.length == 0 ? "" : arguments[0];
    Class<?> named = COMMANDS.get(first);
    if (named != null) {
      line.addSubcommand(first, named);
    } else if (!first.equals("--version")) {
      COMMANDS.forEach(line::addSubcommand);
    }
    return line.setExecutionExceptionHandler(Weir::failed)
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
