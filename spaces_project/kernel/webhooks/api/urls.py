"""The addresses of webhook endpoints, below ``/api/v1/``."""

from django.urls import path

from spaces_project.kernel.webhooks.api import views

ENDPOINT = "webhook-endpoints/<str:endpoint_id>"

urlpatterns = [
    path("webhook-endpoints", views.Endpoints.as_view()),
    path(ENDPOINT, views.OneEndpoint.as_view()),
    path(f"{ENDPOINT}/test", views.Test.as_view()),
    path(f"{ENDPOINT}/replay", views.Replay.as_view()),
    path(f"{ENDPOINT}/rotate", views.Rotate.as_view()),
    path(f"{ENDPOINT}/resume", views.Resume.as_view()),
    path(f"{ENDPOINT}/deliveries", views.Deliveries.as_view()),
]
