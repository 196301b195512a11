"""The kernel's tables that Django lists; all others are asked in SQL of their own."""

from spaces_project.kernel.webhooks.models import DeliveryRow, EndpointRow

__all__ = ["DeliveryRow", "EndpointRow"]
