"""How a gradient becomes better parameters: ``rules`` on flat arrays, ``schedules`` of their learning rates.

``optimizer`` is their base, ``backtracking`` the rule that takes steps back, ``settings`` checks their numbers.
"""

from nn.optimizers.backtracking import Backtracking
from nn.optimizers.optimizer import Optimizer
from nn.optimizers.rules import OPTIMIZERS, SGD, Adam, AdamW, RMSProp
from nn.optimizers.schedules import ConstantSchedule, CosineSchedule, LinearSchedule, StepSchedule

__all__ = [
    "OPTIMIZERS",
    "SGD",
    "Adam",
    "AdamW",
    "Backtracking",
    "ConstantSchedule",
    "CosineSchedule",
    "LinearSchedule",
    "Optimizer",
    "RMSProp",
    "StepSchedule",
]
