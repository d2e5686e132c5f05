"""Chromium without a window, driven over the DevTools protocol.

    with Browser(program) as browser:
        browser.size(1400, 900)
        browser.cookie("session_id", value, url)
        browser.open(url)
        browser.wait_for("!!document.querySelector('.o_list_view')")
        browser.wait_quiet()
        png = browser.picture()
        browser.errors    # what pages logged or threw since the last open()

Needs websocket-client, so it runs in Odoo's environment.
"""

import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

_OPTIONS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--disable-extensions", "--disable-sync", "--no-first-run", "--hide-scrollbars"),
    *("--force-color-profile=srgb", "--remote-allow-origins=*"),
    *("--remote-debugging-port=0", "about:blank"),
)
_START_SECONDS = 30
_ANSWER_SECONDS = 60
_WORKERS = "websocket_worker_bundle"  # asked for here, answered elsewhere
_QUIET_SECONDS = 0.6  # without requests: nothing more is coming
_STILL = (
    "*, *::before, *::after { animation: none !important;"
    " transition: none !important; caret-color: transparent !important }"
)


class BrowserError(Exception):
    """The page did not become what was waited for, or Chromium failed."""


class Browser:
    def __init__(self, program):
        self.program = program
        self.errors = []
        self._pending = {}  # request id: URL
        self._busy_until = 0
        self._last_id = 0

    def __enter__(self):
        self._profile = Path(tempfile.mkdtemp(prefix="peyvand-chromium-"))
        self._process = subprocess.Popen(
            [self.program, f"--user-data-dir={self._profile}", *_OPTIONS],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._connect()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info):
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)

    # Driving

    def size(self, width, height, mobile=False):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=mobile,
        )

    def forget(self, url):
        """Cookies and storage of the site at `url`: as never visited."""
        self.call("Network.clearBrowserCookies")
        self.call("Storage.clearDataForOrigin", origin=url, storageTypes="all")

    def cookie(self, name, value, url):
        self.call("Network.setCookie", name=name, value=value, url=url)

    def open(self, url):
        self.errors.clear()
        self._pending.clear()
        answer = self.call("Page.navigate", url=url)
        if answer.get("errorText"):
            raise BrowserError(f"{url}: {answer['errorText']}")
        self.wait_for("document.readyState === 'complete'", what="the page's files")

    def evaluate(self, expression):
        """Value of a JavaScript expression; promises are awaited."""
        answer = self.call(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        return answer.get("result", {}).get("value")

    def wait_for(self, condition, what=None, seconds=45):
        """Until the JavaScript expression `condition` is true."""
        until = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({condition})"):
            if time.monotonic() > until:
                raise BrowserError(f"not there after {seconds} s: {what or condition}")
            self._listen(0.1)

    def wait_quiet(self, seconds=45):
        """Until no request has run for a while and two pictures are the same."""
        until = time.monotonic() + seconds
        self._still()
        before = None
        while time.monotonic() < until:
            self._listen(_QUIET_SECONDS)
            if self._pending or time.monotonic() < self._busy_until:
                continue
            now = self.picture()
            if now == before:
                return
            before = now
        waiting = ", ".join(self._pending.values()) or "the picture keeps changing"
        raise BrowserError(f"no rest after {seconds} s: {waiting}")

    def picture(self, full=False):
        """PNG of the window, or of the whole page."""
        answer = self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=full
        )
        return base64.b64decode(answer["data"])

    # Protocol

    def call(self, method, **params):
        """Send a command and return its result; events on the way are noted."""
        self._last_id += 1
        message = {"id": self._last_id, "method": method, "params": params}
        self._socket.send(json.dumps(message))
        self._socket.settimeout(_ANSWER_SECONDS)
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._last_id:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._note(answer)

    def _connect(self):
        ports = self._profile / "DevToolsActivePort"
        until = time.monotonic() + _START_SECONDS
        while not (ports.exists() and ports.read_text().count("\n")):
            if time.monotonic() > until or self._process.poll() is not None:
                raise BrowserError(f"{self.program} does not start")
            time.sleep(0.05)
        port = ports.read_text().split("\n")[0]
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"http://127.0.0.1:{port}/json", timeout=10) as answer:
            targets = json.load(answer)
        page = next(target for target in targets if target["type"] == "page")
        self._socket = websocket.create_connection(page["webSocketDebuggerUrl"])
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def _still(self):
        """Stop what moves, and wait for letters and pictures."""
        self.evaluate(
            "(() => { const style = document.createElement('style');"
            f" style.textContent = {json.dumps(_STILL)};"
            " document.head.append(style) })()"
        )
        self.evaluate("document.fonts.ready.then(() => true)")
        self.wait_for(
            "[...document.images].every(one => one.complete || one.loading === 'lazy')",
            what="the page's pictures",
        )

    def _listen(self, seconds):
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                self._note(json.loads(self._socket.recv()))
            except websocket.WebSocketTimeoutException:
                return

    def _note(self, event):
        params = event.get("params", {})
        match event.get("method"):
            case "Network.requestWillBeSent":
                url = params["request"]["url"]
                if url.startswith("http") and _WORKERS not in url:
                    self._pending[params["requestId"]] = url
            case "Network.loadingFinished" | "Network.loadingFailed":
                self._pending.pop(params["requestId"], None)
                self._busy_until = time.monotonic() + _QUIET_SECONDS / 2
            case "Runtime.exceptionThrown":
                self.errors.append(_exception(params["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if params["type"] == "error":
                self.errors.append(" ".join(_argument(one) for one in params["args"]))
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                entry = params["entry"]
                self.errors.append(f"{entry['text']} {entry.get('url', '')}".strip())


def _exception(details):
    thrown = details.get("exception", {})
    return thrown.get("description") or details.get("text", "exception")


def _argument(argument):
    return str(argument.get("value", argument.get("description", "")))
