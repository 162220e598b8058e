package weir.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** What a component of a settings record may hold, told from its Java type. */
sealed interface Kind {

  /** A single value whose type says everything. */
  enum Simple implements Kind {
    INT,
    LONG,
    SIZE,
    DOUBLE,
    BOOLEAN,
    TEXT,
    PATH,
    URI,
    DURATION
  }

  /** One constant of an enum. */
  record OneOf(Class<?> type) implements Kind {
    SequencedMap<String, Object> constants() {
      SequencedMap<String, Object> constants = new LinkedHashMap<>();
      for (Object constant : type.getEnumConstants()) {
        constants.put(Kebab.ofConstant((Enum<?>) constant), constant);
      }
      return constants;
    }

    /**
     * All that is accepted. An enum with a digit in a name has the names of a standard, as {@code
     * FP32}, which may also be written as the standard does.
     */
    SequencedMap<String, Object> spellings() {
      SequencedMap<String, Object> spellings = constants();
      Object[] constants = type.getEnumConstants();
      if (Arrays.stream(constants).anyMatch(constant -> hasDigit((Enum<?>) constant))) {
        for (Object constant : constants) {
          spellings.put(((Enum<?>) constant).name(), constant);
        }
      }
      return spellings;
    }

    private static boolean hasDigit(Enum<?> constant) {
      return constant.name().chars().anyMatch(Character::isDigit);
    }
  }

  /** A value or nothing. */
  record Maybe(Kind inner) implements Kind {}

  /** A list, or a set where {@code distinct}. */
  record Items(Kind element, boolean distinct) implements Kind {}

  /** A map by text keys. */
  record Entries(Kind value) implements Kind {}

  /** A settings record. */
  record Nested(Group group) implements Kind {}

  /** One of a sealed interface's records, named by its key. */
  record Alternatives(Class<?> type) implements Kind {

    /** The records by their keys, those of sealed interfaces within included. */
    SequencedMap<String, Group> cases() {
      SequencedMap<String, Group> cases = new LinkedHashMap<>();
      addCases(type, cases);
      return cases;
    }

    private static void addCases(Class<?> type, SequencedMap<String, Group> cases) {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        if (permitted.isSealed() && permitted.isInterface()) {
          addCases(permitted, cases);
        } else if (cases.put(Kebab.ofName(permitted.getSimpleName()), new Group(permitted))
            != null) {
          throw new IllegalArgumentException("two cases share the name of " + permitted.getName());
        }
      }
    }
  }

  /** The kind of a component of that type; its name tells sizes from counts. */
  static Kind of(Type type, String name) {
    return switch (type) {
      case ParameterizedType generic -> ofGeneric(generic, name);
      case Class<?> plain when plain.isRecord() -> new Nested(new Group(plain));
      case Class<?> plain when plain.isEnum() -> new OneOf(plain);
      case Class<?> plain when plain.isSealed() && plain.isInterface() -> new Alternatives(plain);
      case Class<?> plain -> ofSimple(plain, name);
      default -> throw unsupported(type, name);
    };
  }

  private static Kind ofGeneric(ParameterizedType type, String name) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == Optional.class) {
      return new Maybe(of(arguments[0], name));
    } else if (type.getRawType() == List.class) {
      return new Items(of(arguments[0], name), false);
    } else if (type.getRawType() == Set.class) {
      return new Items(of(arguments[0], name), true);
    } else if (type.getRawType() == Map.class && arguments[0] == String.class) {
      return new Entries(of(arguments[1], name));
    }
    throw unsupported(type, name);
  }

  private static Kind ofSimple(Class<?> type, String name) {
    if (type == int.class || type == Integer.class) {
      return Simple.INT;
    } else if (type == long.class || type == Long.class) {
      return name.endsWith("Bytes") ? Simple.SIZE : Simple.LONG;
    } else if (type == double.class || type == Double.class) {
      return Simple.DOUBLE;
    } else if (type == boolean.class || type == Boolean.class) {
      return Simple.BOOLEAN;
    } else if (type == String.class) {
      return Simple.TEXT;
    } else if (type == Path.class) {
      return Simple.PATH;
    } else if (type == URI.class) {
      return Simple.URI;
    } else if (type == Duration.class) {
      return Simple.DURATION;
    }
    throw unsupported(type, name);
  }

  private static IllegalArgumentException unsupported(Type type, String name) {
    return new IllegalArgumentException(
        "settings cannot hold the type " + type.getTypeName() + " of the component " + name);
  }

  /** Whether the kind, or what it may hold, is a size. */
  static boolean measuresBytes(Kind kind) {
    return kind == Simple.SIZE
        || (kind instanceof Maybe maybe && measuresBytes(maybe.inner()))
        || (kind instanceof Items items && measuresBytes(items.element()))
        || (kind instanceof Entries entries && measuresBytes(entries.value()));
  }

  /** The value of an absent key where no enclosing record gives a default. */
  static Optional<Object> absent(Kind kind) {
    return switch (kind) {
      case Simple _, OneOf _ -> Optional.empty();
      case Maybe _ -> Optional.of(Optional.empty());
      case Items items -> Optional.of(items.distinct() ? Set.of() : List.of());
      case Entries _ -> Optional.of(Map.of());
      case Nested nested -> nested.group().absent();
      case Alternatives alternatives -> Group.defaultsOf(alternatives.type());
    };
  }
}
