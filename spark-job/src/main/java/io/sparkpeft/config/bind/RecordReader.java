package io.sparkpeft.config.bind;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sparkpeft.failure.JobException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes records of configuration objects: one key per component, in kebab-case. Every key must be a component and every
 * component must have its key, so that nothing that was written is passed over.
 */
public final class RecordReader {
    private RecordReader() {}

    /**
     * @throws JobException if a key is unknown or a value has the wrong type or is out of range; the message names key,
     *     value and place
     */
    public static <R extends Record> R read(Class<R> type, ConfigObject object) {
        return type.cast(record(type, "", object));
    }

    private static Object record(Class<?> type, String path, ConfigObject object) {
        RecordComponent[] components = type.getRecordComponents();
        requireKnown(components, path, object);
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int c = 0; c < components.length; c++) {
            types[c] = components[c].getType();
            values[c] = component(components[c], path, object);
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new JobException(
                    io.sparkpeft.failure.FailureKind.CONFIG,
                    "Invalid %s: %s".formatted(path, e.getCause().getMessage()),
                    e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("A record of the recipe has its canonical constructor", e);
        }
    }

    private static Object component(RecordComponent component, String path, ConfigObject object) {
        String key = Names.key(component.getName());
        String full = path.isEmpty() ? key : path + "." + key;
        ConfigValue value = object.get(key);
        if (value == null) {
            throw new AssertionError("reference.conf has no " + full);
        }
        if (component.getType().isRecord()) {
            if (!(value instanceof ConfigObject section)) {
                throw Scalars.invalid(full, value, "is not a section { … }");
            }
            return record(component.getType(), full, section);
        }
        return Scalars.read(component, full, value);
    }

    private static void requireKnown(RecordComponent[] components, String path, ConfigObject object) {
        List<String> known = new ArrayList<>();
        for (RecordComponent component : components) {
            known.add(Names.key(component.getName()));
        }
        for (var entry : object.entrySet()) {
            if (!known.contains(entry.getKey())) {
                String prefix = path.isEmpty() ? "" : path + ".";
                String hint = Names.nearest(entry.getKey(), known)
                        .map(near -> "did you mean " + prefix + near + "?")
                        .orElse("there are: " + String.join(", ", known));
                String what = entry.getValue().valueType() == ConfigValueType.OBJECT ? "section" : "key";
                throw JobException.config("Unknown %s %s%s%s: %s"
                        .formatted(what, prefix, entry.getKey(), Places.place(entry.getValue()), hint));
            }
        }
    }
}
