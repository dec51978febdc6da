package io.sparkpeft.stage.mask;

import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.param.ParameterMask;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * What an executor keeps of the selection that it works for. Where selections go on side by side, the newest caller's is
 * kept; a task that holds another one goes on with its own.
 *
 * @param application id of the Spark application that selects; numbers of broadcasts start again in every one
 * @param broadcast number of the candidates' broadcast, another one for every selection of an application
 * @param allowed the weights that may be chosen
 * @param slices scored so far, by number
 */
record SelectionCache(
        String application, long broadcast, ParameterMask allowed, ConcurrentMap<Integer, ScoredSlice> slices) {
    private static Optional<SelectionCache> current = Optional.empty();

    /** @param candidates what to allow, where this selection is not the one that is kept */
    static synchronized SelectionCache of(String application, long broadcast, Supplier<ParameterMask> candidates) {
        if (current.filter(kept -> kept.isOf(application, broadcast)).isEmpty()) {
            current = Optional.of(
                    new SelectionCache(application, broadcast, candidates.get(), new ConcurrentHashMap<>()));
        }
        return current.get();
    }

    private boolean isOf(String otherApplication, long otherBroadcast) {
        return application.equals(otherApplication) && broadcast == otherBroadcast;
    }
}
