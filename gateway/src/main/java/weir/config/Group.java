package weir.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A settings record as its components, its defaults and its constructor. */
record Group(Class<?> type) {

  Group {
    if (!type.isRecord()) {
      throw new IllegalArgumentException(type.getName() + " is not a record");
    }
  }

  /** One component: the key it is written as, what it holds, and how it is read from a record. */
  record Component(String name, String key, Kind kind, Method accessor) {
    Object of(Object settings) {
      try {
        return accessor.invoke(settings);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("cannot read " + accessor, e);
      }
    }
  }

  /** The name without its package: {@code RoutingPolicy.Split}. */
  String name() {
    return nameOf(type);
  }

  /** The name of a settings type without its package. */
  static String nameOf(Class<?> type) {
    String prefix = type.getPackageName().isEmpty() ? "" : type.getPackageName() + ".";
    return type.getName().substring(prefix.length()).replace('$', '.');
  }

  /** The components in their order. */
  List<Component> components() {
    List<Component> components = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String name = component.getName();
      Kind kind = Kind.of(component.getGenericType(), name);
      boolean suffixed = Kind.measuresBytes(kind);
      String stem = suffixed ? name.substring(0, name.length() - "Bytes".length()) : name;
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      components.add(new Component(name, Kebab.ofName(stem), kind, accessor));
      if (!keys.add(Kebab.ofName(stem))) {
        throw new IllegalArgumentException(type.getName() + " has the key of " + name + " twice");
      }
    }
    return components;
  }

  /** What {@code static X defaults()} of the record gives. */
  Optional<Object> defaults() {
    return defaultsOf(type);
  }

  /** What {@code static X defaults()} of the type gives, where it has one. */
  static Optional<Object> defaultsOf(Class<?> type) {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals("defaults")
          && method.getParameterCount() == 0
          && Modifier.isStatic(method.getModifiers())
          && type.isAssignableFrom(method.getReturnType())) {
        try {
          method.setAccessible(true);
          return Optional.of(method.invoke(null));
        } catch (IllegalAccessException | InvocationTargetException e) {
          throw new IllegalStateException("cannot call " + method, e);
        }
      }
    }
    return Optional.empty();
  }

  /** The record where no key is given: its defaults, or what its components are without keys. */
  Optional<Object> absent() {
    Optional<Object> defaults = defaults();
    if (defaults.isPresent()) {
      return defaults;
    }
    List<Object> values = new ArrayList<>();
    for (Component component : components()) {
      Optional<Object> value = Kind.absent(component.kind());
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return construct(values) instanceof Built.Made made
        ? Optional.of(made.settings())
        : Optional.empty();
  }

  /** What the constructor said to the values. */
  sealed interface Built {
    record Made(Object settings) implements Built {}

    record Refused(String because) implements Built {}
  }

  /** Calls the constructor; its {@code IllegalArgumentException} is the refusal of a bound. */
  Built construct(List<Object> values) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(componentTypes());
      constructor.setAccessible(true);
      return new Built.Made(constructor.newInstance(values.toArray()));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        String message = refusal.getMessage();
        return new Built.Refused(message == null ? "is out of bounds" : message);
      }
      throw new IllegalStateException("the constructor of " + type.getName() + " failed", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot construct " + type.getName(), e);
    }
  }

  private Class<?>[] componentTypes() {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getType)
        .toArray(Class<?>[]::new);
  }
}
