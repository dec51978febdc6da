package io.sparkpeft.predict;

import io.sparkpeft.datasets.corpus.CorpusRecord;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What is written of records that cannot be used, as preparation writes it. */
final class QuarantineColumns {
    static final StructType SCHEMA = new StructType()
            .add("record", DataTypes.LongType)
            .add("file", DataTypes.StringType)
            .add("offset", DataTypes.LongType)
            .add("reason", DataTypes.StringType)
            .add("detail", DataTypes.StringType)
            .add("raw", DataTypes.StringType);

    private QuarantineColumns() {}

    /** The unusable records of some slices, in order. */
    static Iterator<Row> rows(InputPlan plan, InputCensus census, Iterator<Integer> slices) {
        Iterator<InputRecord> records = InputRecords.inTask(plan, slices);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(records, Spliterator.ORDERED), false)
                .filter(record -> record.windows().isEmpty())
                .map(record -> row(plan, census, record))
                .iterator();
    }

    private static Row row(InputPlan plan, InputCensus census, InputRecord record) {
        CorpusRecord.Malformed malformed = (CorpusRecord.Malformed) record.content();
        return RowFactory.create(
                census.firstNumber()[record.slice()] + record.number(),
                plan.slices().get(record.slice()).file().path(),
                malformed.offset(),
                malformed.reason(),
                malformed.detail(),
                malformed.raw());
    }
}
