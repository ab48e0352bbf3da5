"""What a client may send, and what it gets, byte for byte: the worker's own reading and sending of HTTP."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.registry.worker.conftest import Site, body, get, last, whole
from tests.support.slow_site import MB, content


def post(data: bytes, *headers: str, path: str = "/echo/") -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(data)}", *headers, "", ""]
    return "\r\n".join(head).encode()


def test_several_requests_in_one_packet_are_answered_in_order(site: Site):
    data = b"x" * 1000
    told = site.answer(post(data) + data + get("/healthz") + last("/nothing/"))
    starts = [told.index(word) for word in (hashlib.sha256(data).hexdigest().encode(), b"ok\n", b" 404 ")]
    assert starts == sorted(starts)


@pytest.mark.parametrize("size", [1, 300_000, 2 * MB])
def test_a_body_arrives_as_it_was_sent_however_it_is_cut(site: Site, size: int):
    data = content(3 * MB)[:size]
    with site.client(post(data, "Connection: close")[:30]) as client:
        client.sendall(post(data, "Connection: close")[30:])
        step = max(size // 7, 1)
        for at in range(0, size, step):
            client.sendall(data[at : at + step])
        assert body(whole(client)).decode() == hashlib.sha256(data).hexdigest()


def test_a_client_that_asks_first_is_told_to_go_on_once(site: Site):
    data = b"x" * 5000
    with site.client(post(data, "Expect: 100-continue", "Connection: close")) as client:
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(data)
        told = whole(client)
    assert told.startswith(b"HTTP/1.1 200 OK")
    assert body(told).decode() == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "sends, status",
    [
        (b"POST /echo/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"nonsense\r\n\r\n", b"400"),
        (get("/" + "a" * 9000), b"414"),
        (get("/healthz", "X: " + "a" * 70_000), b"431"),
        (get("/healthz", "Content-Length: 3", "Content-Length: 4"), b"400"),
        (get("/api/v1/practices/?q=" + "a" * 5000), b"400"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_holds_nothing(site: Site, sends: bytes, status: bytes):
    with site.client(sends) as client:
        assert client.recv(12) == b"HTTP/1.1 " + status


def test_no_body_is_taken_for_a_request_however_its_length_is_written(site: Site):
    hidden = last("/healthz")
    for length in (b"%020d" % len(hidden), b"+%d" % len(hidden), b"%d,%d" % (len(hidden), len(hidden))):
        head = b"POST /echo/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + b"\r\n\r\n"
        told = site.answer(head + hidden)
        assert told.startswith(b"HTTP/1.1 400 ")
        assert told.count(b"HTTP/1.1") == 1


def test_head_has_no_body_and_http_1_0_ends_the_connection(site: Site):
    head = site.answer(b"HEAD /file/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert f"Content-Length: {8 * MB}".encode() in head
    assert body(head) == b""
    assert body(site.answer(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")) == b"ok\n"


def test_many_at_once_each_get_their_own(site: Site):
    expected = content(8 * MB)

    def fetch(path: str) -> bool:
        told = body(site.answer(last(path)))
        return told == expected if path != "/stream/" else unchunked(told) == expected

    with ThreadPoolExecutor(6) as clients:
        assert all(clients.map(fetch, ["/file/", "/page/", "/stream/"] * 4))


def unchunked(told: bytes) -> bytes:
    found = []
    while True:
        size, _, told = told.partition(b"\r\n")
        if not int(size, 16):
            return b"".join(found)
        found.append(told[: int(size, 16)])
        told = told[int(size, 16) + 2 :]
