package io.sparkpeft.predict;

import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.predict.text.TextScore;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of predictions: {@code ordinal} (number of the record in the input, from 0, unusable ones counted too),
 * {@code text}, {@code pair} where there are pairs; of a classifier {@code label} and {@code probabilities}, in the order
 * of the classes, which stands in the column's metadata under {@code labels}; of a language model {@code tokens}, the
 * number of those predicted, and {@code cross_entropy}, in nats a token, null where none is predicted.
 *
 * @param labels of the classes; none for a language model
 * @param paired whether texts come in pairs
 */
record PredictionColumns(List<String> labels, boolean paired) implements Serializable {

    StructType schema() {
        List<StructField> fields = new ArrayList<>();
        fields.add(DataTypes.createStructField("ordinal", DataTypes.LongType, false));
        fields.add(DataTypes.createStructField("text", DataTypes.StringType, false));
        if (paired) {
            fields.add(DataTypes.createStructField("pair", DataTypes.StringType, false));
        }
        if (labels.isEmpty()) {
            fields.add(DataTypes.createStructField("tokens", DataTypes.IntegerType, false));
            fields.add(DataTypes.createStructField("cross_entropy", DataTypes.DoubleType, true));
        } else {
            Metadata names = new MetadataBuilder()
                    .putStringArray("labels", labels.toArray(String[]::new))
                    .build();
            fields.add(DataTypes.createStructField("label", DataTypes.StringType, false));
            fields.add(DataTypes.createStructField(
                    "probabilities", DataTypes.createArrayType(DataTypes.FloatType, false), false, names));
        }
        return DataTypes.createStructType(fields);
    }

    Row row(long ordinal, CorpusRecord.Example example, TextScore score) {
        List<Object> values = new ArrayList<>();
        values.add(ordinal);
        values.add(example.text());
        if (paired) {
            values.add(example.pair());
        }
        if (labels.isEmpty()) {
            values.add(score.targets());
            values.add(score.targets() == 0 ? null : score.loss() / score.targets());
        } else {
            values.add(labels.get(score.label()));
            values.add(score.probabilities());
        }
        return RowFactory.create(values.toArray());
    }
}
