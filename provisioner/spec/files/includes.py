"""Shared pieces: ``include: {web: {file: shared/web.yaml, parameters: {size: Standard_B2s}}}``.

In: a document, what its expressions may say, and a reader of files. Out: the document with the sections of the included
files put to its own. A piece has its own ``parameters:``, given by who includes it, and may include others. Its files
are relative to it. Nothing is read from outside of the folders that are allowed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path as FilePath

import yaml

from ...base import files
from ...base.diagnostics import Diagnostic, SpecError, UnreadableFileError, did_you_mean
from ...base.reporting import error
from ...base.values import Path
from ...base.values import mapping as mapping_of
from .. import parameters
from ..expressions import interpolation
from ..expressions.evaluation_scope import Names
from ..schema import schema
from ..yaml import document as documents
from ..yaml.document import Document
from .include_merge import OF_THE_SPEC, OWN, Pair, Union, mapping

SECTION = "include"
AT_MOST = 1000
MOST_CHARACTERS = 4 * 1024 * 1024
_DEEPEST = 20
_FEWER = "include fewer files, or split the spec into several deployments"
_HEAD = {"version": 1, "deployment": "x", "location": "x", "resource_group": "x"}

Reader = Callable[[str], Document]


def root_of(file: str) -> FilePath:
    """The git repository that a file lies in, or its folder."""
    folder = FilePath(file).resolve().parent
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)


def head(layer: Document) -> Document:
    """What of a layer is needed to include files: who includes what with which parameters."""
    root = layer.root
    assert isinstance(root, yaml.MappingNode)
    pairs = [pair for pair in root.value if pair[0].value in (*OWN, "deployment", "resource_group")]
    return documents.of_nodes(mapping(root, pairs), layer.source, layer.sources, documents.OVERLAY_TAGS)


def joined(
    document: Document, base: Document, names: Names, read: Reader, allowed: Iterable[FilePath] = ()
) -> Document:
    """The lowest layer of a spec with what the spec includes.

    Args:
        document: whose ``include:`` section counts.
        base: what the pieces are put to.
        names: what expressions in it may say.
        read: a document by its file's name.
        allowed: folders that files may be included from, besides the repository of the document.

    Raises:
        SpecError: with everything that is wrong with the pieces.
    """
    inclusion = _Inclusion(read, [root_of(document.file), *(folder.resolve() for folder in allowed)])
    found = inclusion.into(document, base, names, (FilePath(document.file).resolve(),))
    if inclusion.diagnostics:
        raise SpecError(inclusion.diagnostics)
    return found


class _Inclusion:
    def __init__(self, read: Reader, roots: Sequence[FilePath]) -> None:
        self._read = read
        self._roots = roots
        self._count = 0
        self._characters = 0
        self.diagnostics: list[Diagnostic] = []

    def into(self, document: Document, base: Document, names: Names, above: tuple[FilePath, ...]) -> Document:
        """``base`` with the pieces of ``document``; ``above`` are the files that include it, itself last."""
        section = document.data.get(SECTION)
        if not isinstance(section, Mapping):
            return base
        found, broken = schema.validate(document, {**_HEAD, SECTION: section})
        self.diagnostics += found
        unsound = {path[:2] for path in broken}
        pieces = [
            self._piece(document, key, entry, names, above)
            for key, entry in section.items()
            if (SECTION, key) not in unsound
        ]
        merge = Union()
        root = base.root
        assert isinstance(root, yaml.MappingNode)
        for piece in pieces:
            if piece is not None:
                root = merge.of(root, piece.root)
        self.diagnostics += merge.diagnostics
        if self.diagnostics:
            return base
        parts = [source for piece in pieces if piece is not None for source in piece.sources]
        return documents.of_nodes(root, base.source, (*base.sources, *parts))

    def _piece(
        self, document: Document, key: str, entry: object, names: Names, above: tuple[FilePath, ...]
    ) -> Document | None:
        """One included file with its parameters settled, its keys evaluated and its own pieces in it."""
        at: Path = (SECTION, key)
        is_short = not isinstance(entry, Mapping)
        long = mapping_of(entry)
        name, given = str(entry if is_short else long["file"]), mapping_of(long.get("parameters"))
        told = len(self.diagnostics)
        try:
            piece, file = self._file(document, at if is_short else (*at, "file"), name, above)
            self._refuse_sections(piece)
            values = self._settled(document, at, given, piece, name, names)
            if len(self.diagnostics) > told:
                return None
            piece.source.parameters = values
            inner = names.inside(piece, values)
            renamed = documents.of_nodes(_with_keys(piece.root, inner, ()), piece.source, piece.sources)
        except SpecError as wrong:
            self.diagnostics += wrong.diagnostics
            return None
        self.diagnostics += inner.diagnostics
        return None if inner.diagnostics else self.into(renamed, renamed, inner, (*above, file))

    def _file(
        self, document: Document, path: Path, name: str, above: tuple[FilePath, ...]
    ) -> tuple[Document, FilePath]:
        """The document and the real place of an included file; raises SpecError where there is none."""
        location = document.locate(path)
        self._count += 1
        if "${" in name:
            raise SpecError(
                [
                    error(
                        "PV1014",
                        "the name of an included file must be plain text",
                        location,
                        hint="change it in an overlay",
                    )
                ]
            )
        if self._count > AT_MOST or len(above) > _DEEPEST:
            raise SpecError(
                [error("PV1014", f"more than {AT_MOST} files, or {_DEEPEST} levels of includes", location, hint=_FEWER)]
            )
        shown = os.path.normpath(document.directory_of(path) / os.path.expanduser(name))
        try:
            # Links are followed before the folder is checked: a link in the repository may point out of it.
            file = FilePath(shown).resolve()
        except (OSError, RuntimeError, ValueError) as refused:
            raise SpecError(
                [error("PV1014", f"{name} cannot be included: {refused}", location, hint="write the path of a file")]
            ) from refused
        if file in above:
            circle = " → ".join([*(item.name for item in above[above.index(file) :]), file.name])
            raise SpecError(
                [error("PV1014", f"{name} includes itself: {circle}", location, hint="remove one of these includes")]
            )
        if not any(file.is_relative_to(root) for root in self._roots):
            hint = f"move it under {files.relative(self._roots[0])}, or allow its folder: --include-from {file.parent}"
            raise SpecError([error("PV1015", f"{name} is outside the repository", location, hint=hint)])
        too_many = SpecError(
            [
                error(
                    "PV1014",
                    f"included files of more than {files.size(MOST_CHARACTERS)} together",
                    location,
                    hint=_FEWER,
                )
            ]
        )
        if self._characters > MOST_CHARACTERS:
            raise too_many
        try:
            piece = self._read(shown)
        except UnreadableFileError as unreadable:
            why = str(unreadable).removeprefix(f"{shown}: ")
            hint = files.path_hint(name, "write names relative to the file that includes them")
            raise SpecError([error("PV1014", f"{name} cannot be included: {why}", location, hint=hint)]) from unreadable
        # Counted after reading: a file that is included a hundred times is a hundred copies of its nodes.
        self._characters += sum(map(len, piece.source.lines))
        if self._characters > MOST_CHARACTERS:
            raise too_many
        return piece, file

    def _refuse_sections(self, piece: Document) -> None:
        for key in piece.data:
            if key in OF_THE_SPEC:
                hint = "set it in the spec that includes the file; pass differences as parameters"
                where = piece.locate((key,), key=True)
                self.diagnostics.append(error("PV1016", f'an included file has no "{key}"', where, hint=hint))

    def _settled(
        self, document: Document, at: Path, given: Mapping[str, object], piece: Document, name: str, names: Names
    ) -> dict[str, object]:
        """The values of a piece's parameters, by who includes it."""
        section = piece.data.get("parameters") or {}
        found, broken = schema.validate(piece, {**_HEAD, "parameters": section})
        self.diagnostics += found
        if broken or not isinstance(section, Mapping):
            return {}
        declared: Mapping[str, object] = section
        for key in given:
            if key not in declared:
                where = document.locate((*at, "parameters", key), key=True)
                hint = did_you_mean(key, declared) or "remove it"
                self.diagnostics.append(error("PV1303", f'{name} has no parameter "{key}"', where, hint=hint))
        for key, declaration in declared.items():
            if key not in given and "default" not in mapping_of(declaration):
                hint = f"add `parameters: {{{key}: …}}`"
                reason = str(mapping_of(declaration).get("description", ""))
                summary = f'{name} needs the parameter "{key}"'
                self.diagnostics.append(error("PV1301", summary, document.locate(at), reason=reason, hint=hint))
        told = len(names.diagnostics)
        texts = {}
        for key, value in given.items():
            if key in declared:
                path = (*at, "parameters", key)
                texts[key] = (document.locate(path), _value(document, path, value, names))
                if key in parameters.secret_parameters(declared) and not isinstance(texts[key][1], interpolation.Late):
                    summary = f'{name} requires a secret for its parameter "{key}"'
                    hint = f"set `{key}: ${{secrets.…}}`"
                    self.diagnostics.append(error("PV1308", summary, document.locate(path), hint=hint))
        self.diagnostics += names.diagnostics[told:]
        values, problems = parameters.settle(piece, declared, parameters.Given(files=texts))
        self.diagnostics += [item for item in problems if item.code != "PV1301"]
        return values


def _value(document: Document, path: Path, value: object, names: Names) -> object:
    """What a piece gets for a parameter; what only Azure or a secret's source tells is passed on as it is written."""
    found = interpolation.evaluate(value, names, path)
    if isinstance(value, str) and not isinstance(found, (str, list, dict)):
        return parameters.Written(found, interpolation.as_text(found))
    return parameters.Written.of(document, path, interpolation.passed_on(found))


def _inside_of_text(names: Names) -> interpolation.Known:
    """The same names for a key, which is a text even where one expression is all of it."""
    return lambda expression, path, is_whole: names(expression, path, False)


def _with_keys(node: yaml.Node, names: Names, path: Path) -> yaml.Node:
    """A piece's nodes with ``${…}`` in keys replaced: a piece that is included twice needs two names."""
    if isinstance(node, yaml.SequenceNode):
        items = [_with_keys(item, names, (*path, index)) for index, item in enumerate(node.value)]
        return yaml.SequenceNode(node.tag, items, node.start_mark, node.end_mark, node.flow_style)
    if not isinstance(node, yaml.MappingNode):
        return node
    pairs: list[Pair] = []
    for key, value in node.value:
        at = (*path, key.value)
        text = str(interpolation.evaluate(key.value, _inside_of_text(names), at)) if "${" in key.value else key.value
        named = yaml.ScalarNode(key.tag, text, key.start_mark, key.end_mark, key.style)
        pairs.append((named, _with_keys(value, names, at)))
    return mapping(node, pairs)
