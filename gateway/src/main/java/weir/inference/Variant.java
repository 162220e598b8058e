package weir.inference;

/** One version of a model: the pair of names that metrics, traces and answers carry. */
public record Variant(String model, String version) {
  @Override
  public String toString() {
    return model + "/" + version;
  }
}
