package weir;

import java.io.PrintWriter;
import java.net.URI;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the gateway is and how its answer is shown; shared by the commands that ask it. */
@Command(
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; for watch: promoted",
      "1:failed: the network, or the gateway itself",
      "2:usage: a wrong option, or an unknown model or version",
      "3:refused: no key, or one without the role; it cannot be done now; or the model has moved on",
      "4:rolled back (watch)",
      "69:no gateway answers at the address"
    })
final class ManagementOptions {
  private static final String ADDRESS = "--management";

  @Option(
      names = ADDRESS,
      description = "the gateway's management address (default: ${DEFAULT-VALUE})")
  private URI management = URI.create("http://127.0.0.1:8002");

  @Mixin private Passport passport = new Passport();

  @Option(names = "--json", description = "prints the gateway's document as it is")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  boolean json() {
    return json;
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }

  PrintWriter err() {
    return command.commandLine().getErr();
  }

  RemoteGateway open() {
    return passport.open(management, ADDRESS);
  }

  /** How an answer that is a success reads. */
  @FunctionalInterface
  interface Text {
    String of(com.fasterxml.jackson.databind.JsonNode document);
  }

  /** Prints the answer to this path. */
  int show(String path, Text text) throws CallFailedException, InterruptedException {
    try (RemoteGateway gateway = open()) {
      return show(gateway.get(path), text);
    }
  }

  int show(RemoteGateway.Reply reply, Text text) throws CallFailedException {
    PrintWriter out = out();
    if (json) {
      out.println(reply.body());
    } else if (reply.ok()) {
      out.print(text.of(reply.json()));
    }
    out.flush();
    if (!reply.ok()) {
      throw reply.failure();
    }
    return ClientCode.DONE;
  }
}
