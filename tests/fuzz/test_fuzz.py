"""Readers of specs under a fuzzer that follows branches. Opt-in: `pip install atheris`, `pytest tests/fuzz -m fuzz`.

``PROVISIONER_FUZZ_SECONDS`` is the time for each target (60). What was learnt stays in ``PROVISIONER_FUZZ_CORPUS``
(``~/.cache/provisioner-fuzz``). A find is written there too, and named by the failure: put it into ``tests/fuzz/finds``
as ``TARGET-what-it-is``, where it is tried ever after.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from . import targets

SECONDS = int(os.environ.get("PROVISIONER_FUZZ_SECONDS", "60"))
CORPUS = Path(os.environ.get("PROVISIONER_FUZZ_CORPUS", "~/.cache/provisioner-fuzz")).expanduser()
FINDS = sorted((Path(__file__).parent / "finds").iterdir())
_STARTS_S = 120


@pytest.mark.fuzz
@pytest.mark.timeout(SECONDS + 2 * _STARTS_S)
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="no atheris: pip install atheris")
@pytest.mark.parametrize("target", targets.TARGETS)
def test_nothing_is_found(target: str) -> None:
    corpus, found = CORPUS / target / "corpus", CORPUS / target / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for seed in targets.seeds():
        (corpus / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    limits = [f"-max_total_time={SECONDS}", "-timeout=10", "-rss_limit_mb=1024", "-max_len=4096", "-verbosity=0"]
    words = f"-dict={Path(__file__).parent / 'words.dict'}"
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", target, *limits, words, f"-artifact_prefix={found}/", str(corpus)],
        cwd=targets.ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS + _STARTS_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("file", FINDS, ids=lambda file: str(file.name))
def test_what_was_found_once_is_mended(file: Path) -> None:
    targets.TARGETS[file.name.partition("-")[0]](file.read_bytes())


@pytest.mark.parametrize("target", ["read", "layout", "expression", "layers"])
def test_the_seeds_break_no_promise(target: str) -> None:
    for seed in targets.seeds():
        targets.TARGETS[target](seed)
