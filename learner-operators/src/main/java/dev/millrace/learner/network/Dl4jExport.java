package dev.millrace.learner.network;

import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Writes a policy's network for plain DeepLearning4J: a {@code MultiLayerNetwork} whose {@code
 * output} is what the policy's network answers. A dueling head is linear in the layer before it, so
 * it is folded into that layer. Of a Gaussian head the A means are exported, which is what a greedy
 * policy needs; its log standard deviations depend on no observation and are left out.
 */
public final class Dl4jExport {
  private Dl4jExport() {}

  /**
   * Writes a zip that {@code ModelSerializer.restoreMultiLayerNetwork} opens.
   *
   * @param parameters {@code float[P]}, laid out as {@code spec} says
   */
  public static void write(NetworkSpec spec, float[] parameters, Path path) throws IOException {
    spec.checkParameters(parameters);
    NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().list();
    int in = spec.inputs();
    for (Dense layer : spec.hidden()) {
      Activation activation = Activation.valueOf(layer.activation().name());
      layers.layer(
          new DenseLayer.Builder().nIn(in).nOut(layer.units()).activation(activation).build());
      in = layer.units();
    }
    layers.layer(
        new OutputLayer.Builder(LossFunction.MSE)
            .nIn(in)
            .nOut(spec.head() == Head.GAUSSIAN ? spec.rawOutputs() : spec.outputs())
            .activation(Activation.IDENTITY)
            .build());
    MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
    network.init();
    fill(network, spec, parameters);
    ModelSerializer.writeModel(network, path.toFile(), false);
  }

  private static void fill(MultiLayerNetwork network, NetworkSpec spec, float[] parameters) {
    int[] widths = spec.widths();
    int offset = 0;
    for (int l = 0; l < widths.length - 1; l++) {
      boolean last = l == widths.length - 2;
      int rows = widths[l] + 1;
      float[] layer = new float[rows * widths[l + 1]];
      System.arraycopy(parameters, offset, layer, 0, layer.length);
      offset += layer.length;
      float[] folded = last && spec.head() == Head.DUELING ? fold(layer, rows) : layer;
      int out = folded.length / rows;
      float[] weights = Arrays.copyOf(folded, widths[l] * out);
      float[] bias = Arrays.copyOfRange(folded, weights.length, folded.length);
      network.setParam(l + "_W", Nd4j.create(weights, new int[] {widths[l], out}, 'c'));
      network.setParam(l + "_b", Nd4j.create(bias, new int[] {1, out}, 'c'));
    }
  }

  /** Row by row, bias included: {@code [V, A_0 … A_(n-1)]} becomes {@code V + A_j - mean(A)}. */
  private static float[] fold(float[] layer, int rows) {
    int raw = layer.length / rows;
    int n = raw - 1;
    float[] folded = new float[rows * n];
    for (int row = 0; row < rows; row++) {
      double mean = 0;
      for (int j = 1; j <= n; j++) {
        mean += layer[row * raw + j] / (double) n;
      }
      for (int j = 0; j < n; j++) {
        folded[row * n + j] = (float) (layer[row * raw] + layer[row * raw + 1 + j] - mean);
      }
    }
    return folded;
  }
}
