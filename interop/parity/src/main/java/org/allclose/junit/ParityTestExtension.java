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
import org.allclose.internal.text.Printable;
import org.allclose.parity.CaseFile;
import org.allclose.parity.ParityCase;
import org.allclose.parity.report.CaseReport;
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
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(ParityTestExtension.class);

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getTestMethod(), ParityTest.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    ParityTest test =
        AnnotationSupport.findAnnotation(context.getTestMethod(), ParityTest.class).orElseThrow();
    context
        .getConfigurationParameter(ParityTest.UPDATE_PARAMETER)
        .ifPresent(command -> update(command, context));
    try {
      CaseSelection selection = CaseSelection.of(folder(test, context), test.value(), test.cases());
      return selection.cases().stream()
          .map(path -> new Invocation(selection.name(path), path, test.partial()));
    } catch (IOException e) {
      throw new UncheckedIOException("@ParityTest: " + e.getMessage(), e);
    }
  }

  /** Runs the command the first time that a test of this run of JUnit asks for it. */
  private static void update(String command, ExtensionContext context) {
    Object output =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent(command, key -> Update.run(key, System.getenv()));
    context.publishReportEntry(ParityTest.UPDATE_PARAMETER, String.valueOf(output));
  }

  private static Path folder(ParityTest test, ExtensionContext context) throws IOException {
    String folder =
        test.folder().isEmpty()
            ? context
                .getConfigurationParameter(ParityTest.FOLDER_PARAMETER)
                .orElse(ParityTest.DEFAULT_FOLDER)
            : test.folder();
    if (!folder.startsWith(ParityTest.CLASSPATH)) {
      return Path.of(folder);
    }
    ClassPathFolder found =
        ClassPathFolder.find(
            folder.substring(ParityTest.CLASSPATH.length()),
            context.getRequiredTestClass().getClassLoader());
    // The store closes it, which deletes a copy, when the method's runs are over.
    context.getStore(NAMESPACE).put(found, found);
    return found.path();
  }

  /** One run of the method. */
  private record Invocation(String name, Path path, boolean partial)
      implements TestTemplateInvocationContext {

    @Override
    public String getDisplayName(int invocationIndex) {
      return Printable.of(name);
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
        replay = new ParityCase(CaseFile.read(path));
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
      if (report.tensors().isEmpty()
          && report.layers().isEmpty()
          && report.inputGradients().isEmpty()) {
        throw new AssertionFailedError(
            "case '" + replay.name() + "': expected at least one comparison but got none");
      }
      List<String> failures = new ArrayList<>(report.explain());
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
