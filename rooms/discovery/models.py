"""The tables of discovery: three that a projection keeps, one that is no event."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q


class Listing(models.Model):
    """One row per room, as lists and the search look for it.

    ``place`` orders what a search found: live rooms, then scheduled, then ended ones, the newest
    of each first. ``followers_invited_at`` is empty again when the room is over.
    """

    room_id = models.UUIDField(primary_key=True)
    state = models.CharField(max_length=16)
    place = models.BigIntegerField()
    host_id = models.UUIDField()
    creator_id = models.UUIDField()
    title = models.CharField(max_length=70)
    topic_ids = ArrayField(models.CharField(max_length=64))
    words = SearchVectorField()
    audience_policy = models.CharField(max_length=32)
    started_at = models.DateTimeField(null=True)
    followers_invited_at = models.DateTimeField(null=True)
    followers_invited_by = models.UUIDField(null=True)

    class Meta:
        db_table = "rooms_listing"
        indexes = [
            models.Index(fields=["state", "-room_id"], name="rooms_listing_state"),
            models.Index(fields=["host_id", "-room_id"], name="rooms_listing_host"),
            models.Index(fields=["creator_id", "-room_id"], name="rooms_listing_creator"),
            models.Index(fields=["-place"], name="rooms_listing_place"),
            GinIndex(fields=["words"], name="rooms_listing_words", fastupdate=False),
            GinIndex(fields=["topic_ids"], name="rooms_listing_topics", fastupdate=False),
            models.Index(
                fields=["followers_invited_by"],
                condition=Q(followers_invited_by__isnull=False),
                name="rooms_listing_invites",
            ),
        ]


class OnStage(models.Model):
    """One row per seat in a room that is not over."""

    pk = models.CompositePrimaryKey("room_id", "account_id")
    room_id = models.UUIDField()
    account_id = models.UUIDField(db_index=True)
    role = models.CharField(max_length=16)

    class Meta:
        db_table = "rooms_on_stage"


class Invitation(models.Model):
    """What lets one person into one room that is not over.

    ``kind`` is ``room`` (a standing invitation), ``speak`` (the offer of a seat) or ``guest`` (the
    guest list, which stands in no inbox).
    """

    pk = models.CompositePrimaryKey("room_id", "account_id", "kind")
    room_id = models.UUIDField()
    account_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=16)
    invited_by = models.UUIDField(null=True)
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rooms_invitation"


class InboxRead(models.Model):
    """Up to when somebody has read the inbox: nobody asks about it tomorrow, so it is no event."""

    account_id = models.UUIDField(primary_key=True)
    read_until = models.DateTimeField()

    class Meta:
        db_table = "rooms_inbox_read"
