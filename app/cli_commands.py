"""Every command of `sounding`, in the order a newcomer meets them."""

import typer

from app import (
    cli_data,
    cli_labels,
    cli_learn,
    cli_reproduce,
    cli_serve,
    cli_users,
    cli_withdraw,
)

commands = typer.Typer(
    name="sounding",
    help="Does the action sound? Label, train, evaluate and explore narrated egocentric video.",
    epilog="Start here: sounding demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

cli_serve.add_to(commands)
cli_data.add_to(commands)
cli_learn.add_to(commands)
cli_reproduce.add_to(commands)
cli_labels.add_to(commands)
cli_withdraw.add_to(commands)
cli_users.add_to(commands)
