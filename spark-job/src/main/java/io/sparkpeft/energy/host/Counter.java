package io.sparkpeft.energy.host;

import java.io.Serializable;

/**
 * What a counter of energy stood at. It only rises, and starts again from 0 behind its range.
 *
 * @param name tells it from the host's others, such as {@code package-0/dram}
 * @param part what it counts: package, dram or gpu
 * @param microjoules that it stood at
 * @param range largest value, in microjoules; {@link Long#MAX_VALUE} where it never starts again
 */
public record Counter(String name, String part, long microjoules, long range) implements Serializable {}
