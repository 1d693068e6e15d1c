"""Input made to hang, to exhaust or to deceive: it ends soon, in little memory, with a sentence that says where."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from .bounded import HEAD, assert_clean, refused, run

_MACHINE = """
vms:
  web:
    image: Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest
    size: Standard_B1s
    subnet: main/front
    custom_data: {file: FILE}
    admin: {username: ops, ssh_keys: [{file: FILE}]}
network:
  virtual_networks:
    main: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.0.0/24}}}
"""


def write(folder: Path, text: str, name: str = "s.yaml") -> None:
    (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))


@pytest.fixture
def pipe(tmp_path: Path) -> str:
    """A named pipe that nobody writes to."""
    os.mkfifo(tmp_path / "pipe")
    return "pipe"


@pytest.mark.parametrize("command", ["validate", "fmt", "plan", "outputs"])
@pytest.mark.parametrize("file", ["pipe", "/dev/zero"])
def test_a_pipe_or_a_device_as_a_spec_is_refused(tmp_path: Path, pipe: str, command: str, file: str) -> None:
    assert f"{file}: it is a" in refused(tmp_path, command, file)


def test_a_pipe_as_an_overlay_or_a_file_of_parameters_is_refused(tmp_path: Path, pipe: str) -> None:
    write(tmp_path, HEAD)
    assert "pipe: it is a named pipe, not a file" in refused(tmp_path, "validate", "s.yaml", pipe)
    assert "pipe: it is a named pipe, not a file" in refused(tmp_path, "validate", "s.yaml", "--parameters", pipe)


def test_a_pipe_that_the_shell_opened_is_read(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, HEAD.encode())
    os.close(writer)
    with os.fdopen(reader) as stdin:
        ended = run(tmp_path, "validate", "/dev/stdin", stdin=stdin)
    assert ended.code == 0, ended.err


@pytest.mark.parametrize("file", ["pipe", "/dev/zero", "missing", ".", "loop", "large", "binary"])
def test_files_that_a_spec_names_are_told_at_their_place(tmp_path: Path, pipe: str, file: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "large").write_bytes(b"x" * (40 << 20))
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    write(tmp_path, HEAD + _MACHINE.replace("FILE", file))
    said = refused(tmp_path, "validate", "s.yaml")
    assert f"s.yaml:11:25: error: the file {file} cannot be read" in said
    assert f"s.yaml:12:46: error: the file {file} cannot be read" in said
    write(tmp_path, f"{HEAD}include: {{part: {file}}}\ntags: {{a: \"${{file('{file}')}}\"}}\n")
    place = f"{file}:1:1" if file in ("large", "binary") else "s.yaml:5:17"
    assert f"{place}: error: " in refused(tmp_path, "validate", "s.yaml")
    write(tmp_path, f"{HEAD}tags: {{a: \"${{file('{file}')}}\"}}\n")
    assert f"s.yaml:5:14: error: the file {file} " in refused(tmp_path, "validate", "s.yaml")


def test_a_secret_from_a_pipe_is_not_waited_for(tmp_path: Path, pipe: str) -> None:
    machine = _MACHINE.replace("    custom_data: {file: FILE}\n", "")
    machine = machine.replace("ssh_keys: [{file: FILE}]", "password: '${secrets.a}'")
    write(tmp_path, f"{HEAD}secrets: {{a: {{from_file: {pipe}}}}}{machine}")
    ended = run(tmp_path, "plan", "s.yaml", "--cloud", "local", "--local-state", "cloud.db")
    assert ended.code == 0, ended.err


@pytest.mark.parametrize(
    "value",
    ["[" * 100_000, "[NaN]", "[1e999]", '["\\ud800"]', "[" * 900 + "]" * 900, "{}", "[" + "9" * 5_000 + "]"],
    ids=["deep", "nan", "infinity", "surrogate", "nested", "map", "digits"],
)
def test_a_parameter_in_hostile_json_is_refused(tmp_path: Path, value: str) -> None:
    write(tmp_path, f"{HEAD}parameters: {{a: {{type: list}}}}\nidentities: {{i: {{for_each: '${{parameters.a}}'}}}}\n")
    refused(tmp_path, "validate", "s.yaml", "-p", f"a={value}")


def test_bytes_that_are_no_text_in_the_environment_are_told(tmp_path: Path) -> None:
    write(tmp_path, f"{HEAD}parameters: {{a: {{}}}}\ntags: {{x: '${{parameters.a}}'}}\n")
    assert "is not UTF-8 text" in refused(
        tmp_path, "validate", "s.yaml", environment={"PROVISIONER_PARAM_a": "\udcff\udc80"}
    )


@pytest.mark.parametrize("name", ["C", "POSIX", "unknown"])
def test_what_is_written_to_a_pipe_is_utf_8_in_any_locale(tmp_path: Path, name: str) -> None:
    write(tmp_path, f"{HEAD}tags:   {{owner: Jürgen 日本}}\nidentities: {{app: {{}}}}\n")
    local = ("--cloud", "local", "--local-state", "cloud.db", "--time-scale", "0")
    locale = {"LC_ALL": name, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    applied = run(tmp_path, "apply", "--yes", "s.yaml", *local, environment=locale)
    assert (applied.code, "Traceback" in applied.err) == (0, False)
    for command in (
        ("fmt", "--diff", "s.yaml"),
        ("plan", "--details", "s.yaml", "--cloud", "local", "--local-state", "empty.db"),
        ("import", "--resource-group", "demo", *local),
    ):
        ended = run(tmp_path, *command, environment=locale)
        assert (ended.code, "Traceback" in ended.err, "Jürgen 日本" in ended.out) == (0, False, True), command
    assert run(tmp_path, "plan", "--detailed-exitcode", "s.yaml", *local, environment=locale).code == 0


@pytest.mark.parametrize("name", ["C", "POSIX", "unknown"])
def test_mistakes_are_told_in_utf_8_in_any_locale(tmp_path: Path, name: str) -> None:
    write(tmp_path, f"{HEAD}tags: {{owner: Jürgen, 日本: [1]}}\n")
    locale = {"LC_ALL": name, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert "    tags: {owner: Jürgen, 日本: [1]}\n" in refused(tmp_path, "validate", "s.yaml", environment=locale)


@pytest.mark.parametrize("output", ["${secrets.a}", "${base64(secrets.a)}"])
def test_a_secret_that_is_no_text_is_told_before_anything_is_made(tmp_path: Path, output: str) -> None:
    machine = _MACHINE.replace("    custom_data: {file: FILE}\n", "").replace(
        "ssh_keys: [{file: FILE}]", f"password: '{output}'"
    )
    (tmp_path / "no-text").write_bytes(b"Aa1!\xff")
    for source, why in (("from_env: A", "variable A is not UTF-8 text"), ("from_file: no-text", "it is not UTF-8")):
        write(tmp_path, f"{HEAD}secrets: {{a: {{{source}}}}}{machine}")
        local = ("--cloud", "local", "--local-state", "cloud.db", "--time-scale", "0")
        said = refused(tmp_path, "apply", "--yes", "s.yaml", *local, environment={"A": "Aa1!aaaaaaaa\udcff"})
        assert 'the secret "a" cannot be read' in said
        assert why in said


def test_a_byte_order_mark_is_no_part_of_a_text(tmp_path: Path) -> None:
    write(
        tmp_path, "\ufeffssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8hKr0dJ9gkXWqLqg3fGZ0y0bkN4mV9sX0c8mPq0x1y me", "me.pub"
    )
    write(tmp_path, "\ufeffx", "x.txt")
    machine = (
        "size: Standard_B1s, image: 'a:b:c:latest', admin: {username: me, ssh_keys: [{file: me.pub}]}, subnet: net/s"
    )
    write(tmp_path, f"""{HEAD}network: {{virtual_networks: {{net: {{address_space: [10.0.0.0/16], subnets: {{s: {{
  address_prefix: 10.0.0.0/24}}}}}}}}}}
vms: {{web: {{{machine}}}}}
outputs: {{x: "${{file('x.txt')}}"}}
""")  # fmt: skip
    ended = run(tmp_path, "plan", "s.yaml", "--cloud", "local", "--local-state", "cloud.db")
    assert ended.err == ""
    assert "x = x\n" in ended.out


@pytest.mark.parametrize("file", ["\x1b[31mred", "\x9b31m\u202e", "a\rb"])
def test_the_name_of_a_file_does_not_steer_the_terminal(tmp_path: Path, file: str) -> None:
    for command in ("validate", "fmt", "plan"):
        refused(tmp_path, command, file)


def test_values_do_not_steer_the_terminal(tmp_path: Path) -> None:
    tags = '{a: "\\e]0;x\\a\\x9b31m\\u202e", "b\\u202e": c}'
    write(
        tmp_path, f'{HEAD}tags: {tags}\nidentities: {{worker: {{}}}}\noutputs: {{o: "\\e[31m\\x9b${{deployment}}"}}\n'
    )
    local = ("--cloud", "local", "--local-state", "cloud.db", "--time-scale", "0")
    for command in (("plan",), ("apply", "--yes"), ("plan",), ("show",), ("outputs",), ("destroy", "--yes")):
        ended = run(tmp_path, command[0], "s.yaml", *command[1:], *local)
        assert ended.code == 0, ended.err
        assert_clean(ended)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "latin-1"])
def test_another_encoding_is_told(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "s.yaml").write_bytes(f"{HEAD}tags: {{a: é}}\n".encode(encoding))
    assert "s.yaml:" in refused(tmp_path, "validate", "s.yaml")


def test_files_that_include_themselves_through_links_are_told(tmp_path: Path) -> None:
    write(tmp_path, f"{HEAD}include: {{a: link.yaml}}\n")
    (tmp_path / "link.yaml").symlink_to("s.yaml")
    assert "s.yaml:5:14: error: link.yaml includes itself" in refused(tmp_path, "validate", "s.yaml")
    write(tmp_path, "include: {b: folder/folder/folder/a.yaml}\n", "a.yaml")
    (tmp_path / "folder").symlink_to(".")
    write(tmp_path, f"{HEAD}include: {{a: a.yaml}}\n")
    assert "includes itself" in refused(tmp_path, "validate", "s.yaml")


def test_many_large_included_files_are_not_all_read(tmp_path: Path) -> None:
    write(tmp_path, "# " + "x" * 3_000_000 + "\nidentities: {}\n", "part.yaml")
    write(tmp_path, f"{HEAD}include: {{{', '.join(f'a{at}: part.yaml' for at in range(900))}}}\n")
    assert "included files of more than 4 MiB together" in refused(tmp_path, "validate", "s.yaml")


def test_values_that_double_with_every_included_file_end(tmp_path: Path) -> None:
    for level in range(18):
        value = "${parameters.x}" * 9
        text = f"parameters: {{x: {{}}}}\ninclude: {{n: {{file: a{level + 1}.yaml, parameters: {{x: '{value}'}}}}}}\n"
        write(tmp_path, text, f"a{level}.yaml")
    write(tmp_path, "parameters: {x: {}}\ntags: {a: '${parameters.x}'}\n", "a18.yaml")
    write(tmp_path, f"{HEAD}include: {{a: {{file: a0.yaml, parameters: {{x: xxxxxxxxxx}}}}}}\n")
    assert "more than 64 MiB of text" in refused(tmp_path, "validate", "s.yaml")


@pytest.fixture
def saved(tmp_path: Path) -> dict[str, object]:
    """A plan that was saved."""
    write(tmp_path, f"{HEAD}tags: {{a: b}}\n")
    ended = run(tmp_path, "plan", "s.yaml", "--cloud", "local", "--local-state", "cloud.db", "--out", "plan.json")
    assert ended.code == 0, ended.err
    found: dict[str, object] = json.loads((tmp_path / "plan.json").read_text())
    return found


def test_a_broken_saved_plan_is_refused(tmp_path: Path, saved: dict[str, object]) -> None:
    head = '{"format": "provisioner-plan", "format_version": 1, "recipe": '
    texts = [head + "[" * 100_000, head + "NaN}", json.dumps(saved)[:-40]]
    texts += [json.dumps({**saved, key: value}) for key in ("recipe", "plan", "states") for value in (None, ["x"], 1)]
    recipe = saved["recipe"]
    assert isinstance(recipe, dict)
    texts += [json.dumps({**saved, "recipe": {**recipe, key: [1]}}) for key in ("spec", "parameters", "targets")]
    for text in texts:
        write(tmp_path, text, "bad.json")
        assert "bad.json: not a plan file" in refused(tmp_path, "apply", "bad.json", "--yes")
    os.mkfifo(tmp_path / "pipe.json")
    refused(tmp_path, "apply", "pipe.json", "--yes")


def test_broken_journals_are_shown_as_far_as_they_go(tmp_path: Path) -> None:
    runs = tmp_path / "state" / "provisioner" / "runs"
    runs.mkdir(parents=True)
    odd = '{"event": "run", "command": "\\u001b[31m"}\n{"event": "finished", "at_s": "x", "error": [1]}\n{"event": 1}\n'
    (runs / "odd.jsonl").write_text(odd + '{"event": "end", "outcomes": [1], "elapsed_s": "x"}\n')
    (runs / "deep.jsonl").write_text("[" * 100_000)
    (runs / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    os.mkfifo(runs / "pipe.jsonl")
    environment = {"XDG_STATE_HOME": str(tmp_path / "state")}
    for argv in (["runs"], ["runs", "show", "odd"], ["runs", "show", "deep"]):
        ended = run(tmp_path, *argv, environment=environment)
        assert ended.code == 0, ended.err
        assert_clean(ended)
    refused(tmp_path, "runs", "show", "binary", environment=environment)
    refused(tmp_path, "runs", "show", "pipe", environment=environment)
