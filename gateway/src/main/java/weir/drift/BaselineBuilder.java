package weir.drift;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import weir.drift.CsvColumns.Bound;
import weir.inference.ModelSignature;
import weir.inference.Quoted;

/**
 * Makes a baseline from a CSV file in two passes and constant memory.
 *
 * <p>The first pass finds edges and frequent values: exactly while a column has at most {@value
 * ColumnSample#KEPT_MAX} values, else from a quantile sketch. The second counts every row at these
 * edges, so the counts are exact either way. Numbers are first rounded to what the model's datatype
 * carries: 0.23 and its FP32 neighbour are different values to an edge at 0.23.
 */
public final class BaselineBuilder {
  private static final int NAMED_MAX = 20;
  private static final int REPORT_EVERY_ROWS = 10_000;

  /** Told now and then how much of the work is done: of both passes, in bytes of the file. */
  @FunctionalInterface
  public interface Progress {
    void done(long bytes, long totalBytes);
  }

  /** A baseline, or why there is none. */
  public sealed interface Result {}

  /**
   * A baseline, and what of the file it rests on.
   *
   * @param rows rows that count
   * @param badRows rows left out
   * @param firstBadRows what is wrong with the first few of them, by line and column
   */
  public record Built(Baseline baseline, long rows, long badRows, List<String> firstBadRows)
      implements Result {
    public Built {
      firstBadRows = List.copyOf(firstBadRows);
    }
  }

  public record Refused(List<String> problems) implements Result {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  private final String model;
  private final ModelSignature signature;
  private final Set<String> predictions;
  private final Progress progress;

  /**
   * A builder for one model.
   *
   * @param predictions outputs whose columns hold the model's own answers; a column of true values
   *     is no baseline of a score
   */
  public BaselineBuilder(
      String model, ModelSignature signature, Set<String> predictions, Progress progress) {
    this.model = model;
    this.signature = signature;
    this.predictions = Set.copyOf(predictions);
    this.progress = progress;
  }

  /** Reads {@code file} twice. */
  public Result build(Path file, Instant madeAt) throws IOException {
    List<String> header;
    try (CsvRows rows = CsvRows.open(file)) {
      header = List.copyOf(rows.next());
    }
    CsvColumns columns = CsvColumns.of(header, signature, predictions);
    if (!columns.problems().isEmpty()) {
      return new Refused(columns.problems());
    }
    List<Bound> bound = columns.bound();
    List<ColumnSample> samples = bound.stream().map(each -> new ColumnSample(each.plan())).toList();
    Pass first = new Pass(file, header.size(), bound, 0);
    first.run((i, cell) -> samples.get(i).add(cell));
    List<String> empty = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      if (samples.get(i).isEmpty()) {
        empty.add(
            "column %s has no value in %d rows"
                .formatted(Quoted.name(header.get(bound.get(i).column())), first.rows));
      }
    }
    if (!empty.isEmpty()) {
      return new Refused(empty);
    }
    List<ColumnCounts> counts = samples.stream().map(ColumnSample::counts).toList();
    new Pass(file, header.size(), bound, 1).run((i, cell) -> counts.get(i).add(cell));
    List<Signal> signals = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      signals.add(counts.get(i).signal(bound.get(i).plan()));
    }
    return new Built(
        new Baseline(model, madeAt, signals), first.rows, first.badRows, first.firstBadRows);
  }

  @FunctionalInterface
  private interface Cells {
    void add(int index, Cell cell);
  }

  /** One walk over the file; a row counts whole or not at all. */
  private final class Pass {
    private final Path file;
    private final int width;
    private final List<Bound> bound;
    private final int index;
    private final Cell[] row;
    private final List<String> firstBadRows = new ArrayList<>();
    private long rows;
    private long badRows;

    Pass(Path file, int width, List<Bound> bound, int index) {
      this.file = file;
      this.width = width;
      this.bound = bound;
      this.index = index;
      row = new Cell[bound.size()];
    }

    void run(Cells cells) throws IOException {
      long size = Files.size(file);
      try (CsvRows read = CsvRows.open(file)) {
        read.next();
        for (List<String> next = read.next(); !next.isEmpty(); next = read.next()) {
          String problem = next.size() == width ? parse(next) : "has " + next.size() + " cells";
          if (problem.isEmpty()) {
            rows++;
            for (int i = 0; i < row.length; i++) {
              cells.add(i, row[i]);
            }
          } else if (next.size() > 1 || !next.getFirst().isEmpty()) {
            bad("line " + read.line() + " " + problem);
          }
          if ((rows + badRows) % REPORT_EVERY_ROWS == 0) {
            progress.done(index * size + read.bytes(), 2 * size);
          }
        }
      }
      progress.done((index + 1) * size, 2 * size);
    }

    private String parse(List<String> cells) {
      for (int i = 0; i < row.length; i++) {
        Bound each = bound.get(i);
        row[i] = Cell.parse(cells.get(each.column()), each.plan());
        if (row[i] instanceof Cell.Bad bad) {
          return "column %s %s".formatted(Quoted.name(each.plan().name()), bad.problem());
        }
      }
      return "";
    }

    private void bad(String problem) {
      badRows++;
      if (firstBadRows.size() < NAMED_MAX) {
        firstBadRows.add(problem);
      }
    }
  }
}
