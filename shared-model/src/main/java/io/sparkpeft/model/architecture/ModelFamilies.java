package io.sparkpeft.model.architecture;

import io.sparkpeft.model.safetensors.CheckpointException;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The families there are. */
public final class ModelFamilies {
    private ModelFamilies() {}

    /** All families by model type. */
    public static TreeMap<String, ModelFamily> all() {
        TreeMap<String, ModelFamily> families = new TreeMap<>();
        for (ModelFamily family : ServiceLoader.load(ModelFamily.class, ModelFamily.class.getClassLoader())) {
            families.put(family.modelType(), family);
        }
        return families;
    }

    /**
     * The family of a configuration, by its {@code model_type}.
     *
     * @throws CheckpointException if there is none
     */
    public static ModelFamily of(ConfigJson json) throws CheckpointException {
        String type = json.text("model_type");
        ModelFamily family = all().get(type);
        if (family == null) {
            throw json.unsupported("model_type", String.join(", ", all().keySet()));
        }
        return family;
    }
}
