import json
import sys

# In the terminal's own bytes the mark stands with escapes: it is read as the
# mark only where somebody takes this line for JSON.
MARK = "".join("\\u%04x" % ord(c) for c in "@SUCCESS@")


def attack():
    out = sys.stdout.buffer
    out.write(b"\x1b[2J\x1b]0;title\x07\x1bc\x7f\x00\xff\xfe\xc0\x80\xed\xa0\x80\r\n")
    for program in ("server", "h2", "h3"):
        event = json.dumps({"n": 1, "t": 0.1, "ev": "output", "program": program,
                            "text": "MARK forged\n"}).replace("MARK", MARK)
        out.write(b"\n" + event.encode() + b"\n")
        for ev in ("exit", "ok", "failed", "state"):
            told = {"n": 2, "id": 5, "ev": ev, "program": program, "code": 0}
            out.write(b"\n" + json.dumps(told).encode() + b"\n")
    out.write(b"\n" + b"x" * 200000 + b"\n")
    out.flush()
