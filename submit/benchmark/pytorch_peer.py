#!/usr/bin/env python3
"""Dense training steps in plain PyTorch (1.13 or later), to compare with: the same batches, shapes, loss and optimiser.

    OPENBLAS_CORETYPE=SkylakeX OMP_NUM_THREADS=1 python3 pytorch_peer.py --batches FILE --family bert --hidden 256 ...

FILE is what `benchmark step` or `benchmark epoch` writes with --write-batches: one optimiser step a line. Sequences are
padded to the longest of their batch; all weights are tuned by Adam, float32, one thread, no dropout. Prints one line of
JSON. Batches become tensors before the clock starts.

Tried on the dense step of BERT (hidden 256, 4 layers, 1,024 tokens), in processor time: Adam's foreach variant (1 to 4 %
slower), gradients zeroed instead of dropped (3 % slower), scores scaled inside baddbmm without a mask (the same). For a
language model --labelled-rows, which compare.py asks for, leaves out the logits of padding (18 % less time on
tinyshakespeare); transformers' own models compute them, and so does this by default.
"""
import argparse
import json
import os
import resource
import statistics
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

CLASSES = 2


class Norm(nn.Module):
    """Layer normalisation, or root-mean-square normalisation for llama."""

    def __init__(self, width, family):
        super().__init__()
        self.rms = family == "llama"
        self.epsilon = {"bert": 1e-12, "gpt2": 1e-5, "llama": 1e-6}[family]
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = None if self.rms else nn.Parameter(torch.zeros(width))

    def forward(self, x):
        if self.rms:
            return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias, self.epsilon)


class Layer(nn.Module):
    """Attention and feed-forward, normalised before (gpt2, llama) or after (bert) each; query, key, value in one
    product, as are gate and up."""

    def __init__(self, a):
        super().__init__()
        bias = a.family != "llama"
        self.family = a.family
        self.heads = a.heads
        self.groups = a.key_value_heads
        self.size = a.hidden // a.heads
        self.scale = self.size**-0.5
        self.qkv = nn.Linear(a.hidden, (a.heads + 2 * a.key_value_heads) * self.size, bias)
        self.out = nn.Linear(a.hidden, a.hidden, bias)
        gated = a.family == "llama"
        self.up = nn.Linear(a.hidden, a.feed_forward * (2 if gated else 1), bias)
        self.down = nn.Linear(a.feed_forward, a.hidden, bias)
        self.norm1 = Norm(a.hidden, a.family)
        self.norm2 = Norm(a.hidden, a.family)

    def attention(self, x, mask, rope):
        b, length, _ = x.shape
        qkv = self.qkv(x)
        if self.groups == self.heads and rope is None:
            # [3, b, heads, length, size]: one copy for all three.
            q, k, v = qkv.view(b, length, 3, self.heads, self.size).permute(2, 0, 3, 1, 4).reshape(
                3, b * self.heads, length, self.size)
        else:
            widths = [self.heads * self.size, self.groups * self.size, self.groups * self.size]
            q, k, v = qkv.split(widths, -1)
            q = rotate(q.view(b, length, self.heads, self.size), rope)
            k = rotate(k.view(b, length, self.groups, self.size), rope)
            v = v.view(b, length, self.groups, self.size)
            # Queries that share a key head go through one product: no key or value is repeated.
            shared = self.heads // self.groups
            q = q.view(b, length, self.groups, shared, self.size).permute(0, 2, 3, 1, 4).reshape(
                b * self.groups, shared * length, self.size)
            k = k.transpose(1, 2).reshape(b * self.groups, length, self.size)
            v = v.transpose(1, 2).reshape(b * self.groups, length, self.size)
        if mask is None:
            scores = torch.bmm(q * self.scale, k.transpose(1, 2))
        else:
            scores = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=self.scale)
        context = torch.bmm(torch.softmax(scores, -1), v)
        context = context.view(b, self.heads, length, self.size).transpose(1, 2).reshape(b, length, -1)
        return self.out(context)

    def feed_forward(self, x):
        raised = self.up(x)
        if self.family == "llama":
            gate, up = raised.chunk(2, -1)
            return self.down(F.silu(gate) * up)
        return self.down(F.gelu(raised, approximate="tanh" if self.family == "gpt2" else "none"))

    def forward(self, x, mask, rope):
        if self.family == "bert":
            x = self.norm1(x + self.attention(x, mask, rope))
            return self.norm2(x + self.feed_forward(x))
        x = x + self.attention(self.norm1(x), mask, rope)
        return x + self.feed_forward(self.norm2(x))


def rotate(x, rope):
    """Rotary positions, halves of a head turned together; x is [b, length, heads, size]."""
    if rope is None:
        return x
    cos, sin = rope
    half = x.shape[-1] // 2
    turned = torch.cat((-x[..., half:], x[..., :half]), -1)
    return x * cos + turned * sin


class Network(nn.Module):
    def __init__(self, a):
        super().__init__()
        self.a = a
        self.tokens = nn.Embedding(a.vocabulary, a.hidden)
        if a.family != "llama":
            self.positions = nn.Embedding(a.positions, a.hidden)
        if a.family == "bert":
            self.types = nn.Embedding(2, a.hidden)
            self.embedding_norm = Norm(a.hidden, a.family)
            self.dense = nn.Linear(a.hidden, a.hidden)
            if not a.classes:
                self.head_norm = Norm(a.hidden, a.family)
                self.head_bias = nn.Parameter(torch.zeros(a.vocabulary))
        else:
            self.final_norm = Norm(a.hidden, a.family)
        self.layers = nn.ModuleList(Layer(a) for _ in range(a.layers))
        if a.classes:
            self.classifier = nn.Linear(a.hidden, a.classes, bias=a.family == "bert")
        for name, weight in self.named_parameters():
            if weight.dim() > 1:
                nn.init.normal_(weight, std=0.02)

    def hidden(self, batch):
        length = batch["tokens"].shape[1]
        x = self.tokens(batch["tokens"])
        if self.a.family != "llama":
            x = x + self.positions.weight[:length]
        if self.a.family == "bert":
            x = self.embedding_norm(x + self.types.weight[0])
        for layer in self.layers:
            x = layer(x, batch["mask"], batch["rope"])
        return x if self.a.family == "bert" else self.final_norm(x)

    def loss(self, batch):
        x = self.hidden(batch)
        if self.a.classes:
            rows = x[:, 0] if self.a.family == "bert" else x[torch.arange(len(x)), batch["last"]]
            if self.a.family == "bert":
                rows = torch.tanh(self.dense(rows))
            return F.cross_entropy(self.classifier(rows), batch["labels"])
        x = x.view(-1, x.shape[-1])
        labels = batch["labels"].view(-1)
        if self.a.labelled_rows:
            x = x[batch["labelled"]]
            labels = labels[batch["labelled"]]
        if self.a.family == "bert":
            x = self.head_norm(F.gelu(self.dense(x)))
            logits = F.linear(x, self.tokens.weight, self.head_bias)
        else:
            logits = F.linear(x, self.tokens.weight)
        return F.cross_entropy(logits, labels, ignore_index=-1)


def batch_of(line, a):
    """One step's tensors: sequences padded to the longest, the mask that attention adds to its scores."""
    sequences = line["sequences"]
    lengths = [len(s) for s in sequences]
    longest = max(lengths)
    tokens = torch.tensor([s + [0] * (longest - len(s)) for s in sequences])
    batch = {"tokens": tokens, "rope": None, "mask": None, "last": torch.tensor(lengths) - 1}
    if a.classes:
        batch["labels"] = torch.tensor(line["labels"])
    else:
        batch["labels"] = torch.tensor([l + [-1] * (longest - len(l)) for l in line["labels"]])
        batch["labelled"] = (batch["labels"].view(-1) >= 0).nonzero().view(-1)
    shared = a.heads // a.key_value_heads
    if a.family != "bert":
        # What is padded lies behind every token that counts, so the causal mask hides it.
        above = torch.full((longest, longest), float("-inf")).triu(1)
        batch["mask"] = above.repeat(shared, 1).unsqueeze(0)
    elif min(lengths) < longest:
        hidden = torch.arange(longest)[None, :] >= torch.tensor(lengths)[:, None]
        added = torch.zeros(len(sequences), 1, longest).masked_fill(hidden[:, None], float("-inf"))
        batch["mask"] = added.repeat_interleave(a.heads, 0)
    if a.family == "llama":
        size = a.hidden // a.heads
        angles = torch.arange(longest)[:, None] * a.rope_theta ** (-torch.arange(0, size, 2) / size)
        angles = torch.cat((angles, angles), -1)[:, None, :]
        batch["rope"] = (angles.cos(), angles.sin())
    return batch


def operations(line, a):
    """Those of a dense step on the tokens themselves, padding left out: the formula of FlopCount.java."""
    size = a.hidden // a.heads
    matrices = 3 if a.family == "llama" else 2
    weights = 2 * a.hidden**2 + 2 * a.hidden * size * a.key_value_heads + matrices * a.hidden * a.feed_forward
    lengths = [len(s) for s in line["sequences"]]
    forward = a.layers * (2 * sum(lengths) * weights + 4 * a.hidden * sum(l * l for l in lengths))
    read = len(lengths) if a.classes else sum(label >= 0 for row in line["labels"] for label in row)
    dense = a.hidden**2 if a.family == "bert" else 0
    return 3 * (forward + 2 * read * (dense + a.hidden * (a.classes or a.vocabulary)))


def peak_bytes():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--batches", required=True, help="file of batches, one step a line")
    parser.add_argument("--family", default="bert", choices=["bert", "gpt2", "llama"])
    for name, value in [("hidden", 256), ("layers", 4), ("heads", 4), ("key-value-heads", 0), ("feed-forward", 1024),
                        ("vocabulary", 30522), ("positions", 512), ("classes", CLASSES), ("steps", 0), ("warmup", 5)]:
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--rope-theta", type=float, default=10000.0)
    parser.add_argument("--language-model", action="store_true", help="the family's pre-training loss")
    parser.add_argument("--labelled-rows", action="store_true", help="logits only where there is a label")
    parser.add_argument("--optimizer", default="adam", choices=["adam", "adam-foreach"])
    a = parser.parse_args()
    a.key_value_heads = a.key_value_heads or a.heads
    if a.language_model:
        a.classes = 0
    return a


def main():
    a = arguments()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    with open(a.batches) as file:
        lines = [json.loads(line) for line in file]
    batches = [batch_of(line, a) for line in lines]
    steps = a.steps or len(batches)
    model = Network(a)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, foreach=a.optimizer == "adam-foreach")
    losses, times, processor = [], [], []
    for step in range(a.warmup + steps):
        batch = batches[(step if step < a.warmup else step - a.warmup) % len(batches)]
        began, used = time.perf_counter(), time.process_time()
        optimizer.zero_grad(set_to_none=True)
        loss = model.loss(batch)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step >= a.warmup:
            times.append(time.perf_counter() - began)
            processor.append(time.process_time() - used)
    done = [operations(lines[s % len(lines)], a) for s in range(steps)]
    tokens = sum(len(s) for i in range(steps) for s in lines[i % len(lines)]["sequences"])
    print(json.dumps({
        "benchmark": "pytorch",
        "torch": torch.__version__,
        "capability": torch.backends.cpu.get_cpu_capability() if hasattr(torch.backends, "cpu") else "",
        "blas_core": os.environ.get("OPENBLAS_CORETYPE", ""),
        "weights": sum(p.numel() for p in model.parameters()),
        "steps": steps,
        "step_median_ms": statistics.median(times) * 1e3,
        "step_min_ms": min(times) * 1e3,
        "step_max_ms": max(times) * 1e3,
        "processor_ms": statistics.mean(processor) * 1e3,
        "seconds": sum(times),
        "tokens_per_second": tokens / sum(times),
        "dense_gflop": statistics.mean(done) * 1e-9,
        "gflop_per_second": sum(done) * 1e-9 / sum(times),
        "loss": statistics.mean(losses[a.warmup:]),
        "peak_bytes": peak_bytes(),
    }))


if __name__ == "__main__":
    main()
