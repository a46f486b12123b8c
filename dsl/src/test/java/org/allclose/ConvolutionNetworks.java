package org.allclose;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.allclose.layer.image.Conv1d;
import org.allclose.layer.image.Conv2d;
import org.allclose.layer.image.ConvTranspose1d;
import org.allclose.layer.image.ConvTranspose2d;
import org.allclose.layer.image.PaddingMode;

/** The convolutions of which digests are recorded, by their names there. */
final class ConvolutionNetworks {
  private static final PaddingMode REFLECT = PaddingMode.REFLECT;
  private static final PaddingMode REPLICATE = PaddingMode.REPLICATE;
  private static final PaddingMode CIRCULAR = PaddingMode.CIRCULAR;

  private final Map<String, NetworkBuilder> networks = new LinkedHashMap<>();

  private ConvolutionNetworks() {}

  static Map<String, NetworkBuilder> all() {
    ConvolutionNetworks all = new ConvolutionNetworks();
    all.addConvolutions();
    all.addTransposed();
    all.addChains();
    return all.networks;
  }

  private void addConvolutions() {
    conv("depthwise", Network.input(6, 9, 8), 6, c -> c.padding(1).groups(6).bias(false));
    conv("depthwise-1x1", Network.input(5, 4, 3), 5, c -> c.kernel(1).groups(5));
    conv("multiplied", Network.input(3, 9, 8), 6, c -> c.kernel(5, 3).stride(2, 1).groups(3));
    conv("groups", Network.input(8, 9, 8), 12, c -> c.padding(1).groups(4));
    conv("dilation", Network.input(3, 12, 11), 4, c -> c.padding(2, 3).dilation(2, 3));
    conv("same", Network.input(3, 9, 8), 4, c -> c.kernel(4, 2).stride(2, 3).same(true));
    conv(
        "same-dilation",
        Network.input(2, 9, 8),
        4,
        c -> c.kernel(4, 2).same(true).dilation(1, 5).groups(2));
    conv(
        "reflect",
        Network.input(2, 5, 6),
        3,
        c -> c.padding(4, 2).stride(1, 2).paddingMode(REFLECT));
    conv(
        "replicate",
        Network.input(2, 3, 4),
        2,
        c -> c.kernel(4, 3).padding(5, 1).paddingMode(REPLICATE).groups(2));
    conv(
        "circular",
        Network.input(2, 3, 4),
        3,
        c -> c.kernel(3, 4).same(true).paddingMode(CIRCULAR));
    sequence("groups", 6, 20, new Conv1d(9).kernel(5).stride(2).padding(3).groups(3));
    sequence("dilation", 4, 21, new Conv1d(5).dilation(4).padding(8));
    sequence(
        "replicate", 3, 9, new Conv1d(3).kernel(4).same(true).paddingMode(REPLICATE).groups(3));
  }

  private void addTransposed() {
    transposed("", Network.input(6, 8, 7), 4, c -> c.kernel(4).stride(2).padding(1));
    transposed(
        "-stride", Network.input(5, 6, 5), 3, c -> c.kernel(3, 2).stride(3, 2).outputPadding(2, 1));
    transposed(
        "-depthwise", Network.input(5, 8, 6), 5, c -> c.stride(2, 1).padding(1, 0).groups(5));
    transposed(
        "-groups",
        Network.input(6, 5, 7),
        9,
        c -> c.kernel(2, 3).dilation(2, 1).groups(3).bias(false));
    transposed("-1x1", Network.input(3, 4, 5), 4, c -> c.kernel(1));
    transposed(
        "-wide",
        Network.input(2, 3, 4),
        3,
        c -> c.kernel(2, 3).dilation(3, 4).outputPadding(2, 3).padding(1, 2));
    ConvTranspose1d longer = new ConvTranspose1d(6).kernel(5).stride(2).padding(2).outputPadding(1);
    networks.put("convTranspose1d", Network.input(4, 11).layer("layer", longer));
    networks.put(
        "convTranspose1d-groups",
        Network.input(6, 9).convTranspose1d("layer", 3, c -> c.dilation(2).groups(3)));
  }

  /** Those that are computed together with what is behind them. */
  private void addChains() {
    LayerSteps image = Network.input(3, 7, 8);
    networks.put("conv2d-relu", image.conv2d("layer", 4, c -> c.padding(1)).relu());
    networks.put(
        "conv2d-relu-maxPool2d", image.conv2d("layer", 4, c -> c.padding(1)).relu().maxPool2d(2));
    networks.put(
        "conv2d-plain-relu-maxPool2d",
        Network.input(2, 16, 32)
            .conv2d("layer", 4, c -> c.padding(1).bias(false))
            .relu()
            .maxPool2d(2));
    networks.put(
        "conv2d-groups-relu-maxPool2d",
        Network.input(4, 16, 32)
            .conv2d("layer", 4, c -> c.padding(1).groups(2))
            .relu()
            .maxPool2d(2));
    networks.put(
        "conv2d-same-relu-maxPool2d",
        Network.input(2, 16, 32)
            .conv2d("layer", 4, c -> c.kernel(2, 3).dilation(1, 2).same(true))
            .relu()
            .maxPool2d(2));
    networks.put(
        "conv2d-reflect-relu",
        Network.input(2, 7, 8).conv2d("layer", 4, c -> c.padding(1).paddingMode(REFLECT)).relu());
  }

  private void conv(String name, LayerSteps input, int filters, UnaryOperator<Conv2d> settings) {
    networks.put("conv2d-" + name, input.conv2d("layer", filters, settings));
  }

  private void sequence(String name, int channels, int length, Conv1d layer) {
    networks.put("conv1d-" + name, Network.input(channels, length).layer("layer", layer));
  }

  private void transposed(
      String name, LayerSteps input, int filters, UnaryOperator<ConvTranspose2d> settings) {
    networks.put("convTranspose2d" + name, input.convTranspose2d("layer", filters, settings));
  }
}
