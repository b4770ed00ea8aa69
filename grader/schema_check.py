"""Does a value certainly keep to a JSON Schema?

fastjsonschema decides what is valid, but importing it and compiling a schema
takes some forty milliseconds of processor time, and nearly every rubric that
is read is good. This walks the same schema in less than one. It knows the few
words that ours uses and answers yes only where it is sure; whatever it is not
sure of is handed to the library. So there is one source of truth, the schema.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Tuple

Rule = Dict[str, Any]

_TYPES: Dict[str, Tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
_TESTS: Dict[str, Callable[[Any, Any], bool]] = {
    "pattern": lambda asked, value: re.fullmatch(asked, value) is not None,
    "minimum": lambda asked, value: bool(value >= asked),
    "maximum": lambda asked, value: bool(value <= asked),
    "minItems": lambda asked, value: bool(len(value) >= asked),
    "required": lambda asked, value: all(key in value for key in asked),
}
# These are followed below, or say nothing about a value.
_FOLLOWED = frozenset(
    "$schema title definitions type properties additionalProperties"
    " propertyNames items".split()
)


def surely_valid(value: Any, schema: Rule) -> bool:
    """Return True only where the schema certainly holds.

    A word that is not known here makes the answer False, so a schema that
    grows is never checked less strictly, only more slowly.
    """
    return _holds(value, schema, schema.get("definitions", {}))


def _holds(value: Any, rule: Rule, definitions: Rule) -> bool:
    if set(rule) == {"$ref"}:
        name = str(rule["$ref"]).rpartition("/")[2]
        return name in definitions and _holds(
            value, definitions[name], definitions
        )
    if set(rule) == {"enum"}:
        return isinstance(value, str) and value in rule["enum"]
    kinds = _TYPES.get(rule.get("type", ""), ())
    if not isinstance(value, kinds):
        return False
    if isinstance(value, bool) and bool not in kinds:  # True is an int, too
        return False
    for word, asked in rule.items():
        if word not in _FOLLOWED:
            if word not in _TESTS or not _TESTS[word](asked, value):
                return False
    if isinstance(value, list):
        return all(_holds(item, rule["items"], definitions) for item in value)
    if isinstance(value, dict):
        return _keys_hold(value, rule, definitions)
    return True


def _keys_hold(value: Rule, rule: Rule, definitions: Rule) -> bool:
    known = rule.get("properties", {})
    others = rule.get("additionalProperties", False)
    names = rule.get("propertyNames")
    for key, item in value.items():
        its_rule = known.get(key, others)
        if not isinstance(its_rule, dict):
            return False
        if not _holds(item, its_rule, definitions):
            return False
        if names and not _holds(key, names, definitions):
            return False
    return True
