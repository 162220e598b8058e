package weir;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command has that changes a model: which model, why, and from which revision. */
final class ChangeOptions {
  @Parameters(index = "0", paramLabel = "MODEL", description = "the model's name")
  private String model = "";

  @Option(names = "--why", paramLabel = "TEXT", description = "the reason, kept in the audit trail")
  private String why = "";

  @Option(
      names = "--if-revision",
      paramLabel = "N",
      description = "only while the model is at this revision, which status shows")
  private Optional<Long> revision = Optional.empty();

  @Mixin private ManagementOptions management = new ManagementOptions();

  /** The start of a command's body. */
  ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    return why.isEmpty() ? body : body.put("why", why);
  }

  /** Posts the body to a path of the model and prints what became of it. */
  int post(String action, ObjectNode body) throws CallFailedException, InterruptedException {
    String match = revision.map("\"%d\""::formatted).orElse("*");
    try (RemoteGateway gateway = management.open()) {
      RemoteGateway.Reply reply =
          gateway.post(
              "/admin/models/" + RemoteGateway.part(model) + action,
              body.toString(),
              "weir-actor",
              RemoteGateway.actor(System.getProperty("user.name", "")),
              "if-match",
              match);
      return management.show(
          reply,
          done ->
              "%s: %s (revision %d)%n"
                  .formatted(model, done.path("words").asText(), done.path("revision").asLong()));
    }
  }
}
