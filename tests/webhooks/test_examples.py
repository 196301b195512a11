"""The examples in the document for receivers do what it says."""

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

from spaces_project.kernel.webhooks.signing import new_secret, signed_headers
from tests.architecture.tree import PROJECT

BODY = json.dumps({"type": "participant.joined", "data": {"name": "Bo Größe"}}).encode()


def example(language: str) -> str:
    """Return the one example in a language."""
    text = (PROJECT / "docs" / "webhooks.md").read_text("utf-8")
    (found,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return str(found)


def signed(*secrets: str) -> dict[str, str]:
    return signed_headers(secrets, "evt_1", int(time.time()), BODY)


def test_the_python_example_takes_what_is_signed_and_nothing_else() -> None:
    words: dict[str, Any] = {}
    exec(example("py"), words)  # noqa: S102 - our own page
    secret, other = new_secret(), new_secret()

    assert words["receive"](secret, signed(secret), BODY) == json.loads(BODY)
    assert words["receive"](secret, signed(other, secret), BODY) == json.loads(BODY)
    assert words["receive"](secret, signed(other), BODY) is None
    assert words["receive"](secret, signed(secret), BODY + b" ") is None


def test_the_javascript_example_takes_what_is_signed_and_nothing_else(tmp_path: Path) -> None:
    secret, other = new_secret(), new_secret()
    asked = [
        [secret, signed(secret), BODY.decode()],
        [secret, signed(other, secret), BODY.decode()],
        [secret, signed(other), BODY.decode()],
        [secret, signed(secret), BODY.decode() + " "],
    ]
    script = tmp_path / "receive.mjs"
    lines = f"const asked = {json.dumps(asked)};\nfor (const each of asked) "
    script.write_text(example("javascript") + lines + "console.log(receive(...each) !== null);")
    said = subprocess.run(["node", script], capture_output=True, text=True, check=True).stdout

    assert said.split() == ["true", "true", "false", "false"]
