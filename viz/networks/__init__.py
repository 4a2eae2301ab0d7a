"""``viz.network``: a model as neurons and connections."""
