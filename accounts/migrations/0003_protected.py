"""Protected accounts, and the words by which people are found."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    """Protected accounts, and the words by which people are found."""

    dependencies = [("accounts", "0002_api_keys")]
    operations = [
        migrations.AddField(
            "person", "protected", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddField(
            "person",
            "words",
            django.contrib.postgres.search.SearchVectorField(default="", db_default=""),
        ),
        migrations.AddIndex(
            "person",
            django.contrib.postgres.indexes.GinIndex(
                fields=["words"], name="accounts_person_words", fastupdate=False
            ),
        ),
    ]
