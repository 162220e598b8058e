package weir.observation;

/** A stage of a request that is not sampled. */
final class UnsampledStage implements Stage {
  @Override
  public void result(String label) {}

  @Override
  public void failed(String reason) {}

  @Override
  public void close() {}
}
