"""Right gradients that no step size of a central difference passes together, and a wrong one that many steps pass."""

import math

from autograd.testing import check

CASES = {
    "sin(1e5 x)": (lambda x: math.sin(1e5 * x), lambda x: 1e5 * math.cos(1e5 * x), 1.0),
    "1e8 + x * x": (lambda x: 1e8 + x * x, lambda x: 2 * x, 1e-3),
    "1 / (x - 1)": (lambda x: 1 / (x - 1), lambda x: -1 / (x - 1) ** 2, 1 + 2.0**-33),
    "1e-5 off": (lambda x: math.exp(x), lambda x: 1.00001 * math.exp(x), 0.7),
}
for name, (f, df, x) in CASES.items():
    passed = []
    for k in range(1, 13):
        difference = (f(x + 10.0**-k) - f(x - 10.0**-k)) / (2 * 10.0**-k)
        passed += [f"1e-{k}"] * math.isclose(difference, df(x), rel_tol=1e-3, abs_tol=1e-5)
    print(f"{name}: steps that pass: {', '.join(passed) or 'none'}; check: {check(f, df, at=x).outcome}")
