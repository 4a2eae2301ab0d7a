"""Document 003's last problem: handwritten digits, those of scikit-learn, and MNIST if its files are given."""

from __future__ import annotations

from pathlib import Path

from boxed import train
from options import mnist_files
from report import Report

import nn
import viz
from nn import MLP, SGD, misclassified

# %% Handwritten digits.


def handwritten(report: Report, mnist: Path | None, epochs: int) -> None:
    """The same network with more of everything: one hidden layer of relu, ten digits a step."""
    problems = []
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError:
        report.say(
            "Handwritten digits of 8 × 8 pixels come with scikit-learn, which is not installed: left out, and so is "
            "the claim about them. With it the page has both."
        )
    else:
        X, y = load_digits(return_X_y=True)
        parts = nn.train_test_split(X / 16.0, nn.one_hot(y), rng=report.seed)
        problems.append(("003_handwritten", *parts, 30, epochs))
    if mnist is not None:
        (X, y), (X_new, y_new) = (nn.load_mnist(*pair) for pair in mnist_files(mnist))
        problems.append(("003_mnist", X, X_new, nn.one_hot(y, 10), nn.one_hot(y_new, 10), 100, max(1, epochs // 10)))
    for name, X, X_new, Y, Y_new, hidden, count in problems:
        model = MLP(X.shape[1], [hidden, 10], activation="relu", output_activation="sigmoid", rng=report.seed)
        train(model, X, Y, SGD(0.5), count, loss="half_squared_error", batch_size=10)
        right, wrong = nn.accuracy(model, X_new, Y_new), misclassified(model, X_new, Y_new)[:20]
        report.say(
            f"{len(X):,} handwritten digits of {X.shape[1]} pixels, {hidden} relus, epochs: {count}. Read right are "
            f"{nn.accuracy(model, X, Y):.1%} of them, and {right:.1%} of {len(X_new):,} new ones.",
            holds=right > 0.85,
        )
        classes = (one_hot[wrong].argmax(axis=1) for one_hot in (Y_new, model.predict(X_new)))
        labels = [f"{digit}: {read}" for digit, read in zip(*classes, strict=True)]
        report.figure(viz.plot_digits(X_new[wrong], labels=labels), name, "New digits misread: what is, what is read")
