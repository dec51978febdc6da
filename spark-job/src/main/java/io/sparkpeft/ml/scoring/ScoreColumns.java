package io.sparkpeft.ml.scoring;

import io.sparkpeft.failure.JobException;
import io.sparkpeft.predict.text.TextScore;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that scoring adds; a name that is "" is left out. A classifier has the first three, a language model the
 * last.
 *
 * @param prediction number of the most probable class, as a double, with the labels in its metadata
 * @param predictedLabel its name
 * @param probability vector of all classes' probabilities
 * @param crossEntropy in nats a token; null where no token is predicted
 */
public record ScoreColumns(String prediction, String predictedLabel, String probability, String crossEntropy)
        implements Serializable {

    /**
     * The schema with these columns at its end.
     *
     * @param labels of the classes, where they are known; none for a language model
     * @throws JobException if a column is there already
     */
    public StructType append(StructType schema, boolean classifies, List<String> labels) {
        List<StructField> fields = new ArrayList<>(Arrays.asList(schema.fields()));
        for (StructField field : fields(classifies, labels)) {
            if (fields.stream().anyMatch(other -> other.name().equals(field.name()))) {
                throw JobException.config("Cannot add column '%s': there is one already; name another, or drop it"
                        .formatted(field.name()));
            }
            fields.add(field);
        }
        return DataTypes.createStructType(fields);
    }

    private List<StructField> fields(boolean classifies, List<String> labels) {
        Metadata names = labels.isEmpty()
                ? Metadata.empty()
                : new MetadataBuilder()
                        .putStringArray("labels", labels.toArray(String[]::new))
                        .build();
        List<StructField> fields = new ArrayList<>();
        if (!classifies) {
            add(fields, crossEntropy, new StructField(crossEntropy, DataTypes.DoubleType, true, Metadata.empty()));
            return fields;
        }
        add(fields, prediction, new StructField(prediction, DataTypes.DoubleType, true, nominal(labels)));
        add(fields, predictedLabel, new StructField(predictedLabel, DataTypes.StringType, true, Metadata.empty()));
        add(fields, probability, new StructField(probability, SQLDataTypes.VectorType(), true, names));
        return fields;
    }

    private Metadata nominal(List<String> labels) {
        return labels.isEmpty() || prediction.isEmpty()
                ? Metadata.empty()
                : NominalAttribute.defaultAttr()
                        .withName(prediction)
                        .withValues(labels.toArray(String[]::new))
                        .toMetadata();
    }

    private static void add(List<StructField> fields, String name, StructField field) {
        if (!name.isEmpty()) {
            fields.add(field);
        }
    }

    /** The values of these columns for a text. */
    List<Object> values(TextScore score, List<String> labels) {
        List<Object> values = new ArrayList<>();
        if (labels.isEmpty()) {
            add(values, crossEntropy, score.targets() == 0 ? null : (Double) (score.loss() / score.targets()));
            return values;
        }
        add(values, prediction, (double) score.label());
        add(values, predictedLabel, labels.get(score.label()));
        add(values, probability, Vectors.dense(doubles(score.probabilities())));
        return values;
    }

    private static void add(List<Object> values, String name, Object value) {
        if (!name.isEmpty()) {
            values.add(value);
        }
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
