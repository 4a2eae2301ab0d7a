"""Pictures: the graph of a Value, its chain rule, the network it came from.

Importing this loads no drawing library: each is loaded by the first picture that needs it.
"""

from __future__ import annotations
