"""Fits the second reader (拟合): five linear questions over the same features, packed as int8.

Each question is answered by the kind of linear model that did best on writers whom it had not read
(docs/reading.md): kind, danger and despair by logistic regression helped by naive Bayes, category
by a linear SVM, danger class by logistic regression. Then one factor for each question, found on
writers left out, makes its scores probabilities. scikit-learn fits; what is shipped is only
arrays, read by ``bot.domain.second`` with numpy. The same rows give the same model. It is loaded
by what solves: whoever only looks at questions need not wait a second for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from bot.domain.second import Head, SecondReader
from config.reading_rules import ReadingRules
from training.corpus import Row
from training.space import Seen, space_of

KINDS = ("report", "update", "question", "chat")
_ALSO_WORTH = 0.3
_FOLDS = 3
_ROUNDS = 400
_FACTORS = np.geomspace(0.3, 30.0, 60)
_NEVER = -30.0
Floats = NDArray[np.float64]
Example = tuple[int, str, float]
"""(line, class, weight)"""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the rows: the classes and which row answers what."""

    classes: tuple[str, ...]
    examples: list[Example]
    solve: Callable[[sp.csr_matrix, list[str], list[float]], "Solved"]


@dataclass(frozen=True, slots=True)
class Solved:
    """Weights (a row per class) and biases of the classes that have examples."""

    names: list[str]
    weights: Floats
    biases: Floats

    def times(self, factor: float) -> "Solved":
        """The same opinion, more or less sure of itself."""
        return Solved(self.names, self.weights * factor, self.biases * factor)


def fitted(
    rows: Sequence[Row], rules: ReadingRules, look: Callable[[str], Seen]
) -> tuple[SecondReader, dict[str, float]]:
    """(the model of ``rows``, the factor of each question); some minutes for the whole corpus."""
    looked = [look(row.text) for row in rows]
    space = space_of(looked)
    matrix = space.matrix(looked)
    writers = sorted({row.writer for row in rows})
    fold = np.array([writers.index(row.writer) % _FOLDS for row in rows])
    columns: list[Floats] = []
    biases: list[Floats] = []
    heads: dict[str, Head] = {}
    factors: dict[str, float] = {}
    for name, question in questions(rows, rules).items():
        factors[name] = _factor(question, matrix, fold)
        weights, bias = filled(question, matrix, factors[name])
        heads[name] = Head(question.classes, sum(len(one) for one in biases))
        columns.append(weights)
        biases.append(bias)
    whole, scales = small(np.vstack(columns).T)
    reader = SecondReader(
        features=space.numbers,
        worth=space.worth.astype(np.float32),
        weights=whole,
        scales=scales,
        biases=np.concatenate(biases).astype(np.float32),
        heads=heads,
    )
    return reader, factors


def questions(rows: Sequence[Row], rules: ReadingRules) -> dict[str, Question]:
    """What the model is asked, and what the rows answer."""
    codes = tuple(category.code for category in rules.categories)
    told = [(i, row) for i, row in enumerate(rows) if not _is_despair(row)]
    main = [(i, row.category, 1.0) for i, row in told if row.category in codes]
    also = [(i, c, _ALSO_WORTH) for i, row in enumerate(rows) for c in row.also if c in codes]
    classed = [(i, row.danger_class, 1.0) for i, row in enumerate(rows) if row.danger_class]
    classes = tuple(sorted({name for _, name, _ in classed})) or ("other",)
    danger = [(i, "yes" if row.danger else "no", 1.0) for i, row in told]
    despair = [(i, "yes" if _is_despair(row) else "no", 1.0) for i, row in enumerate(rows)]
    kinds = [(i, row.kind, 1.0) for i, row in told]
    return {
        "kind": Question(KINDS, kinds, _logistic_and_bayes(0.3)),
        "category": Question(codes, main + also, _vector_machine),
        "danger": Question(("no", "yes"), danger, _logistic_and_bayes(1.0)),
        "despair": Question(("no", "yes"), despair, _logistic_and_bayes(1.0)),
        "danger_class": Question(classes, classed, _logistic),
    }


def _is_despair(row: Row) -> bool:
    """True for somebody's own words of despair.

    They are asked about by themselves: they sound like mere low mood and like nothing else, and
    would teach the question of danger to fear every sad sentence.
    """
    return row.danger and row.danger_class == "suicide_self" and row.kind == "report"


def _logistic(matrix: sp.csr_matrix, names: list[str], worth: list[float]) -> Solved:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=40.0, max_iter=_ROUNDS, tol=1e-4)
    return _two_sided(model.fit(matrix, names, worth))


def _vector_machine(matrix: sp.csr_matrix, names: list[str], worth: list[float]) -> Solved:
    from sklearn.svm import LinearSVC

    return _two_sided(LinearSVC(C=1.0, random_state=1).fit(matrix, names, worth))


def _logistic_and_bayes(
    share: float,
) -> Callable[[sp.csr_matrix, list[str], list[float]], Solved]:
    """Logistic regression plus ``share`` of naive Bayes, both brought to one spread before."""

    def solve(matrix: sp.csr_matrix, names: list[str], worth: list[float]) -> Solved:
        from sklearn.naive_bayes import MultinomialNB

        logistic = _logistic(matrix, names, worth)
        bayes = MultinomialNB(alpha=0.04).fit(matrix, names, worth)
        counted = bayes.feature_log_prob_ - bayes.feature_log_prob_.mean(axis=0)
        prior = bayes.class_log_prior_ - bayes.class_log_prior_.mean()
        spread = _spread(matrix @ logistic.weights.T), _spread(matrix @ counted.T)
        ratio = share * spread[0] / spread[1]
        return Solved(
            logistic.names, logistic.weights + ratio * counted, logistic.biases + ratio * prior
        )

    return solve


def _spread(scores: Floats) -> float:
    return float(np.std(scores - scores.mean(axis=1, keepdims=True))) or 1.0


def _two_sided(model: Any) -> Solved:
    """One row per class of what was fitted; scikit-learn gives a single one for two classes."""
    weights, biases = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        weights, biases = np.vstack((-weights, weights)) / 2, np.concatenate((-biases, biases)) / 2
    return Solved([str(name) for name in model.classes_], weights, biases)


def _solved(question: Question, matrix: sp.csr_matrix, examples: list[Example]) -> Solved:
    lines = [line for line, _, _ in examples]
    if len({name for _, name, _ in examples}) < 2:
        names = sorted({name for _, name, _ in examples}) or list(question.classes[:1])
        return Solved(names, np.zeros((1, matrix.shape[1])), np.zeros(1))
    return question.solve(matrix[lines], [n for _, n, _ in examples], [w for _, _, w in examples])


def _factor(question: Question, matrix: sp.csr_matrix, fold: NDArray[np.intp]) -> float:
    """What to multiply scores by, so that they fit as probabilities on writers left out."""
    parts: list[tuple[Floats, NDArray[np.intp]]] = []
    for left_out in range(_FOLDS):
        known = [e for e in question.examples if fold[e[0]] != left_out]
        asked = [e for e in question.examples if fold[e[0]] == left_out and e[2] == 1.0]
        answer = _solved(question, matrix, known)
        asked = [e for e in asked if e[1] in answer.names]
        if asked and len(answer.names) > 1:
            scores = matrix[[e[0] for e in asked]] @ answer.weights.T + answer.biases
            parts.append((scores, np.array([answer.names.index(e[1]) for e in asked])))

    def surprise(factor: float) -> float:
        return sum(_surprise(scores * factor, right) for scores, right in parts)

    return min((float(factor) for factor in _FACTORS), key=surprise)


def _surprise(scores: Floats, right: NDArray[np.intp]) -> float:
    """The log loss of softmax over ``scores``."""
    high = scores.max(axis=1, keepdims=True)
    total = np.log(np.exp(scores - high).sum(axis=1)) + high[:, 0]
    return float((total - scores[np.arange(len(right)), right]).sum())


def filled(question: Question, matrix: sp.csr_matrix, factor: float) -> tuple[Floats, Floats]:
    """(weights, biases) for all classes, solved on its examples; one without is never chosen."""
    answer = _solved(question, matrix, question.examples)
    weights = np.zeros((len(question.classes), answer.weights.shape[1]))
    biases = np.full(len(question.classes), _NEVER)
    for row, name in enumerate(answer.names):
        weights[question.classes.index(name)] = answer.weights[row] * factor
        biases[question.classes.index(name)] = answer.biases[row] * factor
    return weights, biases


def small(weights: Floats) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """(int8, scales) of weights with a column per class: one scale for each."""
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127.0
    return np.rint(weights / scales).astype(np.int8), scales.astype(np.float32)
