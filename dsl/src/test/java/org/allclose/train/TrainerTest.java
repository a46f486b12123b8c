package org.allclose.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.init.Gaussian;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.allclose.train.History.EpochReport;
import org.allclose.train.optimizer.AdaGrad;
import org.allclose.train.optimizer.Adam;
import org.allclose.train.optimizer.Sgd;
import org.allclose.train.schedule.ConstantRate;
import org.allclose.train.schedule.CosineDecay;
import org.allclose.train.schedule.StepDecay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TrainerTest {
  private static final NetworkSpec SPEC =
      Network.input(3).dense("fc1", 8).relu().dense("fc2", 2).softmaxLoss().build();
  private static final int SAMPLES = 23;

  private final NumpyRandomState random = NumpyRandomState.seed(231);

  /** Points on two sides of a plane. */
  private Dataset data() {
    Tensor x = NumpyRandomState.seed(7).randn(SAMPLES, 3);
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = x.get(i, 0) + x.get(i, 1) > 0 ? 1 : 0;
    }
    return Dataset.of(x, Targets.labels(labels));
  }

  private Trainer trainer(TrainingConfig config, Dataset data) {
    Network network = SPEC.initialize(random, Gaussian.std(0.1));
    return new Trainer(network, config, data, Optional.of(data), random);
  }

  private static TrainingConfig adam(int epochs) {
    return TrainingConfig.epochs(epochs, new Adam(), 0.05).withBatches(5, Batching.PERMUTATION);
  }

  @Test
  void run_learns_inPlace() {
    Network network = SPEC.initialize(random, Gaussian.std(0.1));
    Trainer trainer =
        new Trainer(network, adam(40).withAccuracySamples(10), data(), Optional.empty(), random);
    History history = trainer.run();
    assertEquals(5, trainer.stepsPerEpoch());
    assertEquals(200, history.steps());
    assertEquals(40, history.epochs().size());
    assertTrue(history.latestLoss() < 0.1, "loss " + history.latestLoss());
    assertEquals(1.0, data().accuracy(network));
    assertEquals(network.parameters(), trainer.parameters());
  }

  @Test
  void choice_hasStepsOfWholeBatches() {
    Trainer trainer = trainer(adam(2).withBatches(5, Batching.CHOICE), data());
    assertEquals(4, trainer.stepsPerEpoch());
    assertEquals(8, trainer.run().steps());
    assertEquals(1, trainer(adam(1).withBatches(50, Batching.CHOICE), data()).stepsPerEpoch());
  }

  @Test
  void steps_mayEndWithinAnEpoch() {
    Trainer trainer = trainer(adam(1).withSteps(7), data());
    trainer.run();
    assertEquals(7, trainer.history().steps());
    assertEquals(1, trainer.history().epochs().size());
  }

  @Test
  void patience_endsTheRun_andBestParametersAreKept() {
    // A rate that only does harm: the first epoch is the best.
    TrainingConfig config =
        TrainingConfig.epochs(50, new Sgd(), 0.5)
            .withSchedule(new StepDecay(0.1, 300, 1))
            .withBatches(5, Batching.PERMUTATION)
            .withPatience(3)
            .keepingBest();
    Trainer trainer = trainer(config, data());
    Parameters[] first = new Parameters[1];
    trainer.listen(
        new TrainingListener() {
          @Override
          public void afterEpoch(Trainer at, EpochReport epoch) {
            if (isBest(at.history().epochs())) {
              first[0] = at.parameters().copy();
            }
          }
        });
    trainer.run();
    int ended = trainer.history().epochs().size();
    assertTrue(ended < 50, "ended after " + ended);
    assertEquals(first[0], trainer.parameters());
  }

  /** With 23 samples in batches of 5: what cs231n's Solver draws, written out. */
  @Test
  void firstCheck_isMadeAfterTheFirstStep_andDraws() {
    TrainingConfig config = TrainingConfig.cs231n(1, new Sgd(), 0.1, 0.5);
    Trainer trainer =
        trainer(
            config.withBatches(5, Batching.CHOICE).withAccuracySamples(10).withValidationSamples(8),
            data());
    trainer.run();
    NumpyRandomState stream = NumpyRandomState.seed(231);
    SPEC.initialize(stream, Gaussian.std(0.1));
    stream.choice(SAMPLES, 5);
    stream.choice(SAMPLES, 10);
    stream.choice(SAMPLES, 8);
    for (int step = 1; step < 4; step++) {
      stream.choice(SAMPLES, 5);
    }
    stream.choice(SAMPLES, 10);
    stream.choice(SAMPLES, 8);
    assertEquals(stream.rand(), random.rand());
    EpochReport first = trainer.history().firstCheck().orElseThrow();
    assertEquals(0, first.epoch());
    assertEquals(1, first.steps());
    assertEquals(trainer.history().losses()[0], first.loss());
    assertEquals(List.of(first, trainer.history().epochs().get(0)), trainer.history().checks());
  }

  @Test
  void firstCheck_whereAnEpochIsOneStep_isTheEpochs() {
    Trainer trainer = trainer(adam(3).withBatches(50, Batching.CHOICE).withFirstCheck(), data());
    trainer.run();
    assertTrue(trainer.history().firstCheck().isEmpty());
    assertEquals(3, trainer.history().checks().size());
  }

  /** A rate that only does harm: the parameters after the first step are the best. */
  @Test
  void firstCheck_canBeTheBest() {
    TrainingConfig config =
        TrainingConfig.epochs(2, new Sgd(), 0.5)
            .withSchedule(new StepDecay(0.1, 300, 1))
            .withBatches(SAMPLES - 1, Batching.PERMUTATION)
            .withFirstCheck()
            .keepingBest();
    Dataset data = data();
    Trainer trainer = trainer(config, data);
    trainer.step();
    Parameters afterFirst = trainer.parameters().copy();
    double accuracy = trainer.history().checks().get(0).validationAccuracy().orElseThrow();
    trainer.run();
    boolean isBest =
        trainer.history().epochs().stream()
            .allMatch(epoch -> epoch.validationAccuracy().orElseThrow() <= accuracy);
    assertEquals(isBest, afterFirst.equals(trainer.parameters()));
    assertTrue(isBest, trainer.history().checks().toString());
  }

  private static boolean isBest(List<EpochReport> epochs) {
    double latest = epochs.get(epochs.size() - 1).validationAccuracy().orElseThrow();
    return epochs.subList(0, epochs.size() - 1).stream()
        .allMatch(epoch -> epoch.validationAccuracy().orElseThrow() < latest);
  }

  @Test
  void nanInTheData_stopsBeforeTheStep_andNamesTheLayer() {
    Tensor x = Tensor.zeros(4, 3);
    x.set(Double.NaN, 2, 1);
    Trainer trainer =
        trainer(
            adam(1).withBatches(4, Batching.PERMUTATION),
            Dataset.of(x, Targets.labels(0, 1, 0, 1)));
    Parameters before = trainer.parameters().copy();
    assertDiverges("step 1: layer 'fc1': expected finite outputs but got NaN", trainer::step);
    assertEquals(before, trainer.parameters());
  }

  @Test
  void infiniteGradient_stopsBeforeTheStep_andNamesTheParameter() {
    NetworkSpec spec = Network.input(2).dense("fc1", 2).meanSquaredError().build();
    Tensor x = Tensor.matrix(new double[] {1e200, 0});
    Dataset data = Dataset.of(x, Targets.values(Tensor.matrix(new double[] {1e150, 0})));
    Network network = spec.initialize(random, Gaussian.std(0));
    Trainer trainer =
        new Trainer(
            network,
            TrainingConfig.epochs(1, new Sgd(), 1).withBatches(1, Batching.PERMUTATION),
            data,
            Optional.empty(),
            random);
    assertDiverges(
        "step 1: gradient of 'fc1/W': expected finite values but got -Infinity", trainer::step);
  }

  @Test
  void restore_goesOn_withTheSameBits() {
    Trainer whole = trainer(adam(6).withAccuracySamples(4), data());
    for (int i = 0; i < 13; i++) {
      whole.step();
    }
    TrainingState middle = whole.state();
    whole.run();
    NumpyRandomState other = NumpyRandomState.seed(1);
    Trainer resumed =
        new Trainer(
            SPEC.initialize(other, Gaussian.std(1)),
            adam(6).withAccuracySamples(4),
            data(),
            Optional.of(data()),
            other);
    resumed.restore(middle);
    resumed.run();
    assertEquals(whole.parameters(), resumed.parameters());
    assertArrayEquals(whole.history().losses(), resumed.history().losses());
    assertEquals(whole.history().epochs(), resumed.history().epochs());
  }

  private Trainer trainer(NetworkSpec spec, TrainingConfig config, Dataset data) {
    Network network = spec.initialize(random, Gaussian.std(0.1));
    return new Trainer(network, config, data, Optional.of(data), random);
  }

  private TrainingState state() {
    return trainer(adam(1), data()).startedFrom("seed", 231).state();
  }

  @Test
  void restore_ofAnotherRun_isRefused_byTheKeyThatChanged() {
    TrainingState state = state();
    assertOther(state, "seed: expected 7 but got 231", SPEC, adam(1), data(), 7);
    assertOther(
        state,
        "schedule: rate: expected 0.1 but got 0.05",
        SPEC,
        adam(1).withSchedule(new ConstantRate(0.1)),
        data(),
        231);
    assertOther(
        state,
        "batch: expected 6 but got 5",
        SPEC,
        adam(1).withBatches(6, Batching.PERMUTATION),
        data(),
        231);
    assertOther(
        state,
        "draw: expected choice but got permutation",
        SPEC,
        adam(1).withBatches(5, Batching.CHOICE),
        data(),
        231);
    assertOther(
        state,
        "optimizer: expected sgd but got adam",
        SPEC,
        TrainingConfig.epochs(1, new Sgd(), 0.05).withBatches(5, Batching.PERMUTATION),
        data(),
        231);
    assertOther(
        state,
        "accuracySamples: expected 3 but got none; keepBest: expected true but got false",
        SPEC,
        adam(1).withAccuracySamples(3).keepingBest(),
        data(),
        231);
  }

  @Test
  void restore_ofAnotherNetwork_isRefused_byTheLayerThatChanged() {
    TrainingState state = state();
    NetworkSpec wider =
        Network.input(3).dense("fc1", 9).tanh().dense("fc2", 2).softmaxLoss().l2(0.5).build();
    assertOther(
        state,
        "layer 1 'fc1': units: expected 9 but got 8; layer 2 'tanh1': expected tanh but got none;"
            + " l2: expected 0.5 but got 0.0; and 1 more",
        wider,
        adam(1),
        data(),
        231);
    NetworkSpec block =
        Network.input(3)
            .residual("block", f -> f.dense("inner", 3))
            .dense("fc2", 2)
            .hingeLoss()
            .build();
    TrainingState ofBlock = trainer(block, adam(1), data()).startedFrom("seed", 231).state();
    NetworkSpec other =
        Network.input(3)
            .residual("block", f -> f.dense("inner", 3, d -> d.bias(false)))
            .dense("fc2", 2)
            .loss(new org.allclose.loss.HingeLoss(2))
            .build();
    assertOther(
        ofBlock,
        "layer 1 'block/inner': bias: expected false but got true;"
            + " loss: margin: expected 2.0 but got 1.0",
        other,
        adam(1),
        data(),
        231);
  }

  /** They called the end of a cosine otherwise, and did not tell dropout's seed. */
  @Test
  void restore_ofAStateOfAnOlderVersion_goesOn() {
    NetworkSpec spec = Network.input(3).dense("fc1", 2).dropout(0.9).softmaxLoss().build();
    TrainingConfig config = adam(1).withSchedule(new CosineDecay(0.1, 0, 5, 0.01));
    TrainingState state = trainer(spec, config, data()).state();
    Map<String, String> run = new LinkedHashMap<>(state.run());
    run.put("schedule: end", run.remove("schedule: final"));
    run.put("layer 2 'dropout1': seed", "OptionalLong");
    Trainer trainer = trainer(spec, config, data());
    assertEquals(List.of(), trainer.differences(with(state, run)));
    run.put("schedule: end", "0.02");
    assertEquals(
        List.of("schedule: final: expected 0.01 but got 0.02"),
        trainer.differences(with(state, run)));
  }

  private static TrainingState with(TrainingState state, Map<String, String> run) {
    return new TrainingState(
        state.parameters(),
        state.slots(),
        state.random(),
        state.order(),
        state.history(),
        state.best(),
        run);
  }

  @Test
  void restore_withOtherData_isRefused() {
    Tensor x = NumpyRandomState.seed(7).randn(SAMPLES, 3);
    int[] labels = new int[SAMPLES];
    x.set(x.get(22, 2) + 1e-12, 22, 2);
    Dataset other = Dataset.of(x, Targets.labels(labels));
    String difference = "expected " + other.digest() + " but got " + data().digest();
    assertOther(
        state(),
        "data: " + difference + "; validation data: " + difference,
        SPEC,
        adam(1),
        other,
        231);
  }

  private void assertOther(
      TrainingState state,
      String difference,
      NetworkSpec spec,
      TrainingConfig config,
      Dataset data,
      int seed) {
    Trainer other = trainer(spec, config, data).startedFrom("seed", seed);
    Parameters before = other.parameters().copy();
    assertMessage("checkpoint of another run: " + difference, () -> other.restore(state));
    assertEquals(before, other.parameters());
  }

  @Test
  void digest_isThatOfTheBytes() {
    // np: hashlib.sha256(np.array([[1., 2.], [3., 4.]], '>f8').tobytes() +
    //     np.array([1, 0], '>i4').tobytes()).hexdigest()[:16]
    Tensor x = Tensor.matrix(new double[] {1, 2}, new double[] {3, 4});
    assertEquals(
        "2 samples of shape (2,), SHA-256 8cc2175293242a54",
        Dataset.of(x, Targets.labels(1, 0)).digest());
    // and with np.array([[0.5], [-0.]], '>f8').tobytes() as targets
    Tensor values = Tensor.matrix(new double[] {0.5}, new double[] {-0.0});
    assertEquals(
        "2 samples of shape (2,), SHA-256 b95e1d9dee484d40",
        Dataset.of(x, Targets.values(values)).digest());
    // and with np.array([[5.], [6.]], '>f8').tobytes() behind those of x
    Tensor more = Tensor.matrix(new double[] {5}, new double[] {6});
    assertEquals(
        "2 samples of shapes {a=(2,), b=(1,)}, SHA-256 28e3d016f4606fbc",
        Dataset.of(Map.of("b", more, "a", x), Targets.labels(1, 0)).digest());
  }

  @Test
  void restore_ofAStateWithoutFingerprint_isRefused() {
    TrainingState state = state();
    TrainingState old = with(state, Map.of());
    Trainer trainer = trainer(adam(1), data());
    assertMessage(
        "checkpoint of another run: run: expected a state that says which run it is of but got"
            + " none",
        () -> trainer.restore(old));
    trainer.restoreWithChanges(old);
    assertEquals(state.parameters(), trainer.parameters());
  }

  @Test
  void restoreWithChanges_takesOtherSettings_ofTheSameShape() {
    Trainer whole = trainer(adam(4), data());
    whole.step();
    TrainingState state = whole.state();
    Trainer slower = trainer(adam(4).withSchedule(new ConstantRate(0.01)), data());
    slower.restoreWithChanges(state);
    assertEquals(state.parameters(), slower.parameters());
    slower.step();
    assertEquals(0.01, slower.rate());
    Trainer sgd =
        trainer(
            TrainingConfig.epochs(1, new Sgd(), 1).withBatches(5, Batching.PERMUTATION), data());
    assertMessage(
        "parameters: expected slots [] but got [fc1/W/mean, fc1/W/squares, fc1/b/mean,"
            + " fc1/b/squares, fc2/W/mean, fc2/W/squares, fc2/b/mean, fc2/b/squares]",
        () -> sgd.restoreWithChanges(state));
    whole.run();
    TrainingState ended = whole.state();
    Trainer larger = trainer(adam(4).withBatches(6, Batching.PERMUTATION), data());
    assertMessage(
        "checkpoint: expected epochs of 4 steps but got epochs of 5",
        () -> larger.restoreWithChanges(ended));
  }

  @Test
  void longerRun_goesOnFromTheLastStep_notFromTheBestEpoch() {
    TrainingConfig config =
        TrainingConfig.epochs(4, new Sgd(), 0.5)
            .withSchedule(new StepDecay(0.1, 300, 1))
            .withBatches(5, Batching.PERMUTATION)
            .keepingBest();
    Trainer whole = trainer(longer(config), data());
    whole.run();
    NumpyRandomState other = NumpyRandomState.seed(231);
    Trainer shorter =
        new Trainer(
            SPEC.initialize(other, Gaussian.std(0.1)), config, data(), Optional.of(data()), other);
    shorter.run();
    TrainingState end = shorter.state();
    assertEquals(shorter.parameters(), end.best().orElseThrow());
    assertNotEquals(shorter.parameters(), end.parameters());
    Trainer resumed = trainer(longer(config), data());
    resumed.restore(end);
    resumed.run();
    assertArrayEquals(whole.history().losses(), resumed.history().losses());
    assertEquals(whole.parameters(), resumed.parameters());
  }

  private static TrainingConfig longer(TrainingConfig config) {
    return config.toBuilder().epochs(6).build();
  }

  @Test
  void stoppedRun_isRunOn_toTheSameBits() {
    Trainer whole = trainer(adam(3), data());
    TrainingState start = whole.state();
    whole.run();
    Trainer stopped = trainer(adam(3), data());
    stopped.restore(start);
    stopped.listen(
        new TrainingListener() {
          @Override
          public void afterStep(Trainer at) {
            if (at.history().steps() % 4 == 1) {
              at.stop();
            }
          }
        });
    assertEquals(1, stopped.run().steps());
    assertEquals(5, stopped.run().steps());
    assertEquals(1, stopped.state().history().epochs().size());
    stopped.run();
    stopped.run();
    assertEquals(15, stopped.run().steps());
    assertTrue(stopped.hasEnded());
    assertEquals(whole.parameters(), stopped.parameters());
  }

  @Test
  void contradictoryStates_areRefused() {
    Trainer trainer = trainer(adam(3), data());
    for (int i = 0; i < 11; i++) {
      trainer.step();
    }
    TrainingState state = trainer.state();
    History history = state.history();
    assertMessage(
        "best/fc1/W: expected shape (3, 8) but got (2, 2)",
        () -> with(state, history, Optional.of(replaced(state.parameters(), "fc1/W"))));
    assertMessage(
        "best: expected parameters [fc1/W, fc1/b, fc2/W, fc2/b] but got [fc1/W]",
        () ->
            with(state, history, Optional.of(Parameters.of(Map.of("fc1/W", Tensor.zeros(3, 8))))));
    assertMessage(
        "losses: expected those of 10 to 14 but got 15 steps",
        () -> with(state, losses(history, 15), Optional.empty()));
    assertMessage(
        "losses: expected those of 10 to 14 but got 9 steps",
        () -> with(state, losses(history, 9), Optional.empty()));
    History nan = losses(history, 10);
    nan.add(Double.NaN);
    assertMessage(
        "losses[10]: expected a finite loss but got NaN", () -> with(state, nan, Optional.empty()));
  }

  private static History losses(History from, int count) {
    History history = new History();
    for (int i = 0; i < count; i++) {
      history.add(1.0);
    }
    from.epochs().forEach(history::add);
    return history;
  }

  private static Parameters replaced(Parameters parameters, String name) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(parameters.asMap());
    tensors.put(name, Tensor.zeros(2, 2));
    return Parameters.of(tensors);
  }

  private static TrainingState with(
      TrainingState state, History history, Optional<Parameters> best) {
    return new TrainingState(
        state.parameters(),
        state.slots(),
        state.random(),
        state.order(),
        history,
        best,
        state.run());
  }

  @Test
  void badSettings_areRefused() {
    assertMessage(
        "batch: expected at least 1 but got 0", () -> adam(1).withBatches(0, Batching.CHOICE));
    assertMessage("epochs: expected at least 1 but got 0", () -> adam(0));
    assertMessage(
        "validationSamples: expected at least 1 but got 0", () -> adam(1).withValidationSamples(0));
    assertMessage("steps: expected at least 1 but got -1", () -> adam(1).withSteps(-1));
    assertMessage(
        "rate: expected a finite number of at least 0 but got -1.0",
        () -> TrainingConfig.epochs(1, new Sgd(), -1));
    assertMessage(
        "beta1: expected a number of at least 0 and below 1 but got 1.0",
        () -> new Adam(1, 0.9, 1e-8));
    assertMessage(
        "epsilon: expected a finite number of at least 0 but got NaN",
        () -> new AdaGrad(Double.NaN));
    assertMessage(
        "steps: expected more than the 5 of the warm-up but got 5",
        () -> new CosineDecay(1, 5, 5, 0));
    assertMessage(
        "clipping: expected limits above 0 but got value 0.0 and norm Infinity",
        () -> Clipping.byValue(0));
  }

  @Test
  void badData_areRefused() {
    Tensor x = Tensor.zeros(2, 3);
    assertMessage(
        "targets: expected 2, one for each sample, but got 3",
        () -> Dataset.of(x, Targets.labels(0, 1, 0)));
    assertMessage(
        "data: expected at least 1 sample but got none",
        () -> Dataset.of(Tensor.zeros(0, 3), Targets.labels()));
    assertMessage(
        "data: labels[1]: expected a class from 0 to 1 but got 2",
        () -> trainer(adam(1), Dataset.of(x, Targets.labels(0, 2))));
    assertMessage(
        "data: expected samples of shape (3,) but got (4,)",
        () -> trainer(adam(1), Dataset.of(Tensor.zeros(2, 4), Targets.labels(0, 1))));
    assertMessage(
        "data: expected samples of inputs [input] but got [a, b]",
        () -> trainer(adam(1), Dataset.of(Map.of("a", x, "b", x), Targets.labels(0, 1))));
    assertMessage(
        "b: expected 2 samples, as of a, but got 3",
        () -> Dataset.of(Map.of("a", x, "b", Tensor.zeros(3, 1)), Targets.labels(0, 1)));
    assertMessage(
        "data: expected at least 1 input but got none",
        () -> Dataset.of(Map.<String, Tensor>of(), Targets.labels()));
    NetworkSpec two =
        Network.inputs(in -> in.values("a", 3).values("b", 1))
            .concat("a", "b")
            .dense(2)
            .softmaxLoss()
            .build();
    assertMessage(
        "data: expected samples of inputs [a, b] but got [x]",
        () -> trainer(two, adam(1), Dataset.of(x, Targets.labels(0, 1))));
    assertMessage(
        "data of 'b': expected samples of shape (1,) but got (3,)",
        () -> trainer(two, adam(1), Dataset.of(Map.of("a", x, "b", x), Targets.labels(0, 1))));
  }

  /** What two inputs bring is what one of both brings, put side by side in the network. */
  @Test
  void severalInputs_areTrainedOnAsOne() {
    Tensor whole = NumpyRandomState.seed(4).randn(7, 3);
    Map<String, Tensor> parts = Map.of("a", Tensor.zeros(7, 2), "b", Tensor.zeros(7, 1));
    for (int i = 0; i < whole.size(); i++) {
      Tensor part = parts.get(i % 3 < 2 ? "a" : "b");
      part.unwrap()[i / 3 * (i % 3 < 2 ? 2 : 1) + i % 3 % 2] = whole.unwrap()[i];
    }
    Targets labels = Targets.labels(0, 1, 1, 0, 0, 1, 0);
    NetworkSpec one = Network.input(3).dense("fc", 2).softmaxLoss().build();
    NetworkSpec two =
        Network.inputs(in -> in.values("a", 2).values("b", 1))
            .concat("a", "b")
            .dense("fc", 2)
            .softmaxLoss()
            .build();
    int[] rows = {5, 0, 3, 6};
    Trainer expected = fresh(one, Dataset.of(whole, labels).select(rows));
    Trainer got = fresh(two, Dataset.of(parts, labels).select(rows));
    expected.run();
    got.run();
    assertEquals(expected.parameters(), got.parameters());
    assertArrayEquals(expected.history().losses(), got.history().losses());
  }

  private static Trainer fresh(NetworkSpec spec, Dataset data) {
    NumpyRandomState own = NumpyRandomState.seed(3);
    Network network = spec.initialize(own, Gaussian.std(1));
    return new Trainer(network, adam(3), data, Optional.of(data), own);
  }

  private static void assertDiverges(String message, Executable action) {
    assertEquals(message, assertThrows(Trainer.DivergenceException.class, action).getMessage());
  }

  private static void assertMessage(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }
}
