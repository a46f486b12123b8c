package org.allclose.internal.json;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody meant who wrote a name that a file does not have: another spelling, a slip, or what
 * PyTorch or Keras call the same thing.
 */
final class NearMiss {

  /** Names of other libraries, in small letters without marks, and ours, likeliest first. */
  private static final Map<String, List<String>> FOREIGN =
      foreign(
          """
          linear affine fullyconnected fc: dense
          conv convolution convolution2d: conv2d
          maxpool maxpooling maxpooling2d: maxPool2d
          avgpool avgpool2d averagepooling averagepooling2d: averagePool2d
          batchnormalization: batchNorm
          layernormalization: layerNorm
          groupnormalization: groupNorm
          crossentropy crossentropyloss categoricalcrossentropy sparsecategoricalcrossentropy: softmax
          svm multimarginloss categoricalhinge: hinge
          mse mseloss: meanSquaredError
          bcewithlogits bcewithlogitsloss: binaryCrossEntropy
          nag: nesterov
          steplr: step
          exponentiallr exponentialdecay: exponential
          cosineannealing cosineannealinglr cosinedecay: cosine
          reducelronplateau: plateau
          normal randomnormal: gaussian
          kaiming kaimingnormal henormal: he
          glorot glorotnormal xaviernormal: xavier
          train: training
          eval test predict: inference
          outfeatures: units
          outchannels numfilters: filters
          kernelsize: kernel, size
          poolsize: size
          strides: stride
          pad: padding
          usebias: bias
          eps: epsilon
          negativeslope slope: alpha
          numgroups: groups
          targetshape: shape
          inputshape inputsize inputdim: input
          p rate dropout pdrop: keep
          lr learningrate initiallearningrate: rate
          rho: decay
          weightdecay: decay, l2
          reg regularization: l2
          gamma: factor, decay
          stepsize: every
          tmax: steps
          warmupsteps: warmup
          stddev sigma scale: std
          randomseed randomstate: seed
          init initializer: start
          batchsize: batch
          nepochs numepochs maxepochs: epochs
          nsteps numsteps maxsteps: steps
          validationsplit: validation
          """);

  /** How what was written becomes what is meant, where the number is another one. */
  private static final Map<String, String> CONVERSIONS =
      Map.of("keep", "; dropout keeps: keep = 1 - %s");

  private NearMiss() {}

  /** Returns {@code "; did you mean 'relu'?"}, or nothing if no name comes near. */
  static String hint(String got, Collection<String> names) {
    return find(got, names)
        .map(
            name ->
                "; did you mean '"
                    + name
                    + "'?"
                    + (plain(got).equals(plain(name))
                        ? ""
                        : CONVERSIONS.getOrDefault(name, "").replace("%s", got)))
        .orElse("");
  }

  /** Returns the name that was meant. */
  static Optional<String> find(String got, Collection<String> names) {
    String plain = plain(got);
    if (plain.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> spelled = names.stream().filter(n -> plain(n).equals(plain)).findFirst();
    if (spelled.isPresent()) {
      return spelled;
    }
    Optional<String> foreign =
        FOREIGN.getOrDefault(plain, List.of()).stream().filter(names::contains).findFirst();
    return foreign.isPresent() ? foreign : slip(plain, names);
  }

  /** Returns a name that differs in a letter or two, or goes on where the other ends. */
  private static Optional<String> slip(String plain, Collection<String> names) {
    String nearest = null;
    int least = plain.length() < 3 || plain.length() > 40 ? 0 : plain.length() < 6 ? 2 : 3;
    for (String name : names) {
      String other = plain(name);
      boolean part = other.length() > 2 && (plain.startsWith(other) || other.startsWith(plain));
      int distance = part && plain.length() > 2 ? 1 : distance(plain, other);
      if (distance < least) {
        nearest = name;
        least = distance;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** Returns how many letters are to be added, removed or replaced, or swapped with the next. */
  private static int distance(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  private static Map<String, List<String>> foreign(String lines) {
    Map<String, List<String>> names = new HashMap<>();
    lines
        .lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              List<String> ours = List.of(line.substring(colon + 1).strip().split(", ", -1));
              for (String name : line.substring(0, colon).split(" ", -1)) {
                names.put(name, ours);
              }
            });
    return names;
  }
}
