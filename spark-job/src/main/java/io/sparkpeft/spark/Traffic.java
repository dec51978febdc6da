package io.sparkpeft.spark;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.storage.BlockUpdatedInfo;
import org.apache.spark.storage.BroadcastBlockId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes that move between driver and executors, as Spark itself measured them: upwards the serialised task results
 * (task metric {@code resultSize}) and what tasks wrote for a shuffle, downwards the stored pieces of a broadcast.
 */
public final class Traffic extends SparkListener {
    private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);
    private static final long DRAIN_MILLISECONDS = 10_000;

    private final SparkContext context;
    private final LongAdder tasks = new LongAdder();
    private final LongAdder results = new LongAdder();
    private final LongAdder shuffled = new LongAdder();
    private final LongAdder broadcast = new LongAdder();
    private final Map<BroadcastBlockId, Long> pieces = new ConcurrentHashMap<>();

    Traffic(SparkContext context) {
        this.context = context;
    }

    /** Comes to the listener after everything that happened before it was posted. */
    private static final class Mark extends CountDownLatch implements SparkListenerEvent {
        Mark() {
            super(1);
        }

        @Override
        public boolean logEvent() {
            return false;
        }
    }

    /**
     * Totals so far.
     *
     * @param tasks finished tasks
     * @param resultBytes their serialised results
     * @param shuffleBytes what they wrote for a shuffle
     * @param broadcastBytes stored on the driver for executors to fetch, those of task binaries included
     */
    public record Totals(long tasks, long resultBytes, long shuffleBytes, long broadcastBytes) {
        public Totals minus(Totals earlier) {
            return new Totals(
                    tasks - earlier.tasks,
                    resultBytes - earlier.resultBytes,
                    shuffleBytes - earlier.shuffleBytes,
                    broadcastBytes - earlier.broadcastBytes);
        }
    }

    /** Totals of all tasks that have ended, after waiting for Spark's events to arrive. */
    public Totals totals() {
        drain();
        return new Totals(tasks.sum(), results.sum(), shuffled.sum(), broadcast.sum());
    }

    /** Bytes of one broadcast as the driver stores them: what each executor fetches once. */
    public long broadcastBytes(long broadcastId) {
        drain();
        long sum = 0;
        for (Map.Entry<BroadcastBlockId, Long> piece : pieces.entrySet()) {
            sum += piece.getKey().broadcastId() == broadcastId ? piece.getValue() : 0;
        }
        pieces.keySet().removeIf(piece -> piece.broadcastId() <= broadcastId);
        return sum;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.taskMetrics() != null) {
            tasks.increment();
            results.add(end.taskMetrics().resultSize());
            shuffled.add(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
        }
    }

    @Override
    public void onBlockUpdated(SparkListenerBlockUpdated update) {
        BlockUpdatedInfo info = update.blockUpdatedInfo();
        if (info.blockId() instanceof BroadcastBlockId piece
                && info.blockManagerId().isDriver()
                // A block that is removed is told of once more, with its size.
                && info.storageLevel().isValid()
                && info.memSize() + info.diskSize() > 0) {
            long stored = info.memSize() + info.diskSize();
            Long before = pieces.put(piece, stored);
            broadcast.add(before == null ? stored : stored - before);
        }
    }

    @Override
    public void onOtherEvent(SparkListenerEvent event) {
        if (event instanceof Mark mark) {
            mark.countDown();
        }
    }

    /**
     * Waits until all events have come that were posted before, which the bus itself would look for only every 10 ms. If
     * they do not come, figures are a little low: they are for display, nothing is decided by them.
     */
    private void drain() {
        Mark mark = new Mark();
        context.listenerBus().post(mark);
        try {
            if (!mark.await(DRAIN_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                LOG.warn("Spark's listeners are {} ms behind; figures of traffic are too low", DRAIN_MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
