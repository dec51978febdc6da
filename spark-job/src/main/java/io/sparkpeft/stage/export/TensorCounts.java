package io.sparkpeft.stage.export;

import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How many weights of each tensor were pruned and tuned: the rows of {@code tensors.json}. */
public final class TensorCounts {
    private TensorCounts() {}

    /**
     * One row for each tensor, in the order of the checkpoint.
     *
     * @param kept the weights that are not pruned
     * @param tuned the weights that the adapter holds
     */
    public static List<Map<String, Object>> of(ParameterMask kept, ParameterMask tuned) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int t = 0; t < kept.layout().count(); t++) {
            TensorSpec spec = kept.layout().tensor(t);
            // Pruning chooses among the weights of the body only.
            int pruned = spec.role() == TensorRole.BODY ? spec.size() - kept.count(t) : 0;
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", spec.name());
            row.put("role", spec.role().name().toLowerCase(Locale.ROOT));
            row.put("weights", spec.size());
            row.put("pruned", pruned);
            row.put("tuned", tuned.count(t));
            rows.add(row);
        }
        return rows;
    }
}
