"""Trainers of ranking models: LambdaMART by LightGBM, and a linear model."""

import lightgbm
import numpy as np
from scipy.optimize import minimize

from training import metrics

from . import forests, ltr

CUT = 10
INNER_FOLDS = 4
PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


def folds(queries, count, seed):
    """Sets of queries that split them evenly, at random."""
    mixed = np.random.default_rng(seed).permutation(len(queries))
    return [{queries[i] for i in mixed[fold::count]} for fold in range(count)]


def inner_splits(rows, seed):
    for held_out in folds(rows.names(), INNER_FOLDS, seed):
        out = np.array([query in held_out for query in rows.queries])
        yield rows.take(~out), rows.take(out)


class Lambdamart:
    """Burges, From RankNet to LambdaRank to LambdaMART (2010). The average of forests of several seeds."""

    def __init__(self, boosters, features, trees):
        self.boosters = boosters
        self.features = features
        self.detail = {"trees": trees, "forests": len(boosters)}

    @classmethod
    def fitted(cls, rows, options):
        trees = cls.best_length(rows, options)
        boosters = [cls.grown(rows, options, trees, options.seed + bag) for bag in range(options.bags)]
        return cls(boosters, rows.features, trees)

    @classmethod
    def best_length(cls, rows, options):
        """The number of trees with the best mean NDCG on queries left out."""
        curves = []
        for train, test in inner_splits(rows, options.seed):
            found = {}
            cls.grown(train, options, options.most_trees, options.seed, test, found)
            curves.append(found["test"][f"ndcg@{CUT}"])
        return int(np.mean(curves, 0).argmax()) + 1

    @classmethod
    def grown(cls, rows, options, trees, seed, test=None, found=None):
        gains = np.unique(np.concatenate([rows.grades] + ([test.grades] if test else [])))
        parameters = {
            "objective": "lambdarank",
            "metric": "ndcg",
            "eval_at": [CUT],
            "label_gain": gains.tolist(),
            "num_leaves": options.leaves,
            "min_data_in_leaf": options.min_documents,
            "learning_rate": options.learning_rate,
            "feature_fraction": 0.7,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "bagging_by_query": True,
            "lambda_l2": 1.0,
            "lambdarank_truncation_level": 2 * CUT,
            # Solr has no missing value either: a default stands for it.
            "use_missing": False,
            "seed": seed,
            "deterministic": True,
            "num_threads": 1,
            "verbosity": -1,
        }
        whole = dataset(rows, gains)
        valid = [dataset(test, gains, whole)] if test else []
        callbacks = [lightgbm.record_evaluation(found)] if test else []
        return lightgbm.train(
            parameters,
            whole,
            trees,
            valid_sets=valid,
            valid_names=["test"][: len(valid)],
            callbacks=callbacks,
        )

    def score(self, values):
        rows = np.asarray(values, np.float64)
        return np.mean([booster.predict(rows, raw_score=True) for booster in self.boosters], 0)

    def model(self, name):
        roots = [root for booster in self.boosters for root in forests.lightgbm_roots(booster, self.features)]
        return ltr.trees_model(name, self.features, roots, np.float32(1 / len(self.boosters)))

    def importance(self):
        """The share of each feature in the gain of all splits."""
        gains = np.sum([booster.feature_importance("gain") for booster in self.boosters], 0)
        shares = gains / max(gains.sum(), 1e-9)
        return {name: round(float(share), 4) for name, share in zip(self.features, shares)}


def dataset(rows, gains, reference=None):
    labels = np.searchsorted(gains, rows.grades)
    values = rows.values.astype(np.float64)
    return lightgbm.Dataset(values, labels, group=rows.sizes(), reference=reference, free_raw_data=False)


class Linear:
    """A softmax over each query's documents against its gains (ListNet: Cao et al. 2007), L2-penalised."""

    def __init__(self, features, weights, spread, penalty):
        self.features = features
        # Float, as Solr reads them.
        self.weights = weights.astype(np.float32)
        self.spread = spread
        self.detail = {"penalty": penalty}

    @classmethod
    def fitted(cls, rows, options):
        return cls.of(rows, cls.best_penalty(rows, options))

    @classmethod
    def best_penalty(cls, rows, options):
        splits = list(inner_splits(rows, options.seed))
        return max(
            PENALTIES,
            key=lambda penalty: np.mean([ndcg(test, cls.of(train, penalty)) for train, test in splits]),
        )

    @classmethod
    def of(cls, rows, penalty):
        spread = rows.values.std(0, dtype=np.float64)
        spread[spread == 0] = 1
        values = (rows.values - rows.values.mean(0, dtype=np.float64)) / spread
        sizes = rows.sizes()
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        targets = rows.grades / np.repeat(np.add.reduceat(rows.grades, starts), sizes)

        def loss(weights):
            scores = values @ weights
            shares = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
            shares /= np.repeat(np.add.reduceat(shares, starts), sizes)
            total = penalty * weights @ weights - targets @ np.log(shares + 1e-12) / len(sizes)
            slope = 2 * penalty * weights + values.T @ (shares - targets) / len(sizes)
            return total, slope

        found = minimize(loss, np.zeros(values.shape[1]), jac=True, method="L-BFGS-B")
        return cls(rows.features, found.x / spread, spread, penalty)

    def score(self, values):
        return np.asarray(values, np.float64) @ self.weights.astype(np.float64)

    def model(self, name):
        return ltr.linear_model(name, dict(zip(self.features, self.weights)))

    def importance(self):
        """Each feature's weight, in standard deviations of the feature."""
        return {
            name: round(float(weight), 4) for name, weight in zip(self.features, self.weights * self.spread)
        }


def ndcg(rows, ranker):
    return np.mean(list(by_query(rows, ranker.score(rows.values)).values()))


def by_query(rows, scores):
    """NDCG@10 of each query, among its logged documents."""
    found = {}
    for query in rows.names():
        of = np.flatnonzero(rows.queries == query)
        order = of[np.argsort(-scores[of], kind="stable")]
        grades = {i: rows.grades[i] for i in of}
        found[query] = metrics.ndcg(list(order), grades)
    return found


KINDS = {"lambdamart": Lambdamart, "linear": Linear}
