"""Forward passes of four model families in plain PyTorch, as Hugging Face transformers computes them without dropout.

Every function takes the configuration (the dictionary of config.json), the weights by their names in the checkpoint,
the tokens of ONE sequence and its token types. There is no padding and no attention mask. Nothing here is shared with
the Java code: it is the other side of the comparison.
"""

import math

import torch
from torch.nn import functional as F


def gelu_tanh(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


ACTIVATIONS = {
    "gelu": lambda x: 0.5 * x * (1 + torch.erf(x / math.sqrt(2))),
    "gelu_new": gelu_tanh,
    "gelu_pytorch_tanh": gelu_tanh,
    "relu": torch.relu,
    "silu": lambda x: x * torch.sigmoid(x),
}


def linear(weights, name, x):
    return F.linear(x, weights[name + ".weight"], weights.get(name + ".bias"))


def conv1d(weights, name, x):
    return x @ weights[name + ".weight"] + weights.get(name + ".bias", 0)


def layer_norm(weights, name, x, eps):
    return F.layer_norm(x, x.shape[-1:], weights[name + ".weight"], weights.get(name + ".bias"), eps)


def rms_norm(weights, name, x, eps):
    return weights[name + ".weight"] * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps))


def attend(query, key, value, causal):
    """Scaled dot-product attention over [heads, positions, size of a head]."""
    scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
    if causal:
        length = scores.shape[-1]
        hidden = torch.ones(length, length, dtype=torch.bool).triu(1)
        scores = scores.masked_fill(hidden, float("-inf"))
    mixed = torch.softmax(scores, dim=-1) @ value
    return mixed.transpose(0, 1).reshape(query.shape[1], -1)


def split_heads(x, heads):
    return x.view(x.shape[0], heads, -1).transpose(0, 1)


def bert(config, weights, tokens, types):
    eps, heads = config["layer_norm_eps"], config["num_attention_heads"]
    activation = ACTIVATIONS[config["hidden_act"]]
    table = "bert.embeddings."
    x = weights[table + "word_embeddings.weight"][tokens]
    x = x + weights[table + "token_type_embeddings.weight"][types]
    x = x + weights[table + "position_embeddings.weight"][: len(tokens)]
    x = layer_norm(weights, table + "LayerNorm", x, eps)
    for i in range(config["num_hidden_layers"]):
        layer = f"bert.encoder.layer.{i}."
        q, k, v = (
            split_heads(linear(weights, layer + "attention.self." + part, x), heads)
            for part in ("query", "key", "value")
        )
        mixed = linear(weights, layer + "attention.output.dense", attend(q, k, v, causal=False))
        x = layer_norm(weights, layer + "attention.output.LayerNorm", x + mixed, eps)
        inner = activation(linear(weights, layer + "intermediate.dense", x))
        x = layer_norm(weights, layer + "output.LayerNorm", x + linear(weights, layer + "output.dense", inner), eps)
    return x


def bert_classification(config, weights, tokens, types):
    hidden = bert(config, weights, tokens, types)
    return linear(weights, "classifier", torch.tanh(linear(weights, "bert.pooler.dense", hidden[0])))


def bert_masked_lm(config, weights, tokens, types):
    head = "cls.predictions."
    x = linear(weights, head + "transform.dense", bert(config, weights, tokens, types))
    x = layer_norm(
        weights, head + "transform.LayerNorm", ACTIVATIONS[config["hidden_act"]](x), config["layer_norm_eps"]
    )
    return x @ weights["bert.embeddings.word_embeddings.weight"].T + weights[head + "bias"]


def distilbert(config, weights, tokens):
    eps, heads = 1e-12, config["n_heads"]
    activation = ACTIVATIONS[config["activation"]]
    table = "distilbert.embeddings."
    x = weights[table + "word_embeddings.weight"][tokens] + weights[table + "position_embeddings.weight"][: len(tokens)]
    x = layer_norm(weights, table + "LayerNorm", x, eps)
    for i in range(config["n_layers"]):
        layer = f"distilbert.transformer.layer.{i}."
        q, k, v = (
            split_heads(linear(weights, layer + "attention." + part, x), heads) for part in ("q_lin", "k_lin", "v_lin")
        )
        mixed = linear(weights, layer + "attention.out_lin", attend(q, k, v, causal=False))
        x = layer_norm(weights, layer + "sa_layer_norm", x + mixed, eps)
        inner = linear(weights, layer + "ffn.lin2", activation(linear(weights, layer + "ffn.lin1", x)))
        x = layer_norm(weights, layer + "output_layer_norm", x + inner, eps)
    return x


def distilbert_classification(config, weights, tokens, types):
    hidden = distilbert(config, weights, tokens)
    return linear(weights, "classifier", torch.relu(linear(weights, "pre_classifier", hidden[0])))


def distilbert_masked_lm(config, weights, tokens, types):
    x = linear(weights, "vocab_transform", distilbert(config, weights, tokens))
    x = layer_norm(weights, "vocab_layer_norm", ACTIVATIONS[config["activation"]](x), 1e-12)
    return x @ weights["distilbert.embeddings.word_embeddings.weight"].T + weights["vocab_projector.bias"]


def gpt2(config, weights, tokens):
    eps, heads = config["layer_norm_epsilon"], config["n_head"]
    activation = ACTIVATIONS[config["activation_function"]]
    x = weights["transformer.wte.weight"][tokens] + weights["transformer.wpe.weight"][: len(tokens)]
    for i in range(config["n_layer"]):
        layer = f"transformer.h.{i}."
        joint = conv1d(weights, layer + "attn.c_attn", layer_norm(weights, layer + "ln_1", x, eps))
        q, k, v = (split_heads(part, heads) for part in joint.chunk(3, dim=-1))
        x = x + conv1d(weights, layer + "attn.c_proj", attend(q, k, v, causal=True))
        inner = activation(conv1d(weights, layer + "mlp.c_fc", layer_norm(weights, layer + "ln_2", x, eps)))
        x = x + conv1d(weights, layer + "mlp.c_proj", inner)
    return layer_norm(weights, "transformer.ln_f", x, eps)


def gpt2_classification(config, weights, tokens, types):
    return linear(weights, "score", gpt2(config, weights, tokens))[-1]


def gpt2_causal_lm(config, weights, tokens, types):
    tied = config.get("tie_word_embeddings", True)
    return gpt2(config, weights, tokens) @ weights["transformer.wte.weight" if tied else "lm_head.weight"].T


def rotate(x, theta):
    """Rotary positions on [heads, positions, size], the halves of a head turned together."""
    size = x.shape[-1]
    frequency = theta ** (-torch.arange(0, size, 2, dtype=x.dtype) / size)
    angle = torch.arange(x.shape[1], dtype=x.dtype)[:, None] * frequency[None, :]
    cos, sin = torch.cos(angle), torch.sin(angle)
    first, second = x[..., : size // 2], x[..., size // 2 :]
    return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)


def rope_theta(config):
    return float((config.get("rope_parameters") or config).get("rope_theta", 10000.0))


def llama_embeddings(config, weights):
    """The token table; a file of tied embeddings may hold it under the name of the output layer."""
    tied = config.get("tie_word_embeddings", False)
    name = "model.embed_tokens.weight"
    return weights["lm_head.weight"] if tied and name not in weights else weights[name]


def llama(config, weights, tokens):
    eps, heads = config["rms_norm_eps"], config["num_attention_heads"]
    kv_heads = config.get("num_key_value_heads") or heads
    x = llama_embeddings(config, weights)[tokens]
    for i in range(config["num_hidden_layers"]):
        layer = f"model.layers.{i}."
        normed = rms_norm(weights, layer + "input_layernorm", x, eps)
        q = split_heads(linear(weights, layer + "self_attn.q_proj", normed), heads)
        k = split_heads(linear(weights, layer + "self_attn.k_proj", normed), kv_heads)
        v = split_heads(linear(weights, layer + "self_attn.v_proj", normed), kv_heads)
        q, k = rotate(q, rope_theta(config)), rotate(k, rope_theta(config))
        k, v = (part.repeat_interleave(heads // kv_heads, dim=0) for part in (k, v))
        x = x + linear(weights, layer + "self_attn.o_proj", attend(q, k, v, causal=True))
        normed = rms_norm(weights, layer + "post_attention_layernorm", x, eps)
        gate = ACTIVATIONS[config["hidden_act"]](linear(weights, layer + "mlp.gate_proj", normed))
        x = x + linear(weights, layer + "mlp.down_proj", gate * linear(weights, layer + "mlp.up_proj", normed))
    return rms_norm(weights, "model.norm", x, eps)


def llama_classification(config, weights, tokens, types):
    return linear(weights, "score", llama(config, weights, tokens))[-1]


def llama_causal_lm(config, weights, tokens, types):
    hidden = llama(config, weights, tokens)
    tied = config.get("tie_word_embeddings", False)
    return hidden @ (llama_embeddings(config, weights) if tied else weights["lm_head.weight"]).T


FORWARD = {
    ("bert", "SEQUENCE_CLASSIFICATION"): bert_classification,
    ("bert", "MASKED_LM"): bert_masked_lm,
    ("distilbert", "SEQUENCE_CLASSIFICATION"): distilbert_classification,
    ("distilbert", "MASKED_LM"): distilbert_masked_lm,
    ("gpt2", "SEQUENCE_CLASSIFICATION"): gpt2_classification,
    ("gpt2", "CAUSAL_LM"): gpt2_causal_lm,
    ("llama", "SEQUENCE_CLASSIFICATION"): llama_classification,
    ("llama", "CAUSAL_LM"): llama_causal_lm,
}


def logits(config, weights, objective, tokens, types=None):
    """Logits of one sequence: [classes] for a classifier, [positions, vocabulary] for a language model."""
    forward = FORWARD.get((config["model_type"], objective))
    if forward is None:
        raise ValueError(f"Cannot compute {objective} of a model of type {config['model_type']}")
    types = torch.tensor(types if types else [0] * len(tokens))
    return forward(config, weights, torch.tensor(tokens), types)


def loss(config, weights, batch):
    """Mean cross-entropy over all targets of a batch; a label of -1 is no target."""
    losses = []
    for tokens, types, label in zip(batch["tokens"], batch["types"], batch["labels"]):
        scores = logits(config, weights, batch["objective"], tokens, types)
        labels = torch.tensor(label if isinstance(label, list) else [label])
        losses.append(F.cross_entropy(scores.view(len(labels), -1), labels, ignore_index=-1, reduction="sum"))
    targets = sum(sum(l >= 0 for l in (x if isinstance(x, list) else [x])) for x in batch["labels"])
    return torch.stack(losses).sum() / targets
