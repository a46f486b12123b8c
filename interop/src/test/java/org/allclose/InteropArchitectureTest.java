package org.allclose;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Holds the direction of dependencies: cli, junit, then parity, then weights, then jnpy. */
class InteropArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.allclose");

  @Test
  void packages_haveNoCycles() {
    slices().matching("org.allclose.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void jnpy_dependsOnTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage("org.allclose.jnpy")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.allclose.jnpy")
        .check(CLASSES);
  }

  @Test
  void rooms_knowNoneAboveThem() {
    noClasses()
        .that()
        .resideInAnyPackage("org.allclose.weights", "org.allclose.json", "org.allclose.table")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.allclose.parity", "org.allclose.junit", "org.allclose.cli")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("org.allclose.parity")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.allclose.junit",
            "org.allclose.cli",
            "org.junit..",
            "org.opentest4j..",
            "picocli..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("org.allclose.cli")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.allclose.junit", "org.junit..")
        .check(CLASSES);
  }

  @Test
  void dsl_doesNotKnowInterop() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.allclose",
            "org.allclose.tensor",
            "org.allclose.layer",
            "org.allclose.loss",
            "org.allclose.init",
            "org.allclose.random",
            "org.allclose.internal.kernel..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.allclose.jnpy",
            "org.allclose.json",
            "org.allclose.weights",
            "org.allclose.parity",
            "org.allclose.junit",
            "org.allclose.cli",
            "com.google..",
            "picocli..")
        .check(CLASSES);
  }

  @Test
  void gson_isUsedWhereJsonIsWrittenAlone() {
    noClasses()
        .that()
        .resideInAnyPackage("org.allclose.jnpy", "org.allclose.junit", "org.allclose.table")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.gson..")
        .check(CLASSES);
  }
}
