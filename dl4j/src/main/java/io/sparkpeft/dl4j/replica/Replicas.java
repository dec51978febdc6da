package io.sparkpeft.dl4j.replica;

import io.sparkpeft.dl4j.network.Dl4jModel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The networks of this JVM that no task uses right now, so that a round need not build them anew. A network built anew
 * gives the same bits: every task writes all that tasks change before it starts.
 */
public final class Replicas {
    /** Series of rounds whose networks are kept: one, and another at the same time. */
    private static final int KEPT = 2;

    private static final Map<String, Deque<Replica>> IDLE = new HashMap<>();

    private Replicas() {}

    /** A network of a series of rounds. */
    public static Replica borrow(String series, byte[] base, Dl4jModel.Mode mode) {
        synchronized (IDLE) {
            Deque<Replica> idle = IDLE.get(series);
            if (idle != null && !idle.isEmpty()) {
                return idle.pop();
            }
        }
        return BaseNetwork.of(base).replica(mode);
    }

    /** Gives a network back that no task failed on. */
    public static void giveBack(String series, Replica replica) {
        synchronized (IDLE) {
            if (!IDLE.containsKey(series) && IDLE.size() == KEPT) {
                IDLE.values().forEach(idle -> idle.forEach(r -> r.model().close()));
                IDLE.clear();
            }
            IDLE.computeIfAbsent(series, s -> new ArrayDeque<>()).push(replica);
        }
    }
}
