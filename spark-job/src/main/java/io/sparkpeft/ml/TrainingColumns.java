package io.sparkpeft.ml;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.StructType;

/**
 * Which columns of a DataFrame are trained on. Of the optional ones "" means that there is none.
 *
 * @param text of a row
 * @param pair the second text; optional
 * @param label of a row; none for a language model
 * @param validation says whether a row is held out for validation; optional
 * @param order the rows are taken in the order of its values; optional
 */
record TrainingColumns(String text, String pair, String label, String validation, String order) {
    static final String TEXT = "text";
    static final String PAIR = "pair";
    static final String LABEL = "label";
    static final String VALIDATION = "validation";
    static final String DIGEST = "digest";

    private static final String ORDER = "order";
    private static final int SHA_256 = 256;

    /** @throws io.sparkpeft.failure.JobException if one of them is missing or of a type that cannot be used */
    void require(StructType schema) {
        Columns.requireText(schema, "textCol", text);
        if (!pair.isEmpty()) {
            Columns.requireText(schema, "pairCol", pair);
        }
        if (!label.isEmpty()) {
            Columns.requireLabel(schema, "labelCol", label);
        }
        if (!validation.isEmpty()) {
            Columns.requireBoolean(schema, "validationIndicatorCol", validation);
        }
        if (!order.isEmpty()) {
            Columns.required(schema, "orderCol", order);
        }
    }

    /**
     * These columns alone, under the names above, in an order that depends on nothing but the rows: that of the order
     * column, if there is one, then that of each row's SHA-256, which is kept as {@link #DIGEST}. How Spark divided the
     * rows or in which order it got them has no part in it.
     */
    Dataset<Row> select(Dataset<?> rows) {
        List<Column> kept = new ArrayList<>(List.of(Columns.named(text).as(TEXT)));
        if (!pair.isEmpty()) {
            kept.add(Columns.named(pair).as(PAIR));
        }
        if (!label.isEmpty()) {
            DataType type = Columns.required(rows.schema(), "labelCol", label).dataType();
            // The reader of the rows writes 1.0 as 1; other types become text, which says the same everywhere.
            kept.add(Columns.named(label)
                    .cast(type instanceof FractionalType ? "double" : "string")
                    .as(LABEL));
        }
        Column heldOut = validation.isEmpty()
                ? functions.lit(false)
                : functions.coalesce(Columns.named(validation), functions.lit(false));
        kept.add(heldOut.as(VALIDATION));
        List<Column> digested = new ArrayList<>(kept);
        List<Column> sorting = new ArrayList<>(List.of(functions.col(VALIDATION)));
        if (!order.isEmpty()) {
            digested.add(Columns.named(order).as(ORDER));
            kept.add(Columns.named(order).as(ORDER));
            sorting.add(functions.col(ORDER));
        }
        sorting.add(functions.col(DIGEST));
        kept.add(digest(digested).as(DIGEST));
        return rows.select(kept.toArray(Column[]::new))
                .sort(sorting.toArray(Column[]::new))
                .drop(ORDER);
    }

    private static Column digest(List<Column> columns) {
        return functions.sha2(functions.to_json(functions.struct(columns.toArray(Column[]::new))), SHA_256);
    }
}
