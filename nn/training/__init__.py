"""How a model is trained, and what is kept of it.

``fitting`` and ``evaluation`` are what users call, ``epochs`` is the loop, ``step`` one loss and gradient on graphs and
``compiled_step`` the same as a program. ``examples`` looks at the data first; ``history`` keeps what ``measurement``
finds after each epoch.
"""

from nn.training.evaluation import evaluate
from nn.training.fitting import fit
from nn.training.history import EarlyStopping, History

__all__ = ["EarlyStopping", "History", "evaluate", "fit"]
