package io.sparkpeft.dl4j.settings;

import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.importance.MaskUse;
import java.util.Locale;

/** Which importance criteria a DL4J network can be scored by. */
final class Criteria {
    private Criteria() {}

    static void check(String name, MaskUse use) {
        ImportanceCriterion criterion = ImportanceCriterion.named(name);
        if (!criterion.uses().contains(use)) {
            throw new IllegalArgumentException("Invalid criterion: %s cannot choose the %s mask"
                    .formatted(name, use.name().toLowerCase(Locale.ROOT)));
        }
        if (criterion.statistic() == ImportanceStatistic.SQUARED_INPUT) {
            throw new IllegalArgumentException(
                    "Invalid criterion: %s needs the inputs of layers, which DL4J does not tell".formatted(name));
        }
    }
}
