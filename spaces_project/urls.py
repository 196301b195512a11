"""The addresses."""

from django.urls import include, path

from spaces_project.kernel.web.health import live, ready
from spaces_project.kernel.web.problem_pages import problem_page, problem_pages

urlpatterns = [
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("rooms.api.urls")),
    path("api/v1/", include("spaces_project.kernel.webhooks.api.urls")),
    path("api/", include("spaces_project.interface.urls")),
    path("livez", live),
    path("readyz", ready),
    path("problems", problem_pages),
    path("problems/<slug:code>", problem_page),
    path("", include("rooms.pages.urls")),
]
handler404 = "spaces_project.kernel.web.errors.not_found"
handler500 = "spaces_project.kernel.web.errors.unexpected"
handler400 = "spaces_project.kernel.web.errors.bad_request"
