package io.sparkpeft.energy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which part of the run was on when, by the driver's clock; the past is kept only as long as it may be asked for. */
final class Spans {
    /** No counter is looked back at for longer. */
    private static final long KEPT_NANOSECONDS = 600_000_000_000L;

    private record Span(Place place, long from, long to) {}

    private final Deque<Span> ended = new ArrayDeque<>();
    private Place place;
    private long since;

    Spans(Place first, long now) {
        this.place = first;
        this.since = now;
    }

    /** Another part begins. */
    void turn(Place next, long now) {
        if (now > since) {
            ended.addLast(new Span(place, since, now));
        }
        while (!ended.isEmpty() && now - ended.peekFirst().to > KEPT_NANOSECONDS) {
            ended.removeFirst();
        }
        place = next;
        since = now;
    }

    /** The share of each part in the time between two moments; the part that is on now where no time passed. */
    Map<Place, Double> shares(long from, long to) {
        if (to <= from) {
            return Map.of(place, 1.0);
        }
        Map<Place, Double> shares = new LinkedHashMap<>();
        double whole = to - from;
        double known = 0;
        for (Iterator<Span> last = ended.descendingIterator(); last.hasNext(); ) {
            Span span = last.next();
            if (span.to <= from) {
                break;
            }
            double share = (Math.min(span.to, to) - Math.max(span.from, from)) / whole;
            if (share > 0) {
                shares.merge(span.place, share, Double::sum);
                known += share;
            }
        }
        shares.merge(place, Math.max(0, 1 - known), Double::sum);
        return shares;
    }
}
