"""The five documents, reproduced: ``python -m examples`` runs them all, ``python examples/document_001.py`` one.

An example is the same as a script, as a module, and cell by cell in a notebook, so its folder is always on the path.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
