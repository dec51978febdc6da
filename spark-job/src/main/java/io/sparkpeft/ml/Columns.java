package io.sparkpeft.ml;

import io.sparkpeft.failure.JobException;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Finds columns by the names that params give, and says in a sentence what is wrong with one. */
final class Columns {
    private Columns() {}

    /** The field that a param names. */
    static StructField required(StructType schema, String param, String name) {
        if (name.isEmpty()) {
            throw JobException.config("Invalid %s: it is empty; name a column".formatted(param));
        }
        return Arrays.stream(schema.fields())
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(() -> JobException.config("Cannot find column '%s' (%s): the columns are %s"
                        .formatted(name, param, Arrays.toString(schema.fieldNames()))));
    }

    static void requireText(StructType schema, String param, String name) {
        DataType type = required(schema, param, name).dataType();
        require(type instanceof StringType, param, name, type, "text");
    }

    static void requireBoolean(StructType schema, String param, String name) {
        DataType type = required(schema, param, name).dataType();
        require(type instanceof BooleanType, param, name, type, "booleans");
    }

    static void requireLabel(StructType schema, String param, String name) {
        DataType type = required(schema, param, name).dataType();
        boolean names = type instanceof StringType || type instanceof NumericType || type instanceof BooleanType;
        require(names, param, name, type, "text, numbers or booleans");
    }

    private static void require(boolean holds, String param, String name, DataType type, String wanted) {
        if (!holds) {
            throw JobException.config("Cannot use column '%s' (%s): it is of type %s; it must hold %s"
                    .formatted(name, param, type.simpleString(), wanted));
        }
    }

    /** The column of that very name, whatever is in it. */
    static Column named(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }
}
