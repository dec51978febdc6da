package io.sparkpeft.compute.cuda.memory;

import io.sparkpeft.compute.cuda.device.Region;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/**
 * The index arrays of masks on the device: large and never changed, so that each goes over once and stays for as long as
 * anything holds the array. Short arrays go over with each call.
 */
public final class IndexCache {
    /** Indices of the shortest array that is kept. */
    static final int SHORTEST = 4096;

    private static final int PIECE = 1 << 20;

    private final Staging staging;
    private final DeviceArena arena;
    private final Map<Key, Long> addresses = new HashMap<>();
    private final ReferenceQueue<int[]> forgotten = new ReferenceQueue<>();

    public IndexCache(Staging staging, DeviceArena arena) {
        this.staging = staging;
        this.arena = arena;
    }

    /** One array, itself and not what it holds. */
    private static final class Key extends WeakReference<int[]> {
        private final int hash;

        Key(int[] array, ReferenceQueue<int[]> queue) {
            super(array, queue);
            this.hash = System.identityHashCode(array);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            if (this == other) {
                return true;
            }
            return other instanceof Key key && get() != null && key.refersTo(get());
        }
    }

    /** Where an array is on the device; valid for the next call. */
    public long address(int[] indices) {
        freeForgotten();
        if (indices.length < SHORTEST) {
            staging.begin(indices.length, 1);
            long address = staging.put(indices, 0, indices.length);
            staging.send();
            return address;
        }
        return addresses.computeIfAbsent(new Key(indices, forgotten), key -> copy(indices));
    }

    private long copy(int[] indices) {
        long address = arena.allocate((long) Integer.BYTES * indices.length);
        for (int i = 0; i < indices.length; i += PIECE) {
            int count = Math.min(PIECE, indices.length - i);
            staging.begin(count, 1);
            staging.put(indices, i, count);
            staging.send(Region.of(address + (long) Integer.BYTES * i, (long) Integer.BYTES * count));
        }
        return address;
    }

    private void freeForgotten() {
        for (Reference<?> key = forgotten.poll(); key != null; key = forgotten.poll()) {
            Long address = addresses.remove(key);
            if (address != null) {
                arena.free(address);
            }
        }
    }

    /** Arrays that are held now. */
    int size() {
        return addresses.size();
    }
}
