import java.io.IOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Spells out, in the classes of an archive, what javac leaves to the first use: the choice of a pattern switch, and {@code
 * equals}, {@code hashCode} and {@code toString} of a record. Each would be put together again at every start, as a cache of
 * loaded classes does not keep them.
 *
 * <p>Arguments: the archive, then those that its classes need. A switch with another label than a type, a text or a constant of
 * its own enum stays as it is.
 */
final class SpellOut {
  private static final String SWITCHES = "SwitchBootstraps";
  private static final String RECORDS = "ObjectMethods";
  private static final ClassDesc OBJECTS = ClassDesc.of("java.util.Objects");
  private static final ClassDesc BUILDER = ClassDesc.of("java.lang.StringBuilder");
  private static final MethodTypeDesc OF_OBJECTS = MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_Object, ConstantDescs.CD_Object);

  private final ClassModel model;
  private final Map<DynamicCallSiteDesc, String> methods = new LinkedHashMap<>();

  private SpellOut(ClassModel model) {
    this.model = model;
  }

  public static void main(String[] archives) throws IOException {
    List<URL> all = new ArrayList<>();
    for (String archive : archives) {
      all.add(Path.of(archive).toUri().toURL());
    }
    int spelt = 0;
    try (URLClassLoader loader = new URLClassLoader(all.toArray(URL[]::new));
        FileSystem inside = FileSystems.newFileSystem(Path.of(archives[0]));
        Stream<Path> files = Files.walk(inside.getPath("/"))) {
      ClassFile format =
          ClassFile.of(ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver())));
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).sorted().toList()) {
        spelt += rewrite(file, format);
      }
    }
    System.out.println("spelt out: " + spelt);
  }

  private static int rewrite(Path file, ClassFile format) throws IOException {
    ClassModel old = format.parse(Files.readAllBytes(file));
    if (old.isModuleInfo()) {
      return 0;
    }
    var time = Files.getLastModifiedTime(file);
    SpellOut out = new SpellOut(old);
    byte[] now = format.transformClass(old, out.transform());
    if (out.methods.isEmpty()) {
      return 0;
    }
    if (!format.verify(now).isEmpty()) {
      throw new IOException(file + ": " + format.verify(now).getFirst());
    }
    Files.write(file, now);
    Files.setLastModifiedTime(file, time);
    return out.methods.size();
  }

  private ClassTransform transform() {
    CodeTransform calls = this::instruction;
    return ClassTransform.transformingMethodBodies(method -> method.code().stream().flatMap(code -> code.elementStream()).anyMatch(this::spellable), calls)
        .andThen(ClassTransform.endHandler(this::write));
  }

  private boolean spellable(Object element) {
    return element instanceof InvokeDynamicInstruction call && body(site(call)) != null;
  }

  private static DynamicCallSiteDesc site(InvokeDynamicInstruction call) {
    return DynamicCallSiteDesc.of(call.bootstrapMethod(), call.name().stringValue(), call.typeSymbol(), call.bootstrapArgs().toArray(ConstantDesc[]::new));
  }

  private void instruction(CodeBuilder code, CodeElement element) {
    if (element instanceof InvokeDynamicInstruction call && spellable(call)) {
      DynamicCallSiteDesc site = site(call);
      String name = methods.computeIfAbsent(site, each -> each.invocationName() + "$" + methods.size());
      code.invoke(Opcode.INVOKESTATIC, self(), name, site.invocationType(), isInterface());
    } else {
      code.with(element);
    }
  }

  private void write(ClassBuilder builder) {
    methods.forEach((site, name) ->
        builder.withMethodBody(name, site.invocationType(), ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC, body(site)));
  }

  private ClassDesc self() {
    return model.thisClass().asSymbol();
  }

  private boolean isInterface() {
    return (model.flags().flagsMask() & ClassFile.ACC_INTERFACE) != 0;
  }

  /** What the call does, in plain instructions; null when it is to stay. */
  private static Consumer<CodeBuilder> body(DynamicCallSiteDesc site) {
    String bootstrap = ((DirectMethodHandleDesc) site.bootstrapMethod()).owner().displayName();
    List<ConstantDesc> arguments = List.of(site.bootstrapArgs());
    if (bootstrap.equals(SWITCHES)) {
      ClassDesc target = site.invocationType().parameterType(0);
      boolean known = arguments.stream().allMatch(label -> label instanceof ClassDesc type ? !type.isPrimitive() : label instanceof String);
      boolean ofEnum = ((DirectMethodHandleDesc) site.bootstrapMethod()).methodName().equals("enumSwitch");
      return known ? code -> choice(code, target, arguments, ofEnum) : null;
    }
    if (!bootstrap.equals(RECORDS)) {
      return null;
    }
    ClassDesc record = (ClassDesc) arguments.getFirst();
    List<DirectMethodHandleDesc> fields = arguments.stream().skip(2).map(DirectMethodHandleDesc.class::cast).toList();
    return switch (site.invocationName()) {
      case "equals" -> code -> equalsOf(code, record, fields);
      case "hashCode" -> code -> hashOf(code, fields);
      case "toString" -> code -> textOf(code, record, fields);
      default -> null;
    };
  }

  /** (target, from) to the index of the first label at or behind {@code from} that fits; -1 for null. */
  private static void choice(CodeBuilder code, ClassDesc target, List<ConstantDesc> labels, boolean ofEnum) {
    Label there = code.newLabel();
    code.aload(0).ifnonnull(there).iconst_m1().ireturn().labelBinding(there);
    for (int i = 0; i < labels.size(); i++) {
      Label next = code.newLabel();
      code.iload(1).loadConstant(i).if_icmpgt(next);
      switch (labels.get(i)) {
        case ClassDesc type -> code.aload(0).instanceOf(type).ifeq(next);
        case String name when ofEnum -> code.aload(0).getstatic(target, name, target).if_acmpne(next);
        case ConstantDesc text -> code.loadConstant(text).aload(0).invokestatic(OBJECTS, "equals", OF_OBJECTS).ifeq(next);
      }
      code.loadConstant(i).ireturn().labelBinding(next);
    }
    code.loadConstant(labels.size()).ireturn();
  }

  private static void equalsOf(CodeBuilder code, ClassDesc record, List<DirectMethodHandleDesc> fields) {
    Label differs = code.newLabel();
    Label other = code.newLabel();
    code.aload(0).aload(1).if_acmpne(other).iconst_1().ireturn().labelBinding(other);
    code.aload(1).instanceOf(record).ifeq(differs);
    code.aload(1).checkcast(record).astore(2);
    for (DirectMethodHandleDesc field : fields) {
      ClassDesc type = type(field);
      code.aload(0).getfield(field.owner(), field.methodName(), type);
      code.aload(2).getfield(field.owner(), field.methodName(), type);
      switch (TypeKind.from(type)) {
        case REFERENCE -> code.invokestatic(OBJECTS, "equals", OF_OBJECTS).ifeq(differs);
        case LONG -> code.lcmp().ifne(differs);
        case FLOAT, DOUBLE -> code.invokestatic(box(type), "compare", MethodTypeDesc.of(ConstantDescs.CD_int, type, type)).ifne(differs);
        default -> code.if_icmpne(differs);
      }
    }
    code.iconst_1().ireturn().labelBinding(differs).iconst_0().ireturn();
  }

  private static void hashOf(CodeBuilder code, List<DirectMethodHandleDesc> fields) {
    code.iconst_0();
    for (DirectMethodHandleDesc field : fields) {
      ClassDesc type = type(field);
      code.bipush(31).imul().aload(0).getfield(field.owner(), field.methodName(), type);
      ClassDesc of = type.isPrimitive() ? box(type) : OBJECTS;
      code.invokestatic(of, "hashCode", MethodTypeDesc.of(ConstantDescs.CD_int, type.isPrimitive() ? type : ConstantDescs.CD_Object)).iadd();
    }
    code.ireturn();
  }

  private static void textOf(CodeBuilder code, ClassDesc record, List<DirectMethodHandleDesc> fields) {
    String name = record.displayName().replaceFirst(".*\\$[0-9]*", "");
    code.new_(BUILDER).dup().invokespecial(BUILDER, "<init>", ConstantDescs.MTD_void);
    String before = name + "[";
    for (DirectMethodHandleDesc field : fields) {
      append(code.loadConstant(before + field.methodName() + "="), ConstantDescs.CD_String);
      ClassDesc type = type(field);
      code.aload(0).getfield(field.owner(), field.methodName(), type);
      append(code, shown(type));
      before = ", ";
    }
    append(code.loadConstant(fields.isEmpty() ? before + "]" : "]"), ConstantDescs.CD_String);
    code.invokevirtual(BUILDER, "toString", MethodTypeDesc.of(ConstantDescs.CD_String)).areturn();
  }

  private static void append(CodeBuilder code, ClassDesc type) {
    code.invokevirtual(BUILDER, "append", MethodTypeDesc.of(BUILDER, type));
  }

  /** The parameter of StringBuilder.append that takes a value of the type. */
  private static ClassDesc shown(ClassDesc type) {
    return switch (TypeKind.from(type)) {
      case REFERENCE -> ConstantDescs.CD_Object;
      case BYTE, SHORT -> ConstantDescs.CD_int;
      default -> type;
    };
  }

  private static ClassDesc type(DirectMethodHandleDesc field) {
    return field.invocationType().returnType();
  }

  private static ClassDesc box(ClassDesc primitive) {
    return switch (TypeKind.from(primitive)) {
      case BOOLEAN -> ConstantDescs.CD_Boolean;
      case BYTE -> ConstantDescs.CD_Byte;
      case CHAR -> ConstantDescs.CD_Character;
      case SHORT -> ConstantDescs.CD_Short;
      case INT -> ConstantDescs.CD_Integer;
      case LONG -> ConstantDescs.CD_Long;
      case FLOAT -> ConstantDescs.CD_Float;
      case DOUBLE -> ConstantDescs.CD_Double;
      case REFERENCE, VOID -> throw new IllegalArgumentException(primitive.displayName());
    };
  }
}
