"""Which servers are taken, which addresses are asked, and over what."""

from __future__ import annotations

import shutil
import ssl
import subprocess

import pytest

from fake_neurovault import IMAGE_ID, IMAGE_PATH, NeuroVault, raw
from skerry.datasets.neurovault import fetch_image
from skerry.datasets.web import get
from skerry.datasets.web.server import Server
from skerry.errors import ArgumentError, NetworkError

VARIABLE = "SKERRY_NEUROVAULT_URL"


@pytest.mark.parametrize(
    "address",
    [
        "http://neurovault.org",
        "http://10.0.0.1:8000",
        "http://localhost.example.org",
        "ftp://neurovault.org",
        "file:///tmp",
        "neurovault.org",
        "https://",
        "https://me:secret@neurovault.org",
        "https://neurovault.org:port",
        "https://neuro\nvault.org",
        "",
    ],
)
def test_a_server_is_https_or_on_this_machine(address):
    with pytest.raises(ArgumentError, match=f"^{VARIABLE} must"):
        Server.parse(address, name=VARIABLE)


@pytest.mark.parametrize(
    "address",
    ["https://neurovault.org", "http://127.0.0.1:8000/", "http://localhost:1", "http://[::1]:80"],
)
def test_a_good_server_is_taken_with_or_without_a_slash(address):
    assert Server.parse(address, name=VARIABLE).base == address.rstrip("/") + "/"


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("images/1/", "https://neurovault.org/api/images/1/"),
        ("/media/a b.nii.gz", "https://neurovault.org/media/a%20b.nii.gz"),
        ("https://neurovault.org/a%20b", "https://neurovault.org/a%20b"),
        ("http://neurovault.org/media/a", "https://neurovault.org/media/a"),
        ("http://neurovault.org:80/a", "https://neurovault.org/a"),
        ("//media.neurovault.org/a#b", "https://media.neurovault.org/a"),
        ("https://neurovault.org:443/a", "https://neurovault.org:443/a"),
        ("https://NEUROVAULT.org", "https://NEUROVAULT.org/"),
    ],
)
def test_addresses_on_the_server_and_below_it_are_asked_over_https(address, asked):
    assert Server("https://neurovault.org/api/").admit(address) == asked


@pytest.mark.parametrize(
    "address",
    [
        "https://evilneurovault.org/a",
        "https://neurovault.org.example.com/a",
        "https://org/a",
        "https://neurovault.org:8443/a",
        "http://neurovault.org:8080/a",
        "https://neurovault.org@example.com/a",
        "file:///neurovault.org",
        "\x00https://neurovault.org",
    ],
)
def test_addresses_elsewhere_are_refused_in_one_line(address):
    with pytest.raises(NetworkError, match="not on its own https host") as caught:
        Server("https://neurovault.org/api/").admit(address)
    assert str(caught.value).isprintable()


def test_a_mirror_may_be_a_www_name_or_a_folder():
    server = Server.parse("https://www.example.org/mirror", name=VARIABLE)
    assert server.admit("images/1/") == "https://www.example.org/mirror/images/1/"
    assert server.admit("https://example.org/a") == "https://example.org/a"


@pytest.fixture
def https_neurovault(neurovault, tmp_path, monkeypatch):
    """Give the server over TLS, with a certificate of its own making."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl program, which makes the test's certificate, is not there")
    certificate = tmp_path / "certificate.pem"
    request = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    request += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    request += ["-keyout", str(certificate), "-out", str(certificate)]
    subprocess.run(request, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    neurovault.socket = context.wrap_socket(neurovault.socket, server_side=True)
    neurovault.url = f"https://localhost:{neurovault.server_address[1]}"
    neurovault.image["file"] = f"{neurovault.url}/media/images/1952/a%20map.nii.gz"
    neurovault.publish()
    monkeypatch.setattr(NeuroVault, "handle_error", lambda *_: None)
    monkeypatch.setenv(VARIABLE, neurovault.url)
    return certificate


def test_a_certificate_that_nobody_vouches_for_is_refused(https_neurovault, tmp_path):
    with pytest.raises(NetworkError, match=r"certificate of localhost:\d+ is not trusted"):
        fetch_image(IMAGE_ID, data_dir=tmp_path / "data", verbose=0)


def test_a_map_arrives_over_https(https_neurovault, neurovault, tmp_path, monkeypatch):
    trusting = ssl.create_default_context(cafile=https_neurovault)
    monkeypatch.setattr(get, "_tls", lambda: trusting)
    found = fetch_image(IMAGE_ID, data_dir=tmp_path / "data", verbose=0)
    assert found.path.read_bytes() == neurovault.file


def test_the_deadline_holds_over_https(https_neurovault, neurovault, tmp_path, monkeypatch):
    trusting = ssl.create_default_context(cafile=https_neurovault)
    monkeypatch.setattr(get, "_tls", lambda: trusting)
    neurovault.always(IMAGE_PATH, raw(b"HTTP/1.1 200 OK\r\n\r\n{", *[b" "] * 900, every_s=0.02))
    with pytest.raises(NetworkError, match="did not finish within 1 s"):
        fetch_image(IMAGE_ID, data_dir=tmp_path / "data", verbose=0, timeout=0.1)


def test_a_proxy_is_asked_for_other_machines_and_only_for_them(neurovault, tmp_path, monkeypatch):
    monkeypatch.setenv("https_proxy", neurovault.url)
    monkeypatch.setenv("http_proxy", neurovault.url)
    fetch_image(IMAGE_ID, data_dir=tmp_path, verbose=0)
    assert all(path.startswith("/") for path in neurovault.asked)
    monkeypatch.setenv(VARIABLE, "https://neurovault.example")
    with pytest.raises(NetworkError, match=r"neurovault\.example cannot be reached .*403"):
        fetch_image(IMAGE_ID + 1, data_dir=tmp_path, verbose=0)
    assert neurovault.asked[-1] == "CONNECT neurovault.example:443"
