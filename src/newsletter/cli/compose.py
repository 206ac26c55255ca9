"""`newsletter compose`, `check` and `sections`: the commands that need no database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.app.clock import utc_now
from newsletter.app.composing import Composition, check_file, compose_file
from newsletter.app.workshop import Workshop, open_workshop
from newsletter.cli.command import Command, config, json_option, print_json
from newsletter.cli.finding_lines import finding_line
from newsletter.cli.table import print_table
from newsletter.composer.kinds.kind_json import kind_as_json, kind_json_schema
from newsletter.composer.kinds.kinds import Catalogue, SectionKind
from newsletter.domain.errors import BadInput, Refused

if TYPE_CHECKING:
    from newsletter.app.listed_reader import ListedReader

_FILE = click.Path(path_type=Path)


@click.command(cls=Command)
@click.argument("file", type=_FILE)
@click.option("--language", metavar="L", help="Only this language.")
@click.option("--out", type=_FILE, metavar="DIR", help="Where to write.")
@click.option("--as", "reader", metavar="EMAIL", help="Fill it for this subscriber.")
@json_option
def compose(
    file: Path, language: str | None, out: Path | None, reader: str | None, as_json: bool
) -> None:
    """Compose an edition FILE and write it to look at.

    Open index.html in a browser: it shows it all. Beside it are the HTML, text and mail of each
    language, as a reader of no name gets them. With --as they are for somebody on the list of the
    workspace's database, in the language and format that they read and with the sections of their
    segments; the links still open nothing, but the files hold a name and an address.

    Answers no (1) when a check says that it must not be sent as it is; what can be composed is
    written all the same.

    Example: newsletter compose editions/2026-10/edition.yaml --out /tmp/bulletin
    """
    shop = open_workshop(config(), file)
    composition = compose_file(
        shop,
        file,
        language=language,
        out=out,
        now=utc_now(),
        reader=_on_the_list(shop, reader) if reader is not None else None,
    )
    _answer(composition, as_json=as_json)


def _on_the_list(shop: Workshop, address: str) -> ListedReader:
    # Imported here: the database's library is slow to load, and composing does without.
    from newsletter.app.listed_reader import listed_reader

    return listed_reader(shop, address)


@click.command(cls=Command)
@click.argument("file", type=_FILE)
@click.option("--online", is_flag=True, help="Open the https links, too; see above.")
@json_option
def check(file: Path, online: bool, as_json: bool) -> None:
    """Check an edition FILE and write nothing.

    Nothing leaves this machine, unless you give --online: then each https address that the edition
    links to is looked up and asked for once, directly from here. Its site learns this machine's IP
    address, the program's name and the address asked for; of the edition and its readers, nothing.

    Example: newsletter check editions/2026-10/edition.yaml
    """
    shop = open_workshop(config(), file)
    composition = check_file(shop, file, utc_now())
    if online:
        # Imported here: an HTTP client is slow to load, and most checks do without.
        from newsletter.app.link_checking import check_links
        from newsletter.cli.progress_bar import progress_bar

        with progress_bar("links") as told:
            composition = check_links(shop, composition, now=utc_now(), told=told)
    _answer(composition, as_json=as_json)


@click.command(cls=Command)
@click.argument("kind", required=False)
@click.option("--json-schema", is_flag=True, help="The JSON Schema of one section of KIND.")
@json_option
def sections(kind: str | None, json_schema: bool, as_json: bool) -> None:
    """List the section kinds, or explain one KIND with a sample.

    Example: newsletter sections article
    """
    shop = open_workshop(config(), Path.cwd())
    if kind is None:
        if json_schema:
            raise BadInput("--json-schema needs a KIND", cure="See them: newsletter sections")
        _list_kinds(shop.catalogue, as_json=as_json)
        return
    found = _kind(shop.catalogue, kind)
    if json_schema:
        print_json(kind_json_schema(found, shop.settings.site.languages))
    elif as_json:
        print_json(kind_as_json(found))
    else:
        _explain(found)


def _answer(composition: Composition, *, as_json: bool) -> None:
    if as_json:
        print_json(composition.as_json())
    else:
        _say(composition)
    if not composition.may_be_sent:
        raise click.exceptions.Exit(Refused.exit_code)


def _say(composition: Composition) -> None:
    for language, written in composition.written.items():
        if written.html:
            click.echo(f"{language}: {written.subject}")
            click.echo(f"    {written.html} ({written.html_bytes:,} bytes), .txt, .eml")
    if composition.sheet:
        click.echo(f"See it all in your browser: {composition.sheet}")
    for finding in composition.compiled.findings:
        click.echo(finding_line(finding), err=True)
    if composition.may_be_sent:
        click.echo("No check found anything that must be mended.")
    else:
        click.echo(
            f"edition {composition.compiled.slug} must not be sent as it is:"
            " mend what is marked `must`",
            err=True,
        )


def _list_kinds(catalogue: Catalogue, *, as_json: bool) -> None:
    if as_json:
        print_json([kind_as_json(kind) for kind in catalogue.kinds.values()])
        return
    rows = [
        (kind.name, " / ".join(kind.labels.values()), ", ".join(one.name for one in kind.fields))
        for kind in catalogue.kinds.values()
    ]
    print_table(("KIND", "CALLED", "FIELDS"), rows)


def _kind(catalogue: Catalogue, name: str) -> SectionKind:
    if name not in catalogue.kinds:
        raise BadInput(
            f"no section kind {name}", cure=f"The kinds are {', '.join(catalogue.kinds)}."
        )
    return catalogue.kinds[name]


def _explain(kind: SectionKind) -> None:
    rows = [
        (one.name, one.type, "required" if one.required else "", one.help.get("en", ""))
        for one in kind.fields
    ]
    print_table(("FIELD", "TYPE", "", "WHAT IT IS"), rows)
    click.echo(f"\nA sample:\n\n{kind.sample_file.read_text(encoding='utf-8')}")
