"""Pictures of the computation graph, the chain rule, networks and training."""
