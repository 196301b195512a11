"""The names inside daphne, Twisted and autobahn that we build on: an upgrade must not move them."""

import inspect

from autobahn.twisted.websocket import WebSocketServerProtocol
from autobahn.websocket.protocol import WebSocketProtocol as AutobahnProtocol
from daphne import server
from daphne.http_protocol import WebRequest
from daphne.utils import HEADER_NAME_RE, INVALID_HEADER_VALUE_BYTES
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.abstract import FileDescriptor
from twisted.internet.tcp import Connection
from twisted.web.http import HTTPChannel, Request

from spaces_project.kernel.sockets.connection import CHUNK_BYTES
from spaces_project.kernel.sockets.protocol import BoundedWebSocket
from spaces_project.kernel.web.pooled_request import PooledRequest
from spaces_project.kernel.web.server import BoundedRequest, BoundedServer


def test_daphne_makes_its_protocols_by_the_names_that_we_replace() -> None:
    source = inspect.getsource(server.Server.run)

    assert "HTTPFactory(self)" in source
    assert "WebSocketFactory(self" in source
    assert "maxMessagePayloadSize=self.websocket_max_message_size" in source


def test_requests_are_told_their_length_before_their_body() -> None:
    for name in ("gotLength", "handleContentChunk", "process"):
        assert callable(getattr(Request, name))
        assert name in BoundedRequest.__dict__
    assert issubclass(BoundedRequest, WebRequest)
    assert list(inspect.signature(Request.gotLength).parameters) == ["self", "length"]
    assert list(inspect.signature(Request.handleContentChunk).parameters) == ["self", "data"]


def test_what_a_complete_request_takes_from_daphne_and_twisted() -> None:
    for name in ("requestReceived", "process", "_cleanup", "check_timeouts", "basic_error"):
        assert callable(getattr(PooledRequest, name))
    taken = list(inspect.signature(Request.requestReceived).parameters)
    assert taken == ["self", "command", "path", "version"]
    assert "self.persistent = " in inspect.getsource(HTTPChannel.allHeadersReceived)
    assert "self.channel.requestDone(self)" in inspect.getsource(Request._cleanup)
    assert "application_instance" in inspect.getsource(server.Server.application_checker)
    assert HEADER_NAME_RE.fullmatch(b"X-Request-Id")
    assert 11 in INVALID_HEADER_VALUE_BYTES  # a line break is refused by Twisted itself


def test_the_application_of_a_socket_gets_its_protocol() -> None:
    taken = list(inspect.signature(server.Server.create_application).parameters)

    assert taken == ["self", "protocol", "scope"]
    assert "create_application" in BoundedServer.__dict__
    assert "application_queue" in inspect.getsource(WebSocketProtocol)
    assert issubclass(BoundedWebSocket, WebSocketProtocol)


def test_a_transport_says_when_it_is_full_and_when_it_has_drained() -> None:
    assert FileDescriptor.bufferSize == CHUNK_BYTES
    source = inspect.getsource(FileDescriptor)
    for name in (
        "dataBuffer",
        "_tempDataLen",
        "pauseProducing",
        "resumeProducing",
        "stopProducing",
    ):
        assert name in source
    assert callable(FileDescriptor.registerProducer)
    assert callable(Connection.abortConnection)


def test_a_close_frame_can_carry_any_code() -> None:
    taken = inspect.signature(AutobahnProtocol.sendCloseFrame).parameters

    assert {"code", "reasonUtf8", "isReply"} <= set(taken)
    assert issubclass(WebSocketServerProtocol, AutobahnProtocol)


def test_a_plain_connection_shows_what_it_holds_and_resumes_its_producer() -> None:
    """What ``kernel/sockets/direct.py`` goes by."""
    fresh = FileDescriptor(reactor=object())  # type: ignore[arg-type]
    assert fresh._tempDataBuffer == []
    assert fresh.dataBuffer == b""
    assert not fresh.producerPaused
    assert Connection.TLS is False
    assert "self.socket: socket.socket = skt" in inspect.getsource(Connection.__init__)
    writing = inspect.getsource(FileDescriptor.doWrite)
    assert "self.producerPaused" in writing
    assert writing.index("self.stopWriting()") < writing.index("self.producer.resumeProducing()")
    assert "_tempDataBuffer.append(data)" in inspect.getsource(FileDescriptor.write)


def test_autobahn_shows_whether_it_is_between_two_frames() -> None:
    """What ``kernel/sockets/protocol.py`` goes by before it takes a frame apart itself."""
    source = inspect.getsource(AutobahnProtocol)
    for name in ("self.data += data", "self.current_frame is None", "self.inside_message = True"):
        assert name in source
    assert AutobahnProtocol.STATE_OPEN == 3
    for name in ("onPing", "onClose", "sendCloseFrame", "dropConnection", "dataReceived"):
        assert callable(getattr(WebSocketProtocol, name))
        assert name in BoundedWebSocket.__dict__
    assert "check_timeouts" in WebSocketProtocol.__dict__
    assert "pformat(configAttrLog)" in inspect.getsource(AutobahnProtocol._connectionMade)


def test_all_that_autobahn_writes_goes_through_one_method() -> None:
    """Thus a connection is told what its transport holds (``BoundedWebSocket.sendData``)."""
    taken = list(inspect.signature(AutobahnProtocol.sendData).parameters)

    assert taken == ["self", "data", "sync", "chopsize"]
    assert "self.sendData(raw, sync, chopsize)" in inspect.getsource(AutobahnProtocol.sendFrame)
    outside = inspect.getsource(AutobahnProtocol).count("transport.write(") - sum(
        inspect.getsource(method).count("transport.write(")
        for method in (AutobahnProtocol.sendData, AutobahnProtocol._send)
    )
    assert outside == 0
    assert "transport.write(" not in inspect.getsource(WebSocketServerProtocol)
    assert "transport.write(" not in inspect.getsource(WebSocketProtocol)
