"""The page on which a person approves or denies a sign-in; plain HTML without scripts."""

from __future__ import annotations

from flask import Response
from markupsafe import Markup

PAGE = Markup("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1.1rem/1.5 sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem; }}
input, button {{ font: inherit; padding: .4rem .8rem; }}
input {{ display: block; margin-bottom: 1rem; letter-spacing: .1em; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
""")
FORM = Markup("""{message}
<p>This is a sandbox with made-up data. Approve only if the program that you have started
shows the same code.</p>
<form method="post" action="device">
<label for="user_code">Code</label>
<input id="user_code" name="user_code" value="{user_code}" required autocomplete="off"
 autocapitalize="characters" spellcheck="false">
<button name="action" value="approve">Approve</button>
<button name="action" value="deny">Deny</button>
</form>""")
MESSAGE = Markup('<p role="alert"><strong>{text}</strong></p>')
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def show_form(user_code: str, error: str | None = None, status: int = 200) -> Response:
    """Return the page with the form, and above it what went wrong before."""
    message = "" if error is None else MESSAGE.format(text=error)
    content = FORM.format(message=message, user_code=user_code)
    return _make_page("Sign in to the sandbox", content, status)


def show_end(title: str) -> Response:
    """Return the page after a decision."""
    return _make_page(title, Markup("<p>You can close this page.</p>"), 200)


def _make_page(title: str, content: Markup, status: int) -> Response:
    page = PAGE.format(title=title, content=content)
    return Response(page, status, HEADERS, content_type="text/html; charset=utf-8")
