"""Security headers on every answer."""

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
# A file of a school is shown as a download, and could do nothing if it were not.
SANDBOX = "default-src 'none'; sandbox"

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
STATIC_SECONDS = 31_536_000


def init_app(app: Flask, *, secure: bool) -> None:
    """Send the headers with every answer."""
    sent = dict(HEADERS)
    if secure:
        sent["Strict-Transport-Security"] = f"max-age={STATIC_SECONDS}; includeSubDomains"
    known = [(name.lower(), name, value) for name, value in sent.items()]

    @app.after_request
    def add(response: Response) -> Response:
        # Each lookup of a header would search all of them.
        there = {name.lower() for name, _value in response.headers}
        for folded, name, value in known:
            if folded not in there:
                response.headers.add(name, value)
        if request.endpoint == "static" and "v" in request.args:
            response.headers["Cache-Control"] = f"public, max-age={STATIC_SECONDS}, immutable"
        elif "cache-control" not in there:
            response.headers.add("Cache-Control", "no-store")
        return response
