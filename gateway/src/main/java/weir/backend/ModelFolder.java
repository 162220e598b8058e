package weir.backend;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One model in Triton's layout: {@code <model>/<version>/model.onnx} beside {@code SHA256SUMS}.
 *
 * <p>A version is a folder with a numeric name. Files are read whole and digested before anything
 * else sees them, so that what was checked is what is loaded.
 */
record ModelFolder(String name, Path path) {
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final String FILE_NAME = "model.onnx";

  /** The models of a repository, by name; folders with unusable names are not models. */
  static List<ModelFolder> in(Path repository) throws IOException {
    List<ModelFolder> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(repository)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (Files.isDirectory(entry) && NAME.matcher(name).matches()) {
          folders.add(new ModelFolder(name, entry));
        }
      }
    }
    folders.sort(Comparator.comparing(ModelFolder::name));
    return folders;
  }

  /** The versions present, ascending. */
  List<String> versions() throws IOException {
    List<String> versions = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        String version = entry.getFileName().toString();
        if (VERSION.matcher(version).matches() && Files.exists(entry.resolve(FILE_NAME))) {
          versions.add(version);
        }
      }
    }
    versions.sort(Comparator.comparingLong(Long::parseLong));
    return versions;
  }

  /** Changes whenever a file of the model was added, removed, replaced or touched. */
  String stamp() throws IOException {
    StringBuilder stamp = new StringBuilder();
    append(stamp, path.resolve(DigestManifest.FILE_NAME));
    for (String version : versions()) {
      append(stamp, file(version));
    }
    return stamp.toString();
  }

  private static void append(StringBuilder stamp, Path file) throws IOException {
    if (Files.exists(file)) {
      stamp.append(file).append(' ').append(Files.size(file)).append(' ');
      stamp.append(Files.getLastModifiedTime(file)).append('\n');
    }
  }

  Path file(String version) {
    return path.resolve(version).resolve(FILE_NAME);
  }

  /** What the manifest calls a version's file. */
  String relative(String version) {
    return version + "/" + FILE_NAME;
  }

  /** The bytes of a version's model file, equal to the digest that the manifest promises. */
  byte[] read(String version, DigestManifest manifest, long maxBytes) throws ModelRefusedException {
    String relative = relative(version);
    Optional<String> promised = manifest.digestOf(relative);
    if (promised.isEmpty()) {
      throw new ModelRefusedException(
          "%s of '%s' is not listed in %s; write it anew with: ops/weir digest %s"
              .formatted(relative, name, DigestManifest.FILE_NAME, path));
    }
    byte[] bytes = bytes(file(version), maxBytes);
    String actual = DigestManifest.sha256(bytes);
    if (!actual.equals(promised.get())) {
      throw new ModelRefusedException(
          "%s of '%s' has digest %s, but %s promises %s; copy the file again"
              .formatted(relative, name, actual, DigestManifest.FILE_NAME, promised.get()));
    }
    return bytes;
  }

  private static byte[] bytes(Path file, long maxBytes) throws ModelRefusedException {
    try {
      long size = Files.size(file);
      if (size > maxBytes) {
        throw new ModelRefusedException(
            "%s has %d bytes, more than repository.max-model (%d)".formatted(file, size, maxBytes));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ModelRefusedException("%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }
}
