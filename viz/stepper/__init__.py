"""``viz.step``: a page that walks through the forward and the backward pass."""
