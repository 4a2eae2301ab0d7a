"""PyTorch's functions in double and single precision; at 0.7 each is right, at 0 some have a kink or an end."""

import torch

from autograd.testing import check


def gradient(f, x, dtype):
    leaf = torch.tensor(x, dtype=dtype, requires_grad=True)
    return torch.autograd.grad(f(leaf), leaf)[0]


names = "exp expm1 sin cos tan atan sinh cosh tanh asinh erf erfc sigmoid log1p sqrt log abs relu square"
for name in names.split():
    f = getattr(torch, name)
    for dtype in (torch.float64, torch.float32):
        for at in (0.7, 0.0) if name in ("abs", "relu", "sqrt") else (0.7,):
            value = lambda x, f=f, dtype=dtype: f(torch.tensor(x, dtype=dtype))
            print(f"{name:8}{dtype!s:14}", check(value, lambda x, f=f, dtype=dtype: gradient(f, x, dtype), at=at))
