"""The captioning models of cs231n's assignment 3, as network files, and how captions are taken from them.

Inputs are features (N, D) of images and words (N, T), all of a caption but its last token; labels are all but its first,
NULL where a caption has ended. An RNN's state starts with the features, projected; a Transformer attends to them.
"""
import numpy as np

import graph
import sequence

VOCABULARY = ["<NULL>", "<START>", "<END>", "a", "cat", "dog", "on", "mat", "runs", "sleeps", "big"]
NULL, START, END = 0, 1, 2
SENTENCES = ["a cat sleeps", "a dog runs", "a big cat on a mat", "a big dog sleeps", "a mat", "a dog on a big mat",
             "a cat runs", "a big mat on a dog"]
FEATURES, WORD, HIDDEN, LENGTH = 5, 8, 12, 8
MODEL = 16  # the width of a Transformer


def captions():
    """Tokens (N, T + 1), from START to END, then NULL."""
    rows = [[START] + [VOCABULARY.index(word) for word in sentence.split()] + [END] for sentence in SENTENCES]
    return np.array([row + [NULL] * (LENGTH + 1 - len(row)) for row in rows])


def data():
    """The arrays that are trained on; features are drawn, since there are no images."""
    tokens = captions()
    return {"features": np.random.RandomState(17).randn(len(tokens), FEATURES), "words": tokens[:, :-1].copy(),
            "next": tokens[:, 1:].copy()}


def described(layers, inputs, **more):
    return dict({"format": "allclose-network/2", "inputs": inputs, "layers": layers}, **more)


def values(name, *shape):
    return {"name": name, "shape": list(shape)}


def tokens(name, *shape):
    return dict(values(name, *shape), type="tokens")


def temporal_loss():
    """cs231n's temporal_softmax_loss, whose mask is captions_out != NULL."""
    return {"type": "softmax", "ignored": NULL, "perPosition": True, "reduction": "batchMean"}


def embed(features, words="words", **settings):
    return dict({"type": "embedding", "name": "embed", "inputs": [words], "vocabulary": len(VOCABULARY),
                 "features": features}, **settings)


def temporal_affine(name, units):
    return {"type": "dense", "name": name, "units": units, "last": True}


def recurrent(cell):
    """cs231n's CaptioningRNN: project, embed, rnn or lstm, temporal affine, temporal softmax."""
    return described(
        [{"type": "dense", "name": "project", "units": HIDDEN}, embed(WORD),
         {"type": cell, "name": cell, "inputs": ["embed", "project"], "units": HIDDEN},
         temporal_affine("vocab", len(VOCABULARY))],
        [values("features", FEATURES), tokens("words", LENGTH)], loss=temporal_loss())


def recurrent_step(cell, returns):
    """One step of the same model: from a word and the state before, the state behind, or an lstm's memory, and of the state
    the scores."""
    states = ["h", "c"] if cell == "lstm" else ["h"]
    layers = [embed(WORD, "word"),
              {"type": cell, "name": cell, "inputs": ["embed"] + states, "units": HIDDEN, "returns": returns}]
    if returns == "last":
        layers.append({"type": "dense", "name": "vocab", "units": len(VOCABULARY)})
    return described(layers, [tokens("word", 1)] + [values(name, HIDDEN) for name in states],
                     **({"outputs": ["vocab", cell]} if returns == "last" else {}))


def recurrent_parameters(cell, random):
    """As CaptioningRNN draws them, in its order; in the order of the layers."""
    gates, vocabulary = sequence.STEPS[cell][2], len(VOCABULARY)
    w_embed = random.randn(vocabulary, WORD) / 100
    w_project = random.randn(FEATURES, HIDDEN) / np.sqrt(FEATURES)
    wx = random.randn(WORD, gates * HIDDEN) / np.sqrt(WORD)
    wh = random.randn(HIDDEN, gates * HIDDEN) / np.sqrt(HIDDEN)
    w_vocab = random.randn(HIDDEN, vocabulary) / np.sqrt(HIDDEN)
    return {"project/W": w_project, "project/b": np.zeros(HIDDEN), "embed/W": w_embed, cell + "/Wx": wx,
            cell + "/Wh": wh, cell + "/b": np.zeros(gates * HIDDEN), "vocab/W": w_vocab, "vocab/b": np.zeros(vocabulary)}


def loss(cell, p, features, caption):
    """CaptioningRNN.loss as its docstring says it, forward, step by step: a second opinion on the network file."""
    word, right = caption[:, :-1], caption[:, 1:]
    state = (features.dot(p["project/W"]) + p["project/b"],)
    state += (np.zeros_like(state[0]),) if cell == "lstm" else ()
    x, own = p["embed/W"][word], {name: p[cell + "/" + name] for name in ("Wx", "Wh", "b")}
    h = np.zeros(word.shape + (HIDDEN,))
    for t in range(word.shape[1]):
        state, _ = sequence.STEPS[cell][0](np.ascontiguousarray(x[:, t]), state, own)
        h[:, t] = state[0]
    scores = h.reshape(-1, HIDDEN).dot(p["vocab/W"]) + p["vocab/b"]
    mask = (right != NULL).reshape(-1)
    probabilities = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probabilities /= np.sum(probabilities, axis=1, keepdims=True)
    return -np.sum(mask * np.log(probabilities[np.arange(mask.size), right.reshape(-1)])) / len(word)


def sample_recurrent(cell, p, features):
    """CaptioningRNN.sample: each word is the best one after the word before. Also the scores of each step."""
    h = features.dot(p["project/W"]) + p["project/b"]
    c, word, taken, scores = np.zeros_like(h), np.full((len(h), 1), START), [], []
    for _ in range(LENGTH):
        inputs = {"word": word, "h": h, "c": c} if cell == "lstm" else {"word": word, "h": h}
        step = recurrent_step(cell, "last")
        out, outputs = graph.evaluate(step, p, inputs, mode="inference")
        if cell == "lstm":
            c = graph.predict(recurrent_step(cell, "cell"), p, inputs)
        h = outputs[cell]
        scores.append(out["scores"])
        word = np.argmax(scores[-1], axis=1)[:, np.newaxis]
        taken.append(word)
    return np.hstack(taken), scores


def transformer_layer(name, x, width, heads, hidden, memory=None, causal=False, keep=1.0, norm_first=False):
    """PyTorch's encoder layer, or with a memory its decoder layer, cs231n's TransformerDecoderLayer. Nodes have PyTorch's
    names."""
    nodes = []

    def add(kind, own, inputs, **settings):
        nodes.append(dict({"type": kind, "name": name + "/" + own, "inputs": inputs}, **settings))
        return nodes[-1]["name"]

    def attend(own, x, others, **settings):
        settings.update({"keep": keep} if keep < 1 else {})
        return add("multiHeadAttention", own, [x] + others, heads=heads, **settings)

    def feed_forward(x):
        out = add("relu", "activation", [add("dense", "linear1", [x], units=hidden, last=True)])
        out = out if keep == 1 else add("dropout", "dropout", [out], keep=keep)
        return add("dense", "linear2", [out], units=width, last=True)

    parts = [lambda x: attend("self_attn", x, [], **({"causal": True} if causal else {})), feed_forward]
    if memory is not None:
        parts.insert(1, lambda x: attend("multihead_attn", x, [memory, memory]))
    for number, part in enumerate(parts, 1):
        norm = "norm%d" % number
        out = part(add("layerNorm", norm, [x], axes=1) if norm_first else x)
        out = out if keep == 1 else add("dropout", "dropout%d" % number, [out], keep=keep)
        out = add("add", "add%d" % number, [x, out])
        x = out if norm_first else add("layerNorm", norm, [out], axes=1)
    return nodes


def transformer(length=LENGTH, width=MODEL, hidden=24, keep=0.9):
    """cs231n's CaptioningTransformer, of one layer: its loss is the mean over all places, NULL too, this one the sum over
    them by the batch, which is as many times as much as there are steps."""
    nodes = [{"type": "dense", "name": "visual_projection", "units": width},
             {"type": "reshape", "name": "memory", "shape": [1, width]}, embed(width, padding=NULL),
             {"type": "positionalEncoding", "name": "positional_encoding"},
             {"type": "dropout", "name": "dropout", "keep": keep}]
    nodes += transformer_layer("layers.0", "dropout", width, 2, hidden, "memory", True, keep)
    return described(nodes + [temporal_affine("output", len(VOCABULARY))],
                     [values("features", FEATURES), tokens("words", length)], loss=temporal_loss())


def sample_transformer(p, features):
    """CaptioningTransformer.sample: runs the words so far, and takes the best one behind the last."""
    words, scores = np.full((len(features), 1), START), []
    for length in range(1, LENGTH + 1):
        out = graph.predict(transformer(length), p, {"features": features, "words": words})
        scores.append(np.ascontiguousarray(out[:, -1]))
        words = np.hstack((words, np.argmax(scores[-1], axis=1)[:, np.newaxis]))
    return words[:, 1:], scores
