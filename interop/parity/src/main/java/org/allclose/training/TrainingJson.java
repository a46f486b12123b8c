package org.allclose.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.allclose.internal.json.JsonFields;
import org.allclose.internal.json.SettingsJson;
import org.allclose.json.JsonFormatException;
import org.allclose.train.Batching;
import org.allclose.train.Clipping;
import org.allclose.train.TrainingConfig;
import org.allclose.train.optimizer.Optimizer;
import org.allclose.train.schedule.Schedule;
import org.allclose.type.Types;

/** How a network is trained, as JSON: optimizer, schedule, batches and when to end. */
final class TrainingJson {
  private static final Map<String, Batching> DRAWS =
      Arrays.stream(Batching.values())
          .collect(Collectors.toMap(Batching::type, draw -> draw, (a, b) -> a, LinkedHashMap::new));

  private TrainingJson() {}

  /** What becomes of a number that is there. */
  private interface Use {
    void of(int number);
  }

  /**
   * Reads a config.
   *
   * @throws JsonFormatException if a setting is missing or no good
   */
  static TrainingConfig read(JsonFields fields) throws JsonFormatException {
    TrainingConfig.Builder config =
        TrainingConfig.builder(
            fields.object("optimizer", each -> read(Optimizer.class, each)),
            fields.object("schedule", each -> read(Schedule.class, each)));
    config.clipping(
        new Clipping(
            fields.number("clipValue", Clipping.NONE.value()),
            fields.number("clipNorm", Clipping.NONE.norm())));
    Batching draw = fields.has("draw") ? fields.oneOf("draw", DRAWS) : TrainingConfig.DEFAULT_DRAW;
    config.batches(
        fields.has("batch") ? fields.integer("batch", 1) : TrainingConfig.DEFAULT_BATCH, draw);
    readEnd(fields, config);
    use(fields, "accuracySamples", config::accuracySamples);
    use(fields, "validationSamples", config::validationSamples);
    config.firstCheck(fields.truth("firstCheck", false));
    config.keepBest(fields.truth("keepBest", false));
    config.lastStatistics(fields.truth("lastStatistics", false));
    use(fields, "patience", config::patience);
    return config.build();
  }

  private static <F> F read(Class<F> family, JsonFields fields) throws JsonFormatException {
    return SettingsJson.read(fields.oneOf("type", Types.of(family).byName()), fields);
  }

  private static void readEnd(JsonFields fields, TrainingConfig.Builder config)
      throws JsonFormatException {
    if (fields.has("steps") && fields.has("epochs")) {
      throw new IllegalArgumentException("training: expected either steps or epochs but got both");
    }
    use(fields, "steps", config::steps);
    use(fields, "epochs", config::epochs);
  }

  private static void use(JsonFields fields, String key, Use use) throws JsonFormatException {
    if (fields.has(key)) {
      use.of(fields.integer(key));
    }
  }
}
