package io.sparkpeft.dl4j.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.concurrent.locks.LockSupport;

/**
 * The most that lived on this process's heap at once: garbage is collected every moment while it looks, so that what is
 * left is what is needed. That slows the process down; nothing is to be timed meanwhile.
 */
final class LiveHeap implements AutoCloseable {
    private static final long PAUSE_MILLISECONDS = 50;

    private final Thread looking = new Thread(this::look, "live heap");
    private volatile boolean ended;
    private volatile long peak;

    LiveHeap() {
        looking.setDaemon(true);
        looking.start();
    }

    private void look() {
        while (!ended) {
            System.gc();
            peak = Math.max(peak, afterCollection());
            LockSupport.parkNanos(PAUSE_MILLISECONDS * 1_000_000);
        }
    }

    private static long afterCollection() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .mapToLong(usage -> usage == null ? 0 : usage.getUsed())
                .sum();
    }

    /** Bytes so far. */
    long peak() {
        return peak;
    }

    @Override
    public void close() {
        ended = true;
        try {
            looking.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
