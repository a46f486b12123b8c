package org.allclose.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.allclose.parity.CaseFolders;
import org.allclose.parity.CaseReport;
import org.allclose.parity.ParityCase;
import org.allclose.parity.RecordedCase;
import org.allclose.parity.TensorReport;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.AssertionFailedError;

/** Runs the method of a {@link ParityTest} once for each of its cases. */
final class ParityTestExtension implements TestTemplateInvocationContextProvider {

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getTestMethod(), ParityTest.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    ParityTest test =
        AnnotationSupport.findAnnotation(context.getTestMethod(), ParityTest.class).orElseThrow();
    Path folder = folder(test, context);
    try {
      List<Path> cases = cases(folder, test.value());
      if (cases.isEmpty()) {
        throw new ExtensionConfigurationException(
            "@ParityTest: expected at least one case below " + folder + " but got none");
      }
      return cases.stream().map(path -> new Invocation(folder, path, test.partial()));
    } catch (IOException e) {
      throw new UncheckedIOException("@ParityTest: " + e.getMessage(), e);
    }
  }

  private static Path folder(ParityTest test, ExtensionContext context) {
    return Path.of(
        test.folder().isEmpty()
            ? context
                .getConfigurationParameter(ParityTest.FOLDER_PARAMETER)
                .orElse(ParityTest.DEFAULT_FOLDER)
            : test.folder());
  }

  private static List<Path> cases(Path folder, String[] names) throws IOException {
    if (names.length == 0) {
      return CaseFolders.below(folder);
    }
    List<Path> cases = new ArrayList<>();
    for (String name : names) {
      List<Path> found = CaseFolders.below(folder.resolve(name));
      if (found.isEmpty()) {
        throw new ExtensionConfigurationException(
            "@ParityTest: expected a case in " + folder.resolve(name) + " but got none");
      }
      cases.addAll(found);
    }
    return cases;
  }

  /** One run of the method. */
  private record Invocation(Path folder, Path path, boolean partial)
      implements TestTemplateInvocationContext {

    @Override
    public String getDisplayName(int invocationIndex) {
      return folder.relativize(path).toString().replace('\\', '/');
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new CaseExtension(path, partial));
    }
  }

  /** Gives the method its case, and has the last word on it. */
  private static final class CaseExtension
      implements ParameterResolver, AfterTestExecutionCallback {
    private final Path path;
    private final boolean partial;
    private ParityCase replay;

    CaseExtension(Path path, boolean partial) {
      this.path = path;
      this.partial = partial;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == ParityCase.class;
    }

    @Override
    public ParityCase resolveParameter(ParameterContext parameter, ExtensionContext context) {
      try {
        replay = new ParityCase(RecordedCase.read(path));
        return replay;
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
      if (context.getExecutionException().isPresent()) {
        return;
      }
      if (replay == null) {
        throw new ExtensionConfigurationException(
            "@ParityTest: expected a parameter of type ParityCase");
      }
      CaseReport report = replay.report();
      if (report.tensors().isEmpty() && report.layers().isEmpty()) {
        throw new AssertionFailedError(
            "case '" + replay.name() + "': expected at least one comparison but got none");
      }
      List<String> failures =
          new ArrayList<>(report.failures().stream().map(TensorReport::explain).toList());
      if (!partial) {
        Set<String> missing = new LinkedHashSet<>(replay.recorded().expected().keySet());
        report.tensors().forEach(tensor -> missing.remove(tensor.name()));
        missing.forEach(name -> failures.add(name + ": expected a comparison but got none"));
      }
      if (!failures.isEmpty()) {
        throw new AssertionFailedError(
            failures.stream()
                .collect(Collectors.joining("\n  ", "case '" + replay.name() + "':\n  ", "")));
      }
    }
  }
}
