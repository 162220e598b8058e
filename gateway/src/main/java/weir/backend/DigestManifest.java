package weir.backend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The digests of a model's files, as {@code sha256sum} writes and checks them.
 *
 * <p>Native code parses model files, so nothing that is not listed here with its right digest
 * reaches it.
 */
public final class DigestManifest {
  static final String FILE_NAME = "SHA256SUMS";

  private static final long MAX_BYTES = 1 << 20;
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *](.+)");

  private final Map<String, String> digests;

  private DigestManifest(Map<String, String> digests) {
    this.digests = digests;
  }

  static DigestManifest read(Path modelFolder) throws ModelRefusedException {
    Path file = modelFolder.resolve(FILE_NAME);
    try {
      if (!Files.isRegularFile(file)) {
        throw new ModelRefusedException(
            "'%s' has no %s; write it with: ops/weir digest %s"
                .formatted(modelFolder.getFileName(), FILE_NAME, modelFolder));
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new ModelRefusedException("%s is larger than %d bytes".formatted(file, MAX_BYTES));
      }
      return parse(Files.readString(file, StandardCharsets.UTF_8), file);
    } catch (IOException e) {
      throw new ModelRefusedException("%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }

  private static DigestManifest parse(String text, Path file) throws ModelRefusedException {
    Map<String, String> digests = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new ModelRefusedException(
            "%s line %d is not '<sha256>  <path>'".formatted(file, number));
      }
      digests.put(matcher.group(2), matcher.group(1));
    }
    return new DigestManifest(digests);
  }

  /** The digest promised for that relative path, or empty when it is not listed. */
  Optional<String> digestOf(String relativePath) {
    return Optional.ofNullable(digests.get(relativePath));
  }

  /** Writes the manifest of every version in that folder, and returns its lines. */
  public static List<String> write(Path modelFolder) throws ModelRefusedException {
    ModelFolder folder = new ModelFolder(String.valueOf(modelFolder.getFileName()), modelFolder);
    try {
      List<String> lines = new ArrayList<>();
      for (String version : folder.versions()) {
        byte[] bytes = Files.readAllBytes(folder.file(version));
        lines.add(sha256(bytes) + "  " + version + "/" + folder.file(version).getFileName());
      }
      if (lines.isEmpty()) {
        throw new ModelRefusedException(
            "%s has no version; a version is <number>/model.onnx".formatted(modelFolder));
      }
      Files.write(modelFolder.resolve(FILE_NAME), lines);
      return lines;
    } catch (IOException e) {
      throw new ModelRefusedException(
          "%s cannot be written: %s".formatted(modelFolder.resolve(FILE_NAME), e.getMessage()));
    }
  }

  /** Lower-case hexadecimal SHA-256. */
  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no SHA-256", e);
    }
  }
}
