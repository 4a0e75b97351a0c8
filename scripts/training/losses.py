"""What a student's scores are held to."""

import torch
from torch.nn import functional as F

# Temperature of the lists' distributions; the teacher's logits span about 20.
TEMPERATURE = 2.0
# What the teacher would say to a document of another query: about its lowest logit.
UNRELATED = -11.0
# The margins' weight beside the lists' divergence for a bi-encoder, whose cosine cannot match them all.
BI_MARGIN = 0.05


def distil_cross(scores, batch):
    """Squared error of the logit, of the margins within a query, and the lists' divergence.

    The logit, since the cascade's linear model adds it to other features as it stands. The margins,
    over all pairs of a query's documents (Hofstätter et al. 2020, margin-MSE): their mean square is
    twice the variance of the error. The divergence weighs the top, which a ranking shows.
    """
    error = scores - batch["scores"]
    margin = torch.stack([2 * e.var(unbiased=False) for e in error.split(batch["sizes"])]).mean()
    return 0.5 * error.square().mean() + 0.5 * margin + divergence(scores, batch)


def divergence(scores, batch):
    """Mean KL of the teacher's distribution over a query's documents from the student's."""
    own, told = scores.split(batch["sizes"]), batch["scores"].split(batch["sizes"])
    return torch.stack([kl(t, s) for t, s in zip(told, own)]).mean()


def kl(told, own):
    return F.kl_div(
        F.log_softmax(own / TEMPERATURE, -1),
        F.log_softmax(told / TEMPERATURE, -1),
        reduction="sum",
        log_target=True,
    )


def distil_bi(scores, batch):
    """Margin-MSE within a query's own documents, and KL over all documents of the batch."""
    own = torch.block_diag(*[torch.ones(1, size) for size in batch["sizes"]]).bool()
    own = own.to(scores.device)
    error = (scores[own] - batch["scores"]).split(batch["sizes"])
    margin = torch.stack([2 * e.var(unbiased=False) for e in error]).mean()
    told = torch.full_like(scores, UNRELATED)
    told[own] = batch["scores"]
    return BI_MARGIN * margin + torch.stack([kl(t, s) for t, s in zip(told, scores)]).mean()


def finetune(scores, batch):
    """Softmax cross-entropy against the grades' share of a query's total (ListNet, Cao et al. 2007)."""
    losses = []
    for own, grades in zip(scores.split(batch["sizes"]), batch["scores"].split(batch["sizes"])):
        losses.append(-(grades / grades.sum().clamp(min=1e-9) * F.log_softmax(own, -1)).sum())
    return torch.stack(losses).mean()
