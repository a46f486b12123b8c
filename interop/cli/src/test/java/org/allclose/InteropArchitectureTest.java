package org.allclose;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.ThrowsDeclaration;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds what each room of jnpy, parity and cli may know, in the order of the rooms. */
class InteropArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("org.allclose");

  private static final String GSON = "com.google.gson..";

  /** Each room, and what it may know besides the JDK, itself and, but for jnpy, the dsl. */
  private static final Map<String, List<String>> ROOMS = new LinkedHashMap<>();

  static {
    String text = "internal.text";
    String file = "internal.file";
    String json = "internal.json";
    String network = "internal.network";
    String arrays = "internal.arrays";
    String axes = "internal.axes";
    String trace = "internal.trace";
    room(text);
    room(file, text);
    room("jnpy", text, file);
    room("json", text);
    room(json, "json", text, file, GSON);
    room(network, "json", json, GSON);
    room("network", "json", json, network);
    room(axes);
    room(arrays, "jnpy", "json", text, file, json);
    room("weights", "jnpy", file, arrays, axes);
    room("training", "jnpy", "json", "weights", text, file, json, GSON);
    room("parity.recording", "jnpy", text);
    room("parity.report", "parity.recording", text, file, json, GSON);
    room(trace, "parity.recording", "parity.report", network);
    room("parity.diagnosis", "parity.recording", "parity.report", text, axes, trace);
    room(
        "parity",
        "jnpy",
        "json",
        "network",
        "weights",
        "parity.recording",
        "parity.report",
        "parity.diagnosis",
        text,
        file,
        arrays,
        json,
        network,
        trace);
    room(
        "junit",
        "jnpy",
        "parity",
        "parity.recording",
        "parity.report",
        text,
        "org.junit..",
        "org.opentest4j..");
    room(
        "cli",
        "jnpy",
        "network",
        "weights",
        "training",
        "parity",
        "parity.recording",
        "parity.report",
        text,
        file,
        json,
        network,
        GSON,
        "picocli..",
        "me.tongfei.progressbar..",
        "org.knowm.xchart..");
  }

  /** The rooms of the module that stands alone. */
  private static final List<String> JNPY =
      List.of(full("jnpy"), full("internal.text"), full("internal.file"));

  private static void room(String name, String... known) {
    List<String> all = new ArrayList<>(List.of("java..", "javax.imageio..", full(name)));
    Stream.of(known).map(InteropArchitectureTest::full).forEach(all::add);
    ROOMS.put(full(name), all);
  }

  private static String full(String name) {
    return name.endsWith("..") ? name : "org.allclose." + name;
  }

  @Test
  void rooms_areAllHere() {
    TreeSet<String> found = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      boolean ofInterop = type.getSource().orElseThrow().getUri().toString().contains("/interop/");
      if (ofInterop && !type.getSimpleName().equals("module-info")) {
        found.add(type.getPackageName());
      }
    }
    assertEquals(new TreeSet<>(ROOMS.keySet()), found);
  }

  @Test
  void rooms_knowWhatTheyMay() {
    List<String> dsl = dsl();
    ROOMS.forEach(
        (room, known) -> {
          List<String> allowed = new ArrayList<>(known);
          if (!JNPY.contains(room)) {
            allowed.addAll(dsl);
            allowed.add("org.apache.commons.math3..");
          }
          classes()
              .that()
              .resideInAPackage(room)
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage(allowed.toArray(String[]::new))
              .check(CLASSES);
        });
  }

  @Test
  void rooms_haveNoCycles() {
    slices().matching("org.allclose.(**)").should().beFreeOfCycles().check(interop());
  }

  @Test
  void dsl_doesNotKnowInterop() {
    noClasses()
        .that()
        .resideInAnyPackage(dsl().toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOMS.keySet().toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void publicSignatures_nameNothingInternal() {
    List<String> found = new ArrayList<>();
    for (JavaClass type : interop()) {
      if (isPublic(type) && !isHidden(type)) {
        for (JavaMember member : type.getMembers()) {
          if (isPublic(member)) {
            involved(member)
                .filter(InteropArchitectureTest::isHidden)
                .forEach(hidden -> found.add(member.getFullName() + ": " + hidden.getName()));
          }
        }
      }
    }
    assertEquals(List.of(), found);
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(InteropArchitectureTest::isPublic).orElse(true);
  }

  private static boolean isPublic(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static boolean isHidden(JavaClass type) {
    String name = type.getPackageName() + ".";
    return name.contains(".internal.")
        || name.startsWith("com.google.gson.")
        || name.startsWith("picocli.");
  }

  private static Stream<JavaClass> involved(JavaMember member) {
    if (member instanceof JavaCodeUnit code) {
      Stream<JavaType> types =
          Stream.concat(
              code.getParameterTypes().stream(),
              Stream.concat(Stream.of(code.getReturnType()), code.getTypeParameters().stream()));
      return Stream.concat(
          types.flatMap(type -> type.getAllInvolvedRawTypes().stream()),
          code.getThrowsClause().stream().map(ThrowsDeclaration::getRawType));
    }
    return ((JavaField) member).getType().getAllInvolvedRawTypes().stream();
  }

  private static JavaClasses interop() {
    return CLASSES.that(
        new DescribedPredicate<JavaClass>("of interop") {
          @Override
          public boolean test(JavaClass type) {
            return ROOMS.containsKey(type.getPackageName());
          }
        });
  }

  /** Returns the packages of the dsl: all that are no room here. */
  private static List<String> dsl() {
    return CLASSES.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> !ROOMS.containsKey(name))
        .distinct()
        .collect(Collectors.toList());
  }
}
