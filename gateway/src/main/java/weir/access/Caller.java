package weir.access;

import java.util.Set;

/** Who asks: the name of a key or the subject of a token, and what it may do. */
public record Caller(String name, Set<Grant> grants) {
  /** Everyone, where nobody has to say who they are. */
  public static final Caller ANYONE = new Caller("anonymous", Set.of());

  public Caller {
    grants = Set.copyOf(grants);
  }

  /** {@code model} empty asks for the role for all models. */
  boolean has(Role role, String model) {
    for (Grant grant : grants) {
      if (grant.role() == role && grant.covers(model)) {
        return true;
      }
    }
    return false;
  }
}
