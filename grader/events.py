"""Is this an event as labrun writes them?

A stream that is damaged must not be judged, whatever it still seems to say.
So each event is looked at where it is read, and the rest of the grader need
not ask whether a field is there. c_src/PROTOCOL.md has the fields.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping

_Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _endpoint(value: Any) -> bool:
    """An address and a port: 10.0.0.1:80, [::1]:80."""
    port = value.rpartition(":")[2] if isinstance(value, str) else ""
    return port.isascii() and port.isdigit()


def _objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


#: The fields without which an event of this kind says nothing.
_NEEDED: Dict[str, Dict[str, _Check]] = {
    "started": {"program": _text},
    "start-failed": {"program": _text, "why": _text},
    "typed": {"program": _text, "text": _text},
    "signalled": {"program": _text, "signal": _text},
    "output": {"program": _text},
    "exit": {"program": _text},
    "packet": {
        "host": _text, "src": _endpoint, "dst": _endpoint, "flags": _text,
        "seq": _count, "len": _count,
    },
    "state": {"outcome": _text, "threads": _objects, "sockets": _objects},
}  # fmt: skip
#: What these are wherever they stand.
_ALWAYS: Dict[str, _Check] = {
    "t": _number, "program": _text, "text": _text, "hex": _text, "signal": _text,
    "code": _number, "host": _text, "why": _text,
}  # fmt: skip
_OF_A_THREAD: Dict[str, _Check] = {"program": _text, "wait": _text}
_OF_A_SOCKET: Dict[str, _Check] = {
    "host": _text, "state": _text, "local": _endpoint, "peer": _endpoint,
    "recv_q": _count, "send_q": _count, "inode": _count,
}  # fmt: skip


def fault(value: Any, number: int) -> str:
    """What is wrong with what should be event `number`; "" where it is well."""
    if not isinstance(value, dict) or not _text(value.get("ev")):
        return "no event"
    if value.get("n") != number or isinstance(value["n"], bool):
        return "not event %d" % number
    kind: str = value["ev"]
    for name, check in _NEEDED.get(kind, {}).items():
        if name not in value or not check(value[name]):
            return "%s without %s" % (kind, name)
    wrong = _wrong(value, _ALWAYS)
    if wrong or not _is_hex(value.get("hex", "")):
        return "%s with an odd %s" % (kind, wrong or "hex")
    if kind == "exit" and not ("code" in value or "signal" in value):
        return "exit without code and signal"
    for one in value.get("threads", ()) if kind == "state" else ():
        if not set(_OF_A_THREAD) <= set(one) or _wrong(one, _OF_A_THREAD):
            return "an odd thread"
        if not _text(one.get("name", "")):
            return "an odd thread"
    for one in value.get("sockets", ()) if kind == "state" else ():
        if not set(_OF_A_SOCKET) <= set(one) or _wrong(one, _OF_A_SOCKET):
            return "an odd socket"
        if not _text(one.get("program", "")):
            return "an odd socket"
    return ""


def _wrong(value: Mapping[str, Any], checks: Mapping[str, _Check]) -> str:
    for name, check in checks.items():
        if name in value and not check(value[name]):
            return name
    return ""


def _is_hex(text: str) -> bool:
    try:
        bytes.fromhex(text)
    except ValueError:
        return False
    return True
