package io.sparkpeft.compute.cuda.graph;

import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.Geometry;
import io.sparkpeft.compute.cuda.device.HostMemory;
import io.sparkpeft.compute.cuda.device.Operand;
import io.sparkpeft.compute.cuda.device.Product;
import io.sparkpeft.compute.cuda.device.Region;
import java.util.Arrays;

/**
 * Copies, kernels and products in the order in which a device was asked for them. Two lists are equal if they ask for the
 * same with the same numbers at the same addresses: then one does what the other does. What machine's memory holds is no
 * part of a list.
 */
final class CommandList {
    private static final int LAUNCH = 0;
    private static final int UPLOAD = 1;
    private static final int DOWNLOAD = 2;
    private static final int PRODUCT = 3;

    private static final int FIRST_WORDS = 1 << 12;
    private static final int FIRST_NAMES = 1 << 8;
    private static final int MOST_ARGUMENTS = 32;

    /** The numbers of all commands, one after another: kind, sizes, addresses, arguments. */
    private long[] words = new long[FIRST_WORDS];

    private int wordCount;
    /** What numbers do not say: a kernel's name, a product. */
    private Object[] names = new Object[FIRST_NAMES];

    private int nameCount;
    /** Of copies, which the numbers tell by its address. */
    private HostMemory[] host = new HostMemory[FIRST_NAMES];

    private int hostCount;
    private int commands;
    private double multiplications;

    /** How many commands it has. */
    int size() {
        return commands;
    }

    /** Multiplications of all products. */
    double multiplications() {
        return multiplications;
    }

    void launch(String kernel, Geometry geometry, long[] slots, int count) {
        name(kernel);
        Geometry.Grid grid = geometry.grid();
        Geometry.Block block = geometry.block();
        begin(LAUNCH, 6 + count);
        word(grid.x());
        word(grid.y());
        word(grid.z());
        word(block.x());
        word(block.y());
        word(count);
        System.arraycopy(slots, 0, words, wordCount, count);
        wordCount += count;
    }

    void upload(HostMemory source, int offset, Region target) {
        copy(UPLOAD, source, offset, target);
    }

    void download(Region source, HostMemory target, int offset) {
        copy(DOWNLOAD, target, offset, source);
    }

    private void copy(int kind, HostMemory memory, int offset, Region region) {
        if (hostCount == host.length) {
            host = Arrays.copyOf(host, 2 * hostCount);
        }
        host[hostCount++] = memory;
        begin(kind, 6);
        word(memory.address());
        word(offset);
        word(region.address());
        word(region.pitch());
        word(region.width());
        word(region.rows());
    }

    void multiply(Product product, Operand a, Operand b, Operand c) {
        name(product);
        begin(PRODUCT, 9);
        operand(a);
        operand(b);
        operand(c);
        Product.Shape shape = product.shape();
        multiplications += (double) shape.m() * shape.n() * shape.k() * product.batches();
    }

    private void operand(Operand operand) {
        word(operand.address());
        word(operand.leading());
        word(operand.step());
    }

    private void name(Object name) {
        if (nameCount == names.length) {
            names = Arrays.copyOf(names, 2 * nameCount);
        }
        names[nameCount++] = name;
    }

    private void begin(int kind, int more) {
        if (wordCount + 1 + more > words.length) {
            words = Arrays.copyOf(words, 2 * words.length + more);
        }
        word(kind);
        commands++;
    }

    private void word(long value) {
        words[wordCount++] = value;
    }

    /** Asks a device for all of it. */
    void run(Device device) {
        Reader reader = new Reader();
        for (int i = 0; i < commands; i++) {
            reader.run(device);
        }
    }

    /** Where the next command is. */
    private final class Reader {
        private final long[] slots = new long[MOST_ARGUMENTS];
        private int nextWord;
        private int nextName;
        private int nextHost;

        void run(Device device) {
            switch (integer()) {
                case LAUNCH -> launch(device);
                case UPLOAD -> {
                    nextWord++;
                    device.upload(host[nextHost++], integer(), region());
                }
                case DOWNLOAD -> {
                    nextWord++;
                    int offset = integer();
                    device.download(region(), host[nextHost++], offset);
                }
                default -> device.multiply((Product) names[nextName++], operand(), operand(), operand());
            }
        }

        private void launch(Device device) {
            Geometry.Grid grid = new Geometry.Grid(integer(), integer(), integer());
            Geometry geometry = new Geometry(grid, new Geometry.Block(integer(), integer()));
            int count = integer();
            System.arraycopy(words, nextWord, slots, 0, count);
            nextWord += count;
            device.launch((String) names[nextName++], geometry, slots, count);
        }

        private int integer() {
            return (int) words[nextWord++];
        }

        private Region region() {
            return new Region(words[nextWord++], words[nextWord++], words[nextWord++], integer());
        }

        private Operand operand() {
            return new Operand(words[nextWord++], integer(), words[nextWord++]);
        }
    }

    /** Forgets all commands. */
    void clear() {
        Arrays.fill(names, 0, nameCount, null);
        Arrays.fill(host, 0, hostCount, null);
        wordCount = 0;
        nameCount = 0;
        hostCount = 0;
        commands = 0;
        multiplications = 0;
    }

    /** The same commands, without room for more. */
    CommandList copy() {
        CommandList copy = new CommandList();
        copy.words = Arrays.copyOf(words, wordCount);
        copy.wordCount = wordCount;
        copy.names = Arrays.copyOf(names, nameCount);
        copy.nameCount = nameCount;
        copy.host = Arrays.copyOf(host, hostCount);
        copy.hostCount = hostCount;
        copy.commands = commands;
        copy.multiplications = multiplications;
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CommandList list
                && Arrays.equals(words, 0, wordCount, list.words, 0, list.wordCount)
                && Arrays.equals(names, 0, nameCount, list.names, 0, list.nameCount);
    }

    @Override
    public int hashCode() {
        long hash = commands;
        for (int i = 0; i < wordCount; i++) {
            hash = 31 * hash + words[i];
        }
        return Long.hashCode(hash);
    }
}
