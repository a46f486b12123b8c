package org.allclose.exact;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.dfp.Dfp;
import org.apache.commons.math3.dfp.DfpField;
import org.apache.commons.math3.dfp.DfpMath;

/**
 * Arithmetic with Commons Math's {@link Dfp}, every operation being written down for the chain
 * rule.
 *
 * <p>Ten digits more are carried than the forty that are wanted, for what cancels.
 */
final class Tape {
  private static final int DIGITS = 50;

  private final DfpField field = new DfpField(DIGITS);
  private final List<Node> nodes = new ArrayList<>();

  /** Returns a number with the exact value of a double. */
  Node number(double value) {
    return write(exact(value), List.of(), List.of());
  }

  /** Returns the exact value of a double. */
  Dfp exact(double value) {
    return field.newDfp(value);
  }

  Node plus(Node a, Node b) {
    return write(a.value().add(b.value()), List.of(a, b), List.of(field.getOne(), field.getOne()));
  }

  Node minus(Node a, Node b) {
    return plus(a, times(-1, b));
  }

  Node times(Node a, Node b) {
    return write(a.value().multiply(b.value()), List.of(a, b), List.of(b.value(), a.value()));
  }

  Node times(double factor, Node a) {
    return write(a.value().multiply(exact(factor)), List.of(a), List.of(exact(factor)));
  }

  Node dividedBy(Node a, Node b) {
    Dfp inverse = field.getOne().divide(b.value());
    Dfp quotient = a.value().divide(b.value());
    return write(quotient, List.of(a, b), List.of(inverse, quotient.multiply(inverse).negate()));
  }

  Node sum(List<Node> terms) {
    Dfp total = field.getZero();
    List<Dfp> slopes = new ArrayList<>();
    for (Node term : terms) {
      total = total.add(term.value());
      slopes.add(field.getOne());
    }
    return write(total, List.copyOf(terms), slopes);
  }

  /** Returns the sum of the products of a's and b's numbers. */
  Node dot(List<Node> a, List<Node> b) {
    Dfp total = field.getZero();
    List<Node> parents = new ArrayList<>();
    List<Dfp> slopes = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      total = total.add(a.get(i).value().multiply(b.get(i).value()));
      parents.add(a.get(i));
      slopes.add(b.get(i).value());
      parents.add(b.get(i));
      slopes.add(a.get(i).value());
    }
    return write(total, parents, slopes);
  }

  Node mean(List<Node> terms) {
    return dividedBy(sum(terms), number(terms.size()));
  }

  Node sqrt(Node a) {
    Dfp root = a.value().sqrt();
    return write(root, List.of(a), List.of(field.getOne().divide(root.multiply(2))));
  }

  Node exp(Node a) {
    Dfp power = DfpMath.exp(a.value());
    return write(power, List.of(a), List.of(power));
  }

  Node log(Node a) {
    return write(DfpMath.log(a.value()), List.of(a), List.of(field.getOne().divide(a.value())));
  }

  Node sin(Node a) {
    return write(DfpMath.sin(a.value()), List.of(a), List.of(DfpMath.cos(a.value())));
  }

  Node cos(Node a) {
    return write(DfpMath.cos(a.value()), List.of(a), List.of(DfpMath.sin(a.value()).negate()));
  }

  /** Returns the error function, {@code 2 / sqrt(pi) * exp(-x^2) * sum 2^n x^(2n+1) / (2n+1)!!}. */
  Node erf(Node a) {
    Dfp x = a.value();
    Dfp density =
        field.getTwo().divide(field.getPi().sqrt()).multiply(DfpMath.exp(x.multiply(x).negate()));
    Dfp term = x;
    Dfp total = x;
    for (int n = 1; !total.add(term).equals(total) || n < 10; n++) {
      term = term.multiply(x).multiply(x).multiply(2).divide(2 * n + 1);
      total = total.add(term);
    }
    return write(density.multiply(total), List.of(a), List.of(density));
  }

  /** Goes back from numbers whose derivatives are set to all they were computed from. */
  void backward() {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      nodes.get(i).backward();
    }
  }

  private Node write(Dfp value, List<Node> parents, List<Dfp> slopes) {
    Node node = new Node(value, parents, slopes);
    nodes.add(node);
    return node;
  }
}
