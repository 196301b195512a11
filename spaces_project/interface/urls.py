"""The addresses of the documents, below ``/api/``."""

from django.urls import path

from spaces_project.interface import views

urlpatterns = [
    path("", views.index, name="api"),
    path("docs", views.docs, name="docs"),
    path("openapi.yaml", views.in_yaml, name="openapi"),
    path("openapi.json", views.in_json),
    path("asyncapi.yaml", views.sockets_in_yaml, name="asyncapi"),
    path("asyncapi.json", views.sockets_in_json),
    path("llms.txt", views.for_language_models, name="llms"),
]
