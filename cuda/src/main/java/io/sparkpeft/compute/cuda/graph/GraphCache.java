package io.sparkpeft.compute.cuda.graph;

import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.DeviceException;
import io.sparkpeft.compute.cuda.device.DeviceGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The segments that a device was asked for last, and the graphs of those that were asked for often enough. */
final class GraphCache {
    private static final Logger LOG = LoggerFactory.getLogger(GraphCache.class);

    private final Device device;
    private final GraphPolicy policy;
    private final Map<CommandList, Segment> segments = new LinkedHashMap<>(16, 0.75f, true);
    /** Graphs that nobody will launch again, but the device may still be at. */
    private final List<DeviceGraph> retired = new ArrayList<>();

    GraphCache(Device device, GraphPolicy policy) {
        this.device = device;
        this.policy = policy;
    }

    private static final class Segment {
        private int sightings;
        private boolean isRefused;
        private Optional<DeviceGraph> graph = Optional.empty();
    }

    /**
     * Does the work of a list.
     *
     * @return whether a graph did it
     */
    boolean run(CommandList list) {
        Segment segment = segments.get(list);
        if (segment == null) {
            segment = new Segment();
            segments.put(list.copy(), segment);
            retireOldest();
        }
        segment.sightings++;
        if (segment.graph.isEmpty() && !segment.isRefused && segment.sightings >= policy.sightings()) {
            segment.graph = capture(list);
            segment.isRefused = segment.graph.isEmpty();
        }
        segment.graph.ifPresentOrElse(DeviceGraph::launch, () -> list.run(device));
        return segment.graph.isPresent();
    }

    private Optional<DeviceGraph> capture(CommandList list) {
        try {
            return Optional.of(device.capture(() -> list.run(device)));
        } catch (DeviceException e) {
            LOG.warn("{}; {} commands are asked for one by one", e.getMessage(), list.size());
            return Optional.empty();
        }
    }

    private void retireOldest() {
        if (segments.size() > policy.most()) {
            var oldest = segments.entrySet().iterator();
            oldest.next().getValue().graph.ifPresent(retired::add);
            oldest.remove();
        }
    }

    /** Gives graphs up that are not kept any more; the device was waited for. */
    void closeRetired() {
        retired.forEach(DeviceGraph::close);
        retired.clear();
    }

    /** Forgets all segments; the device was waited for. */
    void clear() {
        segments.values().forEach(segment -> segment.graph.ifPresent(retired::add));
        segments.clear();
        closeRetired();
    }
}
