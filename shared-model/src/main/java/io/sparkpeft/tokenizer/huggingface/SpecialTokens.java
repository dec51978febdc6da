package io.sparkpeft.tokenizer.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Ids of the tokens with a meaning of their own. Where the configuration does not name one, the usual names are tried.
 *
 * @param all every special token
 */
record SpecialTokens(
        OptionalInt mask, OptionalInt pad, OptionalInt unknown, OptionalInt begin, OptionalInt end, BitSet all) {

    static SpecialTokens of(JsonNode root, TokenizerSettings settings) {
        Vocabulary vocabulary = Vocabulary.of(root);
        Finder finder = new Finder(vocabulary, settings);
        String modelUnknown = root.path("model").path("unk_token").asText("[UNK]");
        OptionalInt mask = finder.find(List.of("mask_token"), List.of("[MASK]", "<mask>"));
        OptionalInt pad = finder.find(List.of("pad_token"), List.of("[PAD]", "<pad>"));
        OptionalInt unknown = finder.find(List.of("unk_token"), List.of(modelUnknown, "<unk>"));
        OptionalInt begin = finder.find(List.of("bos_token", "cls_token"), List.of("[CLS]", "<s>", "<|endoftext|>"));
        OptionalInt end = finder.find(List.of("eos_token", "sep_token"), List.of("[SEP]", "</s>", "<|endoftext|>"));
        BitSet all = new BitSet();
        for (JsonNode entry : vocabulary.added()) {
            if (entry.path("special").asBoolean()) {
                all.set(entry.path("id").asInt());
            }
        }
        Stream.of(mask, pad, unknown, begin, end).forEach(id -> id.ifPresent(all::set));
        return new SpecialTokens(mask, pad, unknown, begin, end, all);
    }

    private record Finder(Vocabulary vocabulary, TokenizerSettings settings) {
        OptionalInt find(List<String> names, List<String> usual) {
            Stream<String> named = names.stream().flatMap(name -> settings.token(name).stream());
            return Stream.concat(named, usual.stream())
                    .map(vocabulary::id)
                    .filter(OptionalInt::isPresent)
                    .findFirst()
                    .orElse(OptionalInt.empty());
        }
    }
}
