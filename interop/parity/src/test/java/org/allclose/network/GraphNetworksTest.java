package org.allclose.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.TestData;
import org.allclose.layer.combine.Add;
import org.allclose.layer.combine.Concat;
import org.allclose.layer.combine.Multiply;
import org.allclose.parity.CaseFile;
import org.allclose.parity.CaseRunner;
import org.allclose.parity.report.CaseReport;
import org.junit.jupiter.api.Test;

/** Networks that are no chains, as one writes them here; each is one that the reference has run. */
class GraphNetworksTest {

  @Test
  void residualBlock_withAProjectingShortcut() throws IOException {
    NetworkSpec spec =
        Network.input(3, 8, 8)
            .conv2d("stem", 4, c -> c.padding(1))
            .relu("relu0")
            .conv2d("conv1", 6, c -> c.stride(2).padding(1).bias(false))
            .batchNorm("norm1")
            .relu("relu1")
            .conv2d("conv2", 6, c -> c.padding(1).bias(false))
            .batchNorm("norm2")
            .from("relu0")
            .conv2d("short", 6, c -> c.kernel(1).stride(2).bias(false))
            .batchNorm("shortNorm")
            .layer("sum", new Add(), "norm2", "shortNorm")
            .relu("relu2")
            .averagePool2d("pool", 4)
            .dense("fc", 5)
            .softmaxLoss()
            .l2(0.01)
            .build();
    assertRecorded("graph_resnet", spec);
  }

  @Test
  void inceptionBlock() throws IOException {
    NetworkSpec spec =
        Network.input(3, 6, 6)
            .conv2d("mixed/1x1", 3, c -> c.kernel(1))
            .from("input")
            .conv2d("mixed/3x3reduce", 2, c -> c.kernel(1))
            .relu("mixed/3x3relu")
            .conv2d("mixed/3x3", 3, c -> c.padding(1))
            .from("input")
            .conv2d("mixed/5x5reduce", 2, c -> c.kernel(1))
            .leakyRelu("mixed/5x5relu", 0.01)
            .conv2d("mixed/5x5", 2, c -> c.kernel(5).padding(2))
            .from("input")
            .maxPool2d("mixed/pool", 2)
            .upsample2d("mixed/up", 2)
            .layer("mixed", new Concat(), "mixed/1x1", "mixed/3x3", "mixed/5x5", "mixed/up")
            .relu("relu")
            .maxPool2d("pool", 2)
            .dense("fc", 5)
            .softmaxLoss()
            .build();
    assertRecorded("graph_inception", spec);
  }

  @Test
  void uNet() throws IOException {
    NetworkSpec spec =
        Network.input(1, 8, 8)
            .conv2d("down1", 3, c -> c.padding(1))
            .relu("down1/relu")
            .maxPool2d("down1/pool", 2)
            .conv2d("down2", 4, c -> c.padding(1))
            .relu("down2/relu")
            .upsample2d("up1", 2)
            .layer("up1/both", new Concat(), "up1", "down1/relu")
            .conv2d("up1/conv", 3, c -> c.padding(1))
            .relu("up1/relu")
            .conv2d("out", 1, c -> c.kernel(1))
            .meanSquaredError()
            .l2(0.001)
            .build();
    assertRecorded("graph_unet", spec);
  }

  @Test
  void twoTowers_ofTwoInputs() throws IOException {
    NetworkSpec spec =
        Network.inputs(in -> in.values("user", 6).values("item", 6))
            .dense("user/fc1", 6)
            .relu("user/relu1")
            .dense("user/fc2", 4)
            .from("item")
            .dense("item/fc1", 6)
            .tanh("item/tanh1")
            .dense("item/fc2", 4)
            .layer("product", new Multiply(), "user/fc2", "item/fc2")
            .concat("user/fc2", "product", "item/fc2")
            .dense("fc", 1)
            .binaryCrossEntropy()
            .l2(0.01)
            .build();
    // The recording calls the concatenation otherwise.
    assertEquals("concat1", spec.layers().get(7).name());
    assertRecorded("graph_two_tower", NetworkFile.parse("x", renamed(spec)));
  }

  private static String renamed(NetworkSpec spec) {
    return NetworkFile.print(spec).replace("\"concat1\"", "\"all\"");
  }

  /** The network is the recorded one, and the recorded one has the reference's bits. */
  private static void assertRecorded(String name, NetworkSpec spec) throws IOException {
    var folder = TestData.fixtures().resolve(name);
    assertEquals(NetworkFile.read(folder.resolve("network.json")), spec);
    CaseReport report = CaseRunner.run(CaseFile.read(folder));
    assertTrue(report.matches(), () -> String.join("\n", report.explain()));
  }
}
