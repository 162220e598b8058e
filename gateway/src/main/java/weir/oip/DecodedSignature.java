package weir.oip;

import weir.inference.ModelSignature;

/** What became of a model's metadata: its signature, or why there is none in it. */
public sealed interface DecodedSignature {
  record Valid(ModelSignature signature) implements DecodedSignature {}

  record Invalid(String message) implements DecodedSignature {}
}
