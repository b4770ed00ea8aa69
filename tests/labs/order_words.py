"""What do the tests of lab `order` type, and which of its modules do they ask?"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))

from grader import lab  # noqa: E402

lab.load("order")
sentences: Any = sys.modules["mngrade_lab_order.sentences"]
reading: Any = sys.modules["mngrade_lab_order.reading"]

ONE, OTHER = "Talimo", "Bodiku"


def typed(text: str) -> str:
    """The text with the two messages in the places of A and B."""
    text = re.sub(r"\bA(?![a-z])", ONE, text)
    return re.sub(r"\bB(?![a-z])", OTHER, text)
