"""Where does a lab's topology come from?

From `topologies/NAME.py`, which plain Mininet can read too. Only what such a
file imports knows Mininet; this module knows the `topos` table.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import importlib.util
import sys
import warnings
from pathlib import Path
from typing import Any, Iterator, List

from grader import words

TOPOLOGIES = Path(__file__).resolve().parent.parent / "topologies"


class NetworkFault(Exception):
    """The network could not be built: the harness is at fault."""


@contextlib.contextmanager
def light_import() -> Iterator[None]:
    """Import Mininet without setuptools and without its warnings.

    Mininet wants distutils, and where setuptools is installed a hook gives
    it setuptools' copy, which takes 130 ms. From Python 3.12 there is no other.
    What the import changes for everybody is put back.
    """
    finders = sys.meta_path[:]
    if sys.version_info < (3, 12):
        sys.meta_path[:] = [
            finder
            for finder in finders
            if type(finder).__name__ != "DistutilsMetaFinder"
        ]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.meta_path[:] = finders
        # Mininet makes itself the class of every logger that comes later,
        # and those print each line a second time.
        logging.setLoggerClass(logging.Logger)


def available(folder: Path = TOPOLOGIES) -> List[str]:
    """The names of all topologies."""
    return sorted(path.stem for path in folder.glob("[a-z]*.py"))


def load_topology(name: str, size: int = 2, folder: Path = TOPOLOGIES) -> Any:
    """The Topo that `build` will use, from the table that `mn` reads.

    Called in the grader before it makes arenas, this saves each of them the
    loading.
    """
    return _load(folder / (name + ".py"), name, size)


@functools.lru_cache(maxsize=None)
def _load(path: Path, name: str, size: int) -> Any:
    spec = importlib.util.spec_from_file_location("topology_" + name, str(path))
    if spec is None or spec.loader is None or name not in available(path.parent):
        meant = words.nearest(name, available(path.parent))
        raise NetworkFault(
            "no topology %s: %s is missing%s"
            % (name, path, "; did you mean '%s'?" % meant if meant else "")
        )
    module = importlib.util.module_from_spec(spec)
    with light_import():
        spec.loader.exec_module(module)
    if name not in getattr(module, "topos", {}):
        raise NetworkFault("%s: no topos[%r]" % (path, name))
    topo = module.topos[name](size)
    topo.links(sort=True)  # compiles the patterns that Mininet sorts by
    return topo
