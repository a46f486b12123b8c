"""What a student writes in cs231n's assignments, and what proves each: writes CS231N.md.

    python3 cs231n_table.py [FILE]      # default: CS231N.md, beside this program

ROWS is the one list. A proof is a path within testdata: a case of fixtures, or a recorded run. Without one a row says why.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
OWN = "fixtures/cs231n/"


def row(functions, layers, *proofs, note=""):
    """proofs: paths within testdata; those of cs231n's own cases by their names alone, behind a colon."""
    return functions.split(), layers, [OWN + proof[1:] if proof.startswith(":") else proof for proof in proofs], note


def fixtures(*names):
    return ["fixtures/" + name for name in names]


NO_NETWORK = "no function of a network: it has no gradient and no parameters"
FRAMEWORK = "a call of PyTorch's own, which gives no numbers of its own"

ROWS = {
    "Assignment 1": {
        "classifiers/k_nearest_neighbor.py": [
            row("compute_distances_two_loops", "subtract, multiply, sum, sqrt", ":knn_two_loops"),
            row("compute_distances_one_loop", "the same", ":knn_one_loop"),
            row("compute_distances_no_loops", "matmul, multiply, sum, add, scale, subtract, sqrt", ":knn_no_loops"),
            row("predict_labels cross-validation", "", note=NO_NETWORK + "; it votes over sorted distances")],
        "classifiers/linear_svm.py": [
            row("svm_loss_naive", "dense without bias, hinge, l2 of 2 * reg", ":svm_naive"),
            row("svm_loss_vectorized", "the same", ":svm_vectorized")],
        "classifiers/softmax.py": [
            row("softmax_loss_naive", "dense without bias, softmax, l2 of 2 * reg", ":softmax_naive"),
            row("softmax_loss_vectorized", "the same", ":softmax_vectorized")],
        "classifiers/linear_classifier.py": [
            row("train", "a Trainer that draws with replacement, sgd", "replays/linear_svm.json",
                "replays/linear_softmax.json"),
            row("predict", "predict; its argmax is the accuracy of a case", ":svm_vectorized", ":softmax_vectorized")],
        "classifiers/neural_net.py": [
            row("loss", "dense, relu, dense, softmax, l2 of 2 * reg", ":two_layer_net"),
            row("train predict", "the same", "cs231n/plain.json")],
        "features.py": [
            row("color_histogram_hsv hog_feature extract_features", "", note=(
                "given by the assignment, and computed once before training; the networks behind them are those above"))],
    },
    "Assignment 2": {
        "layers.py": [
            row("affine_forward affine_backward", "dense", ":affine", *fixtures("fc_2d", "fc_4d", "fc_k3072")),
            row("relu_forward relu_backward", "relu", ":relu", *fixtures("relu_ordinary", "relu_special")),
            row("svm_loss", "hinge", ":svm_vectorized", *fixtures("loss_hinge")),
            row("softmax_loss", "softmax", ":softmax_loss", *fixtures("softmax_ordinary", "softmax_1000_classes")),
            row("batchnorm_forward", "batchNorm", ":batchnorm", ":batchnorm_test", *fixtures("batchNorm_features")),
            row("batchnorm_backward", "batchNorm", ":batchnorm"),
            row("batchnorm_backward_alt", "batchNorm", ":batchnorm_alt"),
            row("layernorm_forward layernorm_backward", "layerNorm", ":layernorm", *fixtures("layerNorm_features")),
            row("dropout_forward dropout_backward", "dropout", ":dropout", ":dropout_test", *fixtures("dropout_seed")),
            row("conv_forward_naive conv_backward_naive", "conv2d", ":conv_naive", *fixtures(
                "conv2d_ordinary", "conv2d_stride_2", "blog_conv2d")),
            row("max_pool_forward_naive max_pool_backward_naive", "maxPool2d", ":max_pool_naive", *fixtures(
                "maxPool2d_overlapping")),
            row("spatial_batchnorm_forward spatial_batchnorm_backward", "batchNorm", ":spatial_batchnorm", *fixtures(
                "batchNorm_images")),
            row("spatial_groupnorm_forward spatial_groupnorm_backward", "groupNorm", ":spatial_groupnorm", *fixtures(
                "groupNorm_two"))],
        "layer_utils.py": [
            row("affine_relu_forward affine_relu_backward", "dense, relu", ":fc_net", *fixtures("two_layer")),
            row("affine_bn_relu_forward affine_bn_relu_backward", "dense, batchNorm, relu", ":fc_net_batchnorm_dropout"),
            row("conv_relu_forward conv_relu_pool_forward and backward", "conv2d, relu, maxPool2d", ":three_layer_convnet"),
            row("conv_bn_relu_forward conv_bn_relu_backward", "conv2d, batchNorm, relu", *fixtures(
                "graph_resnet", "residual"))],
        "fast_layers.py": [
            row("conv_forward_fast conv_backward_fast", "conv2d, which has this order of additions", *fixtures(
                "conv2d_ordinary", "blog_conv2d_stride")),
            row("max_pool_forward_fast max_pool_backward_fast", "maxPool2d", *fixtures("maxPool2d_ordinary"), note=(
                "where several elements are the largest, the fast one shares the gradient among them, the layer gives it to "
                "the first"))],
        "classifiers/fc_net.py": [
            row("TwoLayerNet", "dense, relu, dense, softmax, l2", *fixtures("two_layer_l2")),
            row("FullyConnectedNet", "dense, batchNorm or layerNorm, relu, dropout, softmax, l2", ":fc_net",
                ":fc_net_batchnorm_dropout", ":fc_net_layernorm", "cs231n/momentum.json", "cs231n/seeded_dropout.json")],
        "classifiers/cnn.py": [
            row("ThreeLayerConvNet", "conv2d, relu, maxPool2d, dense, softmax, l2", ":three_layer_convnet",
                *fixtures("convnet"), "replays/convnet_sgd.json")],
        "optim.py": [
            row("sgd", "sgd", "cs231n/plain.json", "replays/two_layer_sgd.json"),
            row("sgd_momentum", "momentum", "cs231n/momentum.json"),
            row("rmsprop", "rmsProp", "cs231n/seeded_dropout.json"),
            row("adam", "adam", "cs231n/adam.json", "replays/blog_adam.json")],
        "solver.py": [
            row("Solver", "a Trainer with TrainingConfig.cs231n", "cs231n/one_step_epochs.json", "cs231n/adam.json")],
        "PyTorch.ipynb": [
            row("three_layer_convnet nn.Module and nn.Sequential", "as recorded from PyTorch", *fixtures(
                "torch/convnet", "torch/mlp", "torch/batch_norm"))],
    },
    "Assignment 3": {
        "rnn_layers.py": [
            row("rnn_step_forward rnn_step_backward", "rnn", *fixtures("rnn_one_step")),
            row("rnn_forward rnn_backward", "rnn", *fixtures("rnn_ordinary", "rnn_state")),
            row("word_embedding_forward word_embedding_backward", "embedding", *fixtures(
                "embedding_ordinary", "embedding_repeated")),
            row("lstm_step_forward lstm_step_backward", "lstm", *fixtures("lstm_one_step")),
            row("lstm_forward lstm_backward", "lstm", *fixtures("lstm_ordinary", "lstm_state")),
            row("temporal_affine_forward temporal_affine_backward", "dense with last", *fixtures("dense_last")),
            row("temporal_softmax_loss", "softmax with perPosition, ignored and reduction batchMean", *fixtures(
                "loss_softmax_temporal"))],
        "classifiers/rnn.py": [
            row("CaptioningRNN.loss", "dense, embedding, rnn or lstm, dense with last, softmax", *fixtures(
                "captioning_rnn", "captioning_lstm"), "captioning/rnn.json", "captioning/lstm.json"),
            row("CaptioningRNN.sample", "the same, a word at a time", "captioning/rnn.json", "captioning/lstm.json")],
        "transformer_layers.py": [
            row("PositionalEncoding", "positionalEncoding", *fixtures("positionalEncoding_ordinary")),
            row("MultiHeadAttention", "multiHeadAttention", *fixtures(
                "multiHeadAttention_self", "multiHeadAttention_cross", "multiHeadAttention_causal",
                "multiHeadAttention_masked", "multiHeadAttention_dropout"))],
        "classifiers/transformer.py": [
            row("TransformerDecoderLayer", "multiHeadAttention, layerNorm, dense with last, relu, dropout, add", *fixtures(
                "transformer_decoder", "captioning_transformer")),
            row("CaptioningTransformer.forward", "the same; embedding, positionalEncoding", *fixtures(
                "captioning_transformer"), "captioning/transformer.json"),
            row("CaptioningTransformer.sample", "the same, a word at a time", "captioning/transformer.json")],
        "net_visualization_pytorch.py": [
            row("compute_saliency_maps", "the gradient of the input; abs, max", "cs231n_images/saliency.json"),
            row("make_fooling_image", "the gradient of the input", "cs231n_images/fooling.json"),
            row("class_visualization_update_step create_class_visualization jitter", "the same; roll, maximum, minimum",
                "cs231n_images/class_visualization.json", note="without the blur that is given"),
            row("deepdream", "the gradient of the input from a layer's activations", "cs231n_images/deep_dream.json"),
            row("invert_features", "a content loss", ":content_loss", note="the steps are those of class visualization")],
        "style_transfer_pytorch.py": [
            row("content_loss", "subtract, multiply, sum, scale", ":content_loss"),
            row("gram_matrix", "reshape, permute, matmul, constant, divide", ":gram_matrix"),
            row("style_loss", "the same; subtract, multiply, sum, scale, add", ":style_loss"),
            row("tv_loss", "slice, subtract, multiply, sum, add, scale", ":tv_loss"),
            row("style_transfer", "all of them behind a convnet", "cs231n_images/style_transfer.json")],
        "gan_pytorch.py": [
            row("sample_noise", "NumpyRandomState.rand", "digests/random.txt", note="numpy's streams, not PyTorch's"),
            row("discriminator", "dense, leakyRelu", ":gan_discriminator"),
            row("generator", "dense, relu, tanh", ":gan_generator"),
            row("bce_loss", "clamp, multiply, abs, negate, exp, shift, log, subtract, add, mean", ":gan_generator_loss"),
            row("discriminator_loss", "the same", ":gan_discriminator_loss"),
            row("generator_loss", "the same; or the loss binaryCrossEntropy", ":gan_generator_loss", ":gan_discriminator"),
            row("get_optimizer", "adam with a beta1 of 0.5", "cs231n_images/gan.json"),
            row("run_a_gan", "two networks, each with its Adam", "cs231n_images/gan.json"),
            row("ls_discriminator_loss", "shift, multiply, mean, scale, add", ":gan_ls_discriminator_loss"),
            row("ls_generator_loss", "shift, multiply, mean, scale", ":gan_ls_generator_loss"),
            row("build_dc_classifier", "conv2d, leakyRelu, maxPool2d, dense", ":gan_dc_classifier"),
            row("build_dc_generator", "dense, relu, batchNorm, reshape, convTranspose2d, tanh", ":gan_dc_generator")],
        "simclr/contrastive_loss.py": [
            row("sim", "multiply, sum, sqrt, divide", ":simclr_sim"),
            row("simclr_loss_naive", "concat, matmul, gather, exp, sum, slice, divide, log, mean and those of sim",
                ":simclr_loss_naive"),
            row("sim_positive_pairs", "multiply, sum, sqrt, divide", ":simclr_sim_positive_pairs"),
            row("compute_sim_matrix", "the same; permute, matmul", ":simclr_sim_matrix"),
            row("simclr_loss_vectorized", "as simclr_loss_naive", ":simclr_loss_vectorized")],
        "simclr/data_utils.py, simclr/utils.py": [
            row("compute_train_transform CIFAR10Pair train", "", note="transforms of photographs, and " + FRAMEWORK)],
    },
}

TITLE = """# The functions of cs231n's assignments

What a student writes in assignments 1 to 3, over the years, and what proves that a network of this library computes it: the
layers that it is made of, and cases or runs of `testdata`, which the tests replay. Those of `fixtures/cs231n` are what
`cs231n_functions.py` and `cs231n_losses.py` compute in the assignments' own formulas; an array that is not equal to the last
bit says why in its case. Written by `cs231n_table.py`.
"""


def table():
    lines = [TITLE]
    for assignment, files in ROWS.items():
        lines += ["## " + assignment, "", "| file | function | layers | proven by |", "| --- | --- | --- | --- |"]
        for file, rows in files.items():
            for functions, layers, proofs, note in rows:
                shown = ", ".join("`%s`" % proof for proof in proofs)
                said = "; ".join(part for part in (shown or "none", note) if part)
                lines.append("| %s | %s | %s | %s |" % (file, named(functions), layers, said))
        lines.append("")
    return "\n".join(lines)


def named(functions):
    words = {"and", "backward", "cross-validation"}
    return " ".join(word if word in words else "`%s`" % word for word in functions)


if __name__ == "__main__":
    for files in ROWS.values():
        for rows in files.values():
            for _, _, proofs, _ in rows:
                for proof in proofs:
                    if not os.path.exists(os.path.join(HERE, "..", proof)):
                        sys.exit("cs231n_table.py: expected a case or run of testdata but got '%s'" % proof)
    with open(sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "CS231N.md"), "w", newline="\n") as out:
        out.write(table())
