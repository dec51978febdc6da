package io.sparkpeft.dl4j.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.Serializable;
import java.util.Map;

/**
 * All that a training master is told.
 *
 * @param masks which weights are pruned and tuned
 * @param importance what they are chosen by
 * @param training how the rounds go
 */
public record MaskedAveragingSettings(MaskSettings masks, ImportanceSettings importance, TrainingSettings training)
        implements Serializable {
    public static final MaskedAveragingSettings DEFAULT =
            new MaskedAveragingSettings(MaskSettings.DEFAULT, ImportanceSettings.DEFAULT, TrainingSettings.DEFAULT);

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    public MaskedAveragingSettings {
        int kept = (int) Math.round(1e6 * (1 - masks.sparsity()));
        if (masks.density() < 1 && Math.round(1e6 * masks.density()) > kept) {
            throw new IllegalArgumentException(
                    "Invalid density: %s, where sparsity %s leaves less".formatted(masks.density(), masks.sparsity()));
        }
    }

    /** What decides what is computed, and nothing else. */
    public MaskedAveragingSettings withoutPlaces() {
        return new MaskedAveragingSettings(masks, importance, training.withoutPlaces());
    }

    public String json() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write the settings: " + e.getOriginalMessage(), e);
        }
    }

    /** The settings as maps, lists and numbers. */
    public Map<?, ?> tree() {
        return MAPPER.convertValue(this, Map.class);
    }

    /**
     * The settings that {@link #json} wrote.
     *
     * @throws IllegalArgumentException if a value is wrong, or a key unknown or missing
     */
    public static MaskedAveragingSettings fromJson(String json) {
        try {
            return MAPPER.readValue(json, MaskedAveragingSettings.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "Cannot read the settings of a training master: " + e.getOriginalMessage(), e);
        }
    }
}
