"""What the tree may not hold, and what the documents promise."""

import re
from pathlib import Path

from spaces_project.launcher.commands import COMMANDS
from spaces_project.launcher.packages import NEEDED
from tests.architecture.tree import PROJECT, tracked_files

# In pieces, so that this file is not its own finding.
FOLDERS = ["/home" + r"/\w", "/Users" + r"/\w", "/root" + "/", "/work" + "/"]
HOSTS = ["pypi" + r"\.org", "python" + "hosted", "npmjs" + r"\.(?:org|com)", "deb" + r"\.debian"]
PARTICULAR = re.compile("|".join(FOLDERS + HOSTS))
NAMES_LIKE_THESE = {"utils.py", "helpers.py", "services.py", "managers.py", "utils", "helpers"}
COMMAND = re.compile(r"(?:`|^[ ]*(?:\$ )?)\./spaces ([a-z]+)", re.MULTILINE)


def test_every_file_fits_every_machine() -> None:
    found = {
        str(path): words
        for path in tracked_files()
        if (words := PARTICULAR.findall(readable(path)))
    }

    assert found == {}


def readable(path: Path) -> str:
    """What a person could read in a file: nothing in a picture or a sound."""
    content = (PROJECT / path).read_bytes()
    return "" if b"\0" in content else content.decode()


def test_every_module_is_named_after_what_it_says() -> None:
    parts = {part for path in tracked_files() if path.suffix == ".py" for part in path.parts}

    assert parts & NAMES_LIKE_THESE == set()


def test_every_command_that_a_document_names_exists() -> None:
    documents = [path for path in tracked_files() if path.suffix == ".md"]
    named = {
        name for path in documents for name in COMMAND.findall((PROJECT / path).read_text("utf-8"))
    }

    assert named - set(COMMANDS) - {"help"} == set()


def test_the_packages_of_the_architecture_are_there() -> None:
    apps = ("accounts", "rooms", "media", "scheduling", "ticketing", "moderation")

    assert [app for app in apps if not (PROJECT / app / "__init__.py").exists()] == []
    assert set(NEEDED) == {"chromium", "espeak-ng", "node", "npm"}


def test_continuous_integration_is_the_test_command() -> None:
    lines = (PROJECT / ".ci" / "run").read_text("utf-8").splitlines()

    assert lines[-1] == "exec ./spaces test"
