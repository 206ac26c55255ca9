"""`make torture`: 200 kills, by a seed, and a table of what they came to."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.torture.edition_run import Ground
from tests.torture.kill_loop import torment
from tests.torture.long_faults import full_disks, locked_database
from tests.torture.plan import plan
from tests.torture.senders import Senders
from tests.torture.table import faults, print_table
from tests.torture.workspaces import Audience, make_template


@click.command()
@click.option("--kills", default=200, show_default=True)
@click.option("--seed", type=int, help="The plan of an earlier run.")
@click.option("--people", default=300, show_default=True, help="The readers of each edition.")
def main(kills: int, seed: int | None, people: int) -> None:
    """Kill senders, and have the receiver's own log say who got what."""
    seed = random.randrange(10**6) if seed is None else seed
    click.echo(f"seed {seed}, {kills} kills (--seed {seed} --kills {kills} plans the same again)")
    audience = Audience(people)
    outcomes = []
    with TemporaryDirectory() as name, Senders(Path(name, "said")) as senders:
        template = make_template(Path(name, "template"), audience)
        ground = Ground(template, audience, senders, Path(name))
        for mode, planned in plan(seed, kills).items():
            outcomes.append(torment(ground, mode, planned))
            click.echo(f"{mode.name}: {len(planned)} kills done", err=True)
        outcomes.append(locked_database(ground))
        disks = list(full_disks(ground))
    if not disks:
        click.echo("No disk was filled up: that needs the right to mount a tmpfs.", err=True)
    outcomes += disks
    print_table(outcomes)
    sys.exit(bool(faults(outcomes)))


if __name__ == "__main__":
    main()
