"""With which words does this program want to be spoken to?

The handout's words are `exit`, `status`, `list`, and `get NAME`. Hand-ins
have others. What a program shows its user comes first, then the literals of
its source. Where none is found, the handout's word is taken.
"""

from __future__ import annotations

import re
from typing import List, Sequence, Tuple

from grader.api import plain, shown

LEAVING = ("exit", "quit", "bye", "leave", "disconnect", "quitter", "sortir", "salir")
STATUS = ("status", "stat", "record", "clients", "cache", "info", "who", "statut",
          "état", "etat", "estado")
LIST = ("list", "ls", "files", "dir", "list files", "listfiles", "liste", "lister",
        "fichiers", "lista", "listar", "archivos")
#: Words with which a file may be asked for.
ASKING = ("get", "print", "download", "request", "retrieve", "fetch", "stream",
          "read", "open", "cat", "send", "file", "f", "prendre", "obtenir",
          "télécharger", "telecharger", "fichier", "obtener", "descargar", "archivo")
MOST_WAYS = 14
MOST_FOLDERS = 14
#: Of the folders that were handed in; a project of an editor has many.
MOST_BESIDE = 6

_LITERAL = re.compile(
    r'"((?:\\.|[^"\\\n]){1,90})"|\'((?:\\.|[^\'\\\n]){1,90})\'|`([^`]{1,90})`'
)
_ESCAPE = re.compile(r"\\[nrt0]")
_SIGN = r"[/!:\\]?"  # before a command
#: What stands for the name of a file.
_NAME = r"(?:[<\[{(%]|\w*name|file\b|nom\b|nombre\b|fichier\b|archivo\b)"
#: A word in quotes, or one of those that a prompt lists.
_ALONE = r"(?:^|[,;:|/(\[<\"'`]|\bor\b|\band\b)\s*%s\s*" \
    r"(?:$|[,;:|/)\]>\"'`]|\bor\b|\band\b)"
_FOLDER = re.compile(r"[A-Za-z_][\w-]*(?:[ /][\w-]+)?")
_TELLING = re.compile(
    r"file|folder|repo|dir|data|share|storage|resource|content|doc|assets"
    r"|public|server|fichier|dossier|archivo|carpeta", re.IGNORECASE,
)
#: A line that says where files are.
_PLACE = re.compile(
    r"listdir|scandir|mkdir|makedirs|path|join|iterdir|glob|opendir|readdir"
    r"|new file|folder|directory|\bdir\b", re.IGNORECASE,
)
#: A folder in a file of settings, where texts need no quotes.
_SETTING = re.compile(
    r"(?im)^[ \t]*[\w.-]*(?:folder|dir|directory|repo|repository)[ \t]*[=:]"
    r"[ \t]*(?:\./)?([A-Za-z_][\w-]*/?)[ \t]*$"
)
_IDENTIFIER = re.compile(r"\b[A-Za-z_]\w+")
#: A name that stands for a text: STORE = "store", #define STORE "store".
_GIVEN = re.compile(r"[^\"'(]{0,60}?\b([A-Za-z_]\w+)(?:\[\w*\])?\s*=?\s*[\"']")
_FOLDERS = re.compile(r"[\"']([\w-]+)[\"']\s*[,/]\s*[\"']([\w-]+)[\"']")


def literals(source: str) -> List[str]:
    """The texts in a source, without the signs that end a line."""
    return [
        _ESCAPE.sub("", next(part for part in found if part))
        for found in _LITERAL.findall(source)
    ]


def command(words: Sequence[str], said: str, source: str) -> str:
    """The word for one of the handout's commands, `words[0]` by custom."""
    texts = literals(source)
    whole = [text.strip() for text in texts]
    for word in words:
        sign = "[/!:\\\\]%s" % re.escape(word)
        for text in whole:
            if re.fullmatch(sign, text, re.IGNORECASE):
                return text
        if word in whole:
            return word
        for text in whole:
            if text.lower() == word:
                return text
        alone = re.compile(_ALONE % re.escape(word), re.MULTILINE)
        told = [shown(said), *texts]
        if word == words[0] and any(alone.search(text.lower()) for text in told):
            return word  # told to the user
    return words[0]


def _as_written(word: str, texts: Sequence[str]) -> str:
    """In capitals, where the program has it in no other way."""
    forms = {match for text in texts
             for match in re.findall(r"(?i)\b%s\b" % re.escape(word), text)}
    return word.upper() if word.upper() in forms and word not in forms else word


def leaving(said: str, source: str) -> List[str]:
    """Words to leave with, the likeliest first."""
    told = plain(said)
    written = [plain(text).strip() for text in literals(source)]
    found: List[Tuple[int, str]] = []
    for word in LEAVING:
        signed = re.search(r"[/!:\\]%s\b" % word, told)
        text = signed.group() if signed else word
        if signed or re.search(r"\b%s\b" % word, told):
            found.append((0, text))
        elif any(re.fullmatch(_SIGN + word, one) for one in written):
            text = next(w for w in written if re.fullmatch(_SIGN + word, w))
            found.append((1, text))
    texts = [said, *literals(source)]
    words = [_as_written(text, texts)
             for _, text in sorted(found, key=lambda pair: pair[0])]
    return [*words, *(["exit"] if "exit" not in map(str.lower, words) else [])][:3]


def requests(source: str) -> List[Tuple[str, ...]]:
    """The ways to ask for a file, the likeliest first. A bare name is taken
    where the source has no word for it, also right behind the list."""
    texts = literals(source)
    strong, weak = (
        [_as_written(word, texts) for word in found] for found in _asking(texts)
    )
    bare: List[Tuple[str, ...]] = [("{}",), (command(LIST, "", source), "{}")]
    ways: List[Tuple[str, ...]] = []
    for word in strong:
        ways += [(word + sign + "{}",) for sign in _signs_behind(word, texts)]
        ways += [(word + " {}",)]
    ways += bare
    ways += [(word, "{}") for word in strong]
    ways += [(word + " {}",) for word in weak]
    ways += [("get {}",)]
    return list(dict.fromkeys(ways))[:MOST_WAYS]


def _signs_behind(word: str, texts: Sequence[str]) -> List[str]:
    """Signs that join a command to the name of a file: `get:NAME`."""
    joined = re.compile(
        r"(?<![\w%])" + re.escape(word) + r"([:|,;=] ?)(?:$|" + _NAME + ")",
        re.IGNORECASE,
    )
    found = [match.group(1) for match in map(joined.search, texts) if match]
    return list(dict.fromkeys(found))[:2]


def _asking(texts: Sequence[str]) -> Tuple[List[str], List[str]]:
    """Words that are a command, or are shown with a name behind them; and
    those that a text only begins with."""
    ranked: List[Tuple[int, str]] = []
    weak: List[str] = []
    for word in ASKING:
        usage = r"(?<![\w%%])%s%s(?: +|[:|,;=] ?)" % (_SIGN, word) + _NAME
        alone = r"%s%s *[:|,;=]?" % (_SIGN, word)
        signs = {text.strip()[0] for text in texts
                 if re.fullmatch(alone, text.strip(), re.IGNORECASE)}
        sign = next((s for s in sorted(signs) if s in "/!:\\"), "")
        shown = any(re.search(usage, text, re.IGNORECASE) for text in texts)
        if signs or shown:
            ranked.append((-2 * shown - bool(signs), sign + word))
        elif any(text.lower().startswith(word + " ") for text in texts):
            weak.append(word)
    ranked.sort(key=lambda pair: pair[0])
    return [word for _, word in ranked][:4], weak[:2]


def folders(source: str, beside: Sequence[str] = ()) -> Sequence[str]:
    """Where the server may look for files: beside itself, in a folder that
    was handed in with it, and in every one that its source names."""
    beside = sorted(beside, key=lambda name: name not in source)[:MOST_BESIDE]
    likely = ["", *(name + "/" for name in beside)]
    other = []
    for name in _SETTING.findall(source):
        likely.append(name.strip("\"'").rstrip("/") + "/")
    lines = source.split("\n")
    used = {name for line in lines if _PLACE.search(line)
            for name in _IDENTIFIER.findall(line)}
    for line in lines:
        pairs = ["%s/%s" % pair for pair in _FOLDERS.findall(line)]
        given = _GIVEN.match(line)
        place = bool(_PLACE.search(line) or (given and given.group(1) in used))
        for text in [*literals(line), *(pairs if place else [])]:
            path = text.strip().rstrip("/\\")
            path = path[2:] if path.startswith("./") else path
            if not _FOLDER.fullmatch(path):
                continue
            if _TELLING.search(path) and (place or " " not in path):
                likely.append(path + "/")
            elif place:
                other.append(path + "/")
    return tuple(dict.fromkeys([*likely, *other]))[:MOST_FOLDERS]
