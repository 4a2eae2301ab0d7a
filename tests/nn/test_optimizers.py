"""Optimisers: the rules by hand, against PyTorch, and their state."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn import MLP, OPTIMIZERS, SGD, Adam, AdamW, Backtracking, Layer, LinearSchedule, RMSProp, fit, squared_error

vectors = arrays(float, 3, elements=st.floats(-4.0, 4.0, allow_subnormal=False))

KINDS = {
    "SGD": lambda: SGD(0.1),
    "momentum": lambda: SGD(0.05, momentum=0.9),
    "Nesterov": lambda: SGD(0.05, momentum=0.9, nesterov=True),
    "decay": lambda: SGD(0.05, momentum=0.5, weight_decay=0.1),
    "Adam": lambda: Adam(0.1),
    "other Adam": lambda: Adam(0.1, beta1=0.5, beta2=0.9, epsilon=1e-3),
    "AdamW": lambda: AdamW(0.1, weight_decay=0.1),
    "RMSProp": lambda: RMSProp(0.05),
    "other RMSProp": lambda: RMSProp(0.05, decay=0.5, epsilon=1e-4),
    "schedule": lambda: SGD(LinearSchedule(0.05, 0.01, 15), momentum=0.9),
    "Backtracking": lambda: Backtracking(0.3),
}

TORCH = {
    "SGD": lambda t, p: t.optim.SGD(p, lr=0.1),
    "momentum": lambda t, p: t.optim.SGD(p, lr=0.05, momentum=0.9),
    "Nesterov": lambda t, p: t.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "decay": lambda t, p: t.optim.SGD(p, lr=0.05, momentum=0.5, weight_decay=0.1),
    "Adam": lambda t, p: t.optim.Adam(p, lr=0.1),
    "other Adam": lambda t, p: t.optim.Adam(p, lr=0.1, betas=(0.5, 0.9), eps=1e-3),
    "AdamW": lambda t, p: t.optim.AdamW(p, lr=0.1, weight_decay=0.1),
    "RMSProp": lambda t, p: t.optim.RMSprop(p, lr=0.05),
    "other RMSProp": lambda t, p: t.optim.RMSprop(p, lr=0.05, alpha=0.5, eps=1e-4),
}


def rosenbrock(p):
    """A curved valley, its loss and gradient: curvature of every sign on the way."""
    a, b = p[:-1], p[1:]
    gradient = np.zeros_like(p)
    gradient[:-1] = -2.0 * (1.0 - a) - 4.0 * a * (b - a**2)
    gradient[1:] += 2.0 * (b - a**2)
    return float(((1.0 - a) ** 2 + (b - a**2) ** 2).sum()), gradient


@pytest.mark.parametrize("kind", TORCH)
def test_fifty_steps_agree_with_pytorch(kind):
    """The same parameters within 1e-10 after every one of 50 steps down a curved valley."""
    torch = pytest.importorskip("torch")
    start = np.array([-1.2, 1.0, 0.5, -0.7, 2.0])
    theirs = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer, reference = KINDS[kind](), TORCH[kind](torch, [theirs])
    ours = start
    for _ in range(50):
        loss, gradient = rosenbrock(ours)
        ours = optimizer.step(ours, gradient, loss)
        theirs.grad = torch.tensor(rosenbrock(theirs.detach().numpy())[1])
        reference.step()
        np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=0.0, atol=1e-10)


@given(vectors, vectors, st.floats(1e-3, 1.0))
def test_gradient_descent_is_the_documents_rule(parameters, gradient, rate):
    """Parameters minus rate times gradient, all from the old parameters."""
    np.testing.assert_array_equal(SGD(rate).step(parameters, gradient), parameters - rate * gradient)


@given(vectors, vectors, vectors)
def test_momentum_keeps_a_share_of_the_last_velocity(parameters, first, second):
    """After two steps: v = 0.9 g1 + g2; Nesterov looks one step ahead."""
    for nesterov in (False, True):
        optimizer = SGD(0.1, momentum=0.9, nesterov=nesterov)
        moved = optimizer.step(optimizer.step(parameters, first), second)
        v1, v2 = first, 0.9 * first + second
        steps = (first + 0.9 * v1, second + 0.9 * v2) if nesterov else (v1, v2)
        np.testing.assert_allclose(moved, parameters - 0.1 * steps[0] - 0.1 * steps[1], rtol=1e-12, atol=1e-12)


@given(vectors, st.floats(0.01, 1.0))
def test_first_step_of_adam_is_the_rate_whatever_the_gradient(parameters, rate):
    """Bias correction makes the first step rate * sign(gradient), up to epsilon; AdamW shrinks the weights first."""
    gradient = np.array([1e-3, -1.0, 1e3])
    np.testing.assert_allclose(Adam(rate).step(parameters, gradient) - parameters, [-rate, rate, -rate], rtol=2e-5)
    shrunk = parameters * (1.0 - rate * 0.5)
    moved = AdamW(rate, weight_decay=0.5).step(parameters, gradient)
    np.testing.assert_allclose(moved - shrunk, [-rate, rate, -rate], rtol=2e-5)


@given(vectors)
def test_first_step_of_rmsprop_by_hand(parameters):
    """The step is rate * g / (sqrt((1 - decay) g²) + epsilon)."""
    gradient = np.array([0.5, -2.0, 3.0])
    expected = parameters - 0.1 * gradient / (np.sqrt(0.1 * gradient**2) + 1e-8)
    np.testing.assert_allclose(RMSProp(0.1, decay=0.9).step(parameters, gradient), expected, rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_arguments_are_left_as_they_were(kind):
    """Neither parameters nor gradient change in place, now or in later steps."""
    parameters, gradient = np.array([1.0, -2.0]), np.array([0.5, 0.25])
    optimizer = KINDS[kind]()
    moved = optimizer.step(parameters, gradient, 1.0)
    optimizer.step(moved, gradient, 0.5)
    assert parameters.tolist() == [1.0, -2.0]
    assert gradient.tolist() == [0.5, 0.25]


@pytest.mark.parametrize("kind", KINDS)
def test_state_dict_goes_on_exactly(kind):
    """Ten steps, a state, ten steps more: the same bits as twenty in a row, also from a copy of the state."""
    straight, first = KINDS[kind](), KINDS[kind]()
    p = q = np.array([-1.2, 1.0, 0.3])
    for _ in range(20):
        loss, gradient = rosenbrock(p)
        p = straight.step(p, gradient, loss)
    for _ in range(10):
        loss, gradient = rosenbrock(q)
        q = first.step(q, gradient, loss)
    second = KINDS[kind]()
    state = first.state_dict()
    kept = copy.deepcopy(state)
    second.load_state_dict(state)
    for _ in range(10):
        loss, gradient = rosenbrock(q)
        q = second.step(q, gradient, loss)
    assert q.tolist() == p.tolist()
    np.testing.assert_equal(state, kept)


def test_update_moves_a_model_by_its_gradients():
    """The thin layer reads ``grad`` and writes ``data``."""
    model = MLP(2, [2, 1], rng=0)
    squared_error(model([1.0, 2.0]), 5.0).backward()
    expected = [p.data - 0.1 * p.grad for p in model.parameters()]
    SGD(0.1).update(model)
    assert [p.data for p in model.parameters()] == expected


NAMED = {
    "sgd": SGD(0.1), "adam": Adam(0.01), "adamw": AdamW(0.01), "rmsprop": RMSProp(0.01),
    "backtracking": Backtracking(1.0),
}  # fmt: skip


def test_the_names_are_all_there():
    """Every optimiser of the library has one."""
    assert set(NAMED) == set(OPTIMIZERS)
    assert {type(make()) for make in OPTIMIZERS.values()} == {SGD, Adam, AdamW, RMSProp, Backtracking}


@pytest.mark.parametrize("name", NAMED)
def test_a_name_is_the_optimiser_with_its_usual_rate(name):
    """New in each call, so that no memory goes from one model to the next."""
    X, y = np.linspace(-1.0, 1.0, 5)[:, None], np.linspace(0.0, 1.0, 5)
    expected = fit(Layer(1, 1, rng=0), X, y, optimizer=NAMED[name], epochs=4).loss
    for _ in range(2):
        assert fit(Layer(1, 1, rng=0), X, y, optimizer=name, epochs=4).loss == expected
    if name == "adam":
        assert fit(Layer(1, 1, rng=0), X, y, epochs=4).loss == expected


@pytest.mark.parametrize("kind", [Adam, AdamW, RMSProp])
def test_parameter_without_gradient_stays_where_epsilon_is_zero(kind):
    """Nothing over the root of nothing is no step; dead relus have such parameters."""
    optimizer, p = kind(0.1, epsilon=0.0), np.array([1.0, -2.0])
    for _ in range(3):
        moved = optimizer.step(p, np.array([0.0, 0.5]))
        assert moved[0] == (p[0] if kind is not AdamW else p[0] * (1.0 - 0.1 * 1e-2))
        assert moved[1] < p[1] - 0.01
        p = moved


@pytest.mark.parametrize("kind", [list, np.int8, np.float16, np.float32])
@pytest.mark.parametrize("name", KINDS)
def test_numbers_of_few_digits_are_computed_with_all_digits(name, kind):
    """A step from an array of another type, by one of another type, is that from the same numbers."""
    few, full = KINDS[name](), KINDS[name]()
    for numbers in ([3.0, -7.0], [5.0, 100.0]):
        given = list(numbers) if kind is list else np.array(numbers, dtype=kind)
        expected = full.step(np.array(numbers), np.array(numbers), 1.0)
        assert expected.dtype == float
        np.testing.assert_array_equal(few.step(given, given, 1.0), expected, strict=True)
