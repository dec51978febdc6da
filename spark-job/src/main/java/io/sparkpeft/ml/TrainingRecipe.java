package io.sparkpeft.ml;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.config.file.RecipeKeys;
import java.util.ArrayList;
import java.util.List;

/**
 * The recipe of a fit: the params that are set, over the recipe's text, over the defaults of recipes.
 *
 * @param text of the recipe, in HOCON
 * @param settings keys of params that are set, as {@code key=value}
 * @param paired whether texts come in pairs
 * @param validated whether a column says which rows are held out; else the recipe does, or one row in ten by a hash
 */
record TrainingRecipe(String text, List<String> settings, boolean paired, boolean validated) {
    private static final String ORIGIN = "param";
    private static final String SOURCE = "SparseFineTuner";
    private static final List<String> HASH_SPLIT = List.of("data.split.by=hash", "data.split.dev=0.1");
    private static final int NAME_LENGTH = 16;

    /** The recipe for rows that are not there yet, to check it and to know the task. */
    Recipe outline() {
        return parse(new TrainingRows("rows"), "");
    }

    /** The recipe of the run on these rows, in a directory that is named by all that decides what the run computes. */
    Recipe of(TrainingRows rows, String parent) {
        String name = "run-" + RecipeKeys.hash(parse(rows, "")).substring(0, NAME_LENGTH);
        return parse(rows, parent + "/" + name);
    }

    private Recipe parse(TrainingRows rows, String directory) {
        List<String> over = new ArrayList<>(settings);
        over.addAll(List.of(
                "data.train.paths=" + RecipeParams.list(List.of(rows.training())),
                "data.train.format=parquet",
                "data.text-column=" + TrainingColumns.TEXT,
                "data.pair-column=" + (paired ? TrainingColumns.PAIR : ""),
                "data.label-column=" + TrainingColumns.LABEL,
                "data.header=true",
                "data.columns=[]",
                "output.export-model=true",
                "output.directory=" + directory));
        if (validated) {
            over.addAll(List.of(
                    "data.split.by=files",
                    "data.split.dev=0",
                    "data.split.test=0",
                    "data.dev.paths=" + RecipeParams.list(List.of(rows.validation())),
                    "data.dev.format=parquet"));
        }
        List<String> under = validated ? List.of() : HASH_SPLIT;
        return RecipeFile.parse(text, SOURCE, new RecipeFile.Layers(ORIGIN, over, under));
    }
}
