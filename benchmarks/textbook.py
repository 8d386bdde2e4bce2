"""The networks as a first textbook would write them: the yardstick for "faster".

Everything is float64, images are (N, C, H, W), a convolution fills one large array
with its windows, pooling looks for the largest of each row, and every step makes new
arrays. Nothing here is slow on purpose; nothing is fast on purpose either.
"""

from __future__ import annotations

import numpy as np


class Dense:
    def __init__(self, W, b):
        self.params = {"W": W, "b": b}

    def forward(self, x, training):
        self.x = x
        return np.dot(x, self.params["W"]) + self.params["b"]

    def backward(self, dy):
        self.grads = {"W": np.dot(self.x.T, dy), "b": np.sum(dy, axis=0)}
        return np.dot(dy, self.params["W"].T)


class ReLU:
    def forward(self, x, training):
        self.negative = x <= 0
        y = x.copy()
        y[self.negative] = 0
        return y

    def backward(self, dy):
        dx = dy.copy()
        dx[self.negative] = 0
        return dx


class Flatten:
    def forward(self, x, training):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dy):
        return dy.reshape(self.shape)


class Dropout:
    def __init__(self, rate, rng):
        self.rate, self.rng = rate, rng

    def forward(self, x, training):
        if not training:
            return x
        self.scale = (self.rng.random(x.shape) >= self.rate) / (1 - self.rate)
        return x * self.scale

    def backward(self, dy):
        return dy * self.scale


class BatchNorm:
    """Normalize (N, D), or (N, C, H, W) after its channels were put last."""

    def __init__(self, gamma, beta, decay=0.9, eps=1e-5):
        self.params = {"gamma": gamma, "beta": beta}
        self.mean, self.var = np.zeros(len(gamma)), np.ones(len(gamma))
        self.decay, self.eps = decay, eps

    def forward(self, x, training):
        self.shape = x.shape
        if x.ndim == 4:
            x = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
        mean, var = self.mean, self.var
        if training:
            mean, var = np.mean(x, axis=0), np.var(x, axis=0)
            self.mean = self.decay * self.mean + (1 - self.decay) * mean
            unbiased = var * len(x) / (len(x) - 1)
            self.var = self.decay * self.var + (1 - self.decay) * unbiased
        self.std = np.sqrt(var + self.eps)
        self.x_hat = (x - mean) / self.std
        return self.back(self.params["gamma"] * self.x_hat + self.params["beta"])

    def backward(self, dy):
        if dy.ndim == 4:
            dy = dy.transpose(0, 2, 3, 1).reshape(-1, dy.shape[1])
        self.grads = {"gamma": np.sum(dy * self.x_hat, axis=0), "beta": dy.sum(axis=0)}
        dx_hat = dy * self.params["gamma"]
        along = np.mean(dx_hat * self.x_hat, axis=0)
        dx = (dx_hat - np.mean(dx_hat, axis=0) - self.x_hat * along) / self.std
        return self.back(dx)

    def back(self, rows):
        if len(self.shape) == 2:
            return rows
        n, channels, height, width = self.shape
        return rows.reshape(n, height, width, channels).transpose(0, 3, 1, 2)


def im2col(x, size, stride, padding):
    """Return the windows of x (N, C, H, W) as rows, and how many fit on each side."""
    n, channels, height, width = x.shape
    rows = (height + 2 * padding - size) // stride + 1
    columns = (width + 2 * padding - size) // stride + 1
    border = (padding, padding)
    padded = np.pad(x, [(0, 0), (0, 0), border, border])
    windows = np.zeros((n, channels, size, size, rows, columns))
    for i in range(size):
        for j in range(size):
            below, right = i + stride * rows, j + stride * columns
            windows[:, :, i, j] = padded[:, :, i:below:stride, j:right:stride]
    windows = windows.transpose(0, 4, 5, 1, 2, 3)
    return windows.reshape(n * rows * columns, -1), rows, columns


def col2im(windows, shape, size, stride, padding, rows, columns):
    """Add the rows up where `im2col` took them from."""
    n, channels, height, width = shape
    windows = windows.reshape(n, rows, columns, channels, size, size)
    windows = windows.transpose(0, 3, 4, 5, 1, 2)
    padded = np.zeros((n, channels, height + 2 * padding, width + 2 * padding))
    for i in range(size):
        for j in range(size):
            below, right = i + stride * rows, j + stride * columns
            padded[:, :, i:below:stride, j:right:stride] += windows[:, :, i, j]
    return padded[:, :, padding : padding + height, padding : padding + width]


class Conv2D:
    def __init__(self, W, b, padding=0):
        self.params = {"W": W, "b": b}  # W (K, C, size, size)
        self.padding = padding

    def forward(self, x, training):
        W = self.params["W"]
        self.shape = x.shape
        self.windows, *self.room = im2col(x, W.shape[-1], 1, self.padding)
        y = np.dot(self.windows, W.reshape(len(W), -1).T) + self.params["b"]
        return y.reshape(len(x), *self.room, -1).transpose(0, 3, 1, 2)

    def backward(self, dy):
        W = self.params["W"]
        dy = dy.transpose(0, 2, 3, 1).reshape(-1, len(W))
        dW = np.dot(self.windows.T, dy).T.reshape(W.shape)
        self.grads = {"W": dW, "b": np.sum(dy, axis=0)}
        dwindows = np.dot(dy, W.reshape(len(W), -1))
        return col2im(dwindows, self.shape, W.shape[-1], 1, self.padding, *self.room)


class MaxPool2D:
    def __init__(self, size):
        self.size = size

    def forward(self, x, training):
        self.shape = x.shape
        windows, *self.room = im2col(x, self.size, self.size, 0)
        windows = windows.reshape(-1, self.size**2)
        self.where = np.argmax(windows, axis=1)
        y = np.max(windows, axis=1)
        return y.reshape(len(x), *self.room, -1).transpose(0, 3, 1, 2)

    def backward(self, dy):
        dy = dy.transpose(0, 2, 3, 1)
        windows = np.zeros((dy.size, self.size**2))
        windows[np.arange(dy.size), self.where] = dy.flatten()
        windows = windows.reshape(np.prod(dy.shape[:3]), -1)
        return col2im(windows, self.shape, self.size, self.size, 0, *self.room)


class SoftmaxWithLoss:
    def forward(self, x, labels):
        x = x - np.max(x, axis=1, keepdims=True)
        self.p = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
        self.labels = labels
        return -np.mean(np.log(self.p[np.arange(len(x)), labels]))

    def backward(self):
        dx = self.p.copy()
        dx[np.arange(len(dx)), self.labels] -= 1
        return dx / len(dx)


class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def step(self, layers):
        self.t += 1
        for index, layer in enumerate(layers):
            for name in getattr(layer, "params", {}):
                g, key = layer.grads[name], (index, name)
                m = self.beta1 * self.m.get(key, 0) + (1 - self.beta1) * g
                v = self.beta2 * self.v.get(key, 0) + (1 - self.beta2) * g**2
                m_hat = m / (1 - self.beta1**self.t)
                v_hat = v / (1 - self.beta2**self.t)
                step = self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
                layer.params[name] = layer.params[name] - step
                self.m[key], self.v[key] = m, v


class Network:
    def __init__(self, layers):
        self.layers = layers
        self.loss = SoftmaxWithLoss()

    def predict(self, x, training=False):
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def gradient(self, x, labels):
        value = self.loss.forward(self.predict(x, training=True), labels)
        dy = self.loss.backward()
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return value
