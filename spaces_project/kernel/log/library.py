"""What the library asks for before it works on our connections, recorder and mapper."""

from eventsourcing.persistence import InfrastructureFactory, Transcoder
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment

from spaces_project.kernel.log.datastore import LogDatastore
from spaces_project.kernel.log.recorder import LogRecorder


class LogFactory(PostgresFactory):
    """Gives the library our connections and our recorder."""

    application_recorder_class = LogRecorder

    def __init__(self, env: Environment) -> None:
        InfrastructureFactory.__init__(self, env)
        self.datastore = LogDatastore()


class NoTranscoder(Transcoder):
    """The library asks for a transcoder; this mapper encodes by the event's own types."""

    def encode(self, obj: object) -> bytes:
        """Refuse: nothing is encoded without its type."""
        raise NotImplementedError(f"{type(obj).__name__} must go through SealedMapper")

    def decode(self, data: bytes) -> object:
        """Refuse: nothing is decoded without its type."""
        raise NotImplementedError(f"{len(data)} bytes must go through SealedMapper")
