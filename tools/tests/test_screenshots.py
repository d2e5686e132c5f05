"""The table of pictures, and the browser that takes them."""

import http.server
import threading

import pytest

from tools import screenshots, shots, system_packages
from tools.errors import UserError

PAGE = """<!DOCTYPE html><title>t</title><body style="background: {colour}">
<div id="late"></div><script>
setTimeout(() => {{ document.getElementById("late").className = "ready" }}, 300);
{script}
</script></body>"""


@pytest.fixture(scope="module")
def site():
    """A server on this machine: /quiet, /error and /missing-file."""
    pages = {
        "/quiet": PAGE.format(colour="white", script=""),
        "/error": PAGE.format(colour="white", script="console.error('went wrong')"),
        "/throws": PAGE.format(colour="white", script="throw new Error('thrown')"),
    }

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            text = pages.get(self.path, "")
            self.send_response(200 if text else 404)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    from tools.browser import Browser  # wants websocket-client, as Odoo's tests do

    with Browser(system_packages.find("chromium")) as browser:
        browser.size(400, 300)
        yield browser


def test_names_of_pictures_are_unique():
    names = [shot.name for shot in shots.SHOTS]
    assert len(names) == len(set(names))


def test_there_is_a_phone_and_a_right_to_left_picture():
    assert any(shot.size == shots.PHONE for shot in shots.SHOTS)
    assert any(shot.lang == "fa_IR" for shot in shots.SHOTS)


def test_an_unknown_picture_is_named():
    with pytest.raises(UserError, match="no picture called nothing"):
        screenshots._chosen(["nothing"])


def test_a_picture_waits_for_what_it_shows(browser, site):
    browser.open(f"{site}/quiet")
    browser.wait_for("document.querySelector('.ready')")
    browser.wait_quiet()
    errors = [one for one in browser.errors if "favicon" not in one]
    assert errors == []
    assert browser.picture().startswith(b"\x89PNG")


@pytest.mark.parametrize("path, said", [("error", "went wrong"), ("throws", "thrown")])
def test_errors_of_a_page_are_seen(browser, site, path, said):
    browser.open(f"{site}/{path}")
    browser.wait_quiet()
    assert any(said in error for error in browser.errors)


def test_what_never_comes_is_an_error(browser, site):
    from tools.browser import BrowserError

    browser.open(f"{site}/quiet")
    with pytest.raises(BrowserError, match="not there"):
        browser.wait_for("document.querySelector('.never')", seconds=0.5)
