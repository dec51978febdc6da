package io.sparkpeft.energy;

import java.util.Map;

/**
 * What a start of a run has used so far.
 *
 * @param processorSeconds of the driver's process and of tasks
 * @param joules by what was counted (package, dram, gpu), of whole hosts; none where not every host could be read
 * @param notMeasured why there are no joules; empty where there are
 */
public record EnergyUse(
        Map<Place, Double> processorSeconds, Map<Place, Map<String, Double>> joules, String notMeasured) {}
