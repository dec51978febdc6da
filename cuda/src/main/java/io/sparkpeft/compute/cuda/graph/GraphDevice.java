package io.sparkpeft.compute.cuda.graph;

import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.DeviceFacts;
import io.sparkpeft.compute.cuda.device.DeviceGraph;
import io.sparkpeft.compute.cuda.device.Geometry;
import io.sparkpeft.compute.cuda.device.HostMemory;
import io.sparkpeft.compute.cuda.device.Operand;
import io.sparkpeft.compute.cuda.device.Product;
import io.sparkpeft.compute.cuda.device.Region;

/**
 * A device whose work is written down from one wait to the next, and done before the wait: by a graph, with one call,
 * where the very same segment was asked for before, else command by command. A segment that differs in a number or an
 * address is another one, so that a graph never does anything but what was asked for. Where segments do not repeat, most
 * of them are passed on at once and the device works while they are asked for.
 */
public final class GraphDevice implements Device {
    /** Segments without a graph, one after another, after which the next {@link #PAUSE} are not written down. */
    private static final int MOST_IN_VAIN = 16;

    private static final int PAUSE = 64;
    /** Commands of a segment that is passed on at once, as far as it came. */
    private static final int LONGEST = 1 << 14;

    private final Device device;
    private final GraphPolicy policy;
    private final GraphCache cache;
    private final CommandList pending = new CommandList();
    private int inVain;
    /** Segments that are still passed on, the one at hand included. */
    private int pause;

    /** @param device does the work; closed with this */
    public GraphDevice(Device device, GraphPolicy policy) {
        this.device = device;
        this.policy = policy;
        this.cache = new GraphCache(device, policy);
    }

    @Override
    public DeviceFacts facts() {
        return device.facts();
    }

    @Override
    public synchronized long allocate(long bytes) {
        return device.allocate(bytes);
    }

    @Override
    public synchronized void free(long address) {
        forget();
        device.free(address);
    }

    @Override
    public synchronized HostMemory allocateHost(int bytes) {
        return device.allocateHost(bytes);
    }

    @Override
    public synchronized void freeHost(HostMemory memory) {
        forget();
        device.freeHost(memory);
    }

    @Override
    public synchronized void upload(HostMemory source, int offset, Region target) {
        if (isWrittenDown()) {
            pending.upload(source, offset, target);
        } else {
            device.upload(source, offset, target);
        }
    }

    @Override
    public synchronized void download(Region source, HostMemory target, int offset) {
        if (isWrittenDown()) {
            pending.download(source, target, offset);
        } else {
            device.download(source, target, offset);
        }
    }

    @Override
    public synchronized void launch(String kernel, Geometry geometry, long[] slots, int count) {
        if (isWrittenDown()) {
            pending.launch(kernel, geometry, slots, count);
        } else {
            device.launch(kernel, geometry, slots, count);
        }
    }

    @Override
    public synchronized void multiply(Product product, Operand a, Operand b, Operand c) {
        if (isWrittenDown()) {
            pending.multiply(product, a, b, c);
        } else {
            device.multiply(product, a, b, c);
        }
    }

    private boolean isWrittenDown() {
        if (pause == 0 && pending.size() == LONGEST) {
            pause = 1;
            passOn();
        }
        return pause == 0;
    }

    @Override
    public DeviceGraph capture(Runnable work) {
        throw new UnsupportedOperationException("Cannot keep work: this device decides by itself what is kept");
    }

    @Override
    public synchronized void synchronise() {
        try {
            run();
        } finally {
            pending.clear();
            device.synchronise();
            cache.closeRetired();
            pause = Math.max(0, pause - 1);
        }
    }

    private void run() {
        if (pending.size() < policy.fewest()) {
            pending.run(device);
        } else if (!policy.isWorthIt(pending, device.facts())) {
            pending.run(device);
            pause = PAUSE + 1;
        } else if (cache.run(pending)) {
            inVain = 0;
        } else if (++inVain == MOST_IN_VAIN) {
            inVain = 0;
            pause = PAUSE + 1;
        }
    }

    private void passOn() {
        try {
            pending.run(device);
        } finally {
            pending.clear();
        }
    }

    /** No graph outlives memory that it may name: what comes to the same address later may be of another kind. */
    private void forget() {
        passOn();
        device.synchronise();
        cache.clear();
    }

    @Override
    public synchronized void close() {
        forget();
        device.close();
    }
}
