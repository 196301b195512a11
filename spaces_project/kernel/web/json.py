"""JSON in and out, by orjson; strict about what it reads."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer


class JsonRenderer(BaseRenderer):
    """Writes UTF-8 JSON."""

    media_type = "application/json"
    format = "json"
    charset = None  # UTF-8 is the only encoding of JSON (RFC 8259, section 8.1)

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the bytes of an answer; nothing for None."""
        del accepted_media_type, renderer_context
        return b"" if data is None else orjson.dumps(data)


class JsonParser(BaseParser):
    """Reads a JSON object; everything else is refused."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the object in a body.

        :raises ParseError: if it is no JSON, or no object.
        """
        del media_type, parser_context
        raw = stream.read()
        try:
            found = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error}.") from None
        if not isinstance(found, dict):
            raise ParseError("The body must be a JSON object.")
        return found
