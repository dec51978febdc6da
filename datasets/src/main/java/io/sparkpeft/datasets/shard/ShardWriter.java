package io.sparkpeft.datasets.shard;

import io.sparkpeft.datasets.io.Patience;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes the examples of a shard, in the order given, as Parquet. */
public final class ShardWriter implements Closeable {
    private final ParquetWriter<TokenExample> writer;

    /** @param file replaced where it exists */
    public ShardWriter(Configuration configuration, Path file) throws IOException {
        Builder builder = new Builder(HadoopOutputFile.fromPath(file, configuration))
                .withConf(configuration)
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                .withCompressionCodec(CompressionCodecName.SNAPPY);
        writer = Patience.with(builder::build);
    }

    public void write(TokenExample example) throws IOException {
        writer.write(example);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static final class Builder extends ParquetWriter.Builder<TokenExample, Builder> {
        Builder(OutputFile file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<TokenExample> getWriteSupport(Configuration configuration) {
            return new Support();
        }
    }

    private static final class Support extends WriteSupport<TokenExample> {
        private RecordConsumer consumer;

        @Override
        public WriteContext init(Configuration configuration) {
            return new WriteContext(ShardSchema.TYPE, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            consumer = recordConsumer;
        }

        @Override
        public void write(TokenExample example) {
            consumer.startMessage();
            consumer.startField(ShardSchema.ORDINAL, 0);
            consumer.addLong(example.ordinal());
            consumer.endField(ShardSchema.ORDINAL, 0);
            writeList(ShardSchema.TOKENS, 1, example.tokens());
            writeList(ShardSchema.TYPE_IDS, 2, example.typeIds());
            consumer.startField(ShardSchema.LABEL, 3);
            consumer.addInteger(example.label());
            consumer.endField(ShardSchema.LABEL, 3);
            consumer.endMessage();
        }

        private void writeList(String name, int field, int[] values) {
            consumer.startField(name, field);
            consumer.startGroup();
            if (values.length > 0) {
                consumer.startField(ShardSchema.LIST, 0);
                for (int value : values) {
                    consumer.startGroup();
                    consumer.startField(ShardSchema.ELEMENT, 0);
                    consumer.addInteger(value);
                    consumer.endField(ShardSchema.ELEMENT, 0);
                    consumer.endGroup();
                }
                consumer.endField(ShardSchema.LIST, 0);
            }
            consumer.endGroup();
            consumer.endField(name, field);
        }
    }
}
