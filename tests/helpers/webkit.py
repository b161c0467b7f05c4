"""WebKit, in Safari's stead: WebKitGTK's MiniBrowser under WebKitWebDriver, by plain calls of W3C's WebDriver."""

import contextlib
import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

MINI_BROWSERS = ("/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "/usr/libexec/webkit2gtk-4.1/MiniBrowser")
STARTS_IN = 120  # seconds
ANSWERS_IN = 600


def found() -> tuple[str, str, str] | None:
    """The driver, the browser and the screen that is none; None where one of them is missing."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("xvfb-run")
    browser = next((path for pattern in MINI_BROWSERS for path in glob.glob(pattern)), None)
    return (driver, browser, screen) if driver and browser and screen else None


class WebKit:
    """One window of one session."""

    def __init__(self, driver: str, browser: str, screen: str):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        command = [screen, "-a", "-s", "-screen 0 1400x1000x24", driver, f"--port={port}"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options, "timeouts": {"script": 1000 * ANSWERS_IN}}}
        for _ in range(STARTS_IN):
            try:
                answer = self.call("POST", "/session", capabilities=wanted)
                break
            except (ConnectionError, urllib.error.URLError):
                time.sleep(1)
        else:
            raise RuntimeError("WebKitWebDriver did not start")
        self.session = f"/session/{answer['sessionId']}"
        self.version = answer["capabilities"]["browserVersion"]

    def call(self, method: str, path: str, **body):
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=ANSWERS_IN) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.read().decode()[:500]}") from None

    def goto(self, address: str) -> None:
        self.call("POST", f"{self.session}/url", url=address)

    def evaluate(self, function: str, *arguments):
        """What a JavaScript function, possibly async, returns for arguments that JSON can hold."""
        script = f"""const done = arguments[arguments.length - 1];
            (async () => ({function})(...{json.dumps(arguments)}))()
                .then(value => done([value ?? null]), error => done(["error", String(error)]));"""
        value = self.call("POST", f"{self.session}/execute/async", script=script, args=[])
        if len(value) == 2:
            raise RuntimeError(value[1])
        return value[0]

    def close(self) -> None:
        with contextlib.suppress(Exception):  # it goes, whatever state it is in
            self.call("DELETE", self.session)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)  # the screen and the driver, which were started as one group
        self.process.wait(20)
