"""The tables of accounts: three that a projection keeps, four that hold what is no event."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Person(models.Model):
    """One account as others see it; kept by the read model ``accounts_people``."""

    id = models.UUIDField(primary_key=True)
    handle = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=50)
    sealed_bio = models.BinaryField()
    follower_count = models.IntegerField(default=0)
    following_count = models.IntegerField(default=0)
    protected = models.BooleanField(default=False, db_default=False)
    words = SearchVectorField(default="", db_default="")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_person"
        indexes = [GinIndex(fields=["words"], name="accounts_person_words", fastupdate=False)]

    def __str__(self) -> str:
        return self.handle


class Follow(models.Model):
    """One person follows another; kept by the read model ``accounts_people``."""

    pk = models.CompositePrimaryKey("follower_id", "followee_id")
    follower_id = models.UUIDField()
    followee_id = models.UUIDField()
    since = models.DateTimeField()

    class Meta:
        db_table = "accounts_follow"
        indexes = [
            models.Index(fields=["followee_id", "follower_id"], name="accounts_follow_back_idx")
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.followee_id}"


class Block(models.Model):
    """One person has blocked another; kept by the read model ``accounts_people``."""

    pk = models.CompositePrimaryKey("blocker_id", "blocked_id")
    blocker_id = models.UUIDField()
    blocked_id = models.UUIDField()

    class Meta:
        db_table = "accounts_block"
        indexes = [
            models.Index(fields=["blocked_id", "blocker_id"], name="accounts_block_back_idx")
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} has blocked {self.blocked_id}"


class Credential(models.Model):
    """How an account proves itself. No event ever holds a password, not even its hash."""

    account_id = models.UUIDField(primary_key=True)
    password_hash = models.CharField(max_length=200)
    is_staff = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.account_id)


class FailedSignIn(models.Model):
    """Failed attempts in a row for one handle, whether or not anybody has it."""

    handle_digest = models.UUIDField(primary_key=True)
    failures = models.IntegerField()
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.failures} until {self.last_at}"


class SignInCode(models.Model):
    """A one-time code, as its digest; gone as soon as it is used."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    account_id = models.UUIDField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"for {self.account_id} until {self.expires_at}"


class ApiKey(models.Model):
    """A key with which a server asks, as its digest; kept after its end, so that it is listed."""

    id = models.UUIDField(primary_key=True)
    digest = models.BinaryField(unique=True, max_length=32)
    account_id = models.UUIDField(null=True, db_index=True)  # None: of the operator, for nobody
    name = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=32))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)  # to ten minutes
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_api_key"

    def __str__(self) -> str:
        return self.name
