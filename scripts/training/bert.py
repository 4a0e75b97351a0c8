"""A BERT encoder in PyTorch with the head of a cross-encoder or of a bi-encoder, for training.

Only the vectors that the head reads are computed: where it reads the first token's alone, the last
layer is run for that token only. That changes no number and makes a student of 3 layers a third
faster; the exported graph (graph.py) does the same.
"""

import torch
from torch import nn
from torch.nn import functional as F

EPSILON = 1e-12


class Bert(nn.Module):
    """`head`: "logit" (pooler and classifier), "cls" or "mean" (a vector of length 1)."""

    def __init__(self, weights, heads, head, frozen=("embeddings.",)):
        super().__init__()
        self.heads, self.head = heads, head
        self.tensors = nn.ParameterDict()
        for name, array in weights.items():
            trained = not name.startswith(tuple(frozen))
            self.tensors[key(name)] = nn.Parameter(torch.from_numpy(array), requires_grad=trained)
        self.layers = len({n.split(".")[2] for n in weights if n.startswith("encoder.layer.")})

    def weights(self):
        """The weights as they are now, in the form that they came in."""
        arrays = self.tensors.items()
        return {name.replace("/", "."): t.detach().cpu().numpy().copy() for name, t in arrays}

    @torch.no_grad()
    def mix(self, weights, share):
        """Moves the weights towards these. The mean of a tuned model and its start keeps what the
        start knew of other text (Wortsman et al. 2022, WiSE-FT, arXiv 2109.01903)."""
        for name, array in weights.items():
            tensor = self.tensor(name)
            tensor.lerp_(torch.from_numpy(array).to(tensor.device), share)

    def forward(self, ids, mask, types):
        x = self.embed(ids, types)
        # [batch, heads, from, to], true where attention may look.
        seen = mask.bool()[:, None, None, :]
        for i in range(self.layers):
            only_first = self.head != "mean" and i == self.layers - 1
            x = self.layer(f"encoder.layer.{i}.", x, seen, only_first)
        if self.head == "logit":
            return self.linear("classifier", torch.tanh(self.linear("pooler.dense", x[:, 0])))[:, 0]
        if self.head == "cls":
            return F.normalize(x[:, 0], dim=-1)
        weight = mask[:, :, None].to(x.dtype)
        return F.normalize((x * weight).sum(1) / weight.sum(1), dim=-1)

    def embed(self, ids, types):
        positions = torch.arange(ids.shape[1], device=ids.device)
        x = F.embedding(ids, self.tensor("embeddings.word_embeddings.weight"))
        x = x + F.embedding(types, self.tensor("embeddings.token_type_embeddings.weight"))
        x = x + F.embedding(positions, self.tensor("embeddings.position_embeddings.weight"))
        return self.norm("embeddings.LayerNorm", x)

    def layer(self, name, x, seen, only_first):
        of = x[:, :1] if only_first else x
        query = self.split(self.linear(name + "attention.self.query", of))
        keys = self.split(self.linear(name + "attention.self.key", x))
        values = self.split(self.linear(name + "attention.self.value", x))
        context = F.scaled_dot_product_attention(query, keys, values, attn_mask=seen)
        context = context.transpose(1, 2).flatten(2)
        of = self.norm(
            name + "attention.output.LayerNorm",
            of + self.linear(name + "attention.output.dense", context),
        )
        inner = F.gelu(self.linear(name + "intermediate.dense", of))
        return self.norm(name + "output.LayerNorm", of + self.linear(name + "output.dense", inner))

    def split(self, x):
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)

    def linear(self, name, x):
        return F.linear(x, self.tensor(name + ".weight"), self.tensor(name + ".bias"))

    def norm(self, name, x):
        weight, bias = self.tensor(name + ".weight"), self.tensor(name + ".bias")
        return F.layer_norm(x, weight.shape, weight, bias, EPSILON)

    def tensor(self, name):
        return self.tensors[key(name)]


def key(name):
    # PyTorch allows no dots in a parameter's name.
    return name.replace(".", "/")
