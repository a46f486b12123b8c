package org.allclose.parity.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.allclose.internal.text.Decimal;
import org.allclose.parity.recording.Difference;
import org.allclose.tensor.Shape;

/**
 * Reports for programs, format {@value #FORMAT}.
 *
 * <p>An object with {@code matches} and {@code cases}; a case has {@code name}, {@code matches},
 * {@code tensors}, {@code recorded}, and for a network {@code layers}, {@code inputGradients} and,
 * where one diverges, {@code firstDivergingLayer}, {@code firstDivergingBackward} and {@code hints}
 * at the cause. Where it was tried, {@code smallestChange} says by what part of itself one weight
 * may be changed unseen. An entry has {@code name}, {@code match} and {@code matches}; what was
 * compared has {@code elements}, {@code bitEqual} and, where something differs, {@code worst},
 * which for elements that are no floating-point numbers is the first that differs, as text; {@code
 * roundings} is an error in units of the rounding error that its element may have; arrays of two
 * dtypes have {@code expectedDtype} and {@code actualDtype}; what could not be compared says {@code
 * expected} and {@code actual}, of which one is absent if an array is missing. Numbers that JSON
 * does not have are the texts NaN, Infinity and -Infinity.
 */
final class ReportJson {

  /** What the key {@code format} says. */
  public static final String FORMAT = "allclose-report/1";

  private ReportJson() {}

  /** Returns the reports as JSON. */
  static JsonObject of(List<CaseReport> reports) {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.addProperty("matches", reports.stream().allMatch(CaseReport::matches));
    JsonArray cases = new JsonArray();
    reports.forEach(report -> cases.add(toJson(report)));
    json.add("cases", cases);
    return json;
  }

  private static JsonObject toJson(CaseReport report) {
    JsonObject json = new JsonObject();
    json.addProperty("name", report.name());
    json.addProperty("matches", report.matches());
    json.add("tensors", toJson(report.tensors()));
    if (!report.layers().isEmpty()) {
      json.add("layers", toJson(report.layers()));
    }
    if (!report.inputGradients().isEmpty()) {
      json.add("inputGradients", toJson(report.inputGradients()));
    }
    report
        .firstDivergingLayer()
        .ifPresent(layer -> json.addProperty("firstDivergingLayer", layer.name()));
    report
        .firstDivergingBackward()
        .ifPresent(layer -> json.addProperty("firstDivergingBackward", layer));
    addTexts(json, "hints", report.hints());
    addTexts(json, "kinks", report.kinks());
    report.smallestChange().ifPresent(change -> json.add("smallestChange", toJson(change)));
    JsonObject recorded = new JsonObject();
    report.recorded().forEach(recorded::addProperty);
    json.add("recorded", recorded);
    return json;
  }

  private static void addTexts(JsonObject json, String key, List<String> texts) {
    if (!texts.isEmpty()) {
      JsonArray array = new JsonArray();
      texts.forEach(array::add);
      json.add(key, array);
    }
  }

  private static JsonObject toJson(SmallestChange change) {
    JsonObject json = new JsonObject();
    json.addProperty("tried", change.tried());
    json.addProperty("unseen", change.unseen().size());
    addNumber(json, "median", change.median());
    addNumber(json, "largest", change.largest());
    json.addProperty("hardest", change.hardest());
    return json;
  }

  private static JsonArray toJson(List<? extends Comparison> tensors) {
    JsonArray array = new JsonArray();
    tensors.forEach(tensor -> array.add(toJson(tensor)));
    return array;
  }

  private static JsonObject toJson(Comparison comparison) {
    JsonObject json = new JsonObject();
    json.addProperty("name", comparison.name());
    json.addProperty("match", comparison.match().toString());
    json.addProperty("matches", comparison.matches());
    addValues(json, comparison);
    return json;
  }

  private static void addValues(JsonObject json, Comparison comparison) {
    if (comparison instanceof TensorReport tensor) {
      json.addProperty("expectedShape", tensor.expectation().shape().toString());
      Shape actual =
          tensor.difference().isPresent() ? tensor.expectation().shape() : tensor.actual().shape();
      json.addProperty("actualShape", actual.toString());
      tensor.difference().ifPresent(difference -> addDifference(json, tensor, difference));
    } else if (comparison instanceof OtherDtype other) {
      json.addProperty("expectedDtype", other.expected());
      json.addProperty("actualDtype", other.actual());
      addValues(json, other.values());
    } else if (comparison instanceof ElementsReport elements) {
      addElements(json, elements);
    } else if (comparison instanceof Unmatched unmatched) {
      unmatched.expected().ifPresent(text -> json.addProperty("expected", text));
      unmatched.actual().ifPresent(text -> json.addProperty("actual", text));
    }
  }

  private static void addElements(JsonObject json, ElementsReport report) {
    json.addProperty("elements", report.count());
    json.addProperty("bitEqual", report.equal());
    report
        .first()
        .ifPresent(
            first -> {
              JsonObject worst = new JsonObject();
              worst.addProperty("index", first.index());
              worst.addProperty("expected", first.expected());
              worst.addProperty("actual", first.actual());
              json.add("worst", worst);
            });
  }

  private static void addDifference(JsonObject json, TensorReport tensor, Difference difference) {
    json.addProperty("elements", difference.elements());
    json.addProperty("bitEqual", difference.bitEqual());
    if (difference.worst() >= 0) {
      JsonObject worst = new JsonObject();
      worst.addProperty("index", tensor.worstIndex());
      addNumber(worst, "expected", difference.expected());
      addNumber(worst, "actual", difference.actual());
      addNumber(worst, "absoluteError", difference.absolute());
      addNumber(worst, "relativeError", difference.relative());
      addNumber(worst, "ulps", difference.elementUlps());
      addNumber(worst, "normwiseUlps", difference.normwiseUlps());
      difference.roundings().ifPresent(value -> addNumber(worst, "roundings", value));
      json.add("worst", worst);
    }
  }

  private static void addNumber(JsonObject json, String key, double value) {
    if (Double.isFinite(value)) {
      json.add(key, JsonParser.parseString(Decimal.of(value)));
    } else {
      json.addProperty(key, Double.toString(value));
    }
  }
}
