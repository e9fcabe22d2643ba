"""Show a page in the web browser without leaving it on disk."""

from __future__ import annotations

import secrets
import threading
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer

TIMEOUT_S = 10.0


def open_in_browser(html: str, timeout_s: float = TIMEOUT_S) -> None:
    """Show a page in the web browser.

    A server on this machine hands the page out once, under an address that
    nobody can guess, and ends. A temporary file would stay, and browsers that
    are confined cannot read those.

    Parameters
    ----------
    html : str
    timeout_s : float
        How long to wait for the browser, seconds.

    Raises
    ------
    RuntimeError
        If no browser asked for the page.
    """
    content, address = html.encode("utf-8"), f"/{secrets.token_urlsafe(16)}/index.html"
    taken = threading.Event()

    class Once(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != address:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            taken.set()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Once) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        webbrowser.open(f"http://127.0.0.1:{server.server_address[1]}{address}")
        was_taken = taken.wait(timeout_s)
        server.shutdown()
        thread.join()
    if not was_taken:
        raise RuntimeError(
            "Failed to open the page in a web browser: none asked for it; save it as a file instead"
        )
