package weir.observation;

/** A part of a request's trace, such as the cache or the backend; stages close inside out. */
public sealed interface Stage extends AutoCloseable permits SampledStage, UnsampledStage {
  /** A stage that records nothing. */
  Stage NONE = new UnsampledStage();

  /** Records how the stage ended, as a short name of a closed set. */
  void result(String label);

  /** Records that the stage failed, and why, as a short name of a closed set. */
  void failed(String reason);

  @Override
  void close();
}
