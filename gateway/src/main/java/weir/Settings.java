package weir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import weir.config.ConfigReader;
import weir.config.Parsed;

/** Reads {@link WeirSettings} from a file, or says everything that is wrong with it. */
final class Settings {
  private Settings() {}

  static WeirSettings read(Path file, Map<String, String> environment)
      throws StartRefusedException {
    return parse(text(file), file, environment);
  }

  static WeirSettings parse(String text, Path file, Map<String, String> environment)
      throws StartRefusedException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return switch (ConfigReader.read(text, WeirSettings.class, environment)) {
      case Parsed.Good<WeirSettings> good ->
          good.settings().resolvedFrom(folder == null ? Path.of("/") : folder);
      case Parsed.Bad<WeirSettings> bad ->
          throw new StartRefusedException(
              bad.problems().stream()
                  .map(problem -> problem.in(file.getFileName().toString()))
                  .toList());
    };
  }

  static String text(Path file) throws StartRefusedException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new StartRefusedException(
          List.of(
              "the configuration %s cannot be read (%s); give a file with --config"
                  .formatted(file, e.getClass().getSimpleName())));
    }
  }
}
