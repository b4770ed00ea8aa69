"""Who may use the review, although every program here can reach its port?

Only the browser that opened the printed address first. The token in it is
good for one use and becomes a cookie that no script and no other site can
use. Requests by another name of this machine (DNS rebinding), from another
origin, or without the form's secret are refused.
"""

from __future__ import annotations

import secrets
from typing import Optional

from flask import Request, Response

#: No other place may be loaded from, framed in, or sent to.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors %s"
)
#: The report brings its style with it, and needs nothing else.
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'; sandbox"
)
#: Larger requests are no forms of ours.
MOST_BYTES = 64 * 1024


class Guard:
    """The secrets of one review, and the questions asked with them."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._token: Optional[str] = secrets.token_urlsafe(24)
        self._cookie = secrets.token_urlsafe(32)
        self.secret = secrets.token_urlsafe(32)  # stands in every form
        self.hosts = tuple("%s:%d" % (name, port) for name in ("127.0.0.1", "localhost"))

    @property
    def name(self) -> str:
        """Of the cookie: browsers do not keep those of two ports apart."""
        return "mngrade_review_%d" % self._port

    def address(self) -> str:
        """What the reviewer opens, once."""
        return "http://127.0.0.1:%d/enter?token=%s" % (self._port, self._token)

    def enter(self, token: str, response: Response) -> bool:
        """Turn the token into the cookie; False where it is not good."""
        if self._token is None or not _same(token, self._token):
            return False
        self._token = None
        response.set_cookie(
            self.name, self._cookie, httponly=True, samesite="Strict", path="/"
        )
        return True

    def refuses(self, request: Request, entering: bool) -> str:
        """Why this request is not served; "" where it is."""
        if request.host not in self.hosts:
            return "this review is at http://127.0.0.1:%d/ only" % self._port
        if entering:
            return ""
        if not _same(request.cookies.get(self.name, ""), self._cookie):
            return (
                "this browser was not let in: open the address that the command"
                " printed; it is good for one browser, so start the review again"
                " where it was opened in another"
            )
        return self._forged(request) if request.method == "POST" else ""

    def _forged(self, request: Request) -> str:
        origins = tuple("http://" + host for host in self.hosts)
        if request.headers.get("Origin", origins[0]) not in origins:
            return "this form was sent from another site"
        if not _same(request.form.get("secret", ""), self.secret):
            return "this form is not from this review: load the page again"
        return ""


def _same(given: str, known: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), known.encode())


def harden(response: Response, policy: str = "") -> Response:
    """Add the headers that every answer has."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy or POLICY % "'none'")
    headers["X-Content-Type-Options"] = "nosniff"
    # Not "no-referrer": a form's origin would be hidden from us as well.
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Cache-Control"] = "no-store"
    return response
