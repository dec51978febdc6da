package io.sparkpeft.dl4j.settings;

import java.io.Serializable;
import java.util.List;

/**
 * Which weights are pruned and which are tuned.
 *
 * @param sparsity share of the weights that are set to 0, in [0, 1)
 * @param density share of the weights that are tuned, in (0, 1]; at most 1 − sparsity unless it is 1, which means all
 *     that pruning left
 * @param pruneCriterion score that decides what is pruned
 * @param updateCriterion score that decides what is tuned
 * @param scope weights that are compared with each other: global or per-tensor
 * @param head layers that are always tuned and never pruned, by number or by name
 */
public record MaskSettings(
        double sparsity, double density, String pruneCriterion, String updateCriterion, String scope, List<String> head)
        implements Serializable {
    public static final MaskSettings DEFAULT = new MaskSettings(0, 1, "obd", "fisher", "global", List.of());

    public MaskSettings {
        if (!(sparsity >= 0 && sparsity < 1)) {
            throw new IllegalArgumentException("Invalid sparsity: %s must be in [0, 1)".formatted(sparsity));
        }
        if (!(density > 0 && density <= 1)) {
            throw new IllegalArgumentException("Invalid density: %s must be above 0 and at most 1".formatted(density));
        }
        Criteria.check(pruneCriterion, io.sparkpeft.importance.MaskUse.PRUNE);
        Criteria.check(updateCriterion, io.sparkpeft.importance.MaskUse.UPDATE);
        io.sparkpeft.mask.MaskSelector.named(scope);
        head = List.copyOf(head);
    }
}
