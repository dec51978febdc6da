package io.sparkpeft.model.transformer;

import io.sparkpeft.model.TokenBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Some neighbouring examples of a batch.
 *
 * @param batch holding them alone
 * @param example number of the first of them in the whole batch
 * @param label where their labels begin among those of the whole batch
 */
record ExamplePart(TokenBatch batch, int example, int label) {
    /**
     * Divides a batch so that a part has as many targets as are allowed at once: examples do not see each other.
     *
     * @param targets most targets of a part; an example that has more is a part by itself
     */
    static List<ExamplePart> split(TokenBatch batch, int targets) {
        List<ExamplePart> parts = new ArrayList<>();
        for (int from = 0; from < batch.examples(); ) {
            int to = from + 1;
            int count = batch.targets(from);
            while (to < batch.examples() && count + batch.targets(to) <= targets) {
                count += batch.targets(to++);
            }
            int label = batch.objective().isLanguageModel() ? batch.offsets()[from] : from;
            parts.add(new ExamplePart(batch.examples(from, to), from, label));
            from = to;
        }
        return parts;
    }
}
