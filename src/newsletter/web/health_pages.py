"""Whether the site is ready, for the machines that watch over it."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from newsletter.web.desks.health import Health
from newsletter.web.headers import PAGE_HEADERS


class HealthPages:
    """Says it by the status and in a word, and nothing else."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def routes(self) -> list[Route]:
        """The address."""
        return [Route("/healthz", self.health)]

    def health(self, _request: Request) -> Response:
        """200 when requests can be served, 503 when they cannot."""
        is_ready = self._health.is_ready()
        return PlainTextResponse(
            "ready\n" if is_ready else "not ready\n",
            status_code=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE,
            headers=dict(PAGE_HEADERS),
        )
