"""LSTMs and GRUs as other frameworks and courses compute them, from their own equations."""

import numpy as np

H = 3


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def keras_lstm(x, kernel, recurrent, bias):
    """`keras.layers.LSTM`, as its documentation has it: gates i, f, c, o; x W + h U + b."""
    h = c = np.zeros(H)
    for x_t in x[:, 0]:
        i, f, g, o = np.split(x_t @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return h


def keras_gru(x, kernel, recurrent, bias):
    """`keras.layers.GRU` with `reset_after`, as its documentation has it: gates z, r, h."""
    h = np.zeros(H)
    for x_t in x[:, 0]:
        of_x = np.split(x_t @ kernel + bias[0], 3)
        of_h = np.split(h @ recurrent + bias[1], 3)
        z, r = sigmoid(of_x[0] + of_h[0]), sigmoid(of_x[1] + of_h[1])
        h = z * h + (1 - z) * np.tanh(of_x[2] + r * of_h[2])
    return h


def keras_gru_reset_before(x, kernel, recurrent, bias):
    h = np.zeros(H)
    for x_t in x[:, 0]:
        z_x, r_x, n_x = np.split(x_t @ kernel + bias, 3)
        z_h, r_h, n_h = np.split(recurrent, 3, axis=1)
        z, r = sigmoid(z_x + h @ z_h), sigmoid(r_x + h @ r_h)
        h = z * h + (1 - z) * np.tanh(n_x + (r * h) @ n_h)
    return h


def equinox_gru(x, weight_ih, weight_hh, bias, bias_n):
    """`equinox.nn.GRUCell`: gates r, z, n with one bias, and `bias_n` inside the reset."""
    h = np.zeros(H)
    for x_t in x[:, 0]:
        of_x, of_h = np.split(weight_ih @ x_t + bias, 3), np.split(weight_hh @ h, 3)
        r, z = sigmoid(of_x[0] + of_h[0]), sigmoid(of_x[1] + of_h[1])
        n = np.tanh(of_x[2] + r * (of_h[2] + bias_n))
        h = n + z * (h - n)
    return h


def lstm(x, gates):
    """An LSTM by the books; `gates` gives i, f, g and o before their functions, of x_t and h."""
    h = c = np.zeros(H)
    for x_t in x[:, 0]:
        i, f, g, o = gates(x_t, h)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return h


def zhang_lstm(x, a):
    """Dive into Deep Learning, section 10.1: x W + h W + b."""
    return lstm(x, lambda x, h: [x @ a[f"W_x{s}"] + h @ a[f"W_h{s}"] + a[f"b_{s}"] for s in "ifco"])


def zhang_gru(x, a):
    """Dive into Deep Learning, section 10.2: the reset gate acts before the product."""
    h = np.zeros(H)
    for x_t in x[:, 0]:
        r, z = (sigmoid(x_t @ a[f"W_x{s}"] + h @ a[f"W_h{s}"] + a[f"b_{s}"]) for s in "rz")
        h = z * h + (1 - z) * np.tanh(x_t @ a["W_xh"] + (r * h) @ a["W_hh"] + a["b_h"])
    return h


def ng_lstm(x, a):
    """Ng's course on sequence models: one matrix for [a, x] in each gate."""

    def gates(x_t, h):
        both = np.concatenate([h, x_t])
        return [a[f"W{s}"] @ both + a[f"b{s}"][:, 0] for s in "ifco"]

    return lstm(x, gates)


def ng_gru(x, a):
    """Ng's course: the update gate u takes the new state."""
    h = np.zeros(H)
    for x_t in x[:, 0]:
        both = np.concatenate([h, x_t])
        u, r = (sigmoid(a[f"W{s}"] @ both + a[f"b{s}"]) for s in "ur")
        c = np.tanh(a["Wc"] @ np.concatenate([r * h, x_t]) + a["bc"])
        h = u * c + (1 - u) * h
    return h


def flax_lstm(x, a):
    """`flax.linen.LSTMCell`: a Dense for each gate, with a bias beside the state alone."""

    def gates(x_t, h):
        of = [x_t @ a[f"c/i{s}/kernel"] + h @ a[f"c/h{s}/kernel"] for s in "ifgo"]
        return [one + a[f"c/h{s}/bias"] for one, s in zip(of, "ifgo", strict=True)]

    return lstm(x, gates)


def flax_gru(x, a):
    """`flax.linen.GRUCell`: biases beside x, and one inside the reset."""
    h = np.zeros(H)
    for x_t in x[:, 0]:
        of_x = {s: x_t @ a[f"c/i{s}/kernel"] + a[f"c/i{s}/bias"] for s in "rzn"}
        r, z = (sigmoid(of_x[s] + h @ a[f"c/h{s}/kernel"]) for s in "rz")
        n = np.tanh(of_x["n"] + r * (h @ a["c/hn/kernel"] + a["c/hn/bias"]))
        h = (1 - z) * n + z * h
    return h


def torch_lstm(x, a):
    """The equations in the documentation of `torch.nn.LSTM`."""
    return lstm(
        x,
        lambda x, h: [
            a[f"W_i{s}"] @ x + a[f"b_i{s}"] + a[f"W_h{s}"] @ h + a[f"b_h{s}"] for s in "ifgo"
        ],
    )


def linear_lstm(x, a):
    """A module with an nn.Linear for each gate, of x and h one after the other."""
    names = ("input", "forget", "cell", "output")

    def gates(x_t, h):
        both = np.concatenate([x_t, h])
        return [a[f"net.{s}_gate.weight"] @ both + a[f"net.{s}_gate.bias"] for s in names]

    return lstm(x, gates)
