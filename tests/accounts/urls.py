"""The addresses of accounts alone, for tests of this app."""

from django.urls import include, path

urlpatterns = [path("api/v1/", include("accounts.api.urls"))]
