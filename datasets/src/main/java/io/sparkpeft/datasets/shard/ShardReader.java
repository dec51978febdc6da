package io.sparkpeft.datasets.shard;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.io.Patience;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/** Reads a shard's Parquet file into columns, with no Spark in between. */
final class ShardReader {
    private ShardReader() {}

    static TokenShard read(Configuration configuration, Path file, int shard) {
        try {
            return Patience.with(() -> readOnce(configuration, file, shard));
        } catch (FileNotFoundException e) {
            throw DatasetException.input("Cannot read shard %s: no such file; prepare the data again", file);
        } catch (IOException | RuntimeException e) {
            throw DatasetException.unreadable("shard " + file, e);
        }
    }

    private static TokenShard readOnce(Configuration configuration, Path file, int shard) throws IOException {
        ShardColumns columns = new ShardColumns();
        try (ParquetReader<ShardColumns> reader = ParquetReader.builder(new Support(columns), file)
                .withConf(configuration)
                .build()) {
            while (reader.read() != null) {
                columns.endExample();
            }
        } catch (ParquetRuntimeException e) {
            // Parquet's own words about a connection that broke.
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw e;
        }
        return columns.toShard(shard);
    }

    private static final class Support extends ReadSupport<ShardColumns> {
        private final ShardColumns columns;

        Support(ShardColumns columns) {
            this.columns = columns;
        }

        @Override
        public ReadContext init(InitContext context) {
            return new ReadContext(ShardSchema.TYPE);
        }

        @Override
        public RecordMaterializer<ShardColumns> prepareForRead(
                Configuration configuration,
                Map<String, String> metadata,
                MessageType fileSchema,
                ReadContext readContext) {
            return columns.materializer();
        }
    }
}
