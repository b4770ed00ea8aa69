"""How is the reference built with a fault in one of its files?

Each build has a folder of its own. Only what the fault changes is compiled
anew; two builds with the same digest are the same programs.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Dict, Optional, Sequence, Tuple

from operators import Mutant

REPO = Path(__file__).resolve().parent.parent.parent
SOURCES = REPO / "c_src"
PROGRAMS = ("order_server", "order_client")
FILES = (
    "bin/order_server.c", "bin/order_client.c", "core/order.c", "core/order.h",
    "core/line.c", "net/message.c", "net/message.h", "net/tcp.c",
)  # fmt: skip
PARTS = tuple(file for file in FILES if file.endswith(".c"))
FLAGS = ("-std=c11", "-D_GNU_SOURCE", "-pthread")
#: What every compiler warns of by itself is no fault that is overlooked.
STRICT = (
    "-O1", "-Werror=incompatible-pointer-types", "-Werror=int-conversion",
    "-Werror=discarded-qualifiers", "-Werror=implicit-function-declaration",
    "-Werror=format", "-Werror=return-type",
)  # fmt: skip


class Workshop:
    """Builds the reference with a fault in one file.

    Each build has a tree of its own below one folder; objects of the files
    without a fault are shared.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.original = self._objects(folder / "original", SOURCES, PARTS)

    def build(self, mutant: Mutant) -> Optional[Tuple[Path, str]]:
        """The folder of its programs and a digest of their code; None where
        it does not compile."""
        name = hashlib.sha256(mutant.id.encode()).hexdigest()[:16]
        place = self.folder / name
        tree = place / "tree"
        for file in (*FILES, "core/line.h", "net/tcp.h"):
            target = tree / file
            target.parent.mkdir(parents=True, exist_ok=True)
            if file == mutant.file:
                target.write_text(mutant.text)
            else:
                target.symlink_to(SOURCES / file)
        changed = (mutant.file,) if mutant.file in PARTS else PARTS
        try:
            objects = {**self.original, **self._objects(place, tree, changed)}
        except subprocess.CalledProcessError:
            shutil.rmtree(str(place))
            return None
        return place, digest(objects)

    def link(self, place: Path) -> Path:
        """Link the programs of a build; the folder that is handed in."""
        hand_in = place / "hand-in"
        hand_in.mkdir()
        common = [file for file in PARTS if not file.startswith("bin/")]
        for program in PROGRAMS:
            own = place / ("bin/%s.c.o" % program)
            parts = [own] + [place / (file + ".o") for file in common]
            usable = [
                part if part.exists()
                else self.folder / "original" / part.relative_to(place)
                for part in parts
            ]
            _compile([*map(str, usable), "-o", str(hand_in / program)])
        return hand_in

    def _objects(
        self, place: Path, tree: Path, files: Sequence[str]
    ) -> Dict[str, bytes]:
        """Compile files of a tree; the bytes of each object."""
        found = {}
        for file in files:
            target = place / (file + ".o")
            target.parent.mkdir(parents=True, exist_ok=True)
            # Names of files below `tree` would make equal objects differ.
            _compile(["-c", *STRICT, "-I.", file, "-o", str(target)], tree)
            found[file] = target.read_bytes()
        return found


def _compile(arguments: Sequence[str], folder: Optional[Path] = None) -> None:
    subprocess.run(
        ["cc", *FLAGS, *arguments],
        cwd=str(folder) if folder else None,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def digest(objects: Dict[str, bytes]) -> str:
    whole = hashlib.sha256()
    for file in sorted(objects):
        whole.update(objects[file])
    return whole.hexdigest()
