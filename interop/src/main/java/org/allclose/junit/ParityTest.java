package org.allclose.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that is run once for each recorded case and compares what Java computes with it.
 *
 * <pre>{@code
 * @ParityTest("moving_average")
 * void movingAverage(ParityCase c) {
 *   c.expect("y", movingAverage(c.input("x")));
 * }
 * }</pre>
 *
 * <p>The method takes one {@link org.allclose.parity.ParityCase}. Its comparisons do not throw: all
 * of them are made, then the test fails with a line for each that does not match. A test fails as
 * well if it leaves an expected tensor uncompared, or if there is no case to run.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(ParityTestExtension.class)
public @interface ParityTest {

  /** The JUnit configuration parameter that says where cases are if {@link #folder} does not. */
  String FOLDER_PARAMETER = "allclose.fixtures";

  /** Where cases are if neither {@link #folder} nor {@value #FOLDER_PARAMETER} says it. */
  String DEFAULT_FOLDER = "testdata/fixtures";

  /**
   * The cases to run: paths of their folders below {@link #folder}, separated by {@code /}.
   *
   * <p>A path of a folder that holds several cases stands for all of them. The default, none, is
   * every case there is.
   */
  String[] value() default {};

  /**
   * Whether a test may leave expected tensors of its case uncompared. The default is that it may
   * not: it fails and lists them. Outputs of layers may always be left out.
   */
  boolean partial() default false;

  /**
   * The folder below which cases are looked for, relative to the working directory.
   *
   * <p>The default, empty, is the configuration parameter {@value #FOLDER_PARAMETER}, else {@value
   * #DEFAULT_FOLDER}.
   */
  String folder() default "";
}
