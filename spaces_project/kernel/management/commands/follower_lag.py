"""How far the followers are behind the log, and whether one has stopped somewhere."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from spaces_project.kernel.following.dead_letters import count
from spaces_project.kernel.following.positions import positions
from spaces_project.kernel.following.read_model import Policy, ReadModel
from spaces_project.kernel.jobs.failed import counts
from spaces_project.kernel.log.event_log import event_log
from spaces_project.wiring import feeds, policies, read_models

MUCH = 1000  # events; a follower applies that many in about a second


class Command(BaseCommand):
    """``manage.py follower_lag``."""

    help = "Say how far the slowest follower is behind; fail when it is far, or one has stopped."

    def handle(self, **options: Any) -> None:
        """Compare every position with the head of the log."""
        del options
        head, reached = event_log().head(), positions()
        behind = {each.name: head - reached.get(each.name, 0) for each in followers()}
        if not behind:
            self.stdout.write("nothing follows the log")
            return
        name = max(behind, key=lambda each: behind[each])
        sentence = f"{name} is the slowest, {behind[name]} events behind."
        parked = {each: rooms for each, rooms in count().items() if each in behind}
        if parked:
            words = ", ".join(f"{each} in {rooms}" for each, rooms in sorted(parked.items()))
            raise CommandError(
                f"Followers have stopped in rooms or streams: {words}. "
                f"Type: ./spaces manage dead_letters. {sentence}"
            )
        if behind[name] > MUCH:
            raise CommandError(sentence)
        jobs = counts()
        if jobs.failed or jobs.late:
            raise CommandError(
                f"Jobs: {jobs.failed} have failed, {jobs.late} are late. "
                f"Type: ./spaces manage jobs. {sentence}"
            )
        self.stdout.write(sentence)


def followers() -> list[ReadModel | Policy]:
    """Return whatever has a position in the log."""
    return [*read_models(), *policies(), *feeds()]
