"""Models of Solr LTR as JSON: scored here as Solr scores them, float for float, and made from parts."""

import numpy as np

from .mistake import Mistake

LINEAR = "org.apache.solr.ltr.model.LinearModel"
TREES = "org.apache.solr.ltr.model.MultipleAdditiveTreesModel"
# What LTR adds to each threshold.
SLACK = np.float32(1e-6)
# Scores equal to this share of themselves, or of 1 where they are smaller, are the same.
TOLERANCE = 1e-5


def features(model):
    return [feature["name"] for feature in model["features"]]


def score(model, values):
    """The scores of rows of raw feature values, in the order of the model's features."""
    rows = normalized(model, np.asarray(values, np.float32).reshape(len(values), -1))
    if model["class"] == LINEAR:
        return linear(model, rows)
    if model["class"] == TREES:
        return trees(model, rows)
    raise Mistake(f"model {model['name']}: {model['class']}, can only be checked if it is linear or trees")


def normalized(model, values):
    rows = np.array(values, np.float32)
    for column, feature in enumerate(model["features"]):
        norm = feature.get("norm") or {}
        kind = norm.get("class", "IdentityNormalizer").rsplit(".", 1)[-1]
        params = {name: np.float32(value) for name, value in (norm.get("params") or {}).items()}
        if kind == "StandardNormalizer":
            rows[:, column] = (rows[:, column] - params.get("avg", np.float32(0))) / params["std"]
        elif kind == "MinMaxNormalizer":
            rows[:, column] = (rows[:, column] - params["min"]) / (params["max"] - params["min"])
        elif kind != "IdentityNormalizer":
            raise Mistake(f"model {model['name']}: {kind}, is no normalizer of LTR's")
    return rows


def linear(model, rows):
    total = np.zeros(len(rows), np.float32)
    for column, name in enumerate(features(model)):
        total += np.float32(model["params"]["weights"][name]) * rows[:, column]
    return total


def trees(model, rows):
    columns = {name: column for column, name in enumerate(features(model))}
    total = np.zeros(len(rows), np.float32)
    for tree in model["params"]["trees"]:
        out = np.zeros(len(rows), np.float32)
        walk(tree["root"], rows, columns, np.arange(len(rows)), out)
        total += np.float32(tree["weight"]) * out
    return total


def walk(node, rows, columns, of, out):
    if len(of) == 0:
        return
    if "feature" not in node:
        out[of] = np.float32(node["value"])
        return
    left = rows[of, columns[node["feature"]]] <= np.float32(node["threshold"]) + SLACK
    walk(node["left"], rows, columns, of[left], out)
    walk(node["right"], rows, columns, of[~left], out)


def furthest(found, expected):
    """The largest distance between scores, as a share of the score, or of 1 where it is smaller."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    if len(found) == 0:
        return 0.0
    return float((np.abs(found - expected) / np.maximum(1, np.abs(expected))).max())


def linear_model(name, weights, store="_DEFAULT_"):
    return {
        "name": name,
        "class": LINEAR,
        "store": store,
        "features": [{"name": feature} for feature in weights],
        "params": {"weights": {feature: float(weight) for feature, weight in weights.items()}},
    }


def trees_model(name, feature_names, roots, weight=1.0, store="_DEFAULT_"):
    """Roots are nodes as LTR has them, see `inner` and `leaf`."""
    return {
        "name": name,
        "class": TREES,
        "store": store,
        "features": [{"name": feature} for feature in feature_names],
        "params": {"trees": [{"weight": str(weight), "root": root} for root in roots]},
    }


def leaf(value):
    return {"value": str(np.float32(value))}


def inner(feature, threshold, left, right):
    """Goes left at `value <= threshold`, for every float value."""
    return {"feature": feature, "threshold": str(uploaded(threshold)), "left": left, "right": right}


def uploaded(threshold):
    """The threshold to upload, so that with LTR's slack it splits floats as the trainer's does.

    The trainer compares with a double: the largest float that is not above it does the same. Near 0
    the sum cannot hit every float; then it is the nearest below, and values between the two, less
    than 1e-13 apart, go the other way.
    """
    wanted = np.float32(threshold)
    if float(wanted) > threshold:
        wanted = np.nextafter(wanted, np.float32(-np.inf))
    found = wanted - SLACK
    while found + SLACK > wanted:
        found = np.nextafter(found, np.float32(-np.inf))
    higher = np.nextafter(found, np.float32(np.inf))
    while found + SLACK < wanted and higher + SLACK <= wanted:
        found, higher = higher, np.nextafter(higher, np.float32(np.inf))
    return found
