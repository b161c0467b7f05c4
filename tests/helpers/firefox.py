"""Firefox, driven over WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/) on a websocket: no driver is needed.

One process serves all tests. Scripts run in the page and do their waiting there, so that a page costs a few messages.
"""

import json
import queue
import re
import subprocess
import tempfile
import threading
from pathlib import Path

import websocket

STARTS_IN = 180  # seconds, on a machine that is busy
ANSWERS_IN = 120
LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
SETTINGS = {
    "privacy.reduceTimerPrecision": False,  # else a frame of 0.4 ms takes 0 or 1
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.update.enabled": False,
    "accessibility.tabfocus": 7,  # Tab reaches everything that can be focused, on macOS too
}
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015"}


class Firefox:
    """A process without a window. ``events`` of a tab are handed to it while other messages are read."""

    def __init__(self, path: str):
        self.folder = tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in SETTINGS.items()]
        Path(self.folder.name, "user.js").write_text("\n".join(lines), "utf8")
        command = [path, "--headless", "--no-remote", "--profile", self.folder.name, "--remote-debugging-port=0"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.tabs, self.number = {}, 0
        address = self._address()
        self.socket = websocket.create_connection(f"{address}/session", timeout=ANSWERS_IN, suppress_origin=True)
        self.version = self.call("session.new", capabilities={})["capabilities"]["browserVersion"]
        self.call("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])

    def _address(self) -> str:
        """Where it listens, which it writes to stderr; that is read to its end, or the process would wait for us."""
        found, said = queue.Queue(), []

        def read():
            for line in self.process.stderr:
                said.append(line)
                if match := LISTENS.search(line):
                    found.put(match[1])
            found.put(None)

        threading.Thread(target=read, daemon=True).start()
        try:
            address = found.get(timeout=STARTS_IN)
        except queue.Empty:
            address = None
        if address is None:
            self.process.kill()
            raise RuntimeError("Firefox did not start: " + "".join(said[-5:]))
        return address

    def call(self, method: str, **parameters):
        """What Firefox answers to one command; events that come before the answer go to their tabs."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                break
            if answer.get("type") == "event":
                self._happened(answer["method"], answer["params"])
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]

    def _happened(self, method: str, what: dict) -> None:
        tab = self.tabs.get(what["source"].get("context") if method == "log.entryAdded" else what["context"])
        if tab and method == "log.entryAdded" and what["level"] in ("error", "warn"):
            tab.errors.append(what["text"] or "")
        elif tab and method == "network.beforeRequestSent":
            tab.requests.append(what["request"]["url"])

    def tab(self, width: int = 1280, height: int = 900, first: str | None = None) -> "Tab":
        """A new tab: it has the focus, unlike a process's first one; ``first``: a function to run before scripts."""
        tab = Tab(self, self.call("browsingContext.create", type="tab")["context"])
        if first:
            self.call("script.addPreloadScript", functionDeclaration=first, contexts=[tab.context])
        tab.resize(width, height)
        return tab

    def close(self) -> None:
        try:
            self.call("browser.close")
            self.process.wait(20)
        except Exception:  # it goes, whatever state it is in
            self.process.kill()
            self.process.wait(20)
        self.folder.cleanup()


class Tab:
    """One page at a time; remembers what was requested and what went wrong since the last ``goto``."""

    def __init__(self, firefox: Firefox, context: str):
        self.firefox, self.context = firefox, context
        self.errors, self.requests = [], []
        firefox.tabs[context] = self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        del self.firefox.tabs[self.context]
        self.firefox.call("browsingContext.close", context=self.context)

    def resize(self, width: int, height: int) -> None:
        viewport = {"width": width, "height": height}
        self.firefox.call("browsingContext.setViewport", context=self.context, viewport=viewport)

    def goto(self, address: str) -> None:
        self.errors.clear()
        self.requests.clear()
        self.firefox.call("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, function: str, *arguments):
        """What a JavaScript function, possibly async, returns for arguments that JSON can hold."""
        given = ", ".join(map(json.dumps, arguments))
        expression = f"(async () => JSON.stringify((await ({function})({given})) ?? null))()"
        target = {"context": self.context}
        done = self.firefox.call("script.evaluate", expression=expression, target=target, awaitPromise=True)
        if done["type"] == "exception":
            raise RuntimeError(done["exceptionDetails"]["text"])
        return json.loads(done["result"]["value"])

    def press(self, *keys: str) -> None:
        """Keys by name, one after the other, as a keyboard sends them."""
        taps = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": taps}
        self.firefox.call("input.performActions", context=self.context, actions=[source])
