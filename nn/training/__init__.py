"""How a model is trained, and what is kept of it.

``fitting`` is what users call, ``epochs`` the loop, ``step`` one loss and gradient on graphs and ``compiled_step`` the
same as a program. ``examples`` looks at the data first; ``history`` keeps what ``measurement`` finds after each epoch.
"""

from nn.training.fitting import evaluate, fit
from nn.training.history import EarlyStopping, History

__all__ = ["EarlyStopping", "History", "evaluate", "fit"]
