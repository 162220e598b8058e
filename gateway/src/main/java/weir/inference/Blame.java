package weir.inference;

/** Who has to change something so that a refused request would succeed. */
public enum Blame {
  CALLER,
  CAPACITY,
  BACKEND,
  GATEWAY
}
