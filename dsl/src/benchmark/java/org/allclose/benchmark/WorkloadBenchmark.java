package org.allclose.benchmark;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Times the workloads that numpy's side has under the same names. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class WorkloadBenchmark {

  @Param({
    "product_32x32x32",
    "product_64x64x64",
    "product_128x128x128",
    "product_256x256x256",
    "product_512x512x512",
    "product_1024x1024x1024",
    "product_2048x2048x2048",
    "product_100x100x10",
    "product_100x3072x100",
    "product_tn_3072x100x100",
    "product_nt_100x100x3072",
    "product_128x784x512",
    "product_1x784x128",
    "exp_1000000",
    "sum_1000000",
    "rand_1000000",
    "randn_1000000",
    "permutation_1000000",
    "permutation_1000",
    "generator_random_1000000",
    "generator_normal_1000000",
    "generator_permutation_1000000",
    "two_layer_100x3072-100-10_train",
    "two_layer_100x3072-100-10_predict",
    "mlp_128x784-512-256-10_train",
    "mlp_128x784-512-256-10_predict",
    "single_1x784-128-10_train",
    "single_1x784-128-10_predict",
    "single_1x64-100-10_predict",
    "wide_256x4096-4096-4096-1000_train",
    "convnet_50x3x32x32-c32k7-p2-100-10_train",
    "convnet_50x3x32x32-c32k7-p2-100-10_backward",
    "convnet_50x3x32x32-c32k7-p2-100-10_predict"
  })
  private String workload;

  private Workload subject;

  @Setup
  public void prepare() {
    subject = Workload.of(workload);
  }

  @Benchmark
  public double run() {
    return subject.run();
  }
}
