"""How passwords are hashed: Argon2id at a cost that a shared machine can pay."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ModerateArgon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).

    Django's default takes 100 MiB and 0.16 s for each sign-in, which lets a few dozen guesses at
    once exhaust a small machine.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
