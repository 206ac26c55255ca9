"""The command itself: sets the stage, tells the story, then shows what was captured."""

from __future__ import annotations

import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from newsletter.app.dkim_keys import KeyOrder, make_key
from newsletter.app.first_topic import add_first_topic
from newsletter.app.new_workspace import prepare_data
from newsletter.app.workspace import Workspace, open_settings
from newsletter.cli.command import Command, json_option, print_json
from newsletter.cli.demo.capture import CaptureServer
from newsletter.cli.demo.captured_pages import captured_pages
from newsletter.cli.demo.story import Step, Story
from newsletter.cli.demo.verifier import Verifier
from newsletter.cli.demo.web_server import WebServer
from newsletter.cli.public_site import public_site
from newsletter.domain.errors import NewsletterError, Refused
from newsletter.mail.dkim.dns_record import DnsRecord
from newsletter.resources import examples_folder
from newsletter.settings.reading import FILE_NAME, read_settings

_SELECTOR = "demo"
_MORE_SETTINGS = """
[sign_up]
fill_time = 0

[relay]
url = "{relay_url}"

[dkim]
selector = "{selector}"
key_file = "data/keys/dkim/{selector}.pem"
"""


@click.command(cls=Command)
@click.option("--once", is_flag=True, help="Leave after the figures; 1 when a step did not hold.")
@click.option("--port", type=click.IntRange(1, 65535), metavar="N", help="For the page; else free.")
@json_option
def demo(once: bool, port: int | None, as_json: bool) -> None:
    """Watch the whole job happen in a temporary workspace, on this machine alone.

    Composes a bilingual bulletin, imports twelve readers, approves, signs and sends it to a capture
    server, lets one reader leave and another sign up, and sends again. Then shows what was captured
    until Ctrl-C.

    Example: newsletter demo --once
    """
    with ExitStack() as stage:
        capture = stage.enter_context(CaptureServer())
        workspace = stage.enter_context(_temporary_workspace(capture.url))
        site = stage.enter_context(WebServer(public_site(workspace, listening_on="127.0.0.1")))
        verifier = Verifier(_throw_away_key(workspace))
        steps = list(_tell(Story(workspace, capture, site.port, verifier), quiet=as_json))
        if as_json:
            print_json({"steps": [step.as_json() for step in steps]})
        if once:
            raise click.exceptions.Exit(0 if all(step.ok for step in steps) else Refused.exit_code)
        pages = captured_pages(
            capture.messages,
            verifier,
            base_url=workspace.settings.site.base_url,
            site_origin=site.origin,
        )
        page = stage.enter_context(WebServer(pages, port))
        click.echo(f"\nSee what was received: {page.origin}\nStop with Ctrl-C.", err=as_json)
        _wait_for_interrupt()


def _tell(story: Story, *, quiet: bool) -> Iterator[Step]:
    try:
        for step in story.steps():
            if not quiet:
                click.echo(f"{'ok ' if step.ok else 'NO '} {step.line}")
            yield step
            if not step.ok:
                return
    except (NewsletterError, ValueError) as error:
        failed = Step("error", ok=False, line=str(error), figures={"error": str(error)})
        click.echo(f"NO  {failed.line}", err=quiet)
        yield failed


@contextmanager
def _temporary_workspace(relay_url: str) -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory(prefix="newsletter-demo-") as temporary:
        folder = Path(temporary) / "workspace"
        shutil.copytree(examples_folder(), folder)
        file = folder / FILE_NAME
        with file.open("a", encoding="utf-8") as settings_file:
            settings_file.write(_MORE_SETTINGS.format(relay_url=relay_url, selector=_SELECTOR))
        # No environment: a relay set there must never get the demo's mail.
        settings = read_settings(file, use_environment=False)
        prepare_data(settings)
        add_first_topic(settings, actor="demo")
        with open_settings(settings) as workspace:
            yield workspace


def _throw_away_key(workspace: Workspace) -> DnsRecord:
    """Makes the key that the settings name, for as long as the workspace lasts; gives what the DNS
    would say of it."""
    return make_key(workspace, KeyOrder(selector=_SELECTOR), actor="demo").record


def _wait_for_interrupt() -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
