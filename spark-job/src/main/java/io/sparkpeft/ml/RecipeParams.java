package io.sparkpeft.ml;

import io.sparkpeft.config.file.OptionsTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/** The params of one estimator that are keys of a recipe: meaning and default are the recipe's. */
final class RecipeParams implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Params owner;
    private final LinkedHashMap<String, Param<?>> byKey = new LinkedHashMap<>();

    final Param<String> modelPath;
    final DoubleParam sparsity;
    final DoubleParam density;
    final Param<String> criterion;
    final DoubleParam genericWeight;
    final StringArrayParam genericPaths;
    final DoubleParam epochs;
    final IntParam steps;
    final IntParam batchSize;
    final IntParam localSteps;
    final DoubleParam learningRate;
    final IntParam shards;
    final LongParam seed;

    RecipeParams(Params owner) {
        this.owner = owner;
        modelPath = text("modelPath", "model.path");
        sparsity = number("sparsity", "prune.sparsity");
        density = number("density", "update.density");
        criterion = text("criterion", "importance.criterion");
        genericWeight = number("genericWeight", "importance.generic-weight");
        genericPaths = keyed(
                "importance.generic.paths",
                new StringArrayParam(owner, "genericPaths", doc("importance.generic.paths")));
        epochs = number("epochs", "train.epochs");
        steps = whole("steps", "train.steps");
        batchSize = whole("batchSize", "train.batch-size");
        localSteps = whole("localSteps", "train.local-steps");
        learningRate = number("learningRate", "train.learning-rate");
        shards = whole("shards", "data.shards");
        seed = keyed("seed", new LongParam(owner, "seed", doc("seed")));
    }

    private Param<String> text(String name, String key) {
        return keyed(key, new Param<>(owner, name, doc(key)));
    }

    private DoubleParam number(String name, String key) {
        return keyed(key, new DoubleParam(owner, name, doc(key)));
    }

    private IntParam whole(String name, String key) {
        return keyed(key, new IntParam(owner, name, doc(key)));
    }

    private <P extends Param<?>> P keyed(String key, P param) {
        byKey.put(key, param);
        return param;
    }

    private static String doc(String key) {
        return "%s (%s of a recipe)".formatted(OptionsTable.meaning(key), key);
    }

    /** To be called when all params of the owner are there. */
    void setDefaults() {
        byKey.forEach((key, param) -> setDefault(param, OptionsTable.defaultValue(key)));
    }

    @SuppressWarnings("unchecked")
    private void setDefault(Param<?> param, Object value) {
        Object typed = value;
        if (param instanceof DoubleParam) {
            typed = ((Number) value).doubleValue();
        } else if (param instanceof LongParam) {
            typed = ((Number) value).longValue();
        } else if (value instanceof List<?> list) {
            typed = list.stream().map(String::valueOf).toArray(String[]::new);
        }
        owner.setDefault((Param<Object>) param, typed);
    }

    /** Those that were set, as {@code key=value}. */
    List<String> settings() {
        List<String> settings = new ArrayList<>();
        for (Map.Entry<String, Param<?>> entry : byKey.entrySet()) {
            if (owner.isSet(entry.getValue())) {
                settings.add(entry.getKey() + "=" + written(owner.getOrDefault(entry.getValue())));
            }
        }
        return settings;
    }

    private static String written(Object value) {
        return value instanceof String[] items ? list(Arrays.asList(items)) : String.valueOf(value);
    }

    /** A list as recipes write it. */
    static String list(List<String> items) {
        return items.stream()
                .map(item -> '"' + item.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "[", "]"));
    }
}
