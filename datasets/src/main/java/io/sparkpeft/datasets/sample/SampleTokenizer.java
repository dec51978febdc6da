package io.sparkpeft.datasets.sample;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** A Hugging Face tokenizer of whole words for the sample world, and the configuration of a model that reads it. */
final class SampleTokenizer {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> SPECIALS = List.of("[PAD]", "[UNK]", "[BOS]", "[EOS]", "[MASK]");
    private static final int BEGIN = 2;
    private static final int END = 3;
    private static final int MAX_LENGTH = 64;

    private final List<String> words;

    /** @param texts whose words, parted by single spaces, become the vocabulary */
    SampleTokenizer(Collection<String> texts) {
        TreeSet<String> sorted = new TreeSet<>();
        for (String text : texts) {
            sorted.addAll(List.of(text.split(" ")));
        }
        words = List.copyOf(sorted);
    }

    /** {@code tokenizer.json}: words between spaces, in lower case, after a token that begins the text. */
    ObjectNode definition() {
        ObjectNode root = MAPPER.createObjectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode vocabulary = MAPPER.createObjectNode();
        for (int id = 0; id < SPECIALS.size(); id++) {
            vocabulary.put(SPECIALS.get(id), id);
            added.addObject()
                    .put("id", id)
                    .put("content", SPECIALS.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        for (String word : words) {
            vocabulary.put(word, vocabulary.size());
        }
        root.putObject("normalizer").put("type", "Lowercase");
        root.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        root.set("post_processor", beginning());
        root.putNull("decoder");
        root.putObject("model")
                .put("type", "WordLevel")
                .put("unk_token", "[UNK]")
                .set("vocab", vocabulary);
        return root;
    }

    /** {@code tokenizer_config.json}. */
    ObjectNode settings() {
        return specials()
                .put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("clean_up_tokenization_spaces", false)
                .put("model_max_length", MAX_LENGTH);
    }

    /** {@code special_tokens_map.json}. */
    ObjectNode specials() {
        return MAPPER.createObjectNode()
                .put("pad_token", "[PAD]")
                .put("unk_token", "[UNK]")
                .put("bos_token", "[BOS]")
                .put("eos_token", "[EOS]")
                .put("mask_token", "[MASK]");
    }

    /** {@code config.json} of a causal language model of the Llama family with about 130,000 weights. */
    ObjectNode model() {
        ObjectNode config = MAPPER.createObjectNode().put("model_type", "llama");
        config.putArray("architectures").add("LlamaForCausalLM");
        return config.put("vocab_size", SPECIALS.size() + words.size())
                .put("hidden_size", 64)
                .put("intermediate_size", 192)
                .put("num_hidden_layers", 2)
                .put("num_attention_heads", 4)
                .put("num_key_value_heads", 2)
                .put("hidden_act", "silu")
                .put("max_position_embeddings", MAX_LENGTH)
                .put("rms_norm_eps", 1e-5)
                .put("rope_theta", 10000.0)
                .put("tie_word_embeddings", true)
                .put("attention_bias", false)
                .put("mlp_bias", false)
                .put("attention_dropout", 0.0)
                .put("initializer_range", 0.02)
                .put("bos_token_id", BEGIN)
                .put("eos_token_id", END)
                .put("pad_token_id", 0)
                .put("torch_dtype", "float32");
    }

    private static ObjectNode beginning() {
        ObjectNode processor = MAPPER.createObjectNode().put("type", "TemplateProcessing");
        for (String template : List.of("single", "pair")) {
            ArrayNode pieces = processor.putArray(template);
            pieces.addObject().putObject("SpecialToken").put("id", "[BOS]").put("type_id", 0);
            pieces.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
            if (template.equals("pair")) {
                pieces.addObject().putObject("SpecialToken").put("id", "[EOS]").put("type_id", 0);
                pieces.addObject().putObject("Sequence").put("id", "B").put("type_id", 0);
            }
        }
        ObjectNode tokens = processor.putObject("special_tokens");
        for (int id : new int[] {BEGIN, END}) {
            ObjectNode token = tokens.putObject(SPECIALS.get(id)).put("id", SPECIALS.get(id));
            token.putArray("ids").add(id);
            token.putArray("tokens").add(SPECIALS.get(id));
        }
        return processor;
    }
}
