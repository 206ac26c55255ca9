"""`newsletter serve`: the public pages."""

from __future__ import annotations

import click
import uvicorn

from newsletter.cli.command import Command, workspace
from newsletter.cli.public_site import public_site
from newsletter.settings.values import host_and_port
from newsletter.web.access_log import masked_log_config


@click.command(cls=Command)
@click.option(
    "--listen",
    metavar="HOST:PORT",
    callback=lambda _context, _option, value: _checked(value),
    help="Where to listen; else web.listen.",
)
def serve(listen: str | None) -> None:
    """Serve the pages that readers reach: unsubscribe, preferences, view in a browser, pictures.

    Speaks plain HTTP and belongs behind a web server that speaks HTTPS.

    Example: newsletter serve --listen 127.0.0.1:8000
    """
    with workspace() as opened:
        host, port = host_and_port(listen or opened.settings.web.listen)
        app = public_site(opened, listening_on=host)
        click.echo(f"Serving {opened.settings.site.base_url} on http://{host}:{port}", err=True)
        uvicorn.run(
            app,
            host=host,
            port=port,
            log_config=masked_log_config(),
            server_header=False,
            proxy_headers=False,
        )


def _checked(value: str | None) -> str | None:
    if value is not None:
        try:
            host_and_port(value)
        except ValueError as error:
            raise click.BadParameter(f"{value!r}: {error}") from None
    return value
