"""Whether what came over a socket is what the AsyncAPI document says."""

from functools import cache
from typing import Any

import jsonschema_rs

from spaces_project.interface.asyncapi import asyncapi
from tests.schemas import closed, faults_in

ROOM = "room"


class FrameNotAsDescribed(AssertionError):
    """A frame that clients were not told of."""


def check_frame(frame: dict[str, Any], channel: str = ROOM, side: str = "says") -> None:
    """Hold a frame against the document.

    :raises FrameNotAsDescribed: saying what to mend, and where.
    """
    kind = frame.get("type")
    name = f"{channel}.{side}.{kind}"
    if name not in asyncapi()["components"]["messages"]:
        raise FrameNotAsDescribed(
            f"Clients are not told of the frame {kind!r}. Describe it in the api/frames.py of its "
            f"app (an event: a row in EVENTS): {frame}"
        )
    faults = faults_in(frame, _validator(name))
    if faults:
        raise FrameNotAsDescribed(
            f"The frame {kind!r} is not as its app's api/frames.py tells:\n"
            + "\n".join(faults)
            + f"\n{frame}"
        )


@cache
def _validator(name: str) -> Any:
    document = _closed_document()
    schema = document["components"]["messages"][name]["payload"]
    return jsonschema_rs.Draft7Validator(
        {**schema, "components": document["components"]}, validate_formats=True
    )


@cache
def _closed_document() -> Any:
    return closed(asyncapi())
