"""A Solr core or collection over HTTP: searches, and the two LTR stores."""

import os

import requests

from .mistake import Mistake

FEATURES, MODELS = "schema/feature-store", "schema/model-store"


def arguments(parser, required=True):
    parser.add_argument("--solr", required=required, metavar="URL", help="a core or collection, …/solr/NAME")
    parser.add_argument(
        "--user", metavar="NAME", help="basic authentication; the password is read from SOLR_PASSWORD"
    )
    parser.add_argument("--handler", default="/select", help="the request handler (/select)")
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of every search, such as fq=…; repeatable",
    )


class Solr:
    def __init__(self, url, user=None, handler="/select", params=()):
        self.url = url.rstrip("/")
        self.handler = handler
        self.params = dict(pair(text) for text in params)
        self.user = user
        self.session = requests.Session()
        if user:
            self.session.auth = (user, os.environ.get("SOLR_PASSWORD", ""))

    @staticmethod
    def of(options):
        return Solr(options.solr, options.user, options.handler, options.param)

    def search(self, text, rq=None, **params):
        """One search's answer."""
        rank = {"rq": rq} if rq else {}
        sent = {"q": text, "wt": "json", **self.params, **rank, **params}
        return self.send("POST", self.handler.lstrip("/"), data=sent)

    def features(self, store="_DEFAULT_"):
        """The feature store's entries by name."""
        found = self.send("GET", f"{FEATURES}/{store}")
        return {feature["name"]: feature for feature in found["features"]}

    def models(self):
        """The model store's entries by name."""
        return {model["name"]: model for model in self.send("GET", MODELS)["models"]}

    def model(self, name):
        models = self.models()
        if name not in models:
            raise Mistake(f"model: {name}, must be one of {sorted(models)} in the model store")
        return models[name]

    def put_model(self, model):
        """Uploads a model, in place of what has its name."""
        if model["name"] in self.models():
            self.delete_model(model["name"])
        self.send("PUT", MODELS, json=model)

    def delete_model(self, name):
        self.send("DELETE", f"{MODELS}/{name}")

    def put_features(self, features):
        self.send("PUT", FEATURES, json=features)

    def send(self, method, path, **what):
        address = f"{self.url}/{path}"
        try:
            answer = self.session.request(method, address, timeout=600, **what)
        except requests.RequestException as e:
            raise Mistake(f"--solr: {self.url}, cannot be reached: {e}") from e
        if answer.status_code == 401:
            raise Mistake(
                f"--user: {self.user or 'missing'}, {self.url} answers HTTP 401:"
                " it wants a name that it knows, and its password in SOLR_PASSWORD"
            )
        try:
            found = answer.json()
        except ValueError as e:
            raise Mistake(f"{address}: HTTP {answer.status_code}, no JSON came back") from e
        if answer.status_code != 200:
            raise Mistake(f"{address}: HTTP {answer.status_code}: {reason(found)}")
        return found


def reason(found):
    error = found.get("error", {})
    details = [str(detail.get("errorMessages", detail)) for detail in error.get("details", [])]
    return "; ".join([str(error.get("msg", found)), *details])


def pair(text):
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise Mistake(f"--param: {text}, must be NAME=VALUE")
    return name, value
