"""Which layers of the defence can be taken off, to see that they matter?

Each file layers_NAME.py beside this one has a dict LAYERS: a name, and a
function that patches the grader's modules in this process. Arenas are forks
of it, so a patch carries over. Nothing in the product turns a layer off.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Callable, Dict

Layer = Callable[[], None]


def known() -> Dict[str, Layer]:
    """Every layer, by name."""
    found: Dict[str, Layer] = {}
    for path in sorted(Path(__file__).parent.glob("layers_*.py")):
        own = importlib.import_module("tests.attacks." + path.stem).LAYERS
        twice = sorted(set(own) & set(found))
        if twice:
            raise ValueError("%s: the layer %s exists already" % (path, twice[0]))
        found.update(own)
    return found
