package weir.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a YAML text into a tree of settings records, or says everything that is wrong with it. */
public final class ConfigReader {
  private ConfigReader() {}

  /**
   * The settings of that root record.
   *
   * <p>Keys are the components' names in kebab-case. {@code ${NAME}} and {@code ${NAME:-default}}
   * in values are replaced from the environment before they are typed. Whatever the text holds, the
   * answer is a value; an exception means that the record itself breaks the convention.
   */
  public static <T extends Record> Parsed<T> read(
      String text, Class<T> root, Map<String, String> environment) {
    Problems problems = new Problems();
    Tree tree = YamlParser.parse(text, new Substitution(environment, problems), problems);
    Optional<T> settings =
        new Binder(problems)
            .bind(new Kind.Nested(new Group(root)), document(tree), "", null)
            .map(root::cast);
    List<Problem> found = problems.all();
    return settings.isPresent() && found.isEmpty()
        ? new Parsed.Good<>(settings.get())
        : new Parsed.Bad<>(found);
  }

  /** An empty document is a map without keys: everything has its default. */
  private static Tree document(Tree tree) {
    return tree instanceof Tree.Scalar scalar && scalar.isNull()
        ? new Tree.Entries(new LinkedHashMap<>(), true, 1)
        : tree;
  }
}
