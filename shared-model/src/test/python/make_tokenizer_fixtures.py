"""Makes the fixture of HuggingFaceTokenizerTest: what transformers' own tokenizers make of texts and pairs.

    python3 make_tokenizer_fixtures.py ../resources/fixtures-tokenizer

Needs transformers. For a small WordPiece vocabulary (vocab.txt) and a small byte-level one (vocab.json, merges.txt):
ids and token types of random texts and pairs, whole and truncated to random lengths by "longest_first".
"""

import json
import random
import sys
from pathlib import Path

from transformers import AutoTokenizer

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = ["the", "cat", "sat", "on", "mat", "un", "##s", "##believ", "##able", "##ting", "cafe", ",", ".", "中", "a", "##b"]
MERGES = ["t h", "th e", "h e", "Ġ c", "Ġc at", "a t", "Ġ t", "Ġt he", "s at", "Ġ sat", "o n"]
PIECES = ["the", "cats", "Sat", "on", "unbelievable", "café", ",", ".", "中文", "matting", "ab", "[SEP]", "🙂", "\n", "x"]
CASES = 60


def byte_letters():
    """GPT-2's printable stand-ins for the 256 bytes, in the order of the bytes."""
    printable = set(range(33, 127)) | set(range(161, 173)) | set(range(174, 256))
    others = iter(range(256, 512))
    return [chr(b) if b in printable else chr(next(others)) for b in range(256)]


def write_word_pieces(folder):
    (folder / "vocab.txt").write_text("\n".join(SPECIAL + WORDS) + "\n", encoding="utf-8")
    (folder / "config.json").write_text('{"model_type": "bert"}')


def write_byte_level(folder):
    tokens = byte_letters() + [m.replace(" ", "") for m in MERGES] + ["<|endoftext|>"]
    vocabulary = {token: i for i, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(MERGES) + "\n", encoding="utf-8")
    (folder / "config.json").write_text('{"model_type": "gpt2"}')


def text(source):
    return " ".join(source.choice(PIECES) for _ in range(source.randrange(0, 9)))


def is_ambiguous(tokenizer, first, pair, length):
    """Whether both texts are cut to about half of an odd room: which gets the odd token depends on the version."""
    if pair is None:
        return False
    room = length - tokenizer.num_special_tokens_to_add(pair=True)
    shorter = min(len(tokenizer(t, add_special_tokens=False)["input_ids"]) for t in (first, pair))
    return room % 2 == 1 and shorter > room // 2


def case(tokenizer, source):
    length = source.choice([4, 5, 6, 7, 9, 12, 15, 64])
    first = text(source)
    # transformers takes an empty pair for no pair.
    pair = (text(source) or None) if source.random() < 0.6 else None
    if is_ambiguous(tokenizer, first, pair, length):
        return case(tokenizer, source)
    made = tokenizer(first, pair, truncation="longest_first", max_length=length, return_token_type_ids=True)
    return {
        "text": first,
        "pair": pair,
        "maxLength": length,
        "ids": made["input_ids"],
        "types": made["token_type_ids"],
        "plain": tokenizer(first, add_special_tokens=False)["input_ids"],
    }


def main(target):
    source = random.Random(7)
    for name, write in (("wordpiece", write_word_pieces), ("bytelevel", write_byte_level)):
        folder = Path(target) / name
        folder.mkdir(parents=True, exist_ok=True)
        write(folder)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        cases = [case(tokenizer, source) for _ in range(CASES)]
        lines = ",\n".join(json.dumps(c) for c in cases)
        (folder / "cases.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        (folder / "config.json").unlink()
        print(f"{name}: {type(tokenizer).__name__}, {CASES} cases")


if __name__ == "__main__":
    main(sys.argv[1])
