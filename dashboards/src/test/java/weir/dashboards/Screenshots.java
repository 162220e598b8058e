package weir.dashboards;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Takes the pictures of the README: the console light and dark, and the demo's terminal, all of one
 * run of {@code ops/weir demo}. Run by {@code ops/screenshots}.
 */
final class Screenshots {
  private static final int COLUMNS = 118;
  private static final int ROWS = 36;
  private static final int WIDTH = 1280;
  private static final int PORT = 18000;
  private static final int MANAGEMENT = 18002;
  private static final int START_SECONDS = 120;
  private static final int STORY_LOOKS = 10;
  private static final String BEGIN = "\u001b[?7l";
  private static final String END = "\u001b[?7h";
  private static final Pattern PAINT = Pattern.compile("\u001b\\[([\\d;]*)m");
  private static final Pattern MOVES = Pattern.compile("\u001b\\[[\\d?;]*[A-KJhl]");

  /** The colours of the codes that the demo paints with, as CSS. */
  private static final Map<String, String> PAINTS =
      Map.of(
          "1", "font-weight:bold",
          "2", "color:#8b949e",
          "32", "color:#57c26a",
          "1;31", "font-weight:bold;color:#ff8a80",
          "36;46", "color:#2aa1b3;background:#2aa1b3",
          "90;100", "color:#3d444d;background:#3d444d",
          "1;97;44", "color:#fff;background:#1f5fbf");

  private Screenshots() {}

  /** Takes the repository's folder and Chromium's file. */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]).toAbsolutePath();
    Path pictures = Files.createDirectories(root.resolve("dashboards/screenshots"));
    Path folder = Files.createTempDirectory("weir-screenshots");
    Path terminal = folder.resolve("terminal");
    Process demo = demo(root, terminal);
    try (Browser browser = Browser.start(Path.of(arguments[1]), folder)) {
      take(browser, pictures, folder, terminal);
    } finally {
      demo.destroy();
      if (!demo.waitFor(20, TimeUnit.SECONDS)) {
        demo.destroyForcibly();
      }
    }
  }

  /** The demo in a terminal of its own, all of whose output goes to a file. */
  private static Process demo(Path root, Path terminal) throws IOException {
    String command =
        "stty cols %d rows %d; exec %s demo --duration 10m --port %d --management-port %d"
            .formatted(COLUMNS, ROWS, root.resolve("ops/weir"), PORT, MANAGEMENT);
    ProcessBuilder script =
        new ProcessBuilder("script", "-qefc", command, terminal.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    script.environment().put("TERM", "xterm-256color");
    return script.start();
  }

  private static void take(Browser browser, Path pictures, Path folder, Path terminal)
      throws IOException, InterruptedException {
    paint(browser, "light");
    connect(browser);
    until(browser, "document.querySelector('#steps li:nth-of-type(2)[aria-current]')");
    browser.await("/passes|undecided/.test(document.getElementById('checks').innerText)");
    Files.write(pictures.resolve("console-light.png"), browser.screenshot(WIDTH, 1000));
    paint(browser, "dark");
    until(browser, "document.getElementById('rollout').innerText.includes('rolled-back')");
    Files.write(pictures.resolve("console-dark.png"), browser.screenshot(WIDTH, 1000));
    Path page = folder.resolve("terminal.html");
    Files.writeString(page, html(Files.readString(terminal, StandardCharsets.UTF_8)));
    browser.open(page.toUri());
    browser.await("document.querySelector('pre')");
    Files.write(pictures.resolve("demo.png"), browser.screenshot(1000, 520));
  }

  private static void paint(Browser browser, String scheme)
      throws IOException, InterruptedException {
    ObjectNode media = JsonNodeFactory.instance.objectNode();
    media.putArray("features").addObject().put("name", "prefers-color-scheme").put("value", scheme);
    browser.call("Emulation.setEmulatedMedia", media);
  }

  private static void connect(Browser browser) throws IOException, InterruptedException {
    for (int i = 0; i < START_SECONDS; i++) {
      browser.open(URI.create("http://127.0.0.1:%d/".formatted(MANAGEMENT)));
      if (browser.value("document.title").asText().startsWith("Weir")) {
        browser.screenshot(WIDTH, 1000);
        return;
      }
      LockSupport.parkNanos(1_000_000_000);
    }
    throw new IOException("the demo does not answer; are its ports free?");
  }

  /** Steps of the story may take minutes. */
  private static void until(Browser browser, String expression)
      throws IOException, InterruptedException {
    for (int i = 1; i < STORY_LOOKS; i++) {
      try {
        browser.await(expression);
        return;
      } catch (AssertionError _) {
        System.err.println("still waiting for " + expression);
      }
    }
    browser.await(expression);
  }

  /** The last whole picture in what a terminal was sent, as a page. */
  static String html(String sent) {
    int end = sent.lastIndexOf(END);
    String picture =
        sent.substring(sent.lastIndexOf(BEGIN, end) + BEGIN.length(), end).replace("\r", "");
    String text = MOVES.matcher(picture).replaceAll("").replace("&", "&amp;").replace("<", "&lt;");
    return """
    <!doctype html><meta charset="utf-8">
    <style>body{margin:0;background:#0d1117;color:#e6edf3}
    pre{margin:12px;font:13.5px/1.35 "DejaVu Sans Mono",monospace}</style>
    <pre>%s</pre>
    """
        .formatted(PAINT.matcher(text).replaceAll(Screenshots::span));
  }

  private static String span(MatchResult code) {
    return code.group(1).equals("0")
        ? "</span>"
        : "<span style=\"%s\">".formatted(PAINTS.getOrDefault(code.group(1), ""));
  }
}
