package io.sparkpeft.datasets.io;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;

/** Values as bytes of Java serialisation, so that they travel whatever serialiser Spark is told to use. */
public final class JavaBytes {
    private JavaBytes() {}

    public static byte[] of(Serializable value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot serialise " + value.getClass(), e);
        }
        return bytes.toByteArray();
    }

    public static <T> T read(byte[] bytes, Class<T> type) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return type.cast(in.readObject());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + type, e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("Cannot read " + type + ": a class is missing", e);
        }
    }
}
