package io.sparkpeft.config.bind;

import com.typesafe.config.ConfigUtil;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Writes records as configuration text that {@link RecordReader} reads back to the same record. */
public final class RecordWriter {
    private RecordWriter() {}

    /** Every key with its value as it is written, in the order of the components; secrets are redacted. */
    public static Map<String, String> flat(Record record) {
        Map<String, String> flat = new LinkedHashMap<>();
        flatten(record, "", flat);
        return flat;
    }

    /** The record as nested sections; secrets are redacted. */
    public static String text(Record record) {
        StringBuilder text = new StringBuilder();
        nest(record, "", text);
        return text.toString();
    }

    private static void flatten(Record record, String prefix, Map<String, String> flat) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String key = prefix + Names.key(component.getName());
            Object value = value(record, component);
            if (value instanceof Record section) {
                flatten(section, key + ".", flat);
            } else {
                flat.put(key, written(value));
            }
        }
    }

    private static void nest(Record record, String indent, StringBuilder text) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String key = Names.key(component.getName());
            Object value = value(record, component);
            if (value instanceof Record section) {
                text.append(indent).append(key).append(" {\n");
                nest(section, indent + "  ", text);
                text.append(indent).append("}\n");
            } else {
                text.append(indent)
                        .append(key)
                        .append(" = ")
                        .append(written(value))
                        .append('\n');
            }
        }
    }

    private static Object value(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("A public record has public accessors", e);
        }
    }

    private static String written(Object value) {
        if (value instanceof String string) {
            return ConfigUtil.quoteString(Redaction.text(string));
        }
        if (value instanceof Enum<?> constant) {
            return Names.value(constant);
        }
        if (value instanceof OptionalDouble number) {
            return number.isPresent() ? written(number.getAsDouble()) : "null";
        }
        if (value instanceof Double number) {
            return number == Math.rint(number) && Math.abs(number) < 1e15
                    ? Long.toString(number.longValue())
                    : number.toString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(RecordWriter::written).collect(Collectors.joining(", ", "[", "]"));
        }
        return String.valueOf(value);
    }
}
