"""Descriptions are written with Markdown's mark of code; a page shows it as code."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def marked(text: str) -> SafeString:
    """Return a sentence with its code as code; everything else stays words."""
    words = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    return mark_safe(words)  # noqa: S308 - escaped above
