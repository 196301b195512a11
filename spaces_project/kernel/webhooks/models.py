"""Rows for lists; everything else asks for what it needs in SQL of its own."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class EndpointRow(models.Model):
    """Where somebody wants to hear of what happens."""

    id = models.UUIDField(primary_key=True)
    owner_id = models.UUIDField()
    hears_all = models.BooleanField()
    until = models.DateTimeField(null=True)
    sealed_url = models.BinaryField()
    sealed_secret = models.BinaryField()
    sealed_former_secret = models.BinaryField(null=True)
    former_secret_until = models.DateTimeField(null=True)
    types = ArrayField(models.TextField())
    since = models.BigIntegerField()
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.TextField(default="")
    is_failing = models.BooleanField(default=False)

    class Meta:
        app_label = "kernel"
        db_table = "webhook_endpoints"
        managed = False


class DeliveryRow(models.Model):
    """One attempt to tell one event."""

    id = models.UUIDField(primary_key=True)
    endpoint_id = models.UUIDField()
    webhook_id = models.TextField()
    type = models.TextField()
    room_id = models.UUIDField(null=True)
    room_seq = models.BigIntegerField(null=True)
    attempt = models.SmallIntegerField()
    at = models.DateTimeField()
    duration_ms = models.IntegerField()
    status = models.SmallIntegerField(null=True)
    outcome = models.TextField()
    sealed_said = models.BinaryField()

    class Meta:
        app_label = "kernel"
        db_table = "webhook_deliveries"
        managed = False
