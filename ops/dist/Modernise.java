import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Writes the class files of an archive that are older than Java 6 as Java 8's, with the stack maps of that version; the
 * instructions stay. A cache of loaded classes takes no older ones, and each start would verify them the slow way.
 */
final class Modernise {
  private static final int OLDEST_IN_A_CACHE = ClassFile.JAVA_6_VERSION;

  private Modernise() {}

  public static void main(String[] archives) throws IOException {
    for (String archive : archives) {
      Path jar = Path.of(archive);
      try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
          FileSystem inside = FileSystems.newFileSystem(jar);
          Stream<Path> files = Files.walk(inside.getPath("/"))) {
        ClassFile format =
            ClassFile.of(
                StackMapsOption.GENERATE_STACK_MAPS,
                ConstantPoolSharingOption.NEW_POOL,
                ClassHierarchyResolverOption.of(
                    ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver())));
        for (Path file : files.filter(each -> each.toString().endsWith(".class")).sorted().toList()) {
          rewrite(file, format);
        }
      }
    }
  }

  private static void rewrite(Path file, ClassFile format) throws IOException {
    ClassModel old = format.parse(Files.readAllBytes(file));
    if (old.majorVersion() >= OLDEST_IN_A_CACHE || old.isModuleInfo()) {
      return;
    }
    var time = Files.getLastModifiedTime(file);
    ClassTransform bodies = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
    ClassTransform version = ClassTransform.dropping(ClassFileVersion.class::isInstance);
    byte[] now =
        format.build(
            old.thisClass().asSymbol(),
            builder -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0).transform(old, version.andThen(bodies)));
    if (!format.verify(now).isEmpty()) {
      throw new IOException(file + ": " + format.verify(now).getFirst());
    }
    Files.write(file, now);
    Files.setLastModifiedTime(file, time);
  }
}
