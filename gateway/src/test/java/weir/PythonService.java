package weir;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A model service in Python as somebody else would have written it, in a process of its own; it
 * serves version 1 of the diamonds.
 */
public final class PythonService implements AutoCloseable {
  /** FastAPI: {@code POST /predict} takes {@code {"instances": [stone, …]}}. */
  public static final String FASTAPI = "fastapi_diamonds.py";

  /** Flask: {@code POST /price} takes one stone or an array of them. */
  public static final String FLASK = "flask_diamonds.py";

  private static final Path SCRIPTS = Path.of("src/test/python").toAbsolutePath();
  private static final Path MODEL =
      Path.of("../models/repository/diamond-price/1/model.onnx").toAbsolutePath().normalize();
  private static final Map<String, String> MODULES =
      Map.of(FASTAPI, "fastapi, uvicorn, numpy, onnx", FLASK, "flask, numpy, onnx");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String READY = "ready on port ";

  private final Process process;
  private final int port;

  private PythonService(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts {@code script} on a free port and waits until it answers. */
  public static PythonService start(String script) throws IOException, InterruptedException {
    return start(script, 0);
  }

  /** Starts {@code script} on this port, or a free one when it is 0, and waits until it answers. */
  public static PythonService start(String script, int port)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            python(MODULES.getOrDefault(script, "onnx")),
            "-B",
            SCRIPTS.resolve(script).toString(),
            MODEL.toString(),
            Integer.toString(port));
    builder.environment().putAll(Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1"));
    Process process = builder.redirectErrorStream(true).start();
    boolean up = false;
    try {
      PythonService service = new PythonService(process, portSaid(script, process));
      service.awaitAnswer();
      up = true;
      return service;
    } finally {
      if (!up) {
        process.destroyForcibly();
      }
    }
  }

  /** An interpreter that has these modules; without one the test is skipped, but not under CI. */
  private static String python(String modules) throws IOException, InterruptedException {
    for (String each : List.of("/usr/bin/python3", "python3")) {
      if (each.startsWith("/") && !Files.isExecutable(Path.of(each))) {
        continue;
      }
      Process check =
          new ProcessBuilder(each, "-c", "import " + modules)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (check.waitFor() == 0) {
        return each;
      }
    }
    String missing =
        "no python3 has "
            + modules
            + " (Debian: apt-get install python3-fastapi python3-uvicorn python3-flask python3-numpy"
            + " python3-onnx)";
    assumeTrue(Boolean.parseBoolean(System.getenv("CI")), missing);
    throw new IOException(missing);
  }

  /** Reads the output to its end on a thread of its own, so that the service never waits for us. */
  private static int portSaid(String script, Process process)
      throws IOException, InterruptedException {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    Queue<String> said = new ConcurrentLinkedQueue<>();
    // A pipe is read in native code, which would hold a carrier of virtual threads.
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
              said.add(line);
              if (line.startsWith(READY)) {
                port.complete(Integer.parseInt(line.substring(READY.length())));
              }
            }
            port.completeExceptionally(new IOException(script + " ended: " + said));
          } catch (IOException e) {
            port.completeExceptionally(e);
          }
        });
    try {
      return port.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(script + " does not come up: " + said, e.getCause());
    } catch (TimeoutException e) {
      throw new IOException(script + " does not come up within " + PATIENCE + ": " + said, e);
    }
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri("/health")).timeout(PATIENCE).GET().build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        throw new IOException("the service answers its health path with " + status);
      }
    }
  }

  public int port() {
    return port;
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** Ends the process at once, as a crash does. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
