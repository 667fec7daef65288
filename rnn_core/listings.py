"""The losses as a reader writes them in NumPy and in PyTorch, sharing no code with the core."""

BINARY_NUMPY = """\
# Binary cross-entropy from the logit, in the form that neither overflows nor loses digits.
e = np.exp(-np.abs(a))
loss = np.mean(np.where(a > 0, 1 - y, y) * np.abs(a) + np.log1p(e))
n = np.where(a > 0, 1 - y - y * e, (1 - y) * e - y)
da = n / (1 + e) / a.size  # ∂L/∂a = σ(a) - y, which would lose the digits of a small 1 - σ(a)"""

SOFTMAX_NUMPY = """\
# Softmax cross-entropy from the logits, shifted by the largest so that exp cannot overflow.
below = a.max(axis=-1, keepdims=True) - a
e = np.exp(-below)
rest = np.log1p((e * (1 - np.eye(a.shape[-1])[a.argmax(axis=-1)])).sum(axis=-1))
loss = np.mean(np.where(y > 0, y * below, 0).sum(axis=-1) + y.sum(axis=-1) * rest)
p = e / e.sum(axis=-1, keepdims=True)
others = 1 - np.eye(a.shape[-1])  # so that 1 - p and 1 - y keep their digits:
da = (p * (y @ others) - y * (p @ others)) / (a.shape[0] * a.shape[1])  # ∂L/∂a = p - y"""

SQUARED_NUMPY = """\
# Half the squared error.
loss = np.mean((a - y) ** 2) / 2
da = (a - y) / a.size  # ∂L/∂a"""

BINARY_TORCH = "-(y * functional.logsigmoid(a) + (1 - y) * functional.logsigmoid(-a)).mean()"
"""`binary_cross_entropy_with_logits`, written so that autograd's σ(a) − y keeps its digits."""

SOFTMAX_TORCH = """\
-(
        y
        * functional.logsigmoid(
            a
            - a[..., None, :]
            .masked_fill(torch.eye(a.shape[-1], dtype=torch.bool), -torch.inf)
            .logsumexp(dim=-1)
        )
    ).sum(dim=-1).mean()"""
"""`cross_entropy` of the logits, written so that autograd's p − y keeps its digits: against each
logit stands the log-sum-exp of the others."""
