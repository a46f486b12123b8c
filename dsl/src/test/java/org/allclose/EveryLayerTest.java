package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.allclose.layer.Layer;
import org.allclose.layer.activation.Function;
import org.junit.jupiter.api.Test;

/** No layer is forgotten where tests run over all of them. */
class EveryLayerTest {
  @Test
  void networks_haveEveryLayerThereIs() {
    Set<String> layers =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.allclose.layer")
                .stream()
                .filter(type -> type.isAssignableTo(Layer.class) && !type.isInterface())
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));
    assertFalse(layers.isEmpty());
    // What a program gives has no samples, and allocates: FunctionTest.
    assertTrue(layers.remove(Function.class.getSimpleName()));
    assertEquals(
        layers,
        EveryLayer.networks().values().stream()
            .flatMap(network -> network.spec().layers().stream())
            .map(named -> named.layer().getClass().getSimpleName())
            .collect(Collectors.toCollection(TreeSet::new)));
  }
}
