package org.allclose;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** Holds the direction of dependencies within the module. */
class ArchitectureTest {
  private static final String KERNEL = "org.allclose.internal.kernel";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.allclose");

  /** Rooms: packages, of the kernel all together. */
  private static final SliceAssignment ROOMS =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          String name = type.getPackageName();
          return SliceIdentifier.of(name.startsWith(KERNEL) ? KERNEL : name);
        }

        @Override
        public String getDescription() {
          return "rooms";
        }
      };

  @Test
  void packages_haveNoCycles() {
    slices().assignedFrom(ROOMS).should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void module_dependsOnTheJdkAndCommonsMathAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "com.sun.management..",
            "jdk.incubator.vector..",
            "org.allclose..",
            "org.apache.commons.math3..",
            "org.jspecify.annotations..") // for the compiler, and no jar that anybody needs
        .check(CLASSES);
  }

  @Test
  void hotSpotsOwnBeans_areAskedInOnePlace() {
    noClasses()
        .that()
        .doNotHaveSimpleName("FusedMultiplyAdd")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.management..")
        .check(CLASSES);
  }

  /** Rooms of the kernel that depend on each other lie above each other. */
  @Test
  void kernelRooms_dependOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("runtime")
        .definedBy(room("runtime"))
        .layer("math")
        .definedBy(room("math"))
        .layer("reduce")
        .definedBy(room("reduce"))
        .layer("elementwise")
        .definedBy(room("elementwise"))
        .layer("product")
        .definedBy(room("product"))
        .layer("image")
        .definedBy(room("image"))
        .layer("sequence")
        .definedBy(room("sequence"))
        .whereLayer("runtime")
        .mayNotAccessAnyLayer()
        .whereLayer("math")
        .mayOnlyAccessLayers("runtime")
        .whereLayer("reduce")
        .mayOnlyAccessLayers("runtime")
        .whereLayer("elementwise")
        .mayOnlyAccessLayers("runtime", "math", "reduce")
        .whereLayer("product")
        .mayOnlyAccessLayers("runtime")
        .whereLayer("image")
        .mayOnlyAccessLayers("runtime", "math", "reduce", "product")
        .whereLayer("sequence")
        .mayOnlyAccessLayers("runtime", "math", "reduce", "elementwise", "product")
        .check(CLASSES);
  }

  private static String room(String name) {
    return "org.allclose.internal.kernel." + name;
  }

  @Test
  void kernel_knowsNoOtherRoom() {
    noClasses()
        .that()
        .resideInAPackage("org.allclose.internal.kernel..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.allclose",
            "org.allclose.layer..",
            "org.allclose.tensor..",
            "org.allclose.loss..",
            "org.allclose.train..",
            "org.allclose.init..",
            "org.allclose.random..")
        .check(CLASSES);
  }

  @Test
  void layersAndLosses_doNotKnowTheirNetwork() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.allclose.layer..",
            "org.allclose.loss..",
            "org.allclose.tensor..",
            "org.allclose.init..",
            "org.allclose.random..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.allclose", "org.allclose.train..")
        .check(CLASSES);
  }

  @Test
  void vectorApi_isUsedInTheKernelAlone() {
    noClasses()
        .that()
        .haveSimpleNameNotStartingWith("Vector")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(CLASSES);
  }

  /** Rules on layers in a row are a room of their own. */
  @Test
  void roomsOfLayers_doNotLookAtEachOther() {
    slices().matching("org.allclose.layer.(*)..").should().notDependOnEachOther().check(CLASSES);
  }

  /** Layers, losses and training go through the operations, which alone know the dtype. */
  @Test
  void kernel_isReachedThroughTheOperations() {
    noClasses()
        .that()
        .resideInAnyPackage("org.allclose.layer..", "org.allclose.loss..", "org.allclose.train..")
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("org.allclose.internal.kernel..")
                .and(DescribedPredicate.not(JavaClass.Predicates.simpleName("Windows")))
                .and(DescribedPredicate.not(JavaClass.Predicates.simpleName("WindowAxis"))))
        .check(CLASSES);
  }

  /** What users see names nothing that is internal. */
  @Test
  void publicSignatures_nameNothingInternal() {
    for (JavaClass type : CLASSES) {
      if (isSeen(type)) {
        type.getMethods().stream()
            .filter(ArchitectureTest::isSeen)
            .forEach(
                method -> {
                  method.getRawParameterTypes().forEach(used -> requireNotInternal(method, used));
                  requireNotInternal(method, method.getRawReturnType());
                });
        type.getConstructors().stream()
            .filter(ArchitectureTest::isSeen)
            .forEach(
                made ->
                    made.getRawParameterTypes().forEach(used -> requireNotInternal(made, used)));
        type.getFields().stream()
            .filter(ArchitectureTest::isSeen)
            .forEach(field -> requireNotInternal(field, field.getRawType()));
      }
    }
  }

  private static boolean isSeen(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && !type.getPackageName().startsWith("org.allclose.internal")
        && type.getEnclosingClass().map(ArchitectureTest::isSeen).orElse(true);
  }

  private static boolean isSeen(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static void requireNotInternal(JavaMember member, JavaClass used) {
    assertFalse(
        used.getBaseComponentType().getPackageName().startsWith("org.allclose.internal"),
        () -> member.getFullName() + " names " + used.getName());
  }
}
