"""Who looks at a tray in this process, whom they follow, and what they have been shown."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

from accounts.events import Followed, Unfollowed
from spaces_project.kernel.sockets.connection import SocketConnection


class TrayViewer:
    """Somebody with at least one open socket: the newest frames, and which rooms stand in them.

    Only the newest of each kind counts: a slow reader gets it when it has drained, and what came
    in between never.
    """

    def __init__(self, account_id: UUID) -> None:
        self.account_id = account_id
        self.connections: set[SocketConnection] = set()
        self.followees: set[UUID] = set()
        self.rooms: frozenset[UUID] = frozenset()
        self.changes: list[Followed | Unfollowed] | None = []  # while the followees are loaded
        self.loading: asyncio.Future[None] | None = None
        self._frames: dict[str, tuple[int, bytes]] = {}
        self._version = 0

    def show(self, kind: str, frame: bytes) -> None:
        """Send a new frame of a kind, unless it says what the last one said."""
        if self._frames.get(kind, (0, b""))[1] == frame:
            return
        self._version += 1
        self._frames[kind] = (self._version, frame)
        for connection in list(self.connections):
            if connection.channel is self:
                self.pump(connection)

    def pump(self, connection: SocketConnection) -> None:
        """Send a socket what it lacks; its cursor is the version of what it has seen last."""
        lacks = sorted(known for known in self._frames.values() if known[0] > connection.cursor)
        for version, frame in lacks:
            if not connection.offer(frame):
                return
            connection.cursor = version


class Viewers:
    """All of them, by who they are, whom they follow, and which rooms they are shown."""

    def __init__(self) -> None:
        self.by_id: dict[UUID, TrayViewer] = {}
        self._followers: dict[UUID, set[TrayViewer]] = {}
        self._shown: dict[UUID, set[TrayViewer]] = {}

    def add(self, account_id: UUID) -> TrayViewer:
        """Return somebody who follows nobody as yet."""
        viewer = self.by_id[account_id] = TrayViewer(account_id)
        return viewer

    def remove(self, viewer: TrayViewer) -> None:
        """Forget somebody."""
        self.shows(viewer, frozenset())
        for followee in viewer.followees:
            _take_out(self._followers, followee, viewer)
        self.by_id.pop(viewer.account_id, None)

    def loaded(self, viewer: TrayViewer, followees: Iterable[UUID]) -> None:
        """Take note whom somebody follows, and of what has changed while that was looked up."""
        changes, viewer.changes = viewer.changes or [], None
        for followee in followees:
            self._follow(viewer, followee)
        for change in changes:
            self.changed(change)

    def changed(self, change: Followed | Unfollowed) -> None:
        """Take note of a following that began or ended."""
        viewer = self.by_id.get(change.follower_id)
        if viewer is None:
            return
        if viewer.changes is not None:
            viewer.changes.append(change)
        elif isinstance(change, Followed):
            self._follow(viewer, change.followee_id)
        else:
            viewer.followees.discard(change.followee_id)
            _take_out(self._followers, change.followee_id, viewer)

    def shows(self, viewer: TrayViewer, rooms: frozenset[UUID]) -> None:
        """Take note which rooms stand in somebody's tray or inbox."""
        for room_id in viewer.rooms - rooms:
            _take_out(self._shown, room_id, viewer)
        for room_id in rooms - viewer.rooms:
            self._shown.setdefault(room_id, set()).add(viewer)
        viewer.rooms = rooms

    def following(self, people: Iterable[UUID]) -> set[TrayViewer]:
        """Return who follows somebody of these."""
        return set().union(*(self._followers.get(person, ()) for person in people))

    def shown(self, rooms: Iterable[UUID]) -> set[TrayViewer]:
        """Return who is shown one of these rooms."""
        return set().union(*(self._shown.get(room_id, ()) for room_id in rooms))

    def is_shown(self, room_id: UUID) -> bool:
        """Tell whether anybody is shown a room; any thread may ask."""
        return room_id in self._shown

    def connections(self) -> list[SocketConnection]:
        """Return all open sockets."""
        return [each for viewer in self.by_id.values() for each in viewer.connections]

    def _follow(self, viewer: TrayViewer, followee: UUID) -> None:
        viewer.followees.add(followee)
        self._followers.setdefault(followee, set()).add(viewer)


def _take_out(index: dict[UUID, set[TrayViewer]], key: UUID, viewer: TrayViewer) -> None:
    if found := index.get(key):
        found.discard(viewer)
        if not found:
            del index[key]
