package weir.drift;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Tensor;
import weir.inference.TensorSpec;
import weir.inference.Variant;

/**
 * Makes a baseline of the first rows that a variant serves.
 *
 * <p>Holds every number of these rows (eight bytes each) until it is full and shares one lock, on
 * the request path for that while only. Safe on any thread.
 */
final class Learner {
  private record Sampled(Plan plan, NumericSample numbers, CategorySample categories) {
    Optional<Signal> signal() {
      return plan.categorical()
          ? categories.signal(plan.name(), plan.place())
          : numbers.signal(plan.name(), plan.place());
    }
  }

  private record Watched(TensorSpec spec, int width, List<Sampled> samples) {}

  private final Variant teacher;
  private final ModelSignature signature;
  private final int rowsWanted;
  private final int batchRowsMax;
  private final List<Watched> inputs;
  private final List<Watched> outputs;
  private final ReentrantLock lock = new ReentrantLock();
  private int rows;

  Learner(Variant teacher, ModelSignature signature, DriftSettings settings) {
    this.teacher = teacher;
    this.signature = signature;
    rowsWanted = settings.learnedRows();
    batchRowsMax = settings.batchRowsMax();
    List<Plan> plans = Plan.of(signature, settings.featuresMax());
    inputs = watched(Place.Side.INPUT, signature.inputs(), plans);
    outputs = watched(Place.Side.OUTPUT, signature.outputs(), plans);
  }

  private static List<Watched> watched(Place.Side side, List<TensorSpec> specs, List<Plan> plans) {
    List<Watched> watched = new ArrayList<>();
    for (TensorSpec spec : specs) {
      List<Sampled> samples =
          plans.stream()
              .filter(plan -> plan.place().side() == side)
              .filter(plan -> plan.place().tensor().equals(spec.name()))
              .map(plan -> new Sampled(plan, new NumericSample(), new CategorySample()))
              .toList();
      watched.add(new Watched(spec, Math.max(1, BaselineFit.width(spec)), samples));
    }
    return watched;
  }

  Variant teacher() {
    return teacher;
  }

  /** Whether this learns from that variant with these tensors and settings. */
  boolean learns(Variant variant, ModelSignature from, DriftSettings settings) {
    return teacher.equals(variant)
        && signature.equals(from)
        && rowsWanted == settings.learnedRows();
  }

  void add(List<Tensor> requestInputs, List<Tensor> answerOutputs) {
    lock.lock();
    try {
      if (rows < rowsWanted) {
        int taken = addAll(inputs, requestInputs);
        addAll(outputs, answerOutputs);
        rows += taken;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The most rows taken from one of the tensors. */
  private int addAll(List<Watched> all, List<Tensor> tensors) {
    int most = 0;
    for (Tensor tensor : tensors) {
      for (Watched watched : all) {
        if (watched.spec().name().equals(tensor.name())
            && watched.spec().datatype() == tensor.datatype()) {
          most = Math.max(most, add(watched, tensor));
        }
      }
    }
    return most;
  }

  private int add(Watched watched, Tensor tensor) {
    int all = tensor.elements() / watched.width();
    int taken = Math.min(all, batchRowsMax);
    String[] texts = tensor.datatype() == Datatype.BYTES ? tensor.strings() : new String[0];
    for (int i = 0; i < taken; i++) {
      int first = (int) ((long) i * all / taken) * watched.width();
      for (Sampled sampled : watched.samples()) {
        add(sampled, tensor, texts, first + sampled.plan().place().element());
      }
    }
    return taken;
  }

  private static void add(Sampled sampled, Tensor tensor, String[] texts, int element) {
    Datatype datatype = tensor.datatype();
    ByteBuffer data = tensor.data();
    int at = element * datatype.width();
    if (datatype == Datatype.BYTES) {
      sampled.categories().add(texts[element]);
    } else if (!sampled.plan().categorical()) {
      sampled.numbers().add(Elements.number(datatype, data, at));
    } else {
      long whole = Elements.whole(datatype, data, at);
      sampled
          .categories()
          .add(datatype == Datatype.BOOL ? Boolean.toString(whole != 0) : Long.toString(whole));
    }
  }

  /** The baseline once there are rows enough; a signal without a value is left out. */
  Optional<Baseline> baseline(Instant madeAt) {
    lock.lock();
    try {
      if (rows < rowsWanted) {
        return Optional.empty();
      }
      List<Signal> signals = new ArrayList<>();
      for (List<Watched> side : List.of(inputs, outputs)) {
        for (Watched watched : side) {
          watched.samples().forEach(sampled -> sampled.signal().ifPresent(signals::add));
        }
      }
      return signals.isEmpty()
          ? Optional.empty()
          : Optional.of(new Baseline(teacher.model(), madeAt, signals));
    } finally {
      lock.unlock();
    }
  }
}
