"""The product's addresses, and a view that does nothing but what every view does."""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from spaces_project import urls
from spaces_project.kernel.ids import public
from spaces_project.kernel.web.rest_authentication import asker


class Small(APIView):
    """Who asks: authentication, permission, negotiation, JSON, and no query."""

    def get(self, request: Request) -> Response:
        """Return the account of the token."""
        return Response({"account_id": public("acc", asker(request).account_id)})


urlpatterns = [path("api/v1/small", Small.as_view()), *urls.urlpatterns]
handler404, handler500, handler400 = urls.handler404, urls.handler500, urls.handler400
