package io.sparkpeft.datasets.shard;

import io.sparkpeft.datasets.DatasetException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;

/** Columns that grow while a Parquet reader delivers rows value by value. */
final class ShardColumns {
    private final Numbers tokens = new Numbers();
    private final Numbers typeIds = new Numbers();
    private final Numbers labels = new Numbers();
    private final Numbers ends = new Numbers();
    private long[] ordinals = new long[1024];
    private long ordinal;

    void endExample() {
        int example = ends.size;
        if (typeIds.size < tokens.size) {
            typeIds.padTo(tokens.size);
        }
        if (typeIds.size != tokens.size || labels.size != example + 1) {
            throw new IllegalStateException("example %d has %d tokens up to its end but %d token types"
                    .formatted(ordinal, tokens.size, typeIds.size));
        }
        if (example == ordinals.length) {
            ordinals = Arrays.copyOf(ordinals, example * 2);
        }
        ordinals[example] = ordinal;
        ends.add(tokens.size);
    }

    TokenShard toShard(int shard) {
        int[] offsets = new int[ends.size + 1];
        System.arraycopy(ends.values, 0, offsets, 1, ends.size);
        int[] types = typeIds.toArray();
        boolean paired = IntStream.of(types).anyMatch(type -> type != 0);
        return new TokenShard(
                shard,
                tokens.toArray(),
                paired ? types : new int[0],
                offsets,
                labels.toArray(),
                Arrays.copyOf(ordinals, ends.size));
    }

    RecordMaterializer<ShardColumns> materializer() {
        Converter[] fields = {
            new PrimitiveConverter() {
                @Override
                public void addLong(long value) {
                    ordinal = value;
                }
            },
            new Group(new Group(tokens)),
            new Group(new Group(typeIds)),
            labels
        };
        Group row = new Group(fields);
        return new RecordMaterializer<>() {
            @Override
            public ShardColumns getCurrentRecord() {
                return ShardColumns.this;
            }

            @Override
            public GroupConverter getRootConverter() {
                return row;
            }
        };
    }

    private static final class Group extends GroupConverter {
        private final Converter[] fields;

        Group(Converter... fields) {
            this.fields = fields;
        }

        @Override
        public Converter getConverter(int field) {
            return fields[field];
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }

    private static final class Numbers extends PrimitiveConverter {
        private static final int MAX = Integer.MAX_VALUE - 16;

        private int[] values = new int[4096];
        private int size;

        @Override
        public void addInt(int value) {
            add(value);
        }

        void add(int value) {
            if (size == values.length) {
                if (size == MAX) {
                    throw DatasetException.config("Cannot hold a shard of more than %d tokens: use more shards", MAX);
                }
                values = Arrays.copyOf(values, (int) Math.min(MAX, size * 2L));
            }
            values[size++] = value;
        }

        void padTo(int length) {
            while (size < length) {
                add(0);
            }
        }

        int[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
