"""The stage of a room over REST: seats and microphones."""

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import commands
from rooms.api.views.asking import as_leader, on_stage
from spaces_project.kernel.web.address import Address


class OneSpeaker(Address):
    """One seat on the stage."""

    def put(self, request: Request, room_id: str, account_id: str) -> Response:
        """Bring somebody onto the stage."""
        return on_stage(request, room_id, account_id, commands.promote_speaker)

    def delete(self, request: Request, room_id: str, account_id: str) -> Response:
        """Move somebody to the audience; ``me`` steps down."""
        return on_stage(request, room_id, account_id, commands.demote_speaker)


class OneMute(Address):
    """One closed microphone."""

    def put(self, request: Request, room_id: str, account_id: str) -> Response:
        """Close a microphone: your own (``me``), or as a leader anyone's."""
        return on_stage(request, room_id, account_id, commands.mute)

    def delete(self, request: Request, room_id: str, account_id: str) -> Response:
        """Open your own microphone (``me``)."""
        return on_stage(request, room_id, account_id, commands.unmute)


class MuteAll(Address):
    """All open microphones but those of host and co-hosts."""

    def post(self, request: Request, room_id: str) -> Response:
        """Close them."""
        return as_leader(request, room_id, commands.mute_all)
