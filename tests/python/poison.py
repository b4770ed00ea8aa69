"""What would a submission print, or be called, to harm who reads of it?"""

from __future__ import annotations

import dataclasses
import enum
import random
import re
from typing import Any, Dict, Optional

#: Each alone does something: to a terminal, a page, a table, XML or JSON.
PIECES = (
    "\x1b[2J\x1b[H", "\x1b]52;c;cm0gLXJmIH4=\x07", "\x1b]8;;http://192.0.2.1/\x1b\\x",
    "\x1b]0;title\x1b\\", "\x9b31m", "\x90q\x9c", "\x1bc", "\x1b[6n", "\x0e\x0f",
    "\r", "\b\b\b", "\x7f", "\x00", "\x05", "\x0b\x0c", "\x85",
    "\u202eevil\u202c", "\u2066\u2069\u200f\u061c", "\u200b\u2060\ufeff\u00ad",
    "\u2028\u2029", "\ud800", "\udc80", "\ufffe\uffff", "\U000e0041", "a" + "\u0301" * 40,
    "<script>window.ran=1</script>", "<img src=x onerror=window.ran=1>",
    "</style></title></textarea></svg></pre>-->]]>", "\" onclick=\"bad()\" '",
    "&lt;b&gt;", "{{7*7}}{% raw %}", "javascript:bad()", "[x](javascript:bad())",
    "=cmd|'/C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", " =1", "\uff1d1", "|calc",
    "_x0041_", "%s%n{0}", "../../x", "$(touch x)`touch x`",
)  # fmt: skip
ALL = "".join(PIECES)

#: What no text that a person sees may hold, beside line breaks of our own.
ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def acting(text: str, keep: str = "\n") -> Optional[str]:
    """The first place where a text acts on a terminal, with what is around."""
    for match in ACTS.finditer(text):
        if match.group() not in keep:
            return ascii(text[max(0, match.start() - 60) : match.end() + 20])
    return None


def poisoned(value: Any, poison: str = ALL) -> Any:
    """The same with every text of it poisoned; keys and enums stay."""
    if isinstance(value, str):
        return poison + value
    if isinstance(value, (list, tuple)):
        return type(value)(poisoned(one, poison) for one in value)
    if isinstance(value, dict):
        return {key: poisoned(one, poison) for key, one in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, enum.Enum)):
        changes: Dict[str, Any] = {
            field.name: poisoned(getattr(value, field.name), poison)
            for field in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **changes)
    return value


def mixed(seed: int) -> str:
    """The pieces in another order, some left out."""
    chance = random.Random(seed)
    return "".join(chance.sample(PIECES, chance.randrange(1, len(PIECES) + 1)))
