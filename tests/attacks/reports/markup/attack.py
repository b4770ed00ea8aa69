"""Prints what a page would act on, and ends."""

import sys

PIECES = (
    "<script>document.title = 'bad'</script><img src=x onerror=bad()>",
    "</pre></textarea></style></svg>--><iframe src=http://192.0.2.1/>",
    "\" onclick=\"bad()\" <style>*{display:none}</style> {{7*7}}",
    "=cmd|'/C calc'!A0\t[x](javascript:bad())",
)


def attack() -> None:
    for piece in PIECES:
        print(piece, flush=True)
    sys.exit(PIECES[0])
