package io.sparkpeft.compute.profile;

/**
 * Calls and time of the small matrix products that a backend makes inside another kernel: attention's, one for each head
 * and sequence. Reads no clock unless a profile counts. For one thread.
 */
public final class InnerProducts {
    private boolean counting;
    private long calls;
    private long nanoseconds;

    /** A backend that makes such products and counts them when asked. */
    public interface Maker {
        InnerProducts innerProducts();
    }

    /** Counts from now on, from nothing. */
    void start() {
        counting = true;
        calls = 0;
        nanoseconds = 0;
    }

    void stop() {
        counting = false;
    }

    long calls() {
        return calls;
    }

    long nanoseconds() {
        return nanoseconds;
    }

    /** To be called before a product: what {@link #end} takes. */
    public long begin() {
        return counting ? System.nanoTime() : 0;
    }

    /** To be called after a product. */
    public void end(long began) {
        if (counting) {
            nanoseconds += System.nanoTime() - began;
            calls++;
        }
    }
}
