"""The five documents, reproduced: ``python -m examples`` runs them all, ``python examples/document_001.py`` one.

An example is a script, and a module; notebooks of the same cells are made of it (``notebooks.py``). They import each other
by name, so their folder is always on the path.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
