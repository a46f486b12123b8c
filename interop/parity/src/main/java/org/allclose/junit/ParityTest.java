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
 *   c.expect("y", movingAverage(c.array("x")));
 * }
 * }</pre>
 *
 * <p>The method takes one {@link org.allclose.parity.ParityCase}. Its comparisons do not throw: all
 * of them are made, then the test fails with a line for each that does not match. A test fails as
 * well if it leaves an expected tensor uncompared, or if there is no case to run. Each run is
 * displayed under the path of its case.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(ParityTestExtension.class)
public @interface ParityTest {

  /** The JUnit configuration parameter that says where cases are if {@link #folder} does not. */
  String FOLDER_PARAMETER = "allclose.fixtures";

  /**
   * The JUnit configuration parameter, or system property, that has cases recorded anew before they
   * are replayed: a command line that is run once, such as {@code -Dallclose.update="python3
   * allclose_record.py my_recording.py"}.
   *
   * <p>The only way in which a test changes what it expects; the new numbers come from that
   * command, never from Java. Where the environment variable {@code CI} is set, it is an error.
   */
  String UPDATE_PARAMETER = "allclose.update";

  /** Where cases are if neither {@link #folder} nor {@value #FOLDER_PARAMETER} says it. */
  String DEFAULT_FOLDER = "testdata/fixtures";

  /** How {@link #folder} starts if it is a folder of the class path. */
  String CLASSPATH = "classpath:";

  /** What {@link #cases} is if any number of cases but none will do. */
  int ANY = -1;

  /**
   * The cases to run: paths of their folders below {@link #folder}, separated by {@code /}.
   *
   * <p>A path of a folder that holds several cases stands for all of them. A path with {@code *},
   * {@code ?}, <code>{</code> or {@code [} is a glob over the cases' paths, where {@code *} stays
   * within a folder and {@code **} does not; see {@link java.nio.file.FileSystem#getPathMatcher}.
   * Each must give at least one case; a case that several give is run once. The default, none, is
   * every case there is.
   */
  String[] value() default {};

  /**
   * How many cases must be found; another number is an error. The default, {@value #ANY}, is any
   * number but none.
   */
  int cases() default ANY;

  /**
   * Whether a test may leave expected tensors of its case uncompared. The default is that it may
   * not: it fails and lists them. What layers give may always be left out.
   */
  boolean partial() default false;

  /**
   * The folder below which cases are looked for: relative to the working directory, or, after
   * {@value #CLASSPATH}, a folder of the class path, in a directory or in a jar.
   *
   * <p>The default, empty, is the configuration parameter {@value #FOLDER_PARAMETER}, else {@value
   * #DEFAULT_FOLDER}.
   */
  String folder() default "";
}
