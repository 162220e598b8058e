package weir.backend;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
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
  private final int slotsMax;
  private final boolean poison;
  private final CallWatch watch;
  private final CopyOnWriteArrayList<Pool> pools = new CopyOnWriteArrayList<>();

  OnnxSlots(OrtEnvironment environment, ModelSignature signature, OnnxBackend.Care care) {
    this.environment = environment;
    this.signature = signature;
    this.slotsMax = care.permits();
    this.poison = care.poison();
    this.watch = care.watch();
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
              watch,
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
    Map<String, Long> sizes = new HashMap<>();
    for (int i = 0; i < inputShapes.size(); i++) {
      TensorSpec spec = signature.inputs().get(i);
      for (int d = 0; d < spec.shape().rank(); d++) {
        sizes.put(spec.openName(d), inputShapes.get(i).dimension(d));
      }
    }
    sizes.remove("");
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

  private static Optional<Shape> resolve(TensorSpec spec, Map<String, Long> sizes) {
    long[] dimensions = spec.shape().toArray();
    for (int d = 0; d < dimensions.length; d++) {
      if (dimensions[d] < 0) {
        Long size = sizes.get(spec.openName(d));
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

  /** A tensor for one call, for shapes that have no slot; {@code arena} holds its bytes. */
  static OnnxTensor plain(OrtEnvironment environment, Tensor tensor, Arena arena)
      throws OrtException {
    if (tensor.datatype() == Datatype.BYTES) {
      return OnnxTensor.createTensor(environment, tensor.strings(), tensor.shape().toArray());
    }
    int bytes = tensor.data().limit();
    ByteBuffer direct = arena.allocate(Math.max(bytes, 1), 8).asByteBuffer();
    direct.put(0, tensor.data(), 0, bytes);
    return OnnxTensor.createTensor(
        environment,
        direct.limit(bytes).order(ByteOrder.nativeOrder()),
        tensor.shape().toArray(),
        OnnxTypes.javaType(tensor.datatype()));
  }
}
