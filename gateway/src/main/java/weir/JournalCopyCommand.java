package weir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import weir.journal.Journal;
import weir.journal.JournalCopy;
import weir.journal.JournalSettings;
import weir.journal.JournalUnavailableException;
import weir.journal.PostgresJournal;
import weir.journal.SqliteJournal;
import weir.observation.GatewayMetrics;

/** {@code weir journal copy}: moves a journal between one machine and a fleet. */
@Command(
    name = "copy",
    description = {
      "Copies a journal into an empty one and compares the two; stop the gateways on both first.",
      "A password is in a file or in the environment variable " + JournalCopyCommand.PASSWORD + "."
    },
    mixinStandardHelpOptions = true)
final class JournalCopyCommand implements Callable<Integer> {
  static final String PASSWORD = "WEIR_JOURNAL_PASSWORD";

  private static final String FILE = "sqlite:";

  /** {@code weir journal}. */
  @Command(
      name = "journal",
      description = "Works on journals while no gateway runs on them.",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      subcommands = JournalCopyCommand.class)
  static final class Journals {}

  @Option(
      names = "--from",
      required = true,
      paramLabel = "JOURNAL",
      description = "sqlite:FILE or postgresql://HOST:PORT/DATABASE")
  private String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "JOURNAL",
      description = "the same; a new file, or an empty database")
  private String to = "";

  @Option(names = "--user", paramLabel = "USER", description = "of the PostgreSQL server")
  private Optional<String> user = Optional.empty();

  @Option(names = "--password-file", paramLabel = "FILE", description = "holds the user's password")
  private Optional<Path> passwordFile = Optional.empty();

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws StartRefusedException {
    Logs.toStandardError(Level.WARNING);
    InstantSource clock = InstantSource.system();
    GatewayMetrics metrics = GatewayMetrics.create(Version.CURRENT, clock);
    try (Journal source = open(existing(from), clock, metrics);
        Journal target = open(to, clock, metrics)) {
      JournalCopy copied = JournalCopy.copy(source, target);
      command
          .commandLine()
          .getOut()
          .printf(
              "copied and compared: %d entries, %d checkpoints, %d rows of feedback%n",
              copied.entries(), copied.checkpoints(), copied.feedback());
      command.commandLine().getOut().flush();
      return 0;
    } catch (JournalUnavailableException e) {
      throw new StartRefusedException(List.of(String.valueOf(e.getMessage())));
    } finally {
      metrics.close();
    }
  }

  /** Opening would make a file that is not there. */
  private static String existing(String journal) {
    if (journal.startsWith(FILE) && !Files.exists(file(journal))) {
      throw new IllegalArgumentException(
          "--from names no file: " + journal.substring(FILE.length()));
    }
    return journal;
  }

  private Journal open(String journal, InstantSource clock, GatewayMetrics metrics) {
    return journal.startsWith(FILE)
        ? SqliteJournal.open(file(journal), clock, metrics.journal())
        : PostgresJournal.open(server(journal), System.getenv(), clock, metrics.journal());
  }

  private static Path file(String journal) {
    return Path.of(journal.substring(FILE.length()));
  }

  private JournalSettings server(String journal) {
    JournalSettings defaults = JournalSettings.defaults();
    Optional<String> variable =
        passwordFile.isEmpty() && System.getenv(PASSWORD) != null
            ? Optional.of(PASSWORD)
            : Optional.empty();
    return new JournalSettings(
        Optional.of(url(journal)),
        user,
        passwordFile,
        variable,
        defaults.poolSize(),
        defaults.connectTimeout());
  }

  /** What is wrong is not repeated: it may hold a password. */
  private static URI url(String journal) {
    try {
      return URI.create(journal);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "A journal is sqlite:FILE or postgresql://HOST:PORT/DATABASE");
    }
  }
}
