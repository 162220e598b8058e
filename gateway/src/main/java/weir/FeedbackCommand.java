package weir;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir feedback MODEL ID --actual 3326.5}, or {@code --file} with one object a line. */
@Command(
    name = "feedback",
    description = "Tells the gateway what came of a prediction.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:accepted, or known already",
      "1:failed: the network, or the gateway itself; sending again counts nothing twice",
      "2:usage: a wrong option, or an unknown model",
      "3:refused: the prediction or a line of the file; the others are applied",
      "69:no gateway answers at the address"
    })
final class FeedbackCommand implements Callable<Integer> {
  private static final String ADDRESS = "--address";

  @Parameters(index = "0", paramLabel = "MODEL", description = "the model's name")
  private String model = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ID",
      description = "the prediction's weir-prediction-id")
  private Optional<String> id = Optional.empty();

  @Option(names = "--actual", paramLabel = "VALUE", description = "what it was: a number or a text")
  private Optional<String> actual = Optional.empty();

  @Option(names = "--label", paramLabel = "TEXT", description = "the right class")
  private Optional<String> label = Optional.empty();

  @Option(names = "--reward", paramLabel = "VALUE", description = "a number, true or false")
  private Optional<String> reward = Optional.empty();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "many, one JSON object a line (NDJSON); - is standard input")
  private Optional<String> file = Optional.empty();

  @Option(
      names = ADDRESS,
      description = "the gateway's inference address (default: ${DEFAULT-VALUE})")
  private URI address = URI.create("http://127.0.0.1:8000");

  @Mixin private Passport passport = new Passport();

  @Option(names = "--json", description = "prints the gateway's answers as they are")
  private boolean json;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws CallFailedException, InterruptedException {
    boolean values = actual.isPresent() || label.isPresent() || reward.isPresent();
    if (file.isPresent() ? id.isPresent() || values : id.isEmpty() || !values) {
      throw new IllegalArgumentException(
          "give an ID and one of --actual, --label, --reward; or --file alone");
    }
    String path = "/v2/models/" + RemoteGateway.part(model) + "/feedback";
    PrintWriter out = command.commandLine().getOut();
    try (RemoteGateway gateway = passport.open(address, ADDRESS)) {
      return file.isPresent()
          ? batch(new FeedbackBatch(gateway, path, out, json), file.get())
          : one(gateway.post(path, body().toString()), out);
    } finally {
      out.flush();
    }
  }

  private ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("id", id.orElse(""));
    actual.ifPresent(value -> {
      try {
        body.put("actual", Numbers.of("--actual", value));
      } catch (IllegalArgumentException notANumber) {
        body.put("actual", value);
      }
    });
    label.ifPresent(value -> body.put("label", value));
    reward.ifPresent(value -> {
      if (value.equals("true") || value.equals("false")) {
        body.put("reward", value.equals("true"));
      } else {
        body.put("reward", Numbers.of("--reward", value));
      }
    });
    return body;
  }

  private int one(RemoteGateway.Reply reply, PrintWriter out) throws CallFailedException {
    if (json) {
      out.println(reply.body());
    } else if (reply.ok()) {
      out.println(
          reply.json().path("result").asText().equals("duplicate")
              ? "duplicate: this prediction has feedback of this kind already; the first counts"
              : reply.json().path("result").asText());
    }
    if (!reply.ok()) {
      int code = reply.status() == 400 ? ClientCode.REFUSED : ClientCode.of(reply.status());
      throw new CallFailedException(code, reply.error());
    }
    return ClientCode.DONE;
  }

  private static int batch(FeedbackBatch batch, String file)
      throws CallFailedException, InterruptedException {
    try (BufferedReader lines =
        file.equals("-")
            ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
            : Files.newBufferedReader(Path.of(file))) {
      return batch.send(lines);
    } catch (NoSuchFileException e) {
      throw new CallFailedException(ClientCode.USAGE, "there is no file " + file, e);
    } catch (IOException e) {
      throw new CallFailedException(
          ClientCode.FAILED, "%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }
}
