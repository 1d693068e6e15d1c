"""The command line: parse, hand over to a command, turn what it raises into a sentence and an exit code."""

from __future__ import annotations

import argparse
import errno
import importlib
import io
import keyword
import os
import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from typing import NoReturn

from .base.characters import HANDLER, encoding_of
from .base.diagnostics import ExecutionError, ProvisionerError, SpecError, closest, counted, listed, printable_lines
from .commands import signals
from .report.style import excerpt_width

COMMANDS = (
    "init",
    "validate",
    "plan",
    "apply",
    "destroy",
    "unlock",
    "show",
    "outputs",
    "runs",
    "import",
    "fmt",
    "explain",
    "schema",
    "local",
)
"""Each is a module of ``commands`` with HELP, EXAMPLES, configure and run; a word of Python has a _ behind it."""

_INTERRUPTED = 130
_NO_ACCESS = 77
_USAGE = 64
_TOO_MUCH = 70
_DESCRIPTION = (
    "Azure virtual machines with managed identities, from one YAML file.\n"
    "\n"
    "  provisioner init     web.yaml\n"
    "  provisioner validate web.yaml\n"
    "  provisioner plan     web.yaml --cloud local\n"
    "  provisioner apply    web.yaml --cloud local --yes\n"
    "  provisioner destroy  web.yaml --cloud local --yes\n"
    "\n"
    "--cloud local runs against a local simulator of Azure: no account, no cost."
)
_EPILOG = (
    "exit codes: 0 done, 1 failed or refused, 2 changes pending (plan --detailed-exitcode),\n"
    "3 worse than --max-impact allows, 64 usage, 65 invalid spec, 66 unreadable file,\n"
    "70 input over a limit, 77 no access, 130 interrupted"
)


class _Parser(argparse.ArgumentParser):
    """Exits with 64 (EX_USAGE) on a wrong command line; the usage with all its options would hide what is wrong."""

    def error(self, message: str) -> NoReturn:
        self.exit(_USAGE, f"error: {printable_lines(message)}\n  hint: run `{self.prog} --help` to list the options\n")

    def refuse(self, word: str) -> NoReturn:
        """A word of the command line that nothing takes."""
        option = word.partition("=")[0]
        meant = closest(option, self._option_string_actions) if word.startswith("-") else ""
        what = f"unknown option {option}" if word.startswith("-") else f"unexpected argument {word!r}"
        self.error(what + (f"; did you mean {meant}?" if meant else ""))


def parser(names: Iterable[str] = COMMANDS) -> _Parser:
    """The command line with these commands; only their modules are loaded."""
    raw = argparse.RawDescriptionHelpFormatter
    root = _Parser(prog="provisioner", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=raw)
    root.set_defaults(parser=root)
    root.add_argument("--version", action="store_true", help="print the version")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    for name in names:
        module_name = f"{name}_" if keyword.iskeyword(name) else name
        module = importlib.import_module(f".commands.{module_name}", __package__)
        one = commands.add_parser(
            name, help=module.HELP, description=module.HELP, epilog=module.EXAMPLES, formatter_class=raw
        )
        one.set_defaults(run=module.run, parser=one)
        module.configure(one)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; the exit code. No exception leaves it but SystemExit from argparse."""
    _open_all()
    for stream in (sys.stdout, sys.stderr):
        _write_all(stream)
    words = sys.argv[1:] if argv is None else argv
    chosen = next((word for word in words if not word.startswith("-")), "")
    root = parser([chosen] if chosen in COMMANDS else COMMANDS)
    if chosen and chosen not in COMMANDS:
        meant = closest(chosen, COMMANDS)
        root.error(f"unknown command {chosen!r}" + (f"; did you mean {meant}?" if meant else ""))
    arguments, unknown = root.parse_known_args(argv)
    if unknown:
        arguments.parser.refuse(unknown[0])
    if arguments.version:
        from .base.distribution import version

        print(f"provisioner {version()}")
        return 0
    if arguments.command is None:
        root.print_help()
        return _USAGE
    _end_as_by_ctrl_c()
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except SpecError as error:
        print(listed(error.diagnostics, excerpt_width(sys.stderr), encoding_of(sys.stderr)), file=sys.stderr)
        print(f"\n{_counted(error)}", file=sys.stderr)
        return error.exit_code
    except ExecutionError as error:
        return _refused(error)
    except ProvisionerError as error:
        print(f"error: {printable_lines(str(error))}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt as error:
        print(f"interrupted: {error}" if error.args else "interrupted", file=sys.stderr)
        return _INTERRUPTED
    except (RecursionError, MemoryError, OverflowError) as error:
        print(f"error: the input exceeds a limit ({type(error).__name__})", file=sys.stderr)
        return _TOO_MUCH
    except OSError as error:
        # Keep Python from flushing into what takes nothing; a reader that went away (`| head`) needs no word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not _is_broken_pipe(error):
            print(f"error: {error.filename or 'the output'}: {error.strerror or error}", file=sys.stderr)
        return 1
    return code


def _open_all() -> None:
    """What the caller has closed (``>&-``) leads nowhere; its number must not become that of a file or connection."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


def _write_all(stream: object) -> None:
    """Files and pipes get UTF-8 and ``\\n``, as specs are, unless PYTHONIOENCODING names another encoding.

    A stream of another encoding gets ASCII for what it does not have.
    """
    if isinstance(stream, io.TextIOWrapper):
        is_file = not stream.isatty()
        is_chosen = bool(os.environ.get("PYTHONIOENCODING", "").partition(":")[0])
        stream.reconfigure(
            encoding="utf-8" if is_file and not is_chosen else None, errors=HANDLER, newline="\n" if is_file else None
        )


def _is_broken_pipe(error: OSError) -> bool:
    """Windows reports a pipe without a reader as EINVAL."""
    return isinstance(error, BrokenPipeError) or (
        sys.platform == "win32" and error.errno == errno.EINVAL and error.filename is None
    )


def _end_as_by_ctrl_c() -> None:
    """Being asked to end, or losing the terminal, is as Ctrl-C: what is held is let go on the way out."""
    if threading.current_thread() is threading.main_thread():
        for number in signals.ENDING:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, signal.default_int_handler)


def _refused(error: ExecutionError) -> int:
    from .azure.advice import advice

    refused = "Azure refused a request: " if error.failure.status else ""
    print(f"error: {refused}{printable_lines(str(error))}", file=sys.stderr)
    if hint := advice(error.failure):
        print(f"  hint: {hint}", file=sys.stderr)
    return _NO_ACCESS if error.failure.status == 403 else error.exit_code


def _counted(error: SpecError) -> str:
    """Errors; warnings where there is nothing else and they are refused as errors are."""
    errors = sum(item.severity == "error" for item in error.diagnostics)
    if errors:
        return counted(errors, "error")
    return f"{counted(len(error.diagnostics), 'warning')}; with --strict, warnings are errors"
