package weir.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What the settings are for, in one place: {@code HttpSettings.port=...} per component. */
final class Descriptions {
  private static final String RESOURCE = "/weir/config/descriptions.properties";

  private Descriptions() {}

  /** All descriptions by record and component; none when the resource is absent. */
  static Map<String, String> all() {
    Map<String, String> all = new TreeMap<>();
    try (InputStream resource = Descriptions.class.getResourceAsStream(RESOURCE)) {
      if (resource != null) {
        Properties properties = new Properties();
        properties.load(new InputStreamReader(resource, StandardCharsets.UTF_8));
        properties.forEach((key, text) -> all.put((String) key, (String) text));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
    return all;
  }

  /** The key of a component's description: {@code RoutingPolicy.Split.shares}. */
  static String key(Group group, Group.Component component) {
    return group.name() + "." + component.name();
  }
}
