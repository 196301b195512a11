"""Callers of a group commit that come one after the other, and a storage that takes its time."""

import threading
from collections.abc import Callable, Sequence
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.appends import Answer, Append, Place
from spaces_project.kernel.log.group_commit import GroupCommit
from tests.kernel.jars import eventually

Written = Sequence[Append]


class Storage:
    """Takes down what is stored together; may be shut, so that a line forms before it."""

    def __init__(self) -> None:
        self.written: list[list[Append]] = []
        self.writers: list[threading.Thread] = []
        self.open = threading.Event()
        self.open.set()
        self.busy = threading.Event()
        self.fails: Callable[[Written], None] = lambda _: None

    def store(self, appends: Written) -> list[list[Place] | None]:
        self.busy.set()
        assert self.open.wait(30)
        self.fails(appends)
        self.written.append(list(appends))
        self.writers.append(threading.current_thread())
        return [[(len(self.written), None)] for _ in appends]


def an_append(
    stream: UUID | None = None, *, version: int = 1, room: UUID | None = None, **more: object
) -> Append:
    stream = stream or new_id()
    answer = Answer(new_id(), b"", stream, version)
    event = StoredEvent(stream, version, "tests.MarbleAdded", b"")
    return Append([event], room, False, False, [answer], **more)  # type: ignore[arg-type]


def in_line(commits: GroupCommit, storage: Storage, added: Written) -> list[threading.Thread]:
    """Let the first be written, and the others come one by one while it is."""
    storage.open.clear()
    storage.busy.clear()
    threads = []
    for place, each in enumerate(added):
        threads.append(thread := threading.Thread(target=outcome, args=(commits, each)))
        thread.start()
        assert storage.busy.wait(30)
        assert eventually(lambda: len(commits._line) == place)  # noqa: B023
    return threads


OUTCOMES: dict[int, object] = {}


def outcome(commits: GroupCommit, added: Append) -> None:
    try:
        OUTCOMES[id(added)] = commits.commit(added)
    except BaseException as error:  # noqa: BLE001 - the error is the outcome
        OUTCOMES[id(added)] = error


def outcomes(threads: Sequence[threading.Thread], added: Written) -> list[object]:
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "somebody waits in vain"
    return [OUTCOMES.pop(id(each)) for each in added]


def refuse(guilty: Append, error: Exception, appends: Written) -> None:
    if guilty in appends:
        raise error


def refuse_all(error: BaseException, _: Written) -> None:
    raise error


def refuse_first(first: Append, error: BaseException, appends: Written) -> None:
    if appends[0] is first:
        raise error
