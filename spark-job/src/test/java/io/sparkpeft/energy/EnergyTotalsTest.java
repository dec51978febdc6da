package io.sparkpeft.energy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnergyTotalsTest {
    private static final Place PREPARE = new Place("", "data");
    private static final Place TRAIN = new Place("masked", "train");
    private static final Place EVALUATE = new Place("masked", "evaluate");

    private final List<Map<String, Object>> lines = new ArrayList<>();

    @Test
    void addsUpTheStartsOfARun() {
        note(1, new EnergyUse(Map.of(PREPARE, 1.0, TRAIN, 2.0), measured(3, 20), ""));
        note(2, new EnergyUse(Map.of(TRAIN, 4.0, EVALUATE, 8.0), Map.of(TRAIN, Map.of("package", 30.0)), ""));
        EnergyTotals totals = EnergyTotals.of(lines, 10);
        Map<?, ?> all = (Map<?, ?>) totals.values().get("measured");
        assertThat(all.get("joules")).isEqualTo(53.0);
        assertThat(all.get("stages")).isEqualTo(Map.of("data", 3.0, "train", 50.0, "evaluate", 0.0));
        assertThat(all.get("parts")).isEqualTo(Map.of("package", 53.0));
        Map<?, ?> estimate = (Map<?, ?>) totals.values().get("estimate");
        assertThat(estimate.get("joules")).isEqualTo(150.0);
        assertThat(estimate.get("watts-per-core")).isEqualTo(10.0);
        assertThat(estimate.get("formula")).isEqualTo("processor seconds x watts-per-core");
        assertThat(totals.tuning("masked")).contains(new EnergyTotals.Amount(50, true));
        assertThat(totals.tuning("dense")).isEmpty();
    }

    @Test
    void nothingIsCalledMeasuredIfOneStartWasNot() {
        note(1, new EnergyUse(Map.of(PREPARE, 1.0, TRAIN, 2.0), measured(3, 20), ""));
        note(2, new EnergyUse(Map.of(TRAIN, 4.0), Map.of(), "worker-b: there is no counter"));
        EnergyTotals totals = EnergyTotals.of(lines, 10);
        assertThat(totals.values()).doesNotContainKey("measured");
        assertThat(totals.values()).containsEntry("not-measured", "worker-b: there is no counter");
        assertThat(totals.values("masked")).containsOnlyKeys("estimate");
        assertThat(totals.tuning("masked")).contains(new EnergyTotals.Amount(60, false));
    }

    @Test
    void saysNothingOfARunThatNotedNothing() {
        EnergyTotals totals = EnergyTotals.of(List.of(Map.of("kind", "round")), 12);
        assertThat(totals.values()).isEmpty();
        assertThat(totals.values("masked")).isEmpty();
    }

    private static Map<Place, Map<String, Double>> measured(double prepare, double train) {
        return Map.of(PREPARE, Map.of("package", prepare), TRAIN, Map.of("package", train));
    }

    private void note(int start, EnergyUse use) {
        lines.addAll(EnergyTotals.lines(start, use).values());
    }
}
