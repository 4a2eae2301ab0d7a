"""Models in files: ``serialization`` of what ``architecture`` describes, written by ``atomic``."""

from nn.files.serialization import load, save

__all__ = ["load", "save"]
