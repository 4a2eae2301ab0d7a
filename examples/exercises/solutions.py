"""Solutions, as a student might write them: plain NumPy, and nothing of ours. Look when you have tried."""

from __future__ import annotations

import numpy as np

# %% Document 000.


def _feed(x, ws, bs, activation):
    a = [x]
    for w, b in zip(ws, bs, strict=True):
        a.append(activation(w * a[-1] + b))
    return a


def _back(a, ws, target, slope):
    dws, dbs = np.zeros(len(ws)), np.zeros(len(ws))
    delta = a[-1] - target
    for layer in range(len(ws) - 1, -1, -1):
        delta = delta * slope(a[layer + 1])
        dws[layer], dbs[layer] = delta * a[layer], delta
        delta = delta * ws[layer]
    return dws, dbs


def chain_gradient(x, ws, bs, target):
    return _back(_feed(x, ws, bs, logistic), ws, target, lambda a: a * (1.0 - a))


def chain_step(x, ws, bs, target, rate):
    dws, dbs = chain_gradient(x, ws, bs, target)
    return ws - rate * dws, bs - rate * dbs


def linear_chain_gradient(x, ws, bs, target):
    return _back(_feed(x, ws, bs, lambda z: z), ws, target, lambda a: 1.0)


def resting_bias(target):
    return np.log(target / (1.0 - target))


def percent_changes(now, before):
    was = np.where(before == 0.0, 1.0, before)
    return np.where(before == 0.0, 0.0, 100.0 * (now - before) / was)


# %% Document 001.


def error_derivative(a, y):
    return 2.0 * (a - y)


def output_derivatives(w0, w1, x, y):
    a1 = np.maximum(w0 @ x, 0.0)
    return 2.0 * (w1 @ a1 - y)[:, None] * a1[None]


def hidden_derivatives(w0, w1, x, y):
    a1 = np.maximum(w0 @ x, 0.0)
    return np.outer(2.0 * (w1 @ a1 - y) * w1[0] * (a1 > 0.0), x)


def central_differences(f, w, h):
    found = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        left, right = w.copy(), w.copy()
        left[i] -= h
        right[i] += h
        found[i] = (f(right) - f(left)) / (2.0 * h)
    return found


# %% Document 002.


def logistic(x, deriv=False):
    s = 1.0 / (1.0 + np.exp(-x))
    return s * (1.0 - s) if deriv else s


def tanh(x, deriv=False):
    return 1.0 - np.tanh(x) ** 2 if deriv else np.tanh(x)


def relu(x, deriv=False):
    return np.where(x > 0.0, 1.0, 0.0) if deriv else np.maximum(x, 0.0)


def cross_entropy(y_preds, y, deriv=False):
    if deriv:
        return (y_preds - y) / (y_preds * (1.0 - y_preds)) / len(y)
    return np.mean(-y * np.log(y_preds) - (1.0 - y) * np.log(1.0 - y_preds))


def mean_squared_error(y_preds, y, deriv=False):
    if deriv:
        return 2.0 * (y_preds - y) / len(y)
    return np.mean((y_preds - y) ** 2)


def gradient_descent(x, y, ws, b, lrate, epochs):
    A = None
    for _ in range(epochs):
        A = logistic(x @ ws + b)
        dZ = (A - y) / len(y)
        ws, b = ws - lrate * x.T @ dZ, b - lrate * dZ.sum()
    return ws, b, A


def forward_pass(x, ws, bs, act_fs):
    Zs, As, A = [], [], x
    for w, b, f in zip(ws, bs, act_fs, strict=True):
        Zs.append(A @ w + b)
        A = f(Zs[-1])
        As.append(A)
    return Zs, As


def backprop(x, y, ws, bs, act_fs, cost_f, lrate, epochs):
    Zs, As = [], []
    for _ in range(epochs):
        Zs, As = forward_pass(x, ws, bs, act_fs)
        before, dA, dws, dbs = [x, *As], cost_f(As[-1], y, deriv=True), [], []
        for w, Z, f, A in reversed(list(zip(ws, Zs, act_fs, before, strict=False))):
            dZ = dA * f(Z, deriv=True)
            dws.insert(0, A.T @ dZ)
            dbs.insert(0, dZ.sum(axis=0, keepdims=True))
            dA = dZ @ w.T
        ws = [w - lrate * d for w, d in zip(ws, dws, strict=True)]
        bs = [b - lrate * d for b, d in zip(bs, dbs, strict=True)]
    return ws, bs, Zs, As


# %% Document 003; its tanh is that of 002.


def feed_forward(X, weights, activ):
    layers = [X]
    for w, f in zip(weights, activ, strict=True):
        layers.append(f(layers[-1] @ w))
    return layers


def update_weights(weights, layers, Y, alpha, activ):
    new, delta = [], layers[-1] - Y
    for layer, w, f in reversed(list(zip(layers, weights, activ, strict=False))):
        slope = delta * f(layer @ w, deriv=True)
        new.insert(0, w - alpha * layer.T @ slope)
        delta = slope @ w.T
    return new


def train_hidden_layer(X, Y, weights, activ, alpha, maxiter):
    losses = []
    for _ in range(maxiter):
        layers = feed_forward(X, weights, activ)
        losses.append(((layers[-1] - Y) ** 2).mean())
        weights = update_weights(weights, layers, Y, alpha, activ)
    return weights, losses


def best_of_two_hidden_layers(X, Y, weights, activs, alphas, maxiter):
    losses = np.zeros((len(activs), len(alphas)))
    for i, activ in enumerate(activs):
        for j, alpha in enumerate(alphas):
            own, _ = train_hidden_layer(X, Y, weights, activ, alpha, maxiter)
            losses[i, j] = ((feed_forward(X, own, activ)[-1] - Y) ** 2).mean()
    return losses, np.unravel_index(losses.argmin(), losses.shape)


# %% Document 004.


def softmax(scores):
    e = np.exp(scores - scores.max(axis=0))
    return e / e.sum(axis=0)


def softmax_gradient(scores, label):
    p = softmax(scores)
    p[label, np.arange(len(label))] -= 1.0
    return p / len(label)


def back_prop_parameter(dloss_dout, inpt, W, reg):
    return dloss_dout @ inpt.T + reg * W, dloss_dout.sum(axis=1)


def back_prop_layer(dloss_dout, W, layer_vals):
    return (W.T @ dloss_dout) * (layer_vals > 0.0)


def backtracking_step(W, dW, rate, loss):
    new = W - rate * dW
    return (W, rate / 5.0) if loss(new) > loss(W) else (new, rate)


def misclassified(scores, label):
    return np.sum(scores.argmax(axis=0) != label)
