"""A small NeuroVault on loopback, well behaved until a test tells it otherwise."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import re
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import nibabel
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Fault = Callable[["Handler"], None]

IMAGE_ID, COLLECTION_ID = 32980, 1952
IMAGE_PATH = f"/api/images/{IMAGE_ID}/"
COLLECTION_PATH = f"/api/collections/{COLLECTION_ID}/"
FILE_PATH = f"/media/images/{COLLECTION_ID}/a%20map.nii.gz"


def map_bytes(seed: int = 0) -> bytes:
    """Give a small z map as a gzipped NIfTI file."""
    values = np.random.default_rng(seed).normal(size=(9, 10, 11)).astype(np.float32)
    img = nibabel.Nifti1Image(values, np.diag([3.0, 3.0, 3.0, 1.0]))
    img.set_sform(img.affine, "mni")
    return gzip.compress(img.to_bytes(), mtime=0)


class Handler(BaseHTTPRequestHandler):
    """Answers as NeuroVault does, unless a fault is due."""

    protocol_version = "HTTP/1.1"
    server: NeuroVault

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        fault = next(self.server.faults[self.path], None)
        if fault is None:
            fault = self.server.pages.get(self.path) or self.server.listed(self.path)
        self.close_connection = True
        with contextlib.suppress(OSError):  # the client may have gone
            fault(self)

    def do_CONNECT(self) -> None:
        self.server.asked.append(f"CONNECT {self.path}")
        self.send_error(403, "no way out")

    def log_message(self, *_: Any) -> None:
        pass


class NeuroVault(ThreadingHTTPServer):
    """The server: its records, its files, the faults to come, and what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.asked: list[str] = []
        self.faults: dict[str, Iterator[Fault]] = defaultdict(lambda: iter(()))
        self.pages: dict[str, Fault] = {}
        self.closing = threading.Event()
        self.file = map_bytes()
        self.image: dict[str, Any] = {
            "id": IMAGE_ID,
            "url": f"{self.url}/images/{IMAGE_ID}/",
            "file": self.url + FILE_PATH,
            "file_size": len(self.file),
            "collection": f"{self.url}/collections/{COLLECTION_ID}/",
            "collection_id": COLLECTION_ID,
            "name": "auditory calculation",
            "map_type": "T map",
            "image_type": "statistic_map",
            "description": "n/a",
            "cognitive_paradigm_cogatlas": "None / Other",
            "number_of_subjects": 1,
        }
        self.collection: dict[str, Any] = {"id": COLLECTION_ID, "name": "a collection", "DOI": None}
        self.collections: dict[int, dict[str, Any]] = {}
        self.lists: dict[int, list[dict[str, Any]]] = {}
        self.page_length = 100
        self.publish()

    def add_collection(
        self, collection_id: int, n_images: int, **told: Any
    ) -> list[dict[str, Any]]:
        """Serve a collection; its images are numbered from 1000 times its number + 1."""
        images = [
            {
                **self.image,
                "id": number,
                "collection_id": collection_id,
                "file": f"{self.url}/media/{number}.nii.gz",
                "map_type": "T map",
                "is_thresholded": False,
                "not_mni": False,
                **told,
            }
            for number in range(1000 * collection_id + 1, 1000 * collection_id + 1 + n_images)
        ]
        self.collections[collection_id] = {
            "id": collection_id,
            "name": f"collection {collection_id}",
            "number_of_images": n_images,
            "DOI": told.get("DOI"),
        }
        self.lists[collection_id] = images
        return images

    def listed(self, path: str) -> Fault:
        """Answer for the collections that were added: records, lists in pages, files."""
        parts = urlsplit(path)
        asked = dict(parse_qsl(parts.query))
        numbers = [int(word) for word in re.findall(r"[0-9]+", parts.path)]
        everything = {image["id"]: image for images in self.lists.values() for image in images}
        number = numbers[0] if numbers else 0
        if parts.path in (f"/api/collections/{number}", f"/api/images/{number}"):
            return redirect(f"{parts.path}/", 301)  # as NeuroVault does without the slash
        if parts.path == "/api/collections/":
            wanted = {name: value for name, value in asked.items() if name in ("name", "DOI")}
            records = [
                record
                for record in self.collections.values()
                if all(record[name] == value for name, value in wanted.items())
            ]
            return self.page(records, asked)
        if parts.path == f"/api/collections/{number}/images/" and number in self.lists:
            return self.page(self.lists[number], asked)
        if parts.path == f"/api/collections/{number}/" and number in self.lists:
            return answer(json.dumps(self.collections[number]).encode())
        if parts.path == f"/api/images/{number}/" and number in everything:
            return answer(json.dumps(everything[number]).encode())
        if parts.path == f"/media/{number}.nii.gz" and number in everything:
            return answer(self.file)
        return answer(b"{}", status=404)

    def page(self, records: list[dict[str, Any]], asked: dict[str, str]) -> Fault:
        """Give the part of a list that is asked for."""
        first = int(asked["offset"])
        part = records[first : first + min(int(asked["limit"]), self.page_length)]
        return answer(json.dumps({"count": len(records), "results": part}).encode())

    def publish(self) -> None:
        """Serve the records and the file as they are now."""
        self.pages = {
            # As NeuroVault does to whoever leaves out the slash.
            IMAGE_PATH.rstrip("/"): redirect(IMAGE_PATH, 301),
            COLLECTION_PATH.rstrip("/"): redirect(COLLECTION_PATH, 301),
            IMAGE_PATH: answer(json.dumps(self.image).encode()),
            COLLECTION_PATH: answer(json.dumps(self.collection).encode()),
            FILE_PATH: answer(self.file),
        }

    def once(self, path: str, *faults: Fault) -> None:
        """Answer the next requests with these, then well."""
        self.faults[path] = iter(faults)

    def always(self, path: str, fault: Fault) -> None:
        """Answer every request with this."""
        self.faults[path] = itertools.repeat(fault)


def answer(body: bytes, status: int = 200, **headers: str) -> Fault:
    """Send a whole answer."""

    def send(handler: Handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        # Said as well as done, or a client that keeps connections asks on a dead one.
        handler.send_header("Connection", "close")
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


def redirect(target: str, status: int = 302) -> Fault:
    """Send the client elsewhere."""
    return answer(b"", status, Location=target)


def raw(*pieces: bytes, every_s: float = 0.0) -> Fault:
    """Send bytes as they are, with a wait before each but the first, then hang up."""

    def send(handler: Handler) -> None:
        for number, piece in enumerate(pieces):
            if number and handler.server.closing.wait(every_s):
                return
            handler.wfile.write(piece)

    return send


def cut(body: bytes, at: int, *, announced: bool = True) -> Fault:
    """Hang up in the middle of the body."""
    length = b"Content-Length: %d\r\n" % len(body) if announced else b""
    return raw(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n" + body[:at])


def stall(handler: Handler) -> None:
    """Take the request and say nothing."""
    handler.server.closing.wait(20)


def endless(handler: Handler) -> None:
    """Send a gzipped file that never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n\x1f\x8b")
    while not handler.server.closing.is_set():
        handler.wfile.write(b"\0" * 4096)


@contextlib.contextmanager
def running() -> Iterator[NeuroVault]:
    """Run a server while the block runs."""
    with NeuroVault() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
