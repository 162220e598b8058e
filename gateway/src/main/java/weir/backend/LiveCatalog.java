package weir.backend;

/** The one mutable cell that says which variants can answer now. */
public final class LiveCatalog {
  private volatile Catalog current = Catalog.EMPTY;

  public Catalog current() {
    return current;
  }

  public void publish(Catalog next) {
    current = next;
  }
}
