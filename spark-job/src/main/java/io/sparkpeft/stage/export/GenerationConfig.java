package io.sparkpeft.stage.export;

import io.sparkpeft.store.file.Storage;

/** How transformers generates text by a checkpoint, which its authors may say in a file of their own. */
public final class GenerationConfig {
    private static final String FILE = "generation_config.json";

    private GenerationConfig() {}

    /** Copies it beside a model made of the checkpoint, where there is one. */
    public static void copy(Storage checkpoint, Storage model) {
        if (checkpoint.exists(FILE)) {
            checkpoint.copy(FILE, model);
        }
    }
}
