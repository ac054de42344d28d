# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Presidio beside us: a program that runs in an environment of its own (build/presidio), never in ours.

Reads a line that maps its recognizers to our types, then lines {"text", "language"}; writes for each a list
of [type, start, end, score], and last a line with the processor time in seconds. Its Korean recognizers and
all that have a counterpart here are switched on for both languages, with their own patterns and context.
It is used without a language model: words are cut at spaces and signs, their lemma is the word in small
letters, and names are not looked for.
"""

import json
import os
import sys
import time

os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""  # it would fetch the list from the network

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer import predefined_recognizers as recognizers
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

LANGUAGES = ("en", "ko")
THRESHOLD = 0.35  # the one of its own demonstration


class Words(NlpEngine):
    """Cuts texts into words without a model."""

    def __init__(self):
        self.blank = spacy.blank("xx")

    def load(self):
        pass

    def is_loaded(self):
        return True

    def process_text(self, text, language):
        tokens = self.blank(text)
        lemmas = [token.text.lower() for token in tokens]
        return NlpArtifacts([], tokens, [token.idx for token in tokens], lemmas, self, language)

    def process_batch(self, texts, language, batch_size=1, n_process=1, **_):
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word, language):
        return False

    def is_punct(self, word, language):
        return not any(sign.isalnum() for sign in word)

    def get_supported_entities(self):
        return []

    def get_supported_languages(self):
        return list(LANGUAGES)


def analyzer(counterparts):
    """Return it with these recognizers in both languages, and our type of each of its own."""
    registry = RecognizerRegistry(supported_languages=list(LANGUAGES))
    types = {}
    for name, ours in counterparts.items():
        for language in LANGUAGES:
            options = {"supported_language": language}
            if name == "PhoneRecognizer":
                options["supported_regions"] = ("KR", "US", "GB", "DE", "FR", "JP", "CN", "IT", "ES")
            recognizer = getattr(recognizers, name)(**options)
            registry.add_recognizer(recognizer)
            types |= dict.fromkeys(recognizer.supported_entities, ours)
    engine = AnalyzerEngine(registry, Words(), supported_languages=list(LANGUAGES))
    return engine, types


def main():
    engine, types = analyzer(json.loads(sys.stdin.readline()))
    spent = 0.0
    for line in sys.stdin:
        sample = json.loads(line)
        before = time.process_time()
        found = engine.analyze(sample["text"], sample["language"], score_threshold=THRESHOLD)
        spent += time.process_time() - before
        kept = [[types[one.entity_type], one.start, one.end, one.score] for one in found]
        sys.stdout.write(json.dumps(kept) + "\n")
    sys.stdout.write(json.dumps(spent) + "\n")


if __name__ == "__main__":
    main()
