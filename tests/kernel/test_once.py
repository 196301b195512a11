"""What a process has one of."""

import os
import threading
import time

from spaces_project.kernel.once import once

FIRST = 16


def test_many_first_callers_get_the_same_one() -> None:
    made: list[object] = []

    @once
    def thing() -> object:
        time.sleep(0.01)
        made.append(object())
        return made[-1]

    got: list[object] = []
    together = threading.Barrier(FIRST)

    def ask() -> None:
        together.wait()
        got.append(thing())

    threads = [threading.Thread(target=ask) for _ in range(FIRST)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 1
    assert got == made * FIRST


def test_what_is_forgotten_is_made_anew() -> None:
    @once
    def thing() -> object:
        return object()

    first = thing()
    thing.forget()

    assert thing() is not first


def test_a_child_does_not_wait_for_a_thread_of_its_parent() -> None:
    begun, enough = threading.Event(), threading.Event()

    @once
    def thing() -> int:
        begun.set()
        if os.getpid() == parent:
            enough.wait(20)
        return os.getpid()

    parent = os.getpid()
    making = threading.Thread(target=thing)
    making.start()
    begun.wait()
    child = os.fork()
    if not child:
        os._exit(0 if thing() == os.getpid() else 1)
    _, status = os.waitpid(child, 0)
    enough.set()
    making.join()

    assert status == 0
    assert thing() == parent
