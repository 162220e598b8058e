package weir;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import weir.config.FileWatch;

/** Applies the models' part of a changed configuration file; refuses a bad one whole. */
final class ConfigWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ConfigWatch.class.getName());
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final FileWatch watch;

  private ConfigWatch(FileWatch watch) {
    this.watch = watch;
  }

  static ConfigWatch start(Path file, Gateway gateway) {
    return new ConfigWatch(FileWatch.create(file, INTERVAL, text -> changed(text, file, gateway)));
  }

  private static void changed(String text, Path file, Gateway gateway) {
    List<String> problems;
    try {
      problems = gateway.apply(Settings.parse(text, file, System.getenv()));
    } catch (StartRefusedException e) {
      problems = e.problems();
    }
    if (problems.isEmpty()) {
      LOG.log(Level.INFO, "applied the changed {0}", file);
    } else {
      problems.forEach(problem -> LOG.log(Level.WARNING, "{0} is not applied: {1}", file, problem));
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
