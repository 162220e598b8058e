package weir.inference;

import java.util.Collection;

/** A name that somebody else chose, made fit for a message: bounded, and without controls. */
public final class Quoted {
  private static final int MAX_CHARS = 64;
  private static final int MAX_NAMES = 8;

  private Quoted() {}

  /** As {@code 'carat'}. */
  public static String name(String name) {
    return "'" + plain(name) + "'";
  }

  /** The same without quotes. */
  public static String plain(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length() && i < MAX_CHARS; i++) {
      char c = name.charAt(i);
      boolean shown = !Character.isISOControl(c) && !Character.isSurrogate(c);
      text.append(shown ? c : '?');
    }
    return text.append(name.length() > MAX_CHARS ? "…" : "").toString();
  }

  /** The first few names, as {@code price, weight}. */
  public static String list(Collection<String> names) {
    StringBuilder text = new StringBuilder();
    int shown = 0;
    for (String name : names) {
      if (shown == MAX_NAMES) {
        return text.append(" and ").append(names.size() - shown).append(" more").toString();
      }
      text.append(shown++ == 0 ? "" : ", ").append(plain(name));
    }
    return text.toString();
  }
}
