"""Five pairs to look at, and the one known answer that the plugin checks when it loads the model."""

import numpy as np

BOOTS, CABLE, VACCINES = "waterproof hiking boots", "usb c charging cable", "how do vaccines work"
PAIRS = (
    (BOOTS, "Women's waterproof leather hiking boots, ankle high"),
    (CABLE, "USB-C to USB-C cable, 2 m, for fast charging"),
    (VACCINES, "Vaccines train the immune system to recognise a pathogen before an infection."),
    (BOOTS, "Stainless steel electric kettle, 1.7 litres"),
    (VACCINES, "Flights from Berlin to Rome start at 49 euros."),
)
NUMBERS = 8
SAFELY_REFUSED = 0.25  # the plugin allows 0.2
POOLINGS = {
    "cls": lambda states: states[0],
    "mean": lambda states: states.mean(axis=0),
    "last": lambda states: states[-1],
}


class CrossEncoder:
    def __init__(self, graph, output, manifest):
        self.graph = graph
        self.output = output
        self.manifest = manifest

    def score(self, query, document):
        values, _ = self.graph.run(self.output, self.manifest["maxTokens"], query, document)
        logit = values.reshape(-1)[self.manifest["logit"]]
        return float(1 / (1 + np.exp(-logit)) if self.manifest["sigmoid"] else logit)

    def probe(self):
        """The pair that matches best: with another tokenizer it would not."""
        query, document = max(PAIRS, key=lambda pair: self.score(*pair))
        return {"query": query, "document": document, "score": round(self.score(query, document), 4)}


class BiEncoder:
    def __init__(self, graph, output, manifest):
        self.graph = graph
        self.output = output
        self.manifest = manifest

    def vector(self, text, pooling):
        values, count = self.graph.run(self.output, self.manifest["maxTokens"], text)
        vector = POOLINGS[pooling](values[0][:count])
        return vector / np.linalg.norm(vector) if self.manifest["normalize"] else vector

    def query(self, text, pooling=None):
        return self.vector(self.manifest["queryPrefix"] + text, pooling or self.manifest["pooling"])

    def score(self, query, document):
        own = self.vector(self.manifest["documentPrefix"] + document, self.manifest["pooling"])
        return float(self.query(query) @ own)

    def probe(self):
        """The text whose vector differs most from what another pooling would give."""
        query = max(dict.fromkeys(text for pair in PAIRS for text in pair), key=self.farness)
        return {"query": query, "vector": [round(float(v), 5) for v in self.query(query)[:NUMBERS]]}

    def farness(self, text):
        """How many other poolings the plugin would refuse, and by how much."""
        own = self.query(text)[:NUMBERS]
        others = [p for p in POOLINGS if p != self.manifest["pooling"]]
        far = [np.linalg.norm(self.query(text, p)[:NUMBERS] - own) / np.linalg.norm(own) for p in others]
        return sum(distance > SAFELY_REFUSED for distance in far), sum(far)
