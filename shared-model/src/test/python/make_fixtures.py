"""Makes the fixtures of PyTorchGradientTest: one tiny checkpoint a family, and what PyTorch says of it.

    python3 make_fixtures.py ../resources/fixtures

For every head of every family: logits, loss and the gradient of every tensor from autograd on a small ragged batch,
and the losses of ten AdamW steps. Computed in float64 from weights that float32 holds exactly; results are stored in
float32 (tensors) and as decimal text (losses). Needs PyTorch only.
"""

import json
import math
import sys
from pathlib import Path

import torch

from checkpoint import write_safetensors
from families import logits, loss

ADAMW = {"learningRate": 1e-2, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.1}
STEPS = 10
CLASSES = 3
LABELS = {"id2label": {"0": "a", "1": "b", "2": "c"}, "label2id": {"a": 0, "b": 1, "c": 2}}

BERT = {
    "model_type": "bert",
    "architectures": ["BertForPreTraining"],
    "vocab_size": 31,
    "hidden_size": 12,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 20,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "attention_probs_dropout_prob": 0.1,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 10,
    "type_vocab_size": 2,
    "pad_token_id": 0,
    **LABELS,
}
DISTILBERT = {
    "model_type": "distilbert",
    "architectures": ["DistilBertForMaskedLM"],
    "vocab_size": 29,
    "dim": 12,
    "n_layers": 2,
    "n_heads": 2,
    "hidden_dim": 18,
    "activation": "gelu",
    "dropout": 0.1,
    "attention_dropout": 0.1,
    "seq_classif_dropout": 0.2,
    "max_position_embeddings": 10,
    "sinusoidal_pos_embds": False,
    "pad_token_id": 0,
    **LABELS,
}
GPT2 = {
    "model_type": "gpt2",
    "architectures": ["GPT2LMHeadModel"],
    "vocab_size": 33,
    "n_positions": 10,
    "n_embd": 12,
    "n_layer": 2,
    "n_head": 3,
    "n_inner": None,
    "activation_function": "gelu_new",
    "layer_norm_epsilon": 1e-5,
    "attn_pdrop": 0.1,
    "embd_pdrop": 0.1,
    "resid_pdrop": 0.1,
    "pad_token_id": 0,
    **LABELS,
}
LLAMA = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "vocab_size": 37,
    "hidden_size": 12,
    "intermediate_size": 20,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 4,
    "hidden_act": "silu",
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0,
    "max_position_embeddings": 16,
    "attention_bias": False,
    "mlp_bias": False,
    "tie_word_embeddings": False,
    "pad_token_id": 0,
    **LABELS,
}
LLAMA_TIED = {
    **{k: v for k, v in LLAMA.items() if k != "head_dim"},
    "hidden_size": 8,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "rope_theta": 500.0,
    "tie_word_embeddings": True,
}


def dense(shapes, name, outputs, inputs, bias=True):
    shapes[name + ".weight"] = (outputs, inputs)
    if bias:
        shapes[name + ".bias"] = (outputs,)


def norm(shapes, name, size):
    shapes[name + ".weight"] = (size,)
    shapes[name + ".bias"] = (size,)


def bert_shapes(c):
    h, s = c["hidden_size"], {}
    s["bert.embeddings.word_embeddings.weight"] = (c["vocab_size"], h)
    s["bert.embeddings.position_embeddings.weight"] = (c["max_position_embeddings"], h)
    s["bert.embeddings.token_type_embeddings.weight"] = (c["type_vocab_size"], h)
    norm(s, "bert.embeddings.LayerNorm", h)
    for i in range(c["num_hidden_layers"]):
        layer = f"bert.encoder.layer.{i}."
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            dense(s, layer + "attention." + part, h, h)
        norm(s, layer + "attention.output.LayerNorm", h)
        dense(s, layer + "intermediate.dense", c["intermediate_size"], h)
        dense(s, layer + "output.dense", h, c["intermediate_size"])
        norm(s, layer + "output.LayerNorm", h)
    dense(s, "bert.pooler.dense", h, h)
    dense(s, "classifier", CLASSES, h)
    dense(s, "cls.predictions.transform.dense", h, h)
    norm(s, "cls.predictions.transform.LayerNorm", h)
    s["cls.predictions.bias"] = (c["vocab_size"],)
    return s


def distilbert_shapes(c):
    h, s = c["dim"], {}
    s["distilbert.embeddings.word_embeddings.weight"] = (c["vocab_size"], h)
    s["distilbert.embeddings.position_embeddings.weight"] = (c["max_position_embeddings"], h)
    norm(s, "distilbert.embeddings.LayerNorm", h)
    for i in range(c["n_layers"]):
        layer = f"distilbert.transformer.layer.{i}."
        for part in ("q_lin", "k_lin", "v_lin", "out_lin"):
            dense(s, layer + "attention." + part, h, h)
        norm(s, layer + "sa_layer_norm", h)
        dense(s, layer + "ffn.lin1", c["hidden_dim"], h)
        dense(s, layer + "ffn.lin2", h, c["hidden_dim"])
        norm(s, layer + "output_layer_norm", h)
    dense(s, "pre_classifier", h, h)
    dense(s, "classifier", CLASSES, h)
    dense(s, "vocab_transform", h, h)
    norm(s, "vocab_layer_norm", h)
    s["vocab_projector.bias"] = (c["vocab_size"],)
    return s


def gpt2_shapes(c):
    h, s = c["n_embd"], {}
    s["transformer.wte.weight"] = (c["vocab_size"], h)
    s["transformer.wpe.weight"] = (c["n_positions"], h)
    for i in range(c["n_layer"]):
        layer = f"transformer.h.{i}."
        norm(s, layer + "ln_1", h)
        for part, inputs, outputs in (
            ("attn.c_attn", h, 3 * h),
            ("attn.c_proj", h, h),
            ("mlp.c_fc", h, 4 * h),
            ("mlp.c_proj", 4 * h, h),
        ):
            s[layer + part + ".weight"] = (inputs, outputs)
            s[layer + part + ".bias"] = (outputs,)
        norm(s, layer + "ln_2", h)
    norm(s, "transformer.ln_f", h)
    dense(s, "score", CLASSES, h, bias=False)
    return s


def llama_shapes(c):
    h, s = c["hidden_size"], {}
    size = c.get("head_dim") or h // c["num_attention_heads"]
    queries, keys = c["num_attention_heads"] * size, c["num_key_value_heads"] * size
    s["model.embed_tokens.weight"] = (c["vocab_size"], h)
    for i in range(c["num_hidden_layers"]):
        layer = f"model.layers.{i}."
        s[layer + "input_layernorm.weight"] = (h,)
        for part, outputs in (("q_proj", queries), ("k_proj", keys), ("v_proj", keys)):
            dense(s, layer + "self_attn." + part, outputs, h, bias=False)
        dense(s, layer + "self_attn.o_proj", h, queries, bias=False)
        s[layer + "post_attention_layernorm.weight"] = (h,)
        dense(s, layer + "mlp.gate_proj", c["intermediate_size"], h, bias=False)
        dense(s, layer + "mlp.up_proj", c["intermediate_size"], h, bias=False)
        dense(s, layer + "mlp.down_proj", h, c["intermediate_size"], bias=False)
    s["model.norm.weight"] = (h,)
    if not c["tie_word_embeddings"]:
        dense(s, "lm_head", c["vocab_size"], h, bias=False)
    dense(s, "score", CLASSES, h, bias=False)
    return s


FIXTURES = {
    "bert": (BERT, bert_shapes, ("SEQUENCE_CLASSIFICATION", "MASKED_LM")),
    "distilbert": (DISTILBERT, distilbert_shapes, ("SEQUENCE_CLASSIFICATION", "MASKED_LM")),
    "gpt2": (GPT2, gpt2_shapes, ("SEQUENCE_CLASSIFICATION", "CAUSAL_LM")),
    "llama": (LLAMA, llama_shapes, ("SEQUENCE_CLASSIFICATION", "CAUSAL_LM")),
    "llama-tied": (LLAMA_TIED, llama_shapes, ("SEQUENCE_CLASSIFICATION", "CAUSAL_LM")),
}


def is_norm(name):
    return name.endswith(".weight") and any(part in name for part in ("norm", "Norm", ".ln_"))


def random_weights(shapes, generator):
    """Large enough for every path of the gradient to matter, exact in float32."""
    weights = {}
    for name, shape in shapes.items():
        noise = torch.randn(shape, generator=generator, dtype=torch.float64)
        if is_norm(name):
            values = 1 + 0.3 * noise
        elif len(shape) == 1:
            values = 0.2 * noise
        else:
            values = noise / math.sqrt(shape[-1])
        weights[name] = values.to(torch.float32).to(torch.float64)
    return weights


def batch_of(config, objective, generator):
    """Sequences of 1 to 9 tokens; the second is a pair where the family has token types."""

    def integers(low, high, count):
        return torch.randint(low, high, (count,), generator=generator).tolist()

    vocabulary = config["vocab_size"]
    tokens = [integers(1, vocabulary, n) for n in (5, 9, 2, 7, 1)]
    types = [[0] * len(t) for t in tokens]
    if config.get("type_vocab_size"):
        types[1] = [0] * 4 + [1] * 5
    if objective == "SEQUENCE_CLASSIFICATION":
        labels = integers(0, CLASSES, len(tokens))
    elif objective == "CAUSAL_LM":
        labels = [t[1:] + [-1] for t in tokens]
    else:
        hidden = [integers(1, vocabulary, len(t)) for t in tokens]
        labels = [[l if (i + s) % 3 == 1 else -1 for i, l in enumerate(row)] for s, row in enumerate(hidden)]
    return {"objective": objective, "tokens": tokens, "types": types, "labels": labels}


def adamw_losses(config, weights, batch):
    """The loss before each of the steps, all tensors tuned in one group."""
    tuned = {name: w.clone().requires_grad_() for name, w in weights.items()}
    optimizer = torch.optim.AdamW(
        tuned.values(),
        lr=ADAMW["learningRate"],
        betas=(ADAMW["beta1"], ADAMW["beta2"]),
        eps=ADAMW["epsilon"],
        weight_decay=ADAMW["weightDecay"],
    )
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad(set_to_none=True)
        value = loss(config, tuned, batch)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return losses


def expect(config, weights, batch):
    """Loss and AdamW losses for the JSON file, logits and gradients for the tensor file."""
    leaves = {name: w.clone().requires_grad_() for name, w in weights.items()}
    value = loss(config, leaves, batch)
    value.backward()
    scores = [logits(config, weights, batch["objective"], t, y) for t, y in zip(batch["tokens"], batch["types"])]
    rows = torch.cat([s.view(-1, s.shape[-1]) for s in scores])
    gradients = {"gradient:" + name: w.grad for name, w in leaves.items() if w.grad is not None}
    numbers = {**batch, "loss": value.item(), "adamw": ADAMW, "adamwLosses": adamw_losses(config, weights, batch)}
    return numbers, {"logits": rows, **gradients}


def is_well_conditioned(tensors):
    """Whether no gradient is so near Adam's epsilon that the rounding of float32 decides its first step.

    Gradients that are 0 but for rounding, such as those of key biases, move weights that the loss does not depend on.
    """
    gradients = torch.cat([g.abs().flatten() for name, g in tensors.items() if name.startswith("gradient:")])
    return not bool(((gradients > 1e-12) & (gradients < 3e-7)).any())


def draw(config, shapes, objectives, seed):
    """Weights and expectations of the first seed that gives well-conditioned ones."""
    while True:
        generator = torch.Generator().manual_seed(seed)
        weights = random_weights(shapes(config), generator)
        results = {o: expect(config, weights, batch_of(config, o, generator)) for o in objectives}
        if all(is_well_conditioned(tensors) for _, tensors in results.values()):
            return weights, results
        seed += 1000


def main(target):
    torch.set_default_dtype(torch.float64)
    for seed, (name, (config, shapes, objectives)) in enumerate(FIXTURES.items()):
        weights, results = draw(config, shapes, objectives, 20240 + seed)
        folder = Path(target) / name
        (folder / "model").mkdir(parents=True, exist_ok=True)
        (folder / "model" / "config.json").write_text(json.dumps(config, indent=1) + "\n")
        write_safetensors(folder / "model" / "model.safetensors", weights)
        for objective, (numbers, tensors) in results.items():
            (folder / f"{objective}.json").write_text(json.dumps(numbers) + "\n")
            write_safetensors(folder / f"{objective}.safetensors", tensors)
            print(f"{name} {objective}: loss {numbers['loss']:.6f}, after AdamW {numbers['adamwLosses'][-1]:.6f}")


if __name__ == "__main__":
    main(sys.argv[1])
