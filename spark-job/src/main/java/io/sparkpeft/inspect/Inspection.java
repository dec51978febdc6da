package io.sparkpeft.inspect;

import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Says what lies at a path: a run, a model, an adapter or a mask. */
public final class Inspection {
    private Inspection() {}

    /**
     * Lines for the console.
     *
     * @throws JobException if there is nothing, or nothing that this program knows
     */
    public static List<String> of(String uri, Configuration configuration) {
        Storage place = Storage.at(uri, configuration);
        Path path = new Path(place.uri());
        if (!path.isRoot()) {
            Storage parent = Storage.at(path.getParent().toString(), configuration);
            if (!parent.exists(path.getName())) {
                throw JobException.input("Cannot inspect %s: there is nothing".formatted(uri));
            }
            if (place.list().equals(List.of(path.getName()))) {
                return DeltaInspection.of(parent, path.getName());
            }
        }
        return ofDirectory(place, configuration);
    }

    private static List<String> ofDirectory(Storage place, Configuration configuration) {
        List<String> entries = place.list();
        if (entries.contains(RunDirectory.RECIPE)) {
            return RunInspection.of(place);
        }
        if (entries.contains("config.json")) {
            return ModelInspection.of(place, configuration);
        }
        if (entries.contains(RunDirectory.ADAPTER_FILE)) {
            return DeltaInspection.ofDirectory(place);
        }
        throw JobException.input(
                "Cannot inspect %s: it is neither a run (%s) nor a model (config.json) nor an adapter (%s)"
                        .formatted(place.uri(), RunDirectory.RECIPE, RunDirectory.ADAPTER_FILE));
    }
}
