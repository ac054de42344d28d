# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The models that search by meaning and that put in order what was found, changed while Maru runs."""

from assistant.database import Database
from assistant.documents.index import Index
from assistant.documents.library import Library
from assistant.documents.parser import Parser
from assistant.embedding import EngineEmbedder
from assistant.engines import Engines, embedding_settings, reranker_settings
from assistant.paths import Home
from assistant.settings import Settings

SEARCH_MODELS = ("embedding_model", "reranker")
"""The settings that name them."""


def open_library(
    database: Database, parser: Parser, engines: Engines, index: Index | None, settings: Settings
) -> Library:
    """Return the library, searched with the models of `settings`; none is loaded before a question."""
    embedder = EngineEmbedder(engines.embedding)
    rerank = engines.ranking.rank if settings.reranker else None
    return Library(database, parser, embedder, index, engines.formers, rerank)


class SearchModels:
    """Gives search the models of new settings."""

    def __init__(self, home: Home, engines: Engines, library: Library) -> None:
        """Use the library that `open_library` gave."""
        self._home = home
        self._engines = engines
        self._library = library

    def change(self, settings: Settings, before: Settings) -> bool:
        """Use the models of `settings`; says whether vectors have to be made (`Library.catch_up`).

        Until they are, the model before answers. May take seconds: a model is known by its SHA-256.
        Raises MaruError for a file that is no such model; then nothing has changed.
        """
        ranks = settings.reranker != before.reranker
        embeds = settings.embedding_model != before.embedding_model
        # Both files are looked at before either is used: one that is no such model changes nothing.
        reranker = reranker_settings(self._home, settings) if ranks and settings.reranker else None
        embedder = embedding_settings(self._home, settings) if embeds else None
        if reranker is not None:
            self._engines.ranking.configure(reranker)
            self._library.searcher.rerank = self._engines.ranking.rank
        elif ranks:
            self._library.searcher.rerank = None
            self._engines.ranking.close()
        if embedder is not None:
            self._engines.embedding.configure(embedder)
            self._library.use_embedder(EngineEmbedder(self._engines.embedding))
        return embeds
