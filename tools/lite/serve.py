"""A static server for tests: compresses as a web host does, lets browsers keep files, and counts the bytes it sends."""

import functools
import gzip
import http.server
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

COMPRESSED = (".html", ".js", ".mjs", ".css", ".json", ".svg", ".wasm", ".ipynb", ".txt", ".map")


@functools.cache
def packed(path: str, changed: float) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 6)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of one folder; `sent` collects (path, status, bytes of the body)."""

    protocol_version = "HTTP/1.1"
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".wasm": "application/wasm"}

    def __init__(self, *args, sent: list, **kwargs):
        self.sent = sent
        super().__init__(*args, **kwargs)

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.answer(404, b"", [])
            return
        headers = [("Content-Type", self.guess_type(str(path)))]
        body = path.read_bytes()
        if path.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = packed(str(path), path.stat().st_mtime)
            headers.append(("Content-Encoding", "gzip"))
        self.answer(200, body, headers)

    def answer(self, status, body, headers):
        self.sent.append((self.path, status, len(body)))
        self.send_response(status)
        for name, value in [*headers, ("Content-Length", str(len(body))), ("Cache-Control", "max-age=600")]:
            self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):  # the page was closed meanwhile
            self.wfile.write(body)

    def log_message(self, *args):
        pass


@contextmanager
def serving(folder: Path):
    """The address of a server of the folder, and the list of what it has sent."""
    sent = []
    handler = functools.partial(Handler, directory=str(folder), sent=sent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", sent
        server.shutdown()
