"""Keys for servers, made and taken back by the operator."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts import commands, queries
from accounts.models import ApiKey
from spaces_project.kernel.clock import now, rfc3339
from spaces_project.kernel.ids import parse, public
from spaces_project.kernel.refusals import Refusal


class Command(BaseCommand):
    """``manage.py api_key make|list|revoke``."""

    help = "Make, list and revoke the keys with which servers ask."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what is to be done."""
        chosen = parser.add_subparsers(dest="what", required=True)
        making = chosen.add_parser("make", help="print a new key, once")
        making.add_argument("name", metavar="NAME", help="what it is for")
        known = [*commands.OWN_SCOPES, *commands.OPERATORS_SCOPES]
        making.add_argument("--scope", action="append", choices=known, required=True)
        making.add_argument("--for", dest="handle", metavar="HANDLE", help="whom it acts for")
        making.add_argument("--days", type=int, help="after which it ends")
        chosen.add_parser("list", help="list all keys that were not revoked")
        revoking = chosen.add_parser("revoke", help="take a key back")
        revoking.add_argument("key", metavar="KEY", help="its id, key_…")

    def handle(self, **options: Any) -> None:
        """Do it."""
        if options["what"] == "make":
            self._make(options)
        elif options["what"] == "revoke":
            self._revoke(options["key"])
        else:
            for key in ApiKey.objects.filter(revoked_at=None).order_by("id"):
                self.stdout.write(line(key))

    def _make(self, options: dict[str, Any]) -> None:
        days = options["days"]
        made = commands.make_key(
            account_id=_account(options["handle"]) if options["handle"] else None,
            name=options["name"],
            scopes=options["scope"],
            expires_at=now() + timedelta(days=days) if days is not None else None,
        )
        self.stderr.write(f"{public('key', made.key_id)}; the key itself is shown only now:")
        self.stdout.write(made.secret)

    def _revoke(self, text: str) -> None:
        try:
            commands.revoke_key(key_id=parse("key", text))
        except (ValueError, Refusal):
            raise CommandError(f"there is no key {text}") from None
        self.stdout.write(f"{text} opens nothing any more, after five seconds at the latest")


def line(key: ApiKey) -> str:
    """Return a key's id, name and scopes, whom it acts for, and when it was used."""
    acts_for = public("acc", key.account_id) if key.account_id else "nobody"
    used = rfc3339(key.last_used_at) if key.last_used_at else "never"
    scopes = ",".join(key.scopes)
    return f"{public('key', key.id)} {key.name}: {scopes}; acts for {acts_for}; used {used}"


def _account(handle: str) -> UUID:
    person = queries.person_by_handle(handle)
    if person is None:
        raise CommandError(f"nobody has the handle {handle}")
    return person.account_id
