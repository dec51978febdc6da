package io.sparkpeft.stage.importance;

import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.store.file.Storage;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * A statistic over examples, one number per BODY weight, kept in one file per slice so that any later mask can use it
 * and no machine ever holds all of it.
 *
 * @param directory where the files are
 * @param statistic what was summed
 * @param examples that it was summed over
 * @param sliceSize most weights of a slice
 */
public record ImportanceArtefact(String directory, ImportanceStatistic statistic, long examples, int sliceSize)
        implements Serializable {
    /** For criteria that need no data. */
    public static final ImportanceArtefact NONE = new ImportanceArtefact("", ImportanceStatistic.NONE, 0, 1 << 20);

    public static String file(int slice) {
        return String.format(Locale.ROOT, "slice-%05d.bin", slice);
    }

    /** The statistic of one slice; empty where the criterion needs none. */
    public float[] read(int slice, Configuration configuration) {
        if (statistic == ImportanceStatistic.NONE) {
            return new float[0];
        }
        return floats(Storage.at(directory, configuration).read(file(slice)));
    }

    public static byte[] bytes(float[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }

    public static float[] floats(byte[] bytes) {
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}
