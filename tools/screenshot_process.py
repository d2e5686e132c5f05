"""The process that takes the pictures, in Odoo's environment.

python -m tools.screenshot_process BASE_URL BROWSER OUTPUT NAMES

NAMES is a JSON list. One line for each picture; exit code 1 if any could not be taken.
"""

import http.cookiejar
import json
import re
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

from .browser import Browser, BrowserError
from .shots import SHOTS

READY = (
    "document.querySelector('.o_action_manager .o_action, .o_action_manager > *,"
    " #wrapwrap')"
)
BUSY = "document.querySelector('.o_blockUI, .o_loading_indicator, .o_view_sample_data')"
ERROR = "document.querySelector('.o_error_dialog, .o_notification .bg-danger')"
ADMIN = "admin"


class Session:
    """A person logged in to Odoo, for RPC and for the browser's cookie."""

    def __init__(self, base, login):
        self.base = base
        self._jar = http.cookiejar.CookieJar()
        self._open = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self._jar),
        ).open
        page = self._read(f"{base}/web/login")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        form = {"login": login, "password": login, "csrf_token": token}
        data = urllib.parse.urlencode(form).encode()
        if 'name="password"' in self._read(f"{base}/web/login", data):
            raise BrowserError(f"{login} cannot log in")

    @property
    def cookie(self):
        return [one.value for one in self._jar if one.name == "session_id"][-1]

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        request = urllib.request.Request(
            f"{self.base}/web/dataset/call_kw/{model}/{method}",
            json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
            {"Content-Type": "application/json"},
        )
        answer = json.loads(self._read(request))
        if "error" in answer:
            raise BrowserError(
                f"{model}.{method}: {answer['error']['data']['message']}"
            )
        return answer["result"]

    def _read(self, *args):
        with self._open(*args, timeout=180) as answer:
            return answer.read().decode()


class Photographer:
    def __init__(self, base, browser, output):
        self.base = base
        self.browser = browser
        self.output = output
        self.admin = Session(base, ADMIN)
        self.sessions = {}  # login: (language, Session)

    def take(self, shot):
        """Write the picture; BrowserError if the page is not as it should be."""
        browser = self.browser
        session = self._session(shot.login, shot.lang)
        browser.open(
            "about:blank"
        )  # what the page before still saves is not waited for
        browser.forget(self.base)
        browser.cookie("session_id", session.cookie, self.base)
        browser.size(*shot.size, mobile=shot.size[0] < 600)
        browser.open(self.base + self._url(shot))
        browser.wait_for(READY, what="Odoo's page")
        for selector in [*shot.click, shot.wait]:
            element = f"document.querySelector({json.dumps(selector)})"
            browser.wait_for(element, what=f"{selector} on {shot.url}")
            if selector != shot.wait:
                browser.evaluate(f"{element}.click()")
        browser.wait_for(f"!{BUSY}", what="the end of loading")
        browser.wait_quiet()
        self._check(shot)
        picture = browser.picture(full=shot.full)
        (self.output / f"{shot.name}.png").write_bytes(picture)

    def _session(self, login, lang):
        """The person's session; Odoo takes the language when he logs in."""
        if self.sessions.get(login, (None, None))[0] != lang:
            self._install(lang)
            (user,) = self.admin.call("res.users", "search", [("login", "=", login)])
            self.admin.call("res.users", "write", [user], {"lang": lang})
            self.sessions[login] = lang, Session(self.base, login)
        return self.sessions[login][1]

    def _install(self, lang):
        """Add the language with its translations, as a person does in the settings."""
        domain = [("code", "=", lang), ("active", "=", False)]
        found = self.admin.call(
            "res.lang", "search", domain, context={"active_test": False}
        )
        if found:
            values = {"lang_ids": [(6, 0, found)]}
            wizard = self.admin.call("base.language.install", "create", values)
            self.admin.call("base.language.install", "lang_install", [wizard])

    def _url(self, shot):
        if not shot.find:
            return shot.url
        model, domain = shot.find
        ids = self.admin.call(model, "search", domain, limit=1)
        if not ids:
            raise BrowserError(f"the demo company has no {model} with {domain}")
        return shot.url.format(id=ids[0])

    def _check(self, shot):
        """Errors on the screen or in the console make a picture worthless."""
        text = self.browser.evaluate(f"{ERROR}?.innerText")
        found = [*([text] if text else []), *self.browser.errors]
        if found:
            raise BrowserError(f"errors on {shot.url}: " + " | ".join(found)[:1500])


def main(base, program, output, names):
    wanted = [shot for shot in SHOTS if shot.name in json.loads(names)]
    failed = 0
    with Browser(program) as browser:
        photographer = Photographer(base, browser, Path(output))
        for shot in wanted:
            began = time.monotonic()
            try:
                photographer.take(shot)
            except (BrowserError, OSError) as error:
                failed += 1
                print(f"FAIL  {shot.name}: {error}", flush=True)
            else:
                took = time.monotonic() - began
                print(f"ok    {shot.name} {took:.1f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
