package weir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a gateway's process holds: live heap after a full collection, and what Linux counts. */
record ProcessFigures(long heapBytes, long rssBytes, int threads, int files) {
  private static final Path PROC = Path.of("/proc");

  static boolean measurable() {
    return Files.isDirectory(PROC.resolve("self/fd"));
  }

  static ProcessFigures of(long pid) throws IOException, InterruptedException {
    long heap = liveHeap(pid);
    Path process = PROC.resolve(Long.toString(pid));
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      return new ProcessFigures(
          heap,
          1024 * status(process, "VmRSS:"),
          (int) status(process, "Threads:"),
          (int) files.count());
    }
  }

  /** A class histogram counts live objects, and so collects everything else first. */
  private static long liveHeap(long pid) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/jcmd",
                Long.toString(pid),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    String total =
        said.lines()
            .filter(line -> line.startsWith("Total"))
            .findFirst()
            .orElseThrow(() -> new IOException("jcmd says: " + said));
    return Long.parseLong(total.strip().replaceAll(".*\\s", ""));
  }

  private static long status(Path process, String key) throws IOException {
    return Files.readAllLines(process.resolve("status")).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IOException(process + " has no " + key));
  }

  private static double mib(long bytes) {
    return bytes / 1048576.0;
  }

  double heapMib() {
    return mib(heapBytes);
  }

  double rssMib() {
    return mib(rssBytes);
  }

  @Override
  public String toString() {
    return "%.1f MiB live, %.0f MiB resident, %d threads, %d files"
        .formatted(heapMib(), rssMib(), threads, files);
  }
}
