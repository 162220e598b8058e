package weir.remote;

import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import weir.inference.ModelSignature;
import weir.inference.Variant;

/** What a variant takes and gives, as its servers said last. */
final class KnownSignature {
  private static final Logger LOG = Logger.getLogger(KnownSignature.class.getName());

  private final Variant variant;
  private volatile Optional<ModelSignature> known;

  KnownSignature(Variant variant, Optional<ModelSignature> before) {
    this.variant = variant;
    this.known = before;
  }

  Optional<ModelSignature> read() {
    return known;
  }

  void learn(ModelSignature said) {
    Optional<ModelSignature> before = known;
    if (before.isPresent() && !before.get().equals(said)) {
      LOG.log(
          Level.WARNING,
          "the servers of {0} now take {1} and give {2}; before, they took {3} and gave {4}",
          new Object[] {
            variant, said.inputs(), said.outputs(), before.get().inputs(), before.get().outputs()
          });
    }
    known = Optional.of(said);
  }
}
