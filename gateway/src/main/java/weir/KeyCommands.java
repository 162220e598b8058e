package weir;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.access.ApiKey;
import weir.access.Grant;
import weir.access.KeysFile;

/** {@code weir key}: makes, lists and revokes API keys; running gateways follow within seconds. */
@Command(
    name = "key",
    description = "Makes, lists and revokes the API keys of a keys file.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {KeyCommands.Create.class, KeyCommands.Listing.class, KeyCommands.Revoke.class})
final class KeyCommands {
  /** The file, and where to write. */
  static final class In {
    @Option(
        names = "--file",
        description = "the file that access.keys names (default: ${DEFAULT-VALUE})")
    private Path file = Path.of("access.keys");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    PrintWriter out() {
      return command.commandLine().getOut();
    }

    PrintWriter err() {
      return command.commandLine().getErr();
    }

    StartRefusedException unusable(Exception e) {
      return new StartRefusedException(List.of("%s: %s".formatted(file, e.getMessage())));
    }
  }

  /** {@code weir key create}. */
  @Command(
      name = "create",
      description = "Makes a key, prints it once and keeps its hash.",
      mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    @Option(names = "--name", required = true, description = "whose key it is; may have several")
    private String name = "";

    @Option(
        names = "--roles",
        required = true,
        description = "infer, feedback, read, operate, with :MODEL for one model; commas between")
    private String roles = "";

    @Mixin private In in = new In();

    @Override
    public Integer call() throws StartRefusedException {
      ApiKey.Fresh fresh =
          ApiKey.create(
              name, Grant.all(roles), new SecureRandom(), InstantSource.system().instant());
      try {
        new KeysFile(in.file).add(fresh.key());
      } catch (IOException | IllegalArgumentException e) {
        throw in.unusable(e);
      }
      in.out().println(fresh.secret());
      in.out().flush();
      in.err()
          .println(
              "this is shown once; %s holds its hash, as %s".formatted(in.file, fresh.key().id()));
      return ClientCode.DONE;
    }
  }

  /** {@code weir key list}. */
  @Command(name = "list", description = "Lists the keys.", mixinStandardHelpOptions = true)
  static final class Listing implements Callable<Integer> {
    @Mixin private In in = new In();

    @Override
    public Integer call() throws StartRefusedException {
      Table table = new Table("ID", "NAME", "CREATED", "ROLES");
      try {
        for (ApiKey key : new KeysFile(in.file).keys()) {
          table.row(key.id(), key.name(), key.created().toString(), key.said());
        }
      } catch (IOException | IllegalArgumentException e) {
        throw in.unusable(e);
      }
      in.out().print(table.text(""));
      in.out().flush();
      return ClientCode.DONE;
    }
  }

  /** {@code weir key revoke}. */
  @Command(
      name = "revoke",
      description = "Revokes a key by its id, or all of a name.",
      mixinStandardHelpOptions = true)
  static final class Revoke implements Callable<Integer> {
    @Parameters(paramLabel = "NAME|ID", description = "whose keys, or which one")
    private String which = "";

    @Mixin private In in = new In();

    @Override
    public Integer call() throws StartRefusedException {
      List<ApiKey> gone;
      try {
        gone = new KeysFile(in.file).revoke(which);
      } catch (IOException | IllegalArgumentException e) {
        throw in.unusable(e);
      }
      if (gone.isEmpty()) {
        throw new IllegalArgumentException(
            "%s has no key of the name or id '%s'; 'weir key list' shows them"
                .formatted(in.file, which));
      }
      gone.forEach(key -> in.out().println("revoked %s %s".formatted(key.id(), key.name())));
      in.out().flush();
      return ClientCode.DONE;
    }
  }
}
