"""``viz.live``: one file with the model as a program, its data, and everything that draws and trains them."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

import numpy as np

import autograd
from autograd import CompileError, compile
from autograd.convert import kind_of
from nn.checks import as_size
from nn.files.architecture import architecture_of
from nn.measures.losses import as_loss
from nn.model.module import Module
from nn.training.compiled_step import costs_of
from nn.training.examples import as_training_examples
from viz.live.example import example
from viz.live.parts import activations_of, layers_of, parameters_of
from viz.live.rules import rules
from viz.live.script import script
from viz.live.targets import targets_of
from viz.rendering.pages import colours, filled, resource
from viz.rendering.picture import Picture
from viz.theme import DARK, LIGHT

__all__ = ["live"]

MAX_PARAMETERS, MAX_NUMBERS, MAX_INPUTS, MAX_NEURONS = 2_000, 20_000, 24, 40

SCRIPTS = (
    "rendering/numbers", "rendering/handed", *[f"live/{name}" for name in (
        "sizes", "random", "optimizers", "example", "state", "training", "files", "canvas", "plane", "line", "outputs",
        "network", "loss", "chain", "controls", "chosen", "gestures", "main",
    )],
)  # fmt: skip


def live(
    model: Module,
    X: Any,
    y: Any,
    *,
    loss: Any = "squared_error",
    optimizer: Any = "adam",
    batch_size: int | None = None,
    seed: int = 0,
) -> Picture:
    """A page in which a model trains, and in which everything can be touched.

    One HTML file that needs nothing from outside and asks nobody for anything: mail it, put it on a course's site, open
    it in a browser. Play, pause, step; drag, add and remove examples; drag a weight and see every gradient answer; look
    at one example's graph by the chain rule; undo. A link holds all of it, and so do a Python script and a file for
    ``nn.load``. What trains in the page is the compiled program of your model and your loss.

    Parameters
    ----------
    model : Module
        Of any kind that :func:`autograd.compile` takes, with at most 24 inputs and 2,000 parameters. An ``MLP``, or a
        ``Sequential`` of layers, of at most 40 neurons each, is drawn as a network; of others the parameters are
        listed. It is not changed.
    X : array_like
        Shape (examples, inputs), at most 20,000 numbers. One input is shown as a curve, two as regions of the plane.
    y : array_like
        As for ``nn.fit``.
    loss : str or callable
        As for ``nn.fit``; the page minimises its mean.
    optimizer : str or Optimizer
        ``"sgd"``, ``"momentum"``, ``"rmsprop"``, ``"adam"``, ``"adamw"``, or one that you have built, also with a
        schedule; what the page begins with. Its memory, if it has one already, stays with it.
    batch_size : int, optional
        Examples a step; all of them unless told otherwise.
    seed : int
        Of the order of the examples where a step takes some of them. In the page another seed draws the parameters of a
        network anew, too, as ``nn`` does for its activations.

    Returns
    -------
    Picture
        ``.html``, ``.save("page.html")``, and the page itself where it is a notebook cell's last line.

    Raises
    ------
    TypeError, ValueError
        For what a page cannot take, in words that say what to use instead.

    Notes
    -----
    Full batches give the parameters that ``nn.fit`` gives, to rounding. Where a step takes some of the examples, their
    order comes from the page's own generator. The page holds the data, and for its script the source of a model or a
    loss that was written in the notebook itself.

    Examples
    --------
    >>> from nn import MLP, datasets
    >>> page = live(MLP(2, [4, 1], activation="tanh", rng=0), *datasets.xor(), loss="binary_cross_entropy_with_logits")
    >>> page
    <Picture: MLP 2 → 4 → 1, live>
    """
    if not isinstance(model, Module):
        raise TypeError(f"viz.live takes a model first, got {kind_of(model)}; live(model, X, y, loss=...)")
    cost = as_loss(loss)
    X, y = as_training_examples(model, X, y, cost)
    y = np.asarray(y, dtype=float)
    inputs = X[0].size
    seed = as_size(seed, "seed", least=0)
    batch_size = 0 if batch_size is None else as_size(batch_size, "batch_size")
    _check_sizes(model, X, inputs)
    layers = layers_of(model, MAX_NEURONS)
    trained = _compiled(costs_of(cost), ("x", "y"), "mean", model, X[:1], y[:1])
    seen = _compiled(activations_of(layers is not None), ("x",), None, model, X[:1])
    outputs = np.asarray(model.predict(X[:1])).size
    title = _title(model, inputs, layers)
    facts: dict[str, Any] = {
        "version": autograd.__version__,
        "title": title,
        "parameters": parameters_of(model),
        "layers": layers,
        "outputs": outputs,
        "architecture": architecture_of(model),
        "fixed": [trained[1], seen[1]],
        "X": X.reshape(len(X), -1).tolist(),
        "bare": X.ndim == 1,
        "y": y.tolist(),
        "targets": targets_of(cost, loss if isinstance(loss, str) else "", y, inputs, outputs),
        "rules": rules(optimizer),
        "batch": batch_size if batch_size < len(X) else 0,
        "seed": seed,
        "example": example(model, cost, X[0], y[0]),
        "script": script(model, loss),
    }
    operations = facts["example"].pop("operations")
    parts = {
        "title": escape(title),
        "view": _view(inputs, facts["targets"]["kind"]),
        "loss": escape(facts["targets"]["loss"]),
        "light": colours(LIGHT),
        "dark": colours(DARK),
        "facts": json.dumps(_plain(facts), ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace(
            "<", "\\u003c"
        ),
        "programs": f"const TRAINED = {trained[0]};\nconst SEEN = {seen[0]};\nconst OPERATIONS = {operations};",
        "script": re.sub(r"^\s*(//.*\n)?", "", "\n".join(map(_script, SCRIPTS)), flags=re.MULTILINE),
    }
    parts["style"] = filled(resource("live/page.css"), parts)
    return Picture(f"{title}, live", html=filled(resource("live/page.html"), parts))


def _script(name: str) -> str:
    return resource(f"{name}.js")


def _compiled(f: Any, batched: tuple[str, ...], reduce: str | None, *args: Any) -> tuple[str, list[float]]:
    """A function's program as an expression of JavaScript, and the numbers besides parameters that it reads."""
    fast = compile(f, batched=batched, reduce=reduce)
    try:
        call = fast._call(args, {}, None)
        source = fast.js_source
    except CompileError as error:
        raise ValueError(
            f"viz.live runs model and loss in the page, as what autograd.compile takes: {error}; or train with nn.fit, "
            "and show viz.animate_training"
        ) from error
    module = re.sub(r"^export ", "", source, flags=re.MULTILINE).replace("</", "<\\/")  # an operation's odd name
    return f"(() => {{\n{module}\nreturn {{program, bind}};\n}})()", [float(x) for x in call.fixed_numbers()]


def _check_sizes(model: Module, X: Any, inputs: int) -> None:
    for count, most, what, use in (
        (inputs, MAX_INPUTS, "inputs", "choose some columns of X"),
        (len(model.parameters()), MAX_PARAMETERS, "parameters", "give it fewer neurons"),
        (X.size, MAX_NUMBERS, "numbers in X", "choose some rows"),
    ):
        if count > most:
            raise ValueError(
                f"viz.live takes at most {most:,} {what}, got {count:,}; {use}, or train with nn.fit and show "
                "viz.animate_training or viz.network"
            )


def _title(model: Module, inputs: int, layers: Any) -> str:
    sizes = [inputs, *[len(layer["neurons"]) for layer in layers or ()]]
    return f"{type(model).__name__} {' → '.join(map(str, sizes))}" if layers else type(model).__name__


def _view(inputs: int, kind: str) -> str:
    """What the page calls its first panel."""
    if inputs > 2:
        return "Outputs and targets"
    return "Fit" if inputs == 1 else "Outputs over the plane" if kind == "numbers" else "Decision regions"


def _plain(x: Any) -> Any:
    """Numbers that JSON cannot hold as text, which JavaScript's Number reads."""
    if isinstance(x, dict):
        return {key: _plain(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        return [_plain(value) for value in x]
    if isinstance(x, float) and not np.isfinite(x):
        return str(x).replace("inf", "Infinity").replace("nan", "NaN")
    return x
