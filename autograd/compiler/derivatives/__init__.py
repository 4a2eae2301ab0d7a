"""Derivatives of a compiled function, in the shape of its results and arguments."""
