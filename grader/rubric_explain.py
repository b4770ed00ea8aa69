"""What is wrong with a rubric, in words that an instructor understands?

Only a rubric that is not plainly right comes here. The JSON Schema beside
this file decides, through fastjsonschema, which takes longer to import than
everything else that a rubric needs; so a good one is spared it.
"""

from __future__ import annotations

import importlib
from typing import Any, Dict, List, Optional, Tuple

from grader import words, yaml_lines

_KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping (key: value)",
}
_PATTERNS = {
    "^[a-z][a-z0-9-]*$": "lower-case letters, digits and hyphens, "
    "a letter first",
    "^[a-z][a-z0-9_-]*$": "lower-case letters, digits, hyphens and "
    "underscores, a letter first",
    "^[a-z][a-z0-9]*$": "lower-case letters and digits, a letter first",
    "^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)?$": "a host, or two nodes as in 's1-s2'",
    "^[^\\n]*[^\\s][^\\n]*$": "one line of text that is not empty",
}


def mistake(
    document: yaml_lines.Document, schema: Dict[str, Any]
) -> Optional[Tuple[int, str]]:
    """Return the line and the words of the first mistake, or None."""
    # By name, because it has no type hints that mypy could read.
    library: Any = importlib.import_module("fastjsonschema")
    try:
        library.compile(schema)(document.value)
    except library.JsonSchemaException as error:
        place = _place(document.value, error.path)
        return _explain(document, schema, place, error)
    return None


def _place(value: Any, path: List[str]) -> yaml_lines.Place:
    """Turn the library's path (texts, with `data` first) into a place."""
    place: yaml_lines.Place = ()
    for step in path[1:]:
        if isinstance(value, list) and step.isdigit():
            value = value[int(step)]
            place += (int(step),)
        elif isinstance(value, dict) and step in value:
            value = value[step]
            place += (step,)
        else:
            break
    return place


def _explain(
    document: yaml_lines.Document,
    schema: Dict[str, Any],
    place: yaml_lines.Place,
    error: Any,
) -> Tuple[int, str]:
    """Return the line and the words for one exception of the library."""
    rule, value, definition = error.rule, error.value, error.definition
    known = list(definition.get("properties", {}))
    what = definition.get("title", "this part")
    strangers = _strangers(value, definition)
    # A misspelt key is missing, too; to name the slip helps more.
    if strangers and rule in ("additionalProperties", "required"):
        key = strangers[0]
        return document.line(place + (key,)), _unknown(key, known, what)
    if rule == "required":
        missing = next(key for key in definition[rule] if key not in value)
        named = what + _named(value)
        return document.line(place), "%s has no '%s'" % (named, missing)
    if rule == "propertyNames":
        key, form = _bad_name(value, definition[rule], schema)
        return (
            document.line(place + (key,)),
            "'%s' is no name: it must be %s" % (key, form),
        )
    return document.line(place), _wrong_value(place, rule, definition, value)


def _strangers(value: Any, definition: Dict[str, Any]) -> List[str]:
    if definition.get("additionalProperties") is not False:
        return []
    known = definition.get("properties", {})
    return [key for key in value if key not in known]


def _named(value: Dict[str, Any]) -> str:
    name = value.get("id")
    return " ('%s')" % name if isinstance(name, str) else ""


def _unknown(key: str, known: List[str], what: str) -> str:
    meant = words.nearest(key, known)
    advice = "did you mean '%s'?" % meant if meant else (
        "known are %s" % ", ".join(known)
    )  # fmt: skip
    return "unknown key '%s' in %s; %s" % (key, what, advice)


def _bad_name(
    value: Dict[str, Any], names: Dict[str, Any], schema: Dict[str, Any]
) -> Tuple[str, str]:
    """Find the key that the schema's form of a name does not fit."""
    import re

    form = names.get("pattern") or schema["definitions"]["id"]["pattern"]
    key = next(key for key in value if not re.fullmatch(form, key))
    return key, _form(form)


def _form(pattern: str) -> str:
    return _PATTERNS.get(pattern, "of the form " + pattern)


def _wrong_value(
    place: yaml_lines.Place, rule: str, definition: Dict[str, Any], value: Any
) -> str:
    subject, asked = _subject(place), definition[rule]
    if rule == "type":
        quotes = asked == "string" and not isinstance(value, (dict, list))
        advice = "; put it in quotes" if quotes and value is not None else ""
        return "%s must be %s, not %s%s" % (
            subject, _KINDS[asked], _shown(value), advice,
        )  # fmt: skip
    if rule == "enum":
        meant = words.nearest(str(value), [str(one) for one in asked])
        advice = "; did you mean '%s'?" % meant if meant else ""
        choice = " or ".join("'%s'" % one for one in asked)
        text = "%s must be %s, not %s" % (subject, choice, _shown(value))
        return text + advice
    form = {
        "minimum": "at least %s",
        "maximum": "at most %s",
    }.get(rule)
    if form:
        return "%s must be %s, not %s" % (subject, form % asked, _shown(value))
    if rule == "minItems":
        return "%s needs an entry; the list is too short" % subject
    if rule == "pattern":
        return "%s must be %s, not %s" % (
            subject, _form(str(asked)), _shown(value),
        )  # fmt: skip
    return "%s breaks the rule '%s' of the schema" % (subject, rule)


def _subject(place: yaml_lines.Place) -> str:
    """Name a place by the last key on the way to it."""
    name = next((step for step in reversed(place) if isinstance(step, str)), "")
    subject = "'%s'" % name if name else "the rubric"
    if place and isinstance(place[-1], int):
        return "an entry of " + subject
    return subject


def _shown(value: Any) -> str:
    """Name a value the way it looks in the file."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return _KINDS["object" if isinstance(value, dict) else "array"]
    text = words.shorten(words.printable(str(value)), 40)
    return "'%s'" % text if isinstance(value, str) else text
