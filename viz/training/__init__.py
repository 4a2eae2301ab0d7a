"""Training watched: a run as a film."""
