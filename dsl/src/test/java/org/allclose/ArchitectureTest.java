package org.allclose;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Holds the direction of dependencies within the module. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.allclose");

  @Test
  void packages_haveNoCycles() {
    slices().matching("org.allclose.(*)..").should().beFreeOfCycles().check(CLASSES);
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
            "org.apache.commons.math3..")
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
        .mayOnlyAccessLayers("runtime", "reduce", "product")
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
}
