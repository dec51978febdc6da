package io.sparkpeft.stage.data;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.io.Patience;
import io.sparkpeft.datasets.shard.batch.MaskingRule;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.architecture.ConfigJson;
import io.sparkpeft.model.architecture.ModelFamilies;
import io.sparkpeft.model.architecture.TransformerConfig;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.safetensors.CheckpointException;
import io.sparkpeft.model.safetensors.CheckpointFiles;
import io.sparkpeft.store.HadoopCheckpointFiles;
import io.sparkpeft.tokenizer.Tokenizer;
import io.sparkpeft.tokenizer.TokenizerFiles;
import io.sparkpeft.tokenizer.huggingface.Tokenizers;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * What is known of a model before its weights are read: all that preparing data needs.
 *
 * @param json its config.json
 * @param config what that says
 * @param tokenizer the files of its tokenizer
 * @param masking how tokens are hidden; none for models that hide no tokens
 * @param padToken of the tokenizer
 * @param maxLength most tokens of an example
 */
public record ModelInputs(
        ConfigJson json,
        TransformerConfig config,
        TokenizerFiles tokenizer,
        MaskingRule masking,
        OptionalInt padToken,
        int maxLength) {

    /**
     * Reads configuration and tokenizer of the recipe's model.
     *
     * @throws JobException if they are missing, malformed or do not fit together
     */
    public static ModelInputs read(Recipe recipe, Configuration configuration) {
        String path = recipe.model().path();
        try {
            ConfigJson json = Checkpoints.config(new HadoopCheckpointFiles(path, configuration));
            TransformerConfig config = ModelFamilies.of(json).read(json);
            TokenizerFiles files = tokenizerFiles(recipe.tokenizerPath(), configuration);
            try (Tokenizer tokenizer = Tokenizers.load(files)) {
                requireSameVocabulary(recipe, config, tokenizer);
                boolean hides = config.languageObjective() == Objective.MASKED_LM
                        && tokenizer.maskTokenId().isPresent();
                MaskingRule masking = hides ? MaskingRule.of(tokenizer) : MaskingRule.none();
                return new ModelInputs(json, config, files, masking, tokenizer.padTokenId(), maxLength(recipe, config));
            }
        } catch (CheckpointException e) {
            throw JobException.input(e.getMessage());
        } catch (IOException e) {
            FailureKind kind = Patience.mayPass(e) ? FailureKind.RETRYABLE : FailureKind.INPUT;
            throw new JobException(kind, "Cannot read model %s: %s".formatted(path, e.getMessage()), e);
        }
    }

    private static TokenizerFiles tokenizerFiles(String path, Configuration configuration) throws IOException {
        CheckpointFiles files = new HadoopCheckpointFiles(path, configuration);
        Map<String, byte[]> contents = new TreeMap<>();
        for (String name : TokenizerFiles.NAMES) {
            if (files.exists(name)) {
                contents.put(name, files.read(name));
            }
        }
        if (contents.isEmpty()) {
            throw JobException.input(
                    "Cannot read tokenizer: none of %s is in %s".formatted(TokenizerFiles.NAMES, path));
        }
        return new TokenizerFiles(contents);
    }

    private static void requireSameVocabulary(Recipe recipe, TransformerConfig config, Tokenizer tokenizer) {
        int known = config.sizes().vocabulary();
        if (tokenizer.vocabularySize() > known) {
            throw JobException.input("Cannot use tokenizer %s with model %s: it has %d tokens, the model knows %d"
                    .formatted(recipe.tokenizerPath(), recipe.model().path(), tokenizer.vocabularySize(), known));
        }
    }

    private static int maxLength(Recipe recipe, TransformerConfig config) {
        int wanted = recipe.model().maxLength();
        int longest = config.sizes().positions();
        if (wanted > longest) {
            throw JobException.config("Invalid model.max-length: %d (the model %s has %d positions)"
                    .formatted(wanted, recipe.model().path(), longest));
        }
        return wanted == 0 ? longest : wanted;
    }

    /** The objective that the model was pre-trained for. */
    public Objective pretraining() {
        return config.languageObjective();
    }
}
