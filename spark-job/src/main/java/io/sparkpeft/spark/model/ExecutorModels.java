package io.sparkpeft.spark.model;

import io.sparkpeft.profile.TaskProfile;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The base models of this JVM: each is read from the file system once, on first use. A missing one is read again, so the
 * cache decides nothing but time.
 */
public final class ExecutorModels {
    /** Two: one job may measure a model while it makes another. */
    private static final int LARGEST = 2;

    private static final Map<Key, ExecutorModel> MODELS = new LinkedHashMap<>(4, 0.75f, true);

    private ExecutorModels() {}

    /** Counted kernels have replicas of their own, so that others pay nothing. */
    private record Key(ModelReference reference, boolean counted) {}

    /** The base model of that reference. */
    public static ExecutorModel of(ModelReference reference, Configuration configuration) {
        synchronized (MODELS) {
            Key key = new Key(reference, TaskProfile.isOn());
            ExecutorModel model = MODELS.get(key);
            if (model == null) {
                makeRoom();
                model = ExecutorModel.load(reference, configuration);
                MODELS.put(key, model);
            }
            return model;
        }
    }

    private static void makeRoom() {
        Iterator<ExecutorModel> oldest = MODELS.values().iterator();
        while (MODELS.size() >= LARGEST && oldest.hasNext()) {
            oldest.next().close();
            oldest.remove();
        }
    }
}
