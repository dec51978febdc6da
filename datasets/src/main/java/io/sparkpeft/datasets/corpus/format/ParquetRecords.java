package io.sparkpeft.datasets.corpus.format;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.datasets.corpus.RecordReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Rows of a Parquet file: the row groups whose middle lies in the slice. Only the columns asked for are read. */
final class ParquetRecords implements RecordReader {
    private final ParquetReader<Group> reader;
    private final CorpusSpec spec;

    private ParquetRecords(ParquetReader<Group> reader, CorpusSpec spec) {
        this.reader = reader;
        this.spec = spec;
    }

    static RecordReader open(FileSlice slice, CorpusSpec spec, Configuration configuration) throws IOException {
        Path path = new Path(slice.file().path());
        Configuration projected = new Configuration(configuration);
        projected.set(
                ReadSupport.PARQUET_READ_SCHEMA,
                projection(path, spec, configuration).toString());
        return new ParquetRecords(
                ParquetReader.builder(new GroupReadSupport(), path)
                        .withConf(projected)
                        .withFileRange(slice.start(), slice.end())
                        .build(),
                spec);
    }

    @Override
    public Optional<CorpusRecord> next() throws IOException {
        Group row = reader.read();
        if (row == null) {
            return Optional.empty();
        }
        return Optional.of(Fields.record(
                reader.getCurrentRowIndex(),
                value(row, spec.textColumn()),
                value(row, spec.pairColumn()),
                value(row, spec.labelColumn()),
                spec,
                row.toString()));
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private static MessageType projection(Path path, CorpusSpec spec, Configuration configuration) throws IOException {
        MessageType schema;
        try (ParquetFileReader file = ParquetFileReader.open(HadoopInputFile.fromPath(path, configuration))) {
            schema = file.getFileMetaData().getSchema();
        }
        List<Type> columns = new ArrayList<>();
        for (String name : new LinkedHashSet<>(List.of(spec.textColumn(), spec.pairColumn(), spec.labelColumn()))) {
            if (name.isEmpty()) {
                continue;
            }
            if (!schema.containsField(name)) {
                List<String> names =
                        schema.getFields().stream().map(Type::getName).toList();
                throw ColumnLayout.missing(name, names, path.toString());
            }
            Type type = schema.getType(name);
            if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
                throw DatasetException.input("Cannot read column '%s' of %s: it is a %s", name, path, type);
            }
            columns.add(type);
        }
        return new MessageType(schema.getName(), columns);
    }

    private static Optional<String> value(Group row, String column) {
        if (column.isEmpty() || row.getFieldRepetitionCount(column) == 0) {
            return Optional.empty();
        }
        return Optional.of(
                switch (row.getType().getType(column).asPrimitiveType().getPrimitiveTypeName()) {
                    case DOUBLE -> number(row.getDouble(column, 0));
                    case FLOAT -> number(row.getFloat(column, 0));
                    case INT32, INT64, BOOLEAN ->
                        row.getValueToString(row.getType().getFieldIndex(column), 0);
                    case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 ->
                        row.getBinary(column, 0).toStringUsingUTF8();
                });
    }

    private static String number(double value) {
        return Double.isFinite(value) ? Fields.label(BigDecimal.valueOf(value)) : Double.toString(value);
    }
}
