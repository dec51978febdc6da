package io.sparkpeft;

import io.sparkpeft.console.Amounts;
import io.sparkpeft.energy.EnergyTotals;
import java.util.Locale;
import java.util.Map;

/** Energy in words, which never let an estimate pass for a measurement. */
final class EnergyText {
    private EnergyText() {}

    static String of(EnergyTotals.Amount amount) {
        return (amount.isMeasured() ? "" : "~") + Amounts.joules(amount.joules());
    }

    /** What the figures of {@link #of} are; empty where there are none. */
    static String note(JobResult result) {
        Map<String, Object> energy = result.energy().values();
        if (energy.isEmpty()) {
            return "";
        }
        String what = "energy is that of importance, masks and rounds, ";
        if (energy.containsKey("measured")) {
            return what + "measured on whole hosts, other processes included";
        }
        return what
                + String.format(
                        Locale.ROOT,
                        "estimated as processor seconds x %.4g W (not measured: %s)",
                        result.recipe().output().wattsPerCore(),
                        energy.get("not-measured"));
    }
}
