"""JAX's functions in double precision; each is right."""

import jax

from autograd.testing import check

jax.config.update("jax_enable_x64", True)
names = "exp expm1 sin cos tan sinh cosh tanh log log1p sqrt abs"
functions = [getattr(jax.numpy, name) for name in names.split()]
functions += [jax.nn.sigmoid, jax.nn.softplus, jax.nn.gelu, jax.nn.silu, jax.nn.elu, jax.scipy.special.erf]
for f in functions:
    print(f"{f.__name__:12}", check(f, jax.grad(f), at=0.7))
