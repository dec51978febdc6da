#!/usr/bin/env python3
"""Training steps on a GPU in PyTorch, transformers and peft, to compare with: random weights and tokens, AdamW, no dropout.

    gpu_peer.py --shape bert-base|gpt2-small|llama-1b --method full,lora,shira --precision float32,tf32,bf16
    gpu_peer.py --ceilings

Prints one line of JSON for each method in each precision. The second form measures what the card reaches in a large product
of each precision and in a copy.
"""
import argparse
import contextlib
import gc
import json
import statistics
import sys
import time

import torch

RANK = 8
LEARNING_RATE = 1e-4


def synchronize(a):
    if a.device == "cuda":
        torch.cuda.synchronize()


def seconds(a, action, repeats, warmup):
    """Median time of an action, by the clock on the wall."""
    times = []
    for repeat in range(warmup + repeats):
        synchronize(a)
        began = time.perf_counter()
        action()
        synchronize(a)
        if repeat >= warmup:
            times.append(time.perf_counter() - began)
    return statistics.median(times)


def set_precision(precision):
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    torch.backends.cudnn.allow_tf32 = precision == "tf32"


def ceilings(a):
    """TFLOP/s of a product of 8192 × 8192 matrices, and GB/s of a copy, bytes read and written both counted."""
    n = 8192 if a.device == "cuda" else 1024
    found = {"benchmark": "ceilings", "torch": torch.__version__}
    for precision in ("float32", "tf32", "bf16"):
        set_precision(precision)
        kind = torch.bfloat16 if precision == "bf16" else torch.float32
        left, right = (torch.randn(n, n, device=a.device, dtype=kind) for _ in range(2))
        out = torch.empty_like(left)
        found[precision + "_tflops"] = 2e-12 * n**3 / seconds(a, lambda: torch.mm(left, right, out=out), 20, 5)
    source = torch.empty(n, n, 4, device=a.device)
    target = torch.empty_like(source)
    found["copy_gigabytes"] = 2e-9 * source.numel() * 4 / seconds(a, lambda: target.copy_(source), 20, 5)
    return found


def model_of(shape, length):
    """The shapes of `benchmark step`: BERT classifies two labels, the others predict the next token."""
    import transformers as t
    if shape == "bert-base":
        config = t.BertConfig(num_labels=2, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
        return t.BertForSequenceClassification(config)
    if shape == "gpt2-small":
        return t.GPT2LMHeadModel(t.GPT2Config(resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, use_cache=False))
    config = t.LlamaConfig(
        vocab_size=32000, hidden_size=2048, intermediate_size=8192, num_hidden_layers=16, num_attention_heads=32,
        num_key_value_heads=8, max_position_embeddings=max(length, 2048), tie_word_embeddings=True, use_cache=False)
    return t.LlamaForCausalLM(config)


def adapted(model, method, shape):
    """All weights, or those of an adapter of peft on every linear layer."""
    if method == "full":
        return model
    import peft
    task = "SEQ_CLS" if shape == "bert-base" else "CAUSAL_LM"
    if method == "shira" and not hasattr(peft, "ShiraConfig"):
        raise SystemExit("Cannot measure SHiRA: peft %s has no ShiraConfig" % peft.__version__)
    config = peft.LoraConfig if method == "lora" else peft.ShiraConfig
    return peft.get_peft_model(model, config(r=RANK, target_modules="all-linear", task_type=task))


def steps(a, method, precision):
    set_precision(precision)
    torch.manual_seed(0)
    # Configurations measured before may have left something behind, such as peft's masks.
    before = torch.cuda.memory_allocated() if a.device == "cuda" else 0
    with torch.device(a.device):
        model = model_of(a.shape, a.length)
    model = adapted(model, method, a.shape).to(a.device).train()
    tuned = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(tuned, lr=LEARNING_RATE, weight_decay=0.0)
    tokens = torch.randint(1000, 30000, (a.batch, a.length), device=a.device)
    labels = torch.randint(0, 2, (a.batch,), device=a.device) if a.shape == "bert-base" else tokens
    half = torch.autocast(a.device, dtype=torch.bfloat16) if precision == "bf16" else contextlib.nullcontext()
    if a.device == "cuda":
        torch.cuda.reset_peak_memory_stats()

    def step():
        optimizer.zero_grad(set_to_none=True)
        with half:
            loss = model(input_ids=tokens, labels=labels).loss
        loss.backward()
        optimizer.step()

    median = seconds(a, step, a.steps, a.warmup)
    return {
        "benchmark": "pytorch-gpu", "torch": torch.__version__, "shape": a.shape, "method": method,
        "precision": precision, "tuned": sum(p.numel() for p in tuned), "step_median_ms": median * 1e3,
        "tokens_per_second": a.batch * a.length / median,
        "peak_bytes": torch.cuda.max_memory_allocated() - before if a.device == "cuda" else 0,
    }


def several(*known):
    """A parser of some of the known words with commas between them."""
    def words(text):
        found = text.split(",")
        for word in found:
            if word not in known:
                raise argparse.ArgumentTypeError("%s is none of %s" % (word, ", ".join(known)))
        return found
    return words


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shape", default="bert-base", choices=["bert-base", "gpt2-small", "llama-1b"])
    parser.add_argument("--method", default=["full"], type=several("full", "lora", "shira"))
    parser.add_argument("--precision", default=["float32"], type=several("float32", "tf32", "bf16"))
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    for name, value in [("batch", 16), ("length", 128), ("steps", 20), ("warmup", 5)]:
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--ceilings", action="store_true", help="the card's products and copies instead of steps")
    return parser.parse_args()


def main():
    a = arguments()
    if a.ceilings:
        print(json.dumps(ceilings(a)))
        return
    failed = False
    for precision in a.precision:
        for method in a.method:
            try:
                print(json.dumps(steps(a, method, precision)), flush=True)
            except (Exception, SystemExit) as e:
                failed = True
                print("not measured: %s, %s: %s" % (method, precision, e), file=sys.stderr, flush=True)
            gc.collect()
            if a.device == "cuda":
                torch.cuda.empty_cache()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
