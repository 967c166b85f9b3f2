"""What a user would pick instead of our reader (别人会怎么做), for the table side by side.

``tokens``: jieba in precise mode, our own rule words counted as whole tokens, the usual first try.
``svm``: TF-IDF of characters with a linear SVM from scikit-learn, trained on one half of the very
rows that are asked (five parts, each answered by a model of the other four), which is a head start
that no station has. Called by ``bench.reading``.
"""

from collections.abc import Callable, Sequence

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from bench.reading_tasks import Answer, Reader
from config.reading_rules import Pattern, ReadingRules

_FOLDS = 5


def tokens(rules: ReadingRules) -> Reader:
    """A reader that counts our plain words among jieba's tokens; any of them opens a ticket."""
    meant = {
        word: (category.code, points)
        for category in rules.categories
        for lines, points in ((category.words, 2.0), (category.strong, 4.0))
        for line in lines
        for word in _plain(line)
    }
    danger = {word for rule in rules.danger for line in rule.sure for word in _plain(line)}

    def read(text: str) -> Answer:
        said = set(jieba.cut(text))
        points: dict[str, float] = {}
        for word in said & meant.keys():
            code, worth = meant[word]
            points[code] = points.get(code, 0.0) + worth
        codes = tuple(sorted(points, key=points.__getitem__, reverse=True))
        return Answer("report" if codes else "chat", codes, bool(said & danger), {})

    jieba.initialize()
    return read


def _plain(line: Pattern) -> list[str]:
    """The words of a rule line that is nothing but words."""
    return line.split("|") if not any(mark in line for mark in "+…!^$<>") else []


def svm(texts: Sequence[str], labels: Sequence[str]) -> Callable[[str], str]:
    """The label of each text as a model says that was trained on the other four fifths."""
    model = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True), LinearSVC()
    )
    said = cross_val_predict(model, list(texts), list(labels), cv=_FOLDS)
    return dict(zip(texts, said.tolist(), strict=True)).__getitem__
