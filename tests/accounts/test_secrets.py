"""What must stand nowhere in plain: passwords, codes, bios."""

import msgspec
import psycopg
import pytest
from django.core.management import call_command

from accounts import commands
from accounts.commands import import_followers
from spaces_project.kernel.database import connection_string
from spaces_project.kernel.log.wish import idempotent
from tests.accounts.people import catch_up, client, someone, stored

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

SECRET = "zephyr-kumquat-42"
BIO = "quagmire xylophone"


def everything_kept() -> str:
    """Return every row of every table of the data's database, as text."""
    with psycopg.connect(connection_string()) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        return "\n".join(
            str(connection.execute(f"SELECT t::text FROM {name} t".encode()).fetchall())  # noqa: S608
            for (name,) in tables
        )


def test_no_password_and_no_code_is_in_any_event_or_row() -> None:
    body = {"handle": "ana", "name": "Ana", "password": SECRET}
    client().post("/api/v1/accounts", body, format="json", headers={"Idempotency-Key": "one"})
    with idempotent("anybody", "key", SECRET.encode()):
        ana = commands.register(handle="anna", name="Anna", password=SECRET).entity_id
    used, unused = (commands.issue_sign_in_code(ana) for _ in range(2))
    commands.exchange_code(code=used)
    commands.set_password(account_id=ana, password=f"{SECRET}!")
    import_followers(ana, [("bob", "Bo")])
    catch_up()

    events = b"\n".join(msgspec.json.encode(event) for event in stored()).decode()
    for text in (events, everything_kept()):
        for secret in (SECRET, used, unused):
            assert secret not in text
            assert secret.encode().hex() not in text
    assert "password" not in events


def test_no_bio_is_in_any_row() -> None:
    ana = someone("ana")
    commands.change_profile(account_id=ana, bio=BIO)
    catch_up()
    kept = everything_kept()

    for word in BIO.split():
        assert word not in kept
        assert word.encode().hex() not in kept


def test_the_tables_are_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
