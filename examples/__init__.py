"""The five documents, reproduced: ``python -m examples`` runs them all, ``python examples/document_001.py`` one.

An example is a script, and a module; a notebook of the same cells is made of it (``notebooks.py``). Scripts import each
other by name, so their folder is always on the path.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
