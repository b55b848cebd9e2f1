"""`modfix completion`: the script that teaches a shell to complete modfix's words."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of SHELL.

    bash: `eval "$(modfix completion bash)"` in ~/.bashrc; zsh the same in ~/.zshrc; fish:
    `modfix completion fish > ~/.config/fish/completions/modfix.fish`.
    """
    from click.shell_completion import get_completion_class

    from modfix.cli import group

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(group, {}, "modfix", "_MODFIX_COMPLETE").source())
