"""Forests of LightGBM and XGBoost as trees of Solr LTR.

Solr has no missing values: where a document has none, the feature's defaultValue stands. So an imported
model is the same in Solr only if that value goes, at each node, where the trainer sends what is missing;
`check_defaults` makes sure of it.
"""

import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path

import lightgbm
import numpy as np

from . import ltr
from .mistake import Mistake


@dataclass
class Node:
    """Goes left at `value <= threshold`; `missing` is where the trainer sends what is missing."""

    feature: int
    threshold: float
    missing: str
    left: object
    right: object


@dataclass
class Forest:
    names: list
    roots: list
    nodes: list = field(default_factory=list)


def lightgbm_roots(booster, names):
    return [as_ltr(node, names) for node in lightgbm_forest(booster.dump_model()).roots]


def as_ltr(node, names):
    if not isinstance(node, Node):
        return ltr.leaf(node)
    left, right = as_ltr(node.left, names), as_ltr(node.right, names)
    return ltr.inner(names[node.feature], node.threshold, left, right)


def imported(options):
    """The model for Solr, and a function that scores rows as the trainer does."""
    forest = read(Path(options.imported))
    mapping = json.loads(Path(options.feature_map).read_text()) if options.feature_map else {}
    unknown = [name for name in mapping if name not in forest.names]
    if unknown:
        raise Mistake(f"--feature-map: {unknown[0]}, must be one of the model's features {forest.names}")
    names = [mapping.get(name, name) for name in forest.names]
    model = ltr.trees_model(options.name, names, [as_ltr(root, names) for root in forest.roots])
    return model, lambda rows: score(forest, np.asarray(rows, np.float64))


def read(path):
    if not path.is_file():
        raise Mistake(f"--import: {path}, no such file")
    text = (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8").read()
    if text.startswith("tree\n"):
        return lightgbm_forest(lightgbm.Booster(model_str=text).dump_model())
    try:
        found = json.loads(text)
    except ValueError as e:
        raise Mistake(f"--import: {path}, must be LightGBM's text or JSON, or XGBoost's JSON") from e
    if "tree_info" in found:
        return lightgbm_forest(found)
    if isinstance(found, dict) and "learner" in found:
        return xgboost_forest(found["learner"])
    raise Mistake(f"--import: {path}, has neither LightGBM's tree_info nor XGBoost's learner")


def lightgbm_forest(dump):
    if dump["num_class"] != 1 or dump.get("average_output"):
        raise Mistake("--import: must give one score, a sum of trees; multiclass and random forests do not")
    forest = Forest(dump["feature_names"], [])
    for tree in dump["tree_info"]:
        forest.roots.append(lightgbm_node(tree["tree_structure"], forest))
    return forest


def lightgbm_node(node, forest):
    if "split_index" not in node:
        return node["leaf_value"]
    name = forest.names[node["split_feature"]]
    if node["decision_type"] != "<=":
        raise Mistake(f"--import: feature {name} is categorical, Solr's trees compare numbers only")
    kind = node["missing_type"]
    threshold = float(node["threshold"])
    default = "left" if node["default_left"] else "right"
    zero = "left" if threshold >= 0 else "right"
    if kind == "Zero" and default != zero:
        raise Mistake(
            f"--import: feature {name} takes 0 for missing and sends it apart from its neighbours, which "
            "Solr's trees cannot: train with zero_as_missing=false"
        )
    # None: what is missing counts as 0.
    made = Node(
        node["split_feature"],
        threshold,
        default if kind == "NaN" else zero,
        lightgbm_node(node["left_child"], forest),
        lightgbm_node(node["right_child"], forest),
    )
    forest.nodes.append(made)
    return made


def xgboost_forest(learner):
    objective = learner["objective"]["name"]
    booster = learner["gradient_booster"]
    if booster["name"] != "gbtree" or int(learner["learner_model_param"].get("num_class", 0)) > 1:
        raise Mistake("--import: must be XGBoost's gbtree with one score")
    count = int(learner["learner_model_param"]["num_feature"])
    names = learner.get("feature_names") or [f"f{i}" for i in range(count)]
    forest = Forest(names, [xgboost_base(learner["learner_model_param"]["base_score"], objective)])
    for tree in booster["model"]["trees"]:
        if tree.get("categories_nodes"):
            raise Mistake("--import: has categorical splits, Solr's trees compare numbers only")
        forest.roots.append(xgboost_node(tree, 0, forest))
    return forest


def xgboost_base(text, objective):
    """The margin that every score begins with."""
    base = float(str(text).strip("[]"))
    if objective in ("binary:logistic", "reg:logistic"):
        return float(np.log(base / (1 - base)))
    if not objective.startswith(("rank:", "reg:squarederror", "binary:logitraw")):
        raise Mistake(f"--import: objective {objective}, must be rank:*, reg:squarederror or *:logistic")
    return base


def xgboost_node(tree, at, forest):
    left, right = tree["left_children"][at], tree["right_children"][at]
    value = float(np.float32(tree["split_conditions"][at]))
    if left == -1:
        return value
    # XGBoost goes left below the threshold: at most the float before it.
    made = Node(
        tree["split_indices"][at],
        float(np.nextafter(np.float32(value), np.float32(-np.inf))),
        "left" if tree["default_left"][at] else "right",
        xgboost_node(tree, left, forest),
        xgboost_node(tree, right, forest),
    )
    forest.nodes.append(made)
    return made


def score(forest, rows):
    total = np.zeros(len(rows))
    for root in forest.roots:
        walk(root, rows, np.arange(len(rows)), total)
    return total


def walk(node, rows, of, total):
    if not isinstance(node, Node):
        total[of] += node
    elif len(of):
        values = rows[of, node.feature]
        left = np.where(np.isnan(values), node.missing == "left", values <= node.threshold)
        walk(node.left, rows, of[left], total)
        walk(node.right, rows, of[~left], total)


def check_defaults(options, known):
    """Refuses a model that sends a missing value another way than Solr's default goes."""
    forest = read(Path(options.imported))
    mapping = json.loads(Path(options.feature_map).read_text()) if options.feature_map else {}
    for index, name in enumerate(forest.names):
        feature = known[mapping.get(name, name)]
        default = float((feature.get("params") or {}).get("defaultValue", 0))
        nodes = [node for node in forest.nodes if node.feature == index]
        astray = [node for node in nodes if (default <= node.threshold) != (node.missing == "left")]
        if astray:
            raise Mistake(
                f"feature {feature['name']}: defaultValue {default:g}, goes another way than the model sends "
                f"a missing {name}, at {len(astray)} of {len(nodes)} nodes; {advice(nodes)}"
            )


def advice(nodes):
    least = max((n.threshold for n in nodes if n.missing == "right"), default=-np.inf)
    most = min((n.threshold for n in nodes if n.missing == "left"), default=np.inf)
    if least < most:
        return f"must be above {least:g} and at most {most:g}"
    return "no value does: train with a number in place of what is missing"
