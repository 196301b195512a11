"""Who may follow a room, or the own tray, over a socket."""

from typing import Final

from spaces_project.policy.row import Section

SOCKETS: Final = Section(
    "Sockets",
    "The first frame that a socket gets once it has said who it is, or its close code.",
    {
        "/ws/v1/rooms/{room}": (
            "4004 snapshot snapshot snapshot snapshot snapshot "
            "snapshot snapshot snapshot 4403 4404 snapshot"
        ),
        "/ws/v1/rooms/{private}": (
            "4004 4403 4403 snapshot snapshot snapshot snapshot snapshot snapshot 4403 4404 4403"
        ),
        "/ws/v1/rooms/{planned}": (
            "4004 snapshot snapshot snapshot snapshot snapshot "
            "snapshot snapshot snapshot snapshot 4404 snapshot"
        ),
        "/ws/v1/rooms/{ended}": ("4004 4410 4410 4410 4410 4410 4410 4410 4410 4410 4404 4410"),
        "/ws/v1/tray": ("4004 tray tray tray tray tray tray tray tray tray tray tray"),
    },
)
