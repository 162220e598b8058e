package weir.demo;

/** What came back for one stone; a version is empty when the gateway named none. */
sealed interface Reply {
  String version();

  /** A price in US dollars; the prediction id is what feedback names later. */
  record Priced(String version, String predictionId, double price) implements Reply {}

  /**
   * No price came.
   *
   * @param reached whether the gateway answered at all
   */
  record Failed(String version, String message, boolean reached) implements Reply {}
}
