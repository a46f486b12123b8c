package org.allclose.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.allclose.json.FieldsReader;
import org.allclose.json.JsonFields;
import org.allclose.json.JsonFormatException;
import org.allclose.train.AdaGrad;
import org.allclose.train.Adam;
import org.allclose.train.AdamW;
import org.allclose.train.Batching;
import org.allclose.train.Clipping;
import org.allclose.train.ConstantRate;
import org.allclose.train.CosineDecay;
import org.allclose.train.ExponentialDecay;
import org.allclose.train.KerasAdaGrad;
import org.allclose.train.KerasAdam;
import org.allclose.train.KerasNesterov;
import org.allclose.train.KerasRmsProp;
import org.allclose.train.Momentum;
import org.allclose.train.Nesterov;
import org.allclose.train.Optimizer;
import org.allclose.train.PlateauDecay;
import org.allclose.train.RmsProp;
import org.allclose.train.Schedule;
import org.allclose.train.Sgd;
import org.allclose.train.StepDecay;
import org.allclose.train.TrainingConfig;

/** How a network is trained, as JSON: optimizer, schedule, batches and when to end. */
public final class TrainingJson {
  private static final Map<String, FieldsReader<Optimizer, JsonFormatException>> OPTIMIZERS =
      optimizers();
  private static final Map<String, FieldsReader<Schedule, JsonFormatException>> SCHEDULES =
      schedules();
  private static final Map<String, Batching> DRAWS =
      Arrays.stream(Batching.values())
          .collect(Collectors.toMap(Batching::type, draw -> draw, (a, b) -> a, LinkedHashMap::new));

  private TrainingJson() {}

  /**
   * Reads a config.
   *
   * @throws JsonFormatException if a setting is missing or no good
   */
  public static TrainingConfig read(JsonFields fields) throws JsonFormatException {
    return new TrainingConfig(
        fields.object("optimizer", type -> type.oneOf("type", OPTIMIZERS).read(type)),
        fields.object("schedule", type -> type.oneOf("type", SCHEDULES).read(type)),
        new Clipping(
            fields.number("clipValue", Clipping.NONE.value()),
            fields.number("clipNorm", Clipping.NONE.norm())),
        fields.has("draw") ? fields.oneOf("draw", DRAWS) : TrainingConfig.DEFAULT_DRAW,
        fields.has("batch") ? fields.integer("batch", 1) : TrainingConfig.DEFAULT_BATCH,
        optional(fields, "steps"),
        optional(fields, "epochs"),
        optional(fields, "accuracySamples"),
        optional(fields, "validationSamples"),
        fields.truth("firstCheck", false),
        fields.truth("keepBest", false),
        fields.truth("lastStatistics", false),
        optional(fields, "patience"));
  }

  private static OptionalInt optional(JsonFields fields, String key) throws JsonFormatException {
    return fields.has(key) ? OptionalInt.of(fields.integer(key)) : OptionalInt.empty();
  }

  private static Map<String, FieldsReader<Optimizer, JsonFormatException>> optimizers() {
    Map<String, FieldsReader<Optimizer, JsonFormatException>> optimizers = new LinkedHashMap<>();
    optimizers.put("sgd", fields -> new Sgd());
    optimizers.put(
        "momentum", fields -> new Momentum(fields.number("momentum", Momentum.DEFAULT_MOMENTUM)));
    optimizers.put(
        "nesterov", fields -> new Nesterov(fields.number("momentum", Nesterov.DEFAULT_MOMENTUM)));
    optimizers.put(
        "kerasNesterov",
        fields -> new KerasNesterov(fields.number("momentum", KerasNesterov.DEFAULT_MOMENTUM)));
    optimizers.put(
        "adaGrad", fields -> new AdaGrad(fields.number("epsilon", AdaGrad.DEFAULT_EPSILON)));
    optimizers.put(
        "kerasAdaGrad",
        fields -> new KerasAdaGrad(fields.number("epsilon", KerasAdaGrad.DEFAULT_EPSILON)));
    optimizers.put(
        "rmsProp",
        fields ->
            new RmsProp(
                fields.number("decay", RmsProp.DEFAULT_DECAY),
                fields.number("epsilon", RmsProp.DEFAULT_EPSILON)));
    optimizers.put(
        "kerasRmsProp",
        fields ->
            new KerasRmsProp(
                fields.number("decay", KerasRmsProp.DEFAULT_DECAY),
                fields.number("epsilon", KerasRmsProp.DEFAULT_EPSILON)));
    optimizers.put(
        "adam",
        fields ->
            new Adam(
                fields.number("beta1", Adam.DEFAULT_BETA1),
                fields.number("beta2", Adam.DEFAULT_BETA2),
                fields.number("epsilon", Adam.DEFAULT_EPSILON)));
    optimizers.put(
        "kerasAdam",
        fields ->
            new KerasAdam(
                fields.number("beta1", KerasAdam.DEFAULT_BETA1),
                fields.number("beta2", KerasAdam.DEFAULT_BETA2),
                fields.number("epsilon", KerasAdam.DEFAULT_EPSILON)));
    optimizers.put(
        "adamW",
        fields ->
            new AdamW(
                fields.number("beta1", AdamW.DEFAULT_BETA1),
                fields.number("beta2", AdamW.DEFAULT_BETA2),
                fields.number("epsilon", AdamW.DEFAULT_EPSILON),
                fields.number("decay", AdamW.DEFAULT_DECAY)));
    return optimizers;
  }

  private static Map<String, FieldsReader<Schedule, JsonFormatException>> schedules() {
    Map<String, FieldsReader<Schedule, JsonFormatException>> schedules = new LinkedHashMap<>();
    schedules.put("constant", fields -> new ConstantRate(fields.number("rate")));
    schedules.put(
        "exponential",
        fields -> new ExponentialDecay(fields.number("rate"), fields.number("decay")));
    schedules.put(
        "step",
        fields ->
            new StepDecay(fields.number("rate"), fields.number("factor"), fields.integer("every")));
    schedules.put(
        "cosine",
        fields ->
            new CosineDecay(
                fields.number("rate"),
                fields.has("warmup") ? fields.integer("warmup") : 0,
                fields.integer("steps"),
                fields.number("final", 0)));
    schedules.put(
        "plateau",
        fields ->
            new PlateauDecay(
                fields.number("rate"),
                fields.number("factor"),
                fields.integer("patience"),
                fields.number("minimum", 0)));
    return schedules;
  }
}
