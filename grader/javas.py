"""Which Java does a program need?

What a later Java than this machine's understands is no mistake of the
program. Judged by what stands in the source, since a compiler that is too old
often says no more than that something else was expected.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
from pathlib import Path

from grader import languages
from grader.languages import JAVA

#: What the source holds (without comments and strings), and since when.
_SINCE = (
    (r"^[ \t]*(?:static\s+)?void\s+main\s*\(\s*\)|\bIO\s*\.\s*(?:println|readln)\s*\(", 25),
    (r"^[ \t]*import\s+module\b", 25),
    (r"\b_\s*->|\bcatch\s*\(\s*\w+\s+_\s*\)", 22),
    (r"\binstanceof\s+(?:final\s+)?[\w.<>]+\s*\(", 21),
    (r"\bcase\s+[\w.<>]+\s*\([^()]*\)\s*(?:->|when\b|:)", 21),
    (r"\bcase\s+(?:final\s+)?[A-Z][\w.<>]*\s+[a-z_]\w*\s*(?:->|when\b|&&|:)", 21),
    (r"\bcase\s+null\b", 21),
    (r"\bofVirtual\s*\(|\bstartVirtualThread\s*\(|\bnewVirtualThreadPerTask", 21),
    (r"\.(?:getFirst|getLast|removeFirst|reversed)\s*\(\s*\)", 21),
    (r"\b(?:sealed|non-sealed)\s+(?:class|interface|abstract)\b", 17),
    (r"\brecord\s+\w+\s*(?:<[^>]*>)?\s*\(", 16),
    (r"\binstanceof\s+(?:final\s+)?[\w.<>]+\s+[a-z_]\w*\s*[)&]", 16),
    (r'"""', 15),
    (r"\bcase\s+[^:;{}\n]+->|\bdefault\s*->", 14),
    (r"\bvar\s+\w+\s*=", 10),
)
#: The first two bytes of a class file's version are 44 more than Java's.
_CLASS_VERSION = 44


def needed(text: str) -> int:
    """The Java that a source needs, as far as it shows; 8 where it does not."""
    code = languages.strip_comments(text, JAVA, strings=False)
    if '"""' in text:
        code += '\n"""'
    found = (n for pattern, n in _SINCE if re.search(pattern, code, re.M))
    return max(found, default=8)


def needed_by_class(data: bytes) -> int:
    """The Java that a class file was compiled for; 0 for no class file."""
    if data[:4] != b"\xca\xfe\xba\xbe" or len(data) < 8:
        return 0
    return int.from_bytes(data[6:8], "big") - _CLASS_VERSION


@functools.lru_cache(maxsize=None)
def installed_version() -> int:
    """The number of this machine's Java; 0 where it cannot be told."""
    for program in ("javac", "java"):
        path = shutil.which(program, path="/usr/local/bin:/usr/bin:/bin")
        if path is None:
            continue
        release = Path(os.path.realpath(path)).parent.parent / "release"
        try:
            told = release.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        match = re.search(r'JAVA_VERSION="(?:1\.)?(\d+)', told)
        if match:
            return int(match.group(1))
    return 0


def lacking(version: int) -> str:
    """What to say where this machine's Java is older; "" where it is not."""
    ours = installed_version()
    if not ours or version <= ours:
        return ""
    return f"needs Java {version}, and Java {ours} is installed here"
