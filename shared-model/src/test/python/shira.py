"""SHiRA adapters with nothing but PyTorch, as PEFT 0.17 and later put them on."""

import json
from pathlib import Path

from checkpoint import read_safetensors

PREFIX = "base_model.model."


def put_on(weights, directory):
    """The weights of the base model, by name, with the adapter of a directory on them."""
    directory = Path(directory)
    config = json.loads((directory / "adapter_config.json").read_text())
    if config["peft_type"] != "SHIRA" or config["mask_type"] == "random":
        raise ValueError(f"{directory}: not a SHiRA adapter with a mask of its own")
    tensors = read_safetensors(directory / "adapter_model.safetensors")
    result = dict(weights)
    for module in config["target_modules"]:
        values = tensors.pop(f"{PREFIX}{module}.shira_weight")
        rows, columns = tensors.pop(f"{PREFIX}{module}.shira_indices").long()
        weight = result[f"{module}.weight"].clone()
        if len(values) != config["r"] * sum(weight.shape):
            raise ValueError(f"{module}: {len(values)} values, r = {config['r']} asks for {config['r'] * sum(weight.shape)}")
        result[f"{module}.weight"] = weight.index_put((rows, columns), values.to(weight.dtype), accumulate=True)
    for name, tensor in tensors.items():
        module, _, _ = name.removeprefix(PREFIX).rpartition(".")
        if module not in config["modules_to_save"]:
            raise ValueError(f"{name} belongs to no module that the adapter names")
        result[name.removeprefix(PREFIX)] = tensor.to(next(iter(weights.values())).dtype)
    return result
