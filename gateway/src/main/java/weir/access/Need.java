package weir.access;

import java.util.List;

/** What a path or a call asks of a caller. */
public sealed interface Need {
  /** Nothing: also who does not say who they are. */
  record Open() implements Need {}

  /** To say who they are. */
  record Known() implements Need {}

  /** One of these roles, for the model asked about; for all models where none is named. */
  record OneOf(List<Role> roles) implements Need {
    public OneOf {
      roles = List.copyOf(roles);
    }
  }

  static Need oneOf(Role... roles) {
    return new OneOf(List.of(roles));
  }
}
