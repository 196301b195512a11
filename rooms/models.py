"""The tables of the read models; only projections write them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from rooms.discovery.models import InboxRead, Invitation, Listing, OnStage

__all__ = ["InboxRead", "Invitation", "Listing", "OnStage", "ParticipantRow", "RoomRow"]


class RoomRow(models.Model):
    """One row per room, as lists and single look-ups show it."""

    id = models.UUIDField(primary_key=True)
    state = models.CharField(max_length=16)
    host_id = models.UUIDField(db_index=True)
    title = models.CharField(max_length=70)
    description = models.BinaryField()
    topic_ids = ArrayField(models.CharField(max_length=64))
    audience_policy = models.CharField(max_length=32)
    speak_policy = models.CharField(max_length=32)
    stage_size = models.IntegerField()
    seats = models.JSONField()
    participant_count = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    version = models.BigIntegerField()
    seq = models.BigIntegerField()
    creator_id = models.UUIDField(null=True)
    cohost_ids = ArrayField(models.UUIDField(), default=list)
    pins = models.JSONField(default=list)
    followers_invited = models.BooleanField(default=False)
    ending_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rooms_room"
        indexes = [models.Index(fields=["state", "-id"], name="rooms_room_state_id")]


class ParticipantRow(models.Model):
    """One row per person who ever came into, was invited to, or was put out of a room."""

    pk = models.CompositePrimaryKey("room_id", "account_id")
    room_id = models.UUIDField()
    account_id = models.UUIDField(db_index=True)
    present = models.BooleanField(default=False)
    joined_at = models.DateTimeField(null=True)
    seated = models.BooleanField(default=False)
    hand_raised_at = models.DateTimeField(null=True)
    hand_seq = models.BigIntegerField(null=True)
    removed = models.BooleanField(default=False)
    removed_by = models.UUIDField(null=True)
    removed_at = models.DateTimeField(null=True)
    blocked = models.BooleanField(default=False)
    invited = models.BooleanField(default=False)
    guest = models.BooleanField(default=False)
    speak_invited_by = models.UUIDField(null=True)
    speak_invited_until = models.DateTimeField(null=True)
    may_ask_from = models.DateTimeField(null=True)

    class Meta:
        db_table = "rooms_participant"
        indexes = [
            models.Index(
                fields=["room_id", "joined_at", "account_id"],
                condition=models.Q(present=True),
                name="rooms_participant_present",
            ),
            models.Index(
                fields=["room_id", "hand_seq"],
                condition=models.Q(hand_seq__isnull=False),
                name="rooms_participant_hands",
            ),
            models.Index(
                fields=["room_id", "account_id"],
                condition=models.Q(invited=True),
                name="rooms_participant_invited",
            ),
            models.Index(
                fields=["room_id", "speak_invited_until"],
                condition=models.Q(speak_invited_until__isnull=False),
                name="rooms_participant_asked",
            ),
            models.Index(
                fields=["room_id", "-removed_at", "account_id"],
                condition=models.Q(removed=True),
                name="rooms_participant_removed",
            ),
        ]


class ReactionRow(models.Model):
    """How many of one emoji a room was thrown in one second; no projection's, and no event's."""

    pk = models.CompositePrimaryKey("room_id", "second", "emoji")
    room_id = models.UUIDField()
    second = models.DateTimeField()
    emoji = models.CharField(max_length=8)
    count = models.IntegerField()

    class Meta:
        db_table = "rooms_reaction"
