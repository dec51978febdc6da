"""Compares logits that the program wrote with those of PyTorch from the same exported model directory.

    python3 check_export.py MODEL_DIRECTORY LOGITS.json [MODEL_DIRECTORY LOGITS.json ..]
        [--transformers] [--tolerance 1e-5]

LOGITS.json is {"objective": "SEQUENCE_CLASSIFICATION" | "CAUSAL_LM" | "MASKED_LM", "sequences": [{"tokens": [..],
"types": [..] (may be left out), "logits": [..] for a classifier, [[..], ..] for a language model}, ..]}.

A directory with an adapter_config.json is a SHiRA adapter, with the model that it belongs on in its subdirectory base.

Without a flag the forward pass is the one of families.py, in float64, with nothing but PyTorch. With --transformers
it is Hugging Face's own, in float32, and PEFT puts adapters on. Ends with 1 where the largest difference exceeds the tolerance, relative to the
largest logit where that is above 1.
"""

import argparse
import json
import sys
from pathlib import Path

import torch

from checkpoint import read_checkpoint
from families import logits
from shira import put_on


def is_adapter(directory):
    return (Path(directory) / "adapter_config.json").exists()


def plain_forward(directory, objective):
    torch.set_default_dtype(torch.float64)
    if is_adapter(directory):
        config, weights = read_checkpoint(Path(directory) / "base")
        weights = put_on(weights, directory)
    else:
        config, weights = read_checkpoint(directory)
    return lambda tokens, types: logits(config, weights, objective, tokens, types)


def transformers_forward(directory, objective):
    try:
        import transformers
    except ImportError:
        sys.exit("Cannot use transformers: it is not installed for this Python")
    classes = {
        "SEQUENCE_CLASSIFICATION": transformers.AutoModelForSequenceClassification,
        "CAUSAL_LM": transformers.AutoModelForCausalLM,
        "MASKED_LM": transformers.AutoModelForMaskedLM,
    }
    base = str(Path(directory) / "base") if is_adapter(directory) else directory
    model, report = classes[objective].from_pretrained(base, output_loading_info=True)
    if is_adapter(directory):
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, directory)
    model.eval()
    print(f"transformers {transformers.__version__}: {type(model).__name__}, missing {sorted(report['missing_keys'])}")

    def forward(tokens, types):
        inputs = {"input_ids": torch.tensor([tokens])}
        if types and model.config.model_type == "bert":
            inputs["token_type_ids"] = torch.tensor([types])
        with torch.no_grad():
            return model(**inputs).logits[0].double()

    return forward


def compare(forward, sequences):
    """Largest absolute difference and largest absolute logit over all sequences."""
    difference = largest = 0.0
    for sequence in sequences:
        ours = torch.tensor(sequence["logits"], dtype=torch.float64)
        theirs = forward(sequence["tokens"], sequence.get("types"))
        if ours.shape != theirs.shape:
            sys.exit(f"Cannot compare: logits of shape {list(ours.shape)}, PyTorch gives {list(theirs.shape)}")
        difference = max(difference, (ours - theirs).abs().max().item())
        largest = max(largest, theirs.abs().max().item())
    return difference, largest


def check(model, written_path, arguments):
    """Prints the difference for one model; whether it is within the tolerance."""
    with open(written_path, encoding="utf-8") as file:
        written = json.load(file)
    load = transformers_forward if arguments.transformers else plain_forward
    difference, largest = compare(load(model, written["objective"]), written["sequences"])
    within = difference <= arguments.tolerance * max(1.0, largest)
    print(
        f"{model}: {len(written['sequences'])} sequences, {written['objective']}: max |difference| {difference:.3g}, "
        f"max |logit| {largest:.4g}{'' if within else ': FAILED'}"
    )
    return within


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", help="model directory and logits, in turn")
    parser.add_argument("--transformers", action="store_true")
    parser.add_argument("--tolerance", type=float, default=1e-5)
    arguments = parser.parse_args()
    if len(arguments.paths) % 2:
        parser.error("a model directory and a file of logits are needed in turn")
    models, written = arguments.paths[::2], arguments.paths[1::2]
    within = [check(model, path, arguments) for model, path in zip(models, written)]
    sys.exit(0 if all(within) else 1)


if __name__ == "__main__":
    main()
