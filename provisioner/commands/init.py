"""``init``: a spec to begin with, and the schema beside it for the editor."""

from __future__ import annotations

import argparse
import errno
import json
import re
from pathlib import Path

from .. import starters
from ..base import files, shell
from ..base.diagnostics import UnreadableFileError, UsageError

_STDOUT = "-"
_SCHEMA = "deployment.schema.json"
_SUBSCRIPTION = "AZURE_SUBSCRIPTION_ID"
_KEY = "~/.ssh/id_ed25519.pub"
_KEYS = ("id_ed25519.pub", "id_rsa.pub")

HELP = "create a starter spec, with comments"
EXAMPLES = (
    "templates:\n"
    f"{''.join(f'  {name:<10} {starters.summary(name)}{chr(10)}' for name in starters.names())}\n"
    "examples:\n"
    "  provisioner init                                              deployment.yaml, from the template "
    "msi-vm\n"
    "  provisioner init --template fleet workers.yaml\n"
    "  provisioner init --template web-tier -                        to standard output\n"
    "\n"
    f"{_SCHEMA} is written next to it: editors with the YAML language server check and complete while you "
    "type."
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", default="deployment.yaml", metavar="FILE", help="the file, or - to print")
    parser.add_argument("--template", choices=starters.names(), default="msi-vm", help="the template of the spec")
    parser.add_argument("--force", action="store_true", help="overwrite an existing file")


def run(arguments: argparse.Namespace) -> int:
    text = starters.text(arguments.template)
    key, found = _public_key()
    text = text.replace(_KEY, key)
    if arguments.file == _STDOUT:
        print(text, end="")
        return 0
    file = Path(arguments.file)
    _write(file, text, arguments.force)
    written = [arguments.file]
    schema = file.parent / _SCHEMA
    if not schema.exists() or arguments.force:
        _write(schema, _schema(), force=True)
        written.append(str(schema))
    print(f"wrote {' and '.join(written)}\n\nNext:")
    if not found:
        print(f"  ssh-keygen -t ed25519 -f {key.removesuffix('.pub')}")
    for variable in re.findall(r"from_env: (\w+)", text):
        print(f"  {shell.to_set(variable)}")
    print(f"  provisioner validate {file}")
    print(f"  provisioner apply {file} --cloud local        # a rehearsal; no account, no cost")
    print(f"  {shell.to_set(_SUBSCRIPTION)}                # for Azure: `az login`, `az account list --output table`")
    print(f"  provisioner apply {file}                      # on Azure")
    return 0


def _public_key() -> tuple[str, bool]:
    """The file of the user's public key, and whether it is there."""
    for name in _KEYS:
        if files.at_home(f"~/.ssh/{name}").is_file():
            return f"~/.ssh/{name}", True
    return _KEY, False


def _schema() -> str:
    from ..spec.schema.editing import for_editors
    from ..spec.schema.schema import bundled

    return json.dumps(for_editors(bundled()), indent=2) + "\n"


def _write(file: Path, text: str, force: bool) -> None:
    try:
        if file.is_fifo():
            raise OSError(errno.EINVAL, "it is a named pipe, not a file")
        with file.open("w" if force else "x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise UsageError(f"{file} already exists; choose another name, or pass --force to overwrite it") from error
    except OSError as error:
        raise UnreadableFileError(f"{file}: cannot be written: {error.strerror}") from error
