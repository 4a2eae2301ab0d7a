"""``viz.graph``: every level of detail at which a computation can be drawn, and which of them fits."""
