package weir;

/** The version of this build, from the archive's manifest. */
final class Version {
  static final String CURRENT = of(Version.class.getPackage().getImplementationVersion());

  private Version() {}

  private static String of(@org.jspecify.annotations.Nullable String version) {
    return version == null ? "development" : version;
  }
}
