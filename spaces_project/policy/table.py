"""The whole table, by sections."""

from typing import Final

from spaces_project.policy.accounts import ACCOUNTS
from spaces_project.policy.frames import FRAMES
from spaces_project.policy.media import MEDIA
from spaces_project.policy.rooms import ROOMS
from spaces_project.policy.row import Section
from spaces_project.policy.sockets import SOCKETS
from spaces_project.policy.stage import STAGE
from spaces_project.policy.webhooks import WEBHOOKS

REST: Final[tuple[Section, ...]] = (ROOMS, STAGE, ACCOUNTS, WEBHOOKS)
TABLE: Final[tuple[Section, ...]] = (ROOMS, STAGE, SOCKETS, FRAMES, MEDIA, ACCOUNTS, WEBHOOKS)
