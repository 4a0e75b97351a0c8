"""`scripts/cascade whynot`: why a document does not come up for a query.

Its rank in the first pass, the stage after which it was left behind and by how much, the score that would
have been enough, and the features in which it differs from the last document that went on; for a linear
model by what each difference costs. The same comes with any search that has cascade.whyNot=ID.

  scripts/cascade whynot --solr http://localhost:8983/solr/esci --rq '{!cascade name=products}' \\
      --query 'gaming chair' --id B07CXG6C9W
"""

import json

from . import ltr
from . import solr as over_http
from .mistake import Mistake

PARAMETER = "cascade.whyNot"
LISTED = 8


def arguments(parser):
    add = parser.add_argument
    over_http.arguments(parser)
    add("--query", required=True, help="what the visitor typed")
    add("--id", required=True, help="the document's unique key")
    add("--rq", default="{!cascade}", help="the rank query ({!cascade})")
    add("--rows", type=int, default=10, help="the page on which it is missed (10)")
    add("--json", action="store_true", help="Solr's own answer")


def main(options):
    solr = over_http.Solr.of(options)
    answer = solr.search(options.query, options.rq, rows=options.rows, fl="id", **{PARAMETER: options.id})
    found = answer.get(PARAMETER)
    if found is None:
        raise Mistake(f"--rq: {options.rq}, must be a {{!cascade}} of a handler with its component")
    if options.json:
        print(json.dumps(found, indent=1))
        return
    for line in lines(found, solr):
        print(line)


def lines(found, solr):
    yield f"{found['id']}: {found['verdict']}"
    if "stages" not in found:
        return
    yield f"  first pass: rank {found['firstPassRank']}"
    for stage in found["stages"]:
        line = (
            f"  {stage['name']}: rank {stage['rank']}, {stage['wentOn']} went on; score {stage['score']:.4f}"
        )
        if "margin" in stage:
            line += f", of the last of them {stage['scoreOfTheLast']:.4f}: {stage['margin']:+.4f}"
        yield line
    if "featuresOfTheLast" in found and found["stages"]:
        model = solr.model(found["stages"][-1]["model"])
        yield f"  its features, against those of the last that went on ({model['name']}):"
        yield from differences(model, found["features"], found["featuresOfTheLast"])


def differences(model, own, last):
    """For each feature of the model both values; those that cost most, as far as that can be told, first."""
    names = [name for name in ltr.features(model) if name in own and name in last]
    costs = dict.fromkeys(names)
    if model["class"] == ltr.LINEAR and len(names) == len(model["features"]):
        rows = ltr.normalized(model, [[own[name] for name in names], [last[name] for name in names]])
        weights = model["params"]["weights"]
        costs = {name: weights[name] * float(gap) for name, gap in zip(names, rows[0] - rows[1])}
        names.sort(key=costs.get)
    for name in names[:LISTED]:
        cost = "" if costs[name] is None else f"  {costs[name]:+.4f}"
        yield f"    {name:24} {own[name]:10.4f} {last[name]:10.4f}{cost}"
