package weir.serving;

import java.util.List;
import java.util.Optional;
import weir.inference.InferenceRequest;
import weir.inference.ModelSignature;

/** placeholder until merge */
final class SignatureCheck {
  private SignatureCheck() {}

  static Optional<String> mismatch(ModelSignature signature, InferenceRequest request) {
    return signature.inputs().size() == request.inputs().size()
        ? Optional.empty()
        : Optional.of(List.of().toString());
  }
}
