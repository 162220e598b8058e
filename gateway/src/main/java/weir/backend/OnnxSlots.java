package weir.backend;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;

/**
 * The reusable slots of one session, kept per combination of input shapes.
 *
 * <p>At most {@value #SHAPES_MAX} combinations of at most {@value #SLOT_BYTES_MAX} bytes are kept,
 * each with as many slots as calls run at once; the rest takes the plain path, which is correct and
 * slower.
 */
final class OnnxSlots implements AutoCloseable {
  static final int SHAPES_MAX = 8;
  static final long SLOT_BYTES_MAX = 1 << 20;

  private record Pool(
      List<Shape> inputShapes,
      List<Shape> outputShapes,
      ConcurrentLinkedDeque<OnnxSlot> free,
      AtomicInteger made) {}

  /** A slot and the pool that it goes back to. */
  record Lease(OnnxSlot slot, ConcurrentLinkedDeque<OnnxSlot> home) {}

  private final OrtEnvironment environment;
  private final ModelSignature signature;
  private final Map<String, List<String>> dimensionNames;
  private final int slotsMax;
  private final boolean poison;
  private final CopyOnWriteArrayList<Pool> pools = new CopyOnWriteArrayList<>();

  OnnxSlots(
      OrtEnvironment environment,
      OrtSession session,
      ModelSignature signature,
      int slotsMax,
      boolean poison)
      throws OrtException {
    this.environment = environment;
    this.signature = signature;
    this.slotsMax = slotsMax;
    this.poison = poison;
    this.dimensionNames = dimensionNames(session);
  }

  private static Map<String, List<String>> dimensionNames(OrtSession session) throws OrtException {
    Map<String, List<String>> names = new java.util.HashMap<>();
    session
        .getInputInfo()
        .forEach((name, info) ->
            names.put("in " + name, List.of(((TensorInfo) info.getInfo()).getDimensionNames())));
    session
        .getOutputInfo()
        .forEach((name, info) ->
            names.put("out " + name, List.of(((TensorInfo) info.getInfo()).getDimensionNames())));
    return Map.copyOf(names);
  }

  /** A slot for tensors of these shapes, or empty when they have to take the plain path. */
  Optional<Lease> borrow(List<Tensor> tensors) throws OrtException {
    for (Pool pool : pools) {
      if (sameShapes(pool.inputShapes(), tensors)) {
        return lease(pool);
      }
    }
    return slotBytes(tensors) > SLOT_BYTES_MAX ? Optional.empty() : openPool(tensors);
  }

  void giveBack(Lease lease) {
    if (poison) {
      lease.slot().poison();
    }
    lease.home().push(lease.slot());
  }

  private Optional<Lease> lease(Pool pool) throws OrtException {
    OnnxSlot slot = pool.free().poll();
    if (slot == null) {
      if (pool.made().incrementAndGet() > slotsMax) {
        pool.made().decrementAndGet();
        return Optional.empty();
      }
      slot =
          new OnnxSlot(
              environment,
              signature.inputs(),
              pool.inputShapes(),
              signature.outputs(),
              pool.outputShapes());
    }
    return Optional.of(new Lease(slot, pool.free()));
  }

  private synchronized Optional<Lease> openPool(List<Tensor> tensors) throws OrtException {
    if (pools.size() >= SHAPES_MAX) {
      return Optional.empty();
    }
    List<Shape> shapes = tensors.stream().map(Tensor::shape).toList();
    Pool pool =
        new Pool(shapes, outputShapes(shapes), new ConcurrentLinkedDeque<>(), new AtomicInteger());
    pools.add(pool);
    return lease(pool);
  }

  private static boolean sameShapes(List<Shape> shapes, List<Tensor> tensors) {
    for (int i = 0; i < shapes.size(); i++) {
      if (!shapes.get(i).equals(tensors.get(i).shape())) {
        return false;
      }
    }
    return true;
  }

  private static long slotBytes(List<Tensor> tensors) {
    long bytes = 0;
    for (Tensor tensor : tensors) {
      if (tensor.elements() == 0) {
        return Long.MAX_VALUE;
      }
      bytes += tensor.data().limit();
    }
    return bytes;
  }

  /** Output shapes when each open dimension bears the name of an input's; else none are pinned. */
  private List<Shape> outputShapes(List<Shape> inputShapes) {
    Map<String, Long> sizes = new java.util.HashMap<>();
    for (int i = 0; i < inputShapes.size(); i++) {
      List<String> names =
          dimensionNames.getOrDefault("in " + signature.inputs().get(i).name(), List.of());
      for (int d = 0; d < names.size(); d++) {
        if (!names.get(d).isEmpty()) {
          sizes.put(names.get(d), inputShapes.get(i).dimension(d));
        }
      }
    }
    List<Shape> shapes = new ArrayList<>();
    for (TensorSpec spec : signature.outputs()) {
      Optional<Shape> shape = resolve(spec, sizes);
      if (shape.isEmpty() || spec.datatype() == Datatype.BYTES) {
        return List.of();
      }
      shapes.add(shape.get());
    }
    return shapes;
  }

  private Optional<Shape> resolve(TensorSpec spec, Map<String, Long> sizes) {
    long[] dimensions = spec.shape().toArray();
    List<String> names = dimensionNames.getOrDefault("out " + spec.name(), List.of());
    for (int d = 0; d < dimensions.length; d++) {
      if (dimensions[d] < 0) {
        Long size = d < names.size() ? sizes.get(names.get(d)) : null;
        if (size == null) {
          return Optional.empty();
        }
        dimensions[d] = size;
      }
    }
    return Optional.of(Shape.of(dimensions));
  }

  /** Frees every slot; no call may be running. */
  @Override
  public void close() {
    for (Pool pool : pools) {
      for (OnnxSlot slot = pool.free().poll(); slot != null; slot = pool.free().poll()) {
        slot.close();
      }
    }
  }

  /** A tensor for one call, for shapes that have no slot. */
  static OnnxTensor plain(OrtEnvironment environment, Tensor tensor) throws OrtException {
    if (tensor.datatype() == Datatype.BYTES) {
      return OnnxTensor.createTensor(environment, tensor.strings(), tensor.shape().toArray());
    }
    return OnnxTensor.createTensor(
        environment,
        tensor.data().duplicate().order(java.nio.ByteOrder.LITTLE_ENDIAN),
        tensor.shape().toArray(),
        OnnxTypes.javaType(tensor.datatype()));
  }
}
