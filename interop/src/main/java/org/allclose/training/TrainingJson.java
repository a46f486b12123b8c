package org.allclose.training;

import java.util.List;
import java.util.OptionalInt;
import org.allclose.json.JsonFields;
import org.allclose.json.JsonFormatException;
import org.allclose.train.AdaGrad;
import org.allclose.train.Adam;
import org.allclose.train.AdamW;
import org.allclose.train.Clipping;
import org.allclose.train.ConstantRate;
import org.allclose.train.CosineDecay;
import org.allclose.train.Draw;
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
  private static final List<String> OPTIMIZERS =
      List.of(
          "sgd",
          "momentum",
          "nesterov",
          "kerasNesterov",
          "adaGrad",
          "kerasAdaGrad",
          "rmsProp",
          "kerasRmsProp",
          "adam",
          "kerasAdam",
          "adamW");
  private static final List<String> SCHEDULES =
      List.of("constant", "exponential", "step", "cosine", "plateau");

  private TrainingJson() {}

  /**
   * Reads a config.
   *
   * @param fields closed by this: other keys are errors
   * @throws JsonFormatException if a setting is missing, unknown or no good
   */
  public static TrainingConfig read(JsonFields fields) throws JsonFormatException {
    try {
      TrainingConfig config =
          new TrainingConfig(
              optimizer(fields.object("optimizer")),
              schedule(fields.object("schedule")),
              new Clipping(
                  fields.number("clipValue", Clipping.NONE.value()),
                  fields.number("clipNorm", Clipping.NONE.norm())),
              draw(fields),
              fields.has("batch") ? fields.integer("batch") : TrainingConfig.DEFAULT_BATCH,
              optional(fields, "steps"),
              optional(fields, "epochs"),
              optional(fields, "accuracySamples"),
              optional(fields, "validationSamples"),
              fields.truth("firstCheck", false),
              fields.truth("keepBest", false),
              fields.truth("lastStatistics", false),
              optional(fields, "patience"));
      fields.close();
      return config;
    } catch (IllegalArgumentException e) {
      throw new JsonFormatException(fields.place() + ": " + e.getMessage(), e);
    }
  }

  private static OptionalInt optional(JsonFields fields, String key) throws JsonFormatException {
    return fields.has(key) ? OptionalInt.of(fields.integer(key)) : OptionalInt.empty();
  }

  private static Draw draw(JsonFields fields) throws JsonFormatException {
    if (!fields.has("draw")) {
      return TrainingConfig.DEFAULT_DRAW;
    }
    String type = fields.text("draw");
    for (Draw draw : Draw.values()) {
      if (draw.type().equals(type)) {
        return draw;
      }
    }
    throw fields.error("draw", "one of [choice, permutation]", "'" + type + "'");
  }

  private static Optimizer optimizer(JsonFields fields) throws JsonFormatException {
    Optimizer optimizer =
        switch (fields.text("type")) {
          case "sgd" -> new Sgd();
          case "momentum" -> new Momentum(fields.number("momentum", Momentum.DEFAULT_MOMENTUM));
          case "nesterov" -> new Nesterov(fields.number("momentum", Nesterov.DEFAULT_MOMENTUM));
          case "kerasNesterov" ->
              new KerasNesterov(fields.number("momentum", KerasNesterov.DEFAULT_MOMENTUM));
          case "adaGrad" -> new AdaGrad(fields.number("epsilon", AdaGrad.DEFAULT_EPSILON));
          case "kerasAdaGrad" ->
              new KerasAdaGrad(fields.number("epsilon", KerasAdaGrad.DEFAULT_EPSILON));
          case "rmsProp" ->
              new RmsProp(
                  fields.number("decay", RmsProp.DEFAULT_DECAY),
                  fields.number("epsilon", RmsProp.DEFAULT_EPSILON));
          case "kerasRmsProp" ->
              new KerasRmsProp(
                  fields.number("decay", KerasRmsProp.DEFAULT_DECAY),
                  fields.number("epsilon", KerasRmsProp.DEFAULT_EPSILON));
          case "adam" ->
              new Adam(
                  fields.number("beta1", Adam.DEFAULT_BETA1),
                  fields.number("beta2", Adam.DEFAULT_BETA2),
                  fields.number("epsilon", Adam.DEFAULT_EPSILON));
          case "kerasAdam" ->
              new KerasAdam(
                  fields.number("beta1", KerasAdam.DEFAULT_BETA1),
                  fields.number("beta2", KerasAdam.DEFAULT_BETA2),
                  fields.number("epsilon", KerasAdam.DEFAULT_EPSILON));
          case "adamW" ->
              new AdamW(
                  fields.number("beta1", AdamW.DEFAULT_BETA1),
                  fields.number("beta2", AdamW.DEFAULT_BETA2),
                  fields.number("epsilon", AdamW.DEFAULT_EPSILON),
                  fields.number("decay", AdamW.DEFAULT_DECAY));
          default -> throw unknown(fields, OPTIMIZERS);
        };
    fields.close();
    return optimizer;
  }

  private static Schedule schedule(JsonFields fields) throws JsonFormatException {
    String type = fields.text("type");
    if (!SCHEDULES.contains(type)) {
      throw unknown(fields, SCHEDULES);
    }
    double rate = fields.number("rate");
    Schedule schedule =
        switch (type) {
          case "constant" -> new ConstantRate(rate);
          case "exponential" -> new ExponentialDecay(rate, fields.number("decay"));
          case "step" -> new StepDecay(rate, fields.number("factor"), fields.integer("every"));
          case "cosine" ->
              new CosineDecay(
                  rate,
                  fields.has("warmup") ? fields.integer("warmup") : 0,
                  fields.integer("steps"),
                  fields.number("final", 0));
          default ->
              new PlateauDecay(
                  rate,
                  fields.number("factor"),
                  fields.integer("patience"),
                  fields.number("minimum", 0));
        };
    fields.close();
    return schedule;
  }

  private static JsonFormatException unknown(JsonFields fields, List<String> types)
      throws JsonFormatException {
    return fields.error("type", "one of " + types, "'" + fields.text("type") + "'");
  }
}
