import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Reads the records that have a {@code TYPE} off the sources, and writes what follows from them:
 * the list of all types, and the builder's calls for layers and losses. So a new layer is a file of
 * its own and nothing else.
 *
 * <p>{@code java GenerateTypes.java <sources> <output>}
 */
public final class GenerateTypes {

  /** A record with a type. */
  private record Found(
      String packageName,
      String name,
      List<String> interfaces,
      String summary,
      List<String> starts,
      boolean hasSettings) {

    String qualified() {
      return packageName + "." + name;
    }

    /** The builder's name for it: {@code conv2d} for {@code Conv2d}. */
    String call() {
      return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    boolean isA(String kind) {
      return interfaces.contains(kind);
    }
  }

  /** What records of layers implement. */
  private static final List<String> LAYERS =
      List.of("UnaryLayer", "SourceLayer", "RecurrentLayer", "Layer");

  private GenerateTypes() {}

  public static void main(String... arguments) throws IOException {
    Path sources = Path.of(arguments[0]);
    Path output = Path.of(arguments[1]);
    List<Found> found = find(sources.resolve("org/allclose"));
    if (found.isEmpty()) {
      throw new IOException(sources + ": expected records with a TYPE but got none");
    }
    write(output, "org.allclose.internal.types", "StandardTypes", standardTypes(found));
    write(output, "org.allclose", "LayerSteps", layerSteps(found));
    write(output, "org.allclose", "LossSteps", lossSteps(found));
  }

  private static List<Found> find(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files =
          all.filter(file -> file.toString().endsWith(".java"))
              .filter(GenerateTypes::mayHaveType)
              .sorted()
              .toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    TreeMap<String, Found> found = new TreeMap<>();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, Locale.ROOT, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new TreePathScanner<Void, Void>() {
          @Override
          public Void visitClass(ClassTree tree, Void nothing) {
            if (tree.getKind() == Tree.Kind.RECORD && hasType(tree)) {
              Found type =
                  read(
                      unit,
                      tree,
                      docs.getDocCommentTree(new TreePath(getCurrentPath().getParentPath(), tree)));
              found.put(type.qualified(), type);
            }
            return null;
          }
        }.scan(unit, null);
      }
    }
    return List.copyOf(found.values());
  }

  private static boolean mayHaveType(Path file) {
    try {
      return Files.readString(file).contains(" TYPE =");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean hasType(ClassTree tree) {
    return tree.getMembers().stream()
        .anyMatch(
            member ->
                member instanceof VariableTree field
                    && field.getName().contentEquals("TYPE")
                    && field
                        .getModifiers()
                        .getFlags()
                        .containsAll(List.of(Modifier.PUBLIC, Modifier.STATIC)));
  }

  private static Found read(CompilationUnitTree unit, ClassTree tree, DocCommentTree doc) {
    String name = tree.getSimpleName().toString();
    List<VariableTree> components = new ArrayList<>();
    List<String> starts = new ArrayList<>();
    boolean hasSettings = false;
    for (Tree member : tree.getMembers()) {
      if (member instanceof VariableTree field
          && !field.getModifiers().getFlags().contains(Modifier.STATIC)) {
        components.add(field);
      } else if (member instanceof MethodTree method
          && method.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
        if (method.getReturnType() == null && !isCanonical(method)) {
          starts.add(parameters(method.getParameters()));
        } else if (method.getReturnType() != null
            && method.getReturnType().toString().equals(name)
            && !method.getModifiers().getFlags().contains(Modifier.STATIC)) {
          hasSettings = true;
        }
      }
    }
    if (components.size() <= 1) {
      starts.add(parameters(components));
    }
    String summary =
        doc == null
            ? name
            : doc.getFirstSentence().stream().map(Object::toString).collect(Collectors.joining());
    List<String> interfaces = tree.getImplementsClause().stream().map(Object::toString).toList();
    return new Found(
        unit.getPackageName().toString(),
        name,
        interfaces,
        summary.replaceAll("\\s+", " "),
        starts.stream().distinct().toList(),
        hasSettings);
  }

  /** Every other constructor of a record calls it. */
  private static boolean isCanonical(MethodTree constructor) {
    return !constructor.getBody().toString().contains("this(");
  }

  private static String parameters(List<? extends VariableTree> parameters) {
    return parameters.stream()
        .map(
            parameter -> {
              String text = parameter.getType().toString();
              boolean isLast = parameter == parameters.get(parameters.size() - 1);
              return (isLast && text.endsWith("[]")
                      ? text.substring(0, text.length() - 2) + "..."
                      : text)
                  + " "
                  + parameter.getName();
            })
        .collect(Collectors.joining(", "));
  }

  private static String names(String parameters) {
    return parameters.isEmpty()
        ? ""
        : Stream.of(parameters.split(", "))
            .map(parameter -> parameter.substring(parameter.lastIndexOf(' ') + 1))
            .collect(Collectors.joining(", "));
  }

  private static String standardTypes(List<Found> found) {
    return """
    import java.util.List;
    import org.allclose.type.Type;
    import org.allclose.type.TypeProvider;

    /** All types of this library. */
    public final class StandardTypes implements TypeProvider {
      @Override
      public List<Type<?>> types() {
        return List.of(
    %s);
      }
    }
    """
        .formatted(
            found.stream()
                .map(type -> "        " + type.qualified() + ".TYPE")
                .collect(Collectors.joining(",\n")));
  }

  private static String layerSteps(List<Found> found) {
    StringBuilder calls = new StringBuilder();
    for (Found layer : found) {
      if (layer.isA("UnaryLayer") || layer.isA("SourceLayer") || layer.isA("RecurrentLayer")) {
        layer.starts().forEach(start -> unary(layer, start, calls));
      } else if (layer.isA("Layer")) {
        layer.starts().forEach(start -> combining(layer, start, calls));
      }
    }
    return """
    %s
    /**
     * The builder's calls that add a layer: one for each kind.
     *
     * <p>Each fails at once if the layer cannot take what it is given: with a {@link
     * org.allclose.tensor.ShapeMismatchException} for shapes, else an {@link IllegalArgumentException}. A layer without
     * a name is called by its kind and its number among its kind, such as {@code dense2}.
     */
    public abstract class LayerSteps extends Steps {
      LayerSteps() {}
    %s}
    """
        .formatted(
            imports(found.stream().filter(type -> LAYERS.stream().anyMatch(type::isA)).toList()),
            calls);
  }

  private static void unary(Found layer, String start, StringBuilder calls) {
    String made = "() -> new " + layer.name() + "(" + names(start) + ")";
    String comma = start.isEmpty() ? "" : ", ";
    call(layer, "", layer.call() + "(" + start + ")", "add(Optional.empty(), " + made + ")", calls);
    call(
        layer,
        " under a name",
        layer.call() + "(String name" + comma + start + ")",
        "add(Optional.of(name), " + made + ")",
        calls);
    if (layer.hasSettings() && !start.contains("...")) {
      String settings = start + comma + "UnaryOperator<" + layer.name() + "> settings";
      String set = "() -> settings.apply(new " + layer.name() + "(" + names(start) + "))";
      call(
          layer,
          " with settings",
          layer.call() + "(" + settings + ")",
          "add(Optional.empty(), " + set + ")",
          calls);
      call(
          layer,
          " under a name, with settings",
          layer.call() + "(String name, " + settings + ")",
          "add(Optional.of(name), " + set + ")",
          calls);
    }
  }

  private static void combining(Found layer, String start, StringBuilder calls) {
    String comma = start.isEmpty() ? "" : ", ";
    call(
        layer,
        " of the outputs of two or more layers",
        layer.call() + "(" + start + comma + "String first, String second, String... more)",
        "combine(() -> new " + layer.name() + "(" + names(start) + "), first, second, more)",
        calls);
  }

  private static void call(
      Found layer, String how, String signature, String body, StringBuilder calls) {
    calls
        .append("\n  /** Adds a {@link ")
        .append(layer.name())
        .append("}")
        .append(how)
        .append(": ")
        .append(layer.summary());
    calls
        .append(" */\n  public final NetworkBuilder ")
        .append(signature)
        .append(" {\n    return ")
        .append(body)
        .append(";\n  }\n");
  }

  private static String lossSteps(List<Found> found) {
    List<Found> losses = found.stream().filter(type -> type.isA("Loss")).toList();
    StringBuilder calls = new StringBuilder();
    for (Found loss : losses) {
      for (String start : loss.starts()) {
        String made = "new " + loss.name() + "(" + names(start) + ")";
        ending(loss, "", start, "loss(" + made + ")", calls);
        if (loss.hasSettings() && start.isEmpty()) {
          String settings = "UnaryOperator<" + loss.name() + "> settings";
          ending(loss, " with settings", settings, "loss(settings.apply(" + made + "))", calls);
        }
      }
    }
    return """
    %s
    /** The builder's calls that end a network with a loss: one for each kind. */
    public abstract class LossSteps extends LayerSteps {
      LossSteps() {}

      /**
       * Ends the network with a loss.
       *
       * @throws org.allclose.tensor.ShapeMismatchException if the loss cannot be taken of the output
       */
      public abstract NetworkBuilder.LossStep loss(Loss loss);
    %s}
    """
        .formatted(
            imports(losses)
                + "import org.allclose.loss.Loss;\n"
                + "import org.allclose.loss.Reduction;\n",
            calls);
  }

  private static void ending(
      Found loss, String how, String parameters, String body, StringBuilder calls) {
    calls
        .append("\n  /** Ends the network with a {@link ")
        .append(loss.name())
        .append("}")
        .append(how)
        .append(": ")
        .append(loss.summary());
    calls
        .append(" */\n  public final NetworkBuilder.LossStep ")
        .append(loss.call())
        .append("(")
        .append(parameters)
        .append(") {\n    return ")
        .append(body)
        .append(";\n  }\n");
  }

  private static String imports(List<Found> types) {
    return Stream.concat(
            Stream.of(
                "java.util.List",
                "java.util.Optional",
                "java.util.function.UnaryOperator",
                "org.allclose.tensor.Extent2d",
                "org.allclose.tensor.Shape"),
            types.stream().map(Found::qualified))
        .distinct()
        .map(name -> "import " + name + ";\n")
        .collect(Collectors.joining());
  }

  private static void write(Path output, String packageName, String name, String body)
      throws IOException {
    Path file = output.resolve(packageName.replace('.', '/')).resolve(name + ".java");
    String text = "package " + packageName + ";\n\n" + withUsedImports(body);
    Files.createDirectories(file.getParent());
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(
          file, text); // an old one of the same content stays, so that nothing is compiled anew
    }
  }

  private static String withUsedImports(String body) {
    List<String> lines = body.lines().toList();
    return IntStream.range(0, lines.size())
            .mapToObj(lines::get)
            .filter(line -> !line.startsWith("import ") || isUsed(line, lines))
            .collect(Collectors.joining("\n"))
        + "\n";
  }

  private static boolean isUsed(String importLine, List<String> lines) {
    String name = importLine.substring(importLine.lastIndexOf('.') + 1, importLine.length() - 1);
    return lines.stream()
        .filter(line -> !line.startsWith("import "))
        .anyMatch(line -> line.matches(".*\\b" + name + "\\b.*"));
  }
}
