package weir.drift;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.inference.ModelSignature;
import weir.inference.NearestName;
import weir.inference.Quoted;
import weir.inference.TensorSpec;

/**
 * Which column of a CSV file is which signal of a model.
 *
 * <p>A column has the name of its tensor, or {@code tensor[3]} for the fourth element of a row. A
 * model with one input of many elements may also have just as many columns, in its order and under
 * names of their own, which become the names of the signals.
 */
record CsvColumns(List<Bound> bound, List<String> problems) {
  private static final int SIGNALS_MAX = 10_000;

  /** A signal and the column that tells it. */
  record Bound(Plan plan, int column) {}

  CsvColumns {
    bound = List.copyOf(bound);
    problems = List.copyOf(problems);
  }

  static CsvColumns of(List<String> header, ModelSignature signature, Set<String> predictions) {
    List<String> problems = new ArrayList<>();
    if (header.isEmpty() || new HashSet<>(header).size() < header.size()) {
      return new CsvColumns(List.of(), List.of("the first line names the columns, each name once"));
    }
    for (String prediction : predictions) {
      if (signature.output(prediction).isEmpty()) {
        problems.add("the model has no output " + Quoted.name(prediction));
      }
    }
    for (TensorSpec input : signature.inputs()) {
      if (BaselineFit.width(input) < 1) {
        problems.add(
            "input %s has rows of open size %s; its elements cannot be watched one by one"
                .formatted(Quoted.name(input.name()), input.shape()));
      }
    }
    List<Plan> plans =
        Plan.of(signature, SIGNALS_MAX).stream()
            .filter(plan ->
                plan.place().side() == Place.Side.INPUT
                    || predictions.contains(plan.place().tensor()))
            .toList();
    List<Bound> inOrder = inOrder(header, plans, signature, predictions);
    List<Bound> bound = inOrder.isEmpty() ? byName(header, plans, problems) : inOrder;
    return new CsvColumns(bound, problems);
  }

  /** The columns of a lone vector, in its order; empty when they are not that. */
  private static List<Bound> inOrder(
      List<String> header, List<Plan> plans, ModelSignature signature, Set<String> predictions) {
    List<Integer> columns = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      if (signature.output(header.get(i)).isEmpty()) {
        columns.add(i);
      }
    }
    boolean named = plans.stream().anyMatch(plan -> header.contains(plan.name()));
    if (signature.inputs().size() != 1
        || !predictions.isEmpty()
        || named
        || columns.size() != plans.size()) {
      return List.of();
    }
    List<Bound> bound = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      int column = columns.get(i);
      bound.add(new Bound(plans.get(i).named(header.get(column)), column));
    }
    return bound;
  }

  private static List<Bound> byName(List<String> header, List<Plan> plans, List<String> problems) {
    List<Bound> bound = new ArrayList<>();
    for (Plan plan : plans) {
      int column = header.indexOf(plan.name());
      if (column >= 0) {
        bound.add(new Bound(plan, column));
      } else {
        problems.add(
            "no column %s%s"
                .formatted(
                    Quoted.name(plan.name()),
                    NearestName.of(plan.name(), header)
                        .map(near -> "; is it " + Quoted.name(near) + "?")
                        .orElse("")));
      }
    }
    return bound;
  }
}
